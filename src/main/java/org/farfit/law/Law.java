package org.farfit.law;

import java.util.List;
import java.util.Optional;

/**
 * A scaling law: a family of loss surfaces L(N, D) with a fixed number of free parameters.
 *
 * <p>N is the number of parameters without embeddings, D the number of training tokens, and L the
 * loss in whatever unit the data have (nats per token, bits per character). All logarithms are
 * natural.
 *
 * <p>A law is fitted in <em>centred</em> coordinates: the logarithm of each term at the {@link
 * Centre} of the data, plus slopes and curvatures there. They are well scaled and nearly
 * uncorrelated, where the <em>published</em> coordinates are joined by ridges along which single
 * numbers run off to infinity. Results are reported in the published ones.
 *
 * <p>The surface is stated in two layers, because N takes few values in a grid of runs. {@link
 * #sizeTerms} computes everything that depends on N alone, once per distinct N, with its chain-rule
 * factors; {@link #logLoss} turns these size terms and one run's log D into ln L and its
 * derivatives. An engine accumulates normal equations in the few size terms and expands them to
 * parameters once per distinct N.
 *
 * <p>Implementations are stateless and thread-safe, and allocate nothing in {@code sizeTerms} and
 * {@code logLoss}. A new law is one new class in this package and one entry in {@link Laws}; the
 * plain engine then fits it. Kernels of the SIMD engine and of devices are written law by law
 * ({@code SimdEvaluator} leaves a law without one to the plain engine, a device refuses it), and so
 * are closed forms and the piecewise procedure.
 */
public interface Law {

  /** Name, formula, source and the names of the parameters. */
  LawDescription description();

  /** The name by which commands and files call this law. */
  default String name() {
    return description().name();
  }

  /** Names of the published parameters, in the order used by every array of them. */
  default List<String> parameterNames() {
    return description().parameterNames();
  }

  /** Names of the centred parameters, in the order used by every array of them. */
  default List<String> centredNames() {
    return description().centredNames();
  }

  /** How many free parameters the law has. */
  default int parameterCount() {
    return parameterNames().size();
  }

  /** Published parameters of a typical surface, for simulations and examples. */
  double[] example();

  /**
   * The loss in published coordinates, by the formula as it was published.
   *
   * @param published {@link #parameterCount()} values
   * @param n parameters without embeddings
   * @param d training tokens
   * @return the loss, in the unit of the data that the parameters belong to
   */
  double loss(double[] published, double n, double d);

  /**
   * Converts published to centred coordinates.
   *
   * @param centre the centre that the centred coordinates refer to
   * @param published input, {@link #parameterCount()} values
   * @param centred output, same length
   */
  void toCentred(Centre centre, double[] published, double[] centred);

  /**
   * Converts centred to published coordinates. Where an exponent is so near 0 that a published
   * coordinate overflows, that output is not finite; the surface itself is still well defined in
   * centred coordinates.
   *
   * @param centre the centre that the centred coordinates refer to
   * @param centred input, {@link #parameterCount()} values
   * @param published output, same length
   */
  void toPublished(Centre centre, double[] centred, double[] published);

  /** The box of centred coordinates from which starting points are drawn. */
  SamplingBox samplingBox(Centre centre);

  /**
   * Positions of the centred parameters that bend a term as a function of ln N. Runs of few sizes
   * hardly determine them, and extrapolation to larger N depends on them; 0 is a plain power of N.
   */
  default List<Integer> curvatures() {
    return List.of();
  }

  /**
   * How far each centred parameter may go; none by default.
   *
   * @param x ln N - {@code centre.logN()} of the sizes that are fitted, ascending
   */
  default Limits limits(Centre centre, double[] x) {
    return Limits.none(parameterCount());
  }

  /**
   * What published fits say of the centred parameters, for fits that are to be extrapolated; empty
   * for a law that is never regularised.
   *
   * @param logLoss mean ln L of the runs that will be fitted: the unit of the loss
   */
  default Optional<LawPrior> prior(double logLoss) {
    return Optional.empty();
  }

  /** How many size terms the law has. */
  int sizeTermCount();

  /**
   * Computes the size terms at one N and their derivatives.
   *
   * @param centre the centre that the centred coordinates refer to
   * @param centred input, {@link #parameterCount()} values
   * @param x ln N - {@code centre.logN()}
   * @param terms output, {@link #sizeTermCount()} values
   * @param termGradients output, row-major {@code sizeTermCount() x parameterCount()}: the
   *     derivative of each term by each centred parameter; every entry is written
   */
  void sizeTerms(Centre centre, double[] centred, double x, double[] terms, double[] termGradients);

  /**
   * The logarithm of the loss of one run and its derivatives by the size terms.
   *
   * @param terms input, from {@link #sizeTerms} at the run's N
   * @param y ln D - {@code centre.logD()}
   * @param gradient output, {@link #sizeTermCount()} values: d ln L / d term
   * @return ln L; not finite where the parameters overflow
   */
  double logLoss(double[] terms, double y, double[] gradient);

  /**
   * d ln L / d ln D of one run, analytically. Negative: more data, less loss.
   *
   * @param terms from {@link #sizeTerms}
   * @param gradient from {@link #logLoss}
   */
  double slopeByLogD(double[] terms, double[] gradient);

  /** ln L at one point, in centred coordinates. Allocates; for use outside hot loops. */
  default double logLossAt(Centre centre, double[] centred, double n, double d) {
    double[] terms = new double[sizeTermCount()];
    sizeTerms(centre, centred, centre.x(n), terms, new double[terms.length * parameterCount()]);
    return logLoss(terms, centre.y(d), new double[terms.length]);
  }

  /**
   * ln L at one point and its gradient. Allocates; for use outside hot loops.
   *
   * @param gradient output, {@link #parameterCount()} values: d ln L / d centred parameter
   */
  default double logLossAt(Centre centre, double[] centred, double n, double d, double[] gradient) {
    int p = parameterCount();
    int q = sizeTermCount();
    double[] terms = new double[q];
    double[] termGradients = new double[q * p];
    double[] local = new double[q];
    sizeTerms(centre, centred, centre.x(n), terms, termGradients);
    double logLoss = logLoss(terms, centre.y(d), local);
    for (int j = 0; j < p; j++) {
      double sum = 0;
      for (int t = 0; t < q; t++) {
        sum += local[t] * termGradients[t * p + j];
      }
      gradient[j] = sum;
    }
    return logLoss;
  }
}
