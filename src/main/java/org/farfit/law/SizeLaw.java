package org.farfit.law;

/**
 * A law of N and D that is stated in two layers, because N takes few values in a grid of runs.
 * {@link #sizeTerms} computes everything that depends on N alone, once per distinct N, with its
 * chain-rule factors; {@link #logLoss} turns these size terms and one run's log D into ln L and its
 * derivatives. An engine accumulates normal equations in the few size terms and expands them to
 * parameters once per distinct N.
 *
 * <p>Implementations are stateless, and allocate nothing in {@code sizeTerms} and {@code logLoss}.
 * Kernels of devices, and those of the SIMD engine for laws that have none made by hand, are
 * generated from {@link #centredFormula}.
 */
public interface SizeLaw extends Law {

  /**
   * The surface as a formula in the centred parameters, from which kernels are made: x is ln N - ln
   * N0, y is ln D - ln D0, {@code lnD0} the logarithm of the centre. Where one of two terms may be
   * far below the other, their sum is written with the larger one outside: what is left of the
   * larger after it was subtracted from the smaller has few digits.
   */
  String centredFormula();

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
   * d ln L / d ln D of one run.
   *
   * @param terms from {@link #sizeTerms}
   * @param gradient from {@link #logLoss}
   */
  double slopeByLogD(double[] terms, double[] gradient);

  @Override
  double loss(double[] published, double n, double d);

  @Override
  default double loss(double[] published, double[] row) {
    return loss(published, row[0], row[1]);
  }

  @Override
  default double logLossAt(Centre centre, double[] centred, double[] row) {
    double[] terms = new double[sizeTermCount()];
    sizeTerms(
        centre, centred, centre.x(row[0]), terms, new double[terms.length * parameterCount()]);
    return logLoss(terms, centre.y(row[1]), new double[terms.length]);
  }

  @Override
  default double logLossAt(Centre centre, double[] centred, double[] row, double[] gradient) {
    int q = sizeTermCount();
    double[] terms = new double[q];
    double[] termGradients = new double[q * parameterCount()];
    double[] local = new double[q];
    sizeTerms(centre, centred, centre.x(row[0]), terms, termGradients);
    double logLoss = logLoss(terms, centre.y(row[1]), local);
    expand(termGradients, local, gradient);
    return logLoss;
  }

  /**
   * Derivatives by the centred parameters from those by the size terms (chain rule).
   *
   * @param termGradients from {@link #sizeTerms}
   * @param byTerm {@link #sizeTermCount()} values
   * @param gradient output, {@link #parameterCount()} values
   */
  default void expand(double[] termGradients, double[] byTerm, double[] gradient) {
    int p = parameterCount();
    for (int j = 0; j < p; j++) {
      double sum = 0;
      for (int t = 0; t < byTerm.length; t++) {
        sum += byTerm[t] * termGradients[t * p + j];
      }
      gradient[j] = sum;
    }
  }

  @Override
  default double slopeByLogD(Centre centre, double[] centred, double[] row) {
    double[] terms = new double[sizeTermCount()];
    double[] gradient = new double[terms.length];
    sizeTerms(
        centre, centred, centre.x(row[0]), terms, new double[terms.length * parameterCount()]);
    logLoss(terms, centre.y(row[1]), gradient);
    return slopeByLogD(terms, gradient);
  }
}
