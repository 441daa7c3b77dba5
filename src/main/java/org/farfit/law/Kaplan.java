package org.farfit.law;

import java.util.List;
import java.util.Optional;

/**
 * Kaplan: L = ((Nc / N)^(alphaN / alphaD) + Dc / D)^alphaD (Kaplan et al. 2020, arXiv:2001.08361,
 * eq. 1.5). It has no irreducible loss.
 *
 * <p>Centred coordinates are the logarithms of what each term alone would give at the centre, cN =
 * alphaN ln(Nc / N0) and cD = alphaD ln(Dc / D0), and of the two exponents, which keeps them
 * positive. ln L is the {@link PowerForm} of U = cN - alphaN x and W = cD - alphaD y with k =
 * alphaD.
 */
public final class Kaplan implements SizeLaw {

  private static final LawDescription DESCRIPTION =
      new LawDescription(
          "kaplan",
          "((Nc / N)^(alphaN / alphaD) + Dc / D)^alphaD",
          "Kaplan et al. 2020, arXiv:2001.08361, eq. 1.5",
          List.of("Nc", "Dc", "alphaN", "alphaD"),
          List.of("cN", "cD", "lnAlphaN", "lnAlphaD"));

  @Override
  public LawDescription description() {
    return DESCRIPTION;
  }

  /** The coefficients of Kaplan et al. 2020, table 2 (nats per token). */
  @Override
  public double[] example() {
    return new double[] {6.4e13, 1.8e13, 0.076, 0.103};
  }

  @Override
  public double loss(double[] published, double n, double d) {
    double capacity = Math.pow(published[0] / n, published[2] / published[3]);
    return Math.pow(capacity + published[1] / d, published[3]);
  }

  @Override
  public void toCentred(Centre centre, double[] published, double[] centred) {
    centred[0] = published[2] * (Math.log(published[0]) - centre.logN());
    centred[1] = published[3] * (Math.log(published[1]) - centre.logD());
    centred[2] = Math.log(published[2]);
    centred[3] = Math.log(published[3]);
  }

  @Override
  public void toPublished(Centre centre, double[] centred, double[] published) {
    double alphaN = Math.exp(centred[2]);
    double alphaD = Math.exp(centred[3]);
    published[0] = Math.exp(centred[0] / alphaN + centre.logN());
    published[1] = Math.exp(centred[1] / alphaD + centre.logD());
    published[2] = alphaN;
    published[3] = alphaD;
  }

  /** Both terms, to the power 1 / alphaD. */
  @Override
  public List<AddedTerm> addedTerms() {
    return List.of(new AddedTerm(0, List.of(), 3), new AddedTerm(1, List.of(), 3));
  }

  /** The exponents are limited by what runs can tell; alphaD is a power, too, as in Skaling. */
  @Override
  public Limits limits(Centre centre, double[] x, double[] y) {
    return Limits.none(parameterCount())
        .withLogExponent(2, x)
        .withHigh(3, Math.log(Skaling.LARGEST_POWER));
  }

  /** Each term between a seventh and 1.6 times the typical loss; exponents from 0.02 to 0.5. */
  @Override
  public Optional<SamplingBox> samplingBox(Centre centre) {
    double l = centre.logLoss();
    return Optional.of(
        new SamplingBox(
            new double[] {l - 2, l - 2, Math.log(0.02), Math.log(0.02)},
            new double[] {l + 0.5, l + 0.5, Math.log(0.5), Math.log(0.5)}));
  }

  @Override
  public String centredFormula() {
    return """
    k = exp(lnAlphaD)
    U = cN - exp(lnAlphaN)*x
    W = cD - k*y
    exp(max(U, W) + k * softplus((min(U, W) - max(U, W))/k))
    """;
  }

  @Override
  public int sizeTermCount() {
    return 3;
  }

  @Override
  public void sizeTerms(
      Centre centre, double[] centred, double x, double[] terms, double[] termGradients) {
    sizeTerms(centred, x, terms, termGradients);
  }

  /**
   * {@link SizeLaw#sizeTerms} without the centre, which this law does not need: terms U, cD, k.
   *
   * @param centred input, p centred parameters
   * @param terms output, 3 values
   * @param termGradients output, as {@link SizeLaw#sizeTerms} has it
   */
  public static void sizeTerms(double[] centred, double x, double[] terms, double[] termGradients) {
    double alphaN = Math.exp(centred[2]);
    double alphaD = Math.exp(centred[3]);
    terms[0] = centred[0] - alphaN * x;
    terms[1] = centred[1];
    terms[2] = alphaD;

    for (int i = 0; i < 12; i++) {
      termGradients[i] = 0;
    }
    termGradients[0] = 1;
    termGradients[2] = -alphaN * x;
    termGradients[5] = 1;
    termGradients[11] = alphaD;
  }

  @Override
  public double logLoss(double[] terms, double y, double[] gradient) {
    return evaluate(terms, y, gradient);
  }

  @Override
  public double slopeByLogD(double[] terms, double[] gradient) {
    return -terms[2] * gradient[1];
  }

  /**
   * {@link SizeLaw#logLoss} as a static method.
   *
   * @param terms input, the 3 size terms
   * @param gradient output, d ln L / d term, 3 values
   */
  public static double evaluate(double[] terms, double y, double[] gradient) {
    double k = terms[2];
    double u = terms[0];
    double w = terms[1] - k * y;
    double t = PowerForm.ratio(u, w, k);
    double dataShare = LogSum.otherShare(u, w, t);
    gradient[0] = LogSum.share(u, w, t);
    gradient[1] = dataShare;
    gradient[2] = PowerForm.entropy(u, w, k, t) - y * dataShare;
    return PowerForm.value(u, w, k, t);
  }
}
