package org.farfit.law;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Skaling: L = E + (A / N^alpha + B / D^beta)^k (Videau et al. 2026, arXiv:2608.07222); k = 1 is
 * Chinchilla.
 *
 * <p>Centred coordinates: e = ln E; the logarithm of each term at the centre, taken to the power k
 * so that it stays put as k varies, cA = k ln(A / N0^alpha) and cB = k ln(B / D0^beta); the slopes
 * sA = k alpha and sB = k beta; and ln k. The reducible loss is e^P with P the {@link PowerForm} of
 * U = cA - sA x and W = cB - sB y.
 */
public final class Skaling implements SizeLaw {

  private static final LawDescription DESCRIPTION =
      new LawDescription(
          "skaling",
          "E + (A / N^alpha + B / D^beta)^k",
          "Videau et al. 2026, arXiv:2608.07222",
          List.of("E", "A", "B", "alpha", "beta", "k"),
          List.of("lnE", "cA", "cB", "sA", "sB", "lnk"));

  /**
   * Terms change places over a factor e^(4 k / sA) of N: 1.2 at this k and a slope of 0.2, less
   * than what sizes of a grid are apart. With less, the surface has an edge at which no search
   * ends.
   */
  private static final double LEAST_POWER = 1e-2;

  /**
   * Where k is large the reducible loss is one term times e^(c t), t being a power of the other
   * size, and searches go on for ever towards that. With k of a hundred they differ by half a
   * hundredth of the square of what the other term changes in ln L: 0.1% where it changes the loss
   * by half.
   */
  static final double LARGEST_POWER = 1e2;

  @Override
  public LawDescription description() {
    return DESCRIPTION;
  }

  @Override
  public boolean growsWithSumOfPowers() {
    return true;
  }

  /** With k = 1 it is chinchilla. */
  @Override
  public List<NestedForm> nestedForms(Centre centre) {
    return List.of(
        new NestedForm(
            "chinchilla",
            Optional.of("chinchilla"),
            Map.of("k", 1.0),
            new LinkedHashMap<>(Map.of("lnk", 0.0))));
  }

  /** Rounded coefficients of a fit to the public Farseer runs (bits per character). */
  @Override
  public double[] example() {
    return new double[] {0.273, 102, 739, 0.387, 0.421, 0.490};
  }

  @Override
  public double loss(double[] published, double n, double d) {
    double inner =
        published[1] / Math.pow(n, published[3]) + published[2] / Math.pow(d, published[4]);
    return published[0] + Math.pow(inner, published[5]);
  }

  @Override
  public void toCentred(Centre centre, double[] published, double[] centred) {
    double k = published[5];
    centred[0] = Math.log(published[0]);
    centred[1] = k * (Math.log(published[1]) - published[3] * centre.logN());
    centred[2] = k * (Math.log(published[2]) - published[4] * centre.logD());
    centred[3] = k * published[3];
    centred[4] = k * published[4];
    centred[5] = Math.log(k);
  }

  @Override
  public void toPublished(Centre centre, double[] centred, double[] published) {
    double k = Math.exp(centred[5]);
    double alpha = centred[3] / k;
    double beta = centred[4] / k;
    published[0] = Math.exp(centred[0]);
    published[1] = Math.exp(centred[1] / k + alpha * centre.logN());
    published[2] = Math.exp(centred[2] / k + beta * centre.logD());
    published[3] = alpha;
    published[4] = beta;
    published[5] = k;
  }

  /** The box of Chinchilla, with k between a third and three. */
  @Override
  public Optional<SamplingBox> samplingBox(Centre centre) {
    double l = centre.logLoss();
    return Optional.of(
        new SamplingBox(
            new double[] {l - 1.6, l - 4, l - 4, 0.05, 0.05, Math.log(1.0 / 3)},
            new double[] {l, l, l, 1.0, 1.0, Math.log(3)}));
  }

  /**
   * E, and the two terms of the power, as if they were added themselves: with the power taken into
   * account searches take a tenth more evaluations.
   */
  @Override
  public List<AddedTerm> addedTerms() {
    return List.of(new AddedTerm(0), new AddedTerm(1, 3), new AddedTerm(2, 4));
  }

  /**
   * E may vanish; k of a hundredth is as good as the larger of both terms, and one of a hundred as
   * any larger one.
   */
  @Override
  public Limits limits(Centre centre, double[] x, double[] y) {
    return Limits.none(parameterCount())
        .withVanishing(0, centre)
        .withLow(5, Math.log(LEAST_POWER))
        .withHigh(5, Math.log(LARGEST_POWER));
  }

  /**
   * The prior of Chinchilla, with k about 1: between 0.6 and 1.6. The published k is 0.49 with
   * slopes k alpha and k beta of 0.19 and 0.21 (Videau et al. 2026); with k = 1 slopes are
   * Chinchilla's. Slopes are hence 0.3 give or take 0.1.
   */
  @Override
  public Optional<LawPrior> prior(double logLoss, double least) {
    double unknown = Double.POSITIVE_INFINITY;
    IrreducibleLoss e = IrreducibleLoss.of(logLoss, least);
    return Optional.of(
        new LawPrior(
            List.of(e.mean(), 0.0, 0.0, 0.3, 0.3, 0.0),
            List.of(e.deviation(), unknown, unknown, 0.1, 0.1, 0.5)));
  }

  @Override
  public String centredFormula() {
    return """
    k = exp(lnk)
    U = cA - sA*x
    W = cB - sB*y
    exp(lnE) + exp(max(U, W) + k * softplus((min(U, W) - max(U, W))/k))
    """;
  }

  @Override
  public int sizeTermCount() {
    return 5;
  }

  @Override
  public void sizeTerms(
      Centre centre, double[] centred, double x, double[] terms, double[] termGradients) {
    sizeTerms(centred, x, terms, termGradients);
  }

  /**
   * {@link SizeLaw#sizeTerms} without the centre: terms e, U, cB, sB, k.
   *
   * @param centred input, p centred parameters
   * @param terms output, 5 values
   * @param termGradients output, as {@link SizeLaw#sizeTerms} has it
   */
  public static void sizeTerms(double[] centred, double x, double[] terms, double[] termGradients) {
    double k = Math.exp(centred[5]);
    terms[0] = centred[0];
    terms[1] = centred[1] - centred[3] * x;
    terms[2] = centred[2];
    terms[3] = centred[4];
    terms[4] = k;

    for (int i = 0; i < 30; i++) {
      termGradients[i] = 0;
    }
    termGradients[0] = 1;
    termGradients[7] = 1;
    termGradients[9] = -x;
    termGradients[14] = 1;
    termGradients[22] = 1;
    termGradients[29] = k;
  }

  @Override
  public double logLoss(double[] terms, double y, double[] gradient) {
    return evaluate(terms, y, gradient);
  }

  @Override
  public double slopeByLogD(double[] terms, double[] gradient) {
    return -terms[3] * gradient[2];
  }

  /**
   * {@link SizeLaw#logLoss} as a static method.
   *
   * @param terms input, the 5 size terms
   * @param gradient output, d ln L / d term, 5 values
   */
  public static double evaluate(double[] terms, double y, double[] gradient) {
    double u = terms[1];
    double w = terms[2] - terms[3] * y;
    double k = terms[4];
    double inner = PowerForm.ratio(u, w, k);
    double reducible = PowerForm.value(u, w, k, inner);
    double outer = LogSum.ratio(terms[0], reducible);
    double reducibleShare = LogSum.otherShare(terms[0], reducible, outer);
    double dataShare = reducibleShare * LogSum.otherShare(u, w, inner);
    gradient[0] = LogSum.share(terms[0], reducible, outer);
    gradient[1] = reducibleShare * LogSum.share(u, w, inner);
    gradient[2] = dataShare;
    gradient[3] = -y * dataShare;
    gradient[4] = reducibleShare * PowerForm.entropy(u, w, k, inner);
    return LogSum.value(terms[0], reducible, outer);
  }
}
