package org.farfit.law;

/**
 * What the loss of a {@link Farseer} surface falls by from D to lambda D tokens: R = B(N) D^-A(N)
 * (1 - lambda^-A(N)) (Li et al. 2025, arXiv:2506.10972, appendix C). The capacity term has dropped
 * out, which is what the differential piecewise procedure rests on.
 *
 * <p>It is a law like any other, so that engines evaluate it, but one for differences of losses: it
 * is not in {@link Laws}. Its parameters are those of Farseer, of which the last three, those of
 * the capacity term, have no effect.
 */
public final class FarseerDifference implements Law {

  /** The name of this law. */
  public static final String NAME = "farseer-difference";

  /** The logarithm of a capacity term that vanishes beside any difference. */
  private static final double NOTHING = -1e300;

  private static final Farseer FARSEER = new Farseer();

  private static final LawDescription DESCRIPTION =
      new LawDescription(
          NAME,
          "exp(a2 N^beta + b2) D^-A (1 - lambda^-A), A = exp(a1 N^alpha + b1)",
          "Li et al. 2025, arXiv:2506.10972, appendix C",
          FARSEER.parameterNames(),
          FARSEER.centredNames());

  private final double spacing;
  private final double logSpacing;

  /**
   * Differences over one ratio of D.
   *
   * @param spacing lambda, above 1
   */
  public FarseerDifference(double spacing) {
    if (!(spacing > 1)) {
      throw new IllegalArgumentException("spacing %s is not above 1".formatted(spacing));
    }
    this.spacing = spacing;
    this.logSpacing = Math.log(spacing);
  }

  /** lambda. */
  public double spacing() {
    return spacing;
  }

  @Override
  public LawDescription description() {
    return DESCRIPTION;
  }

  @Override
  public double[] example() {
    return FARSEER.example();
  }

  @Override
  public double loss(double[] published, double n, double d) {
    double exponent = Math.exp(published[0] * Math.pow(n, published[1]) + published[2]);
    double logB = published[3] * Math.pow(n, published[4]) + published[5];
    return Math.exp(logB - exponent * Math.log(d)) * -Math.expm1(-exponent * logSpacing);
  }

  @Override
  public void toCentred(Centre centre, double[] published, double[] centred) {
    FARSEER.toCentred(centre, published, centred);
  }

  @Override
  public void toPublished(Centre centre, double[] centred, double[] published) {
    FARSEER.toPublished(centre, centred, published);
  }

  @Override
  public SamplingBox samplingBox(Centre centre) {
    return FARSEER.samplingBox(centre);
  }

  @Override
  public int sizeTermCount() {
    return FARSEER.sizeTermCount();
  }

  /** The terms of Farseer without U, and with ln(1 - lambda^-A) in V. */
  @Override
  public void sizeTerms(
      Centre centre, double[] centred, double x, double[] terms, double[] termGradients) {
    FARSEER.sizeTerms(centre, centred, x, terms, termGradients);
    terms[0] = NOTHING;
    terms[1] += Math.log(-Math.expm1(-terms[2] * logSpacing));
    double byA = logSpacing / Math.expm1(terms[2] * logSpacing);
    int p = parameterCount();
    for (int j = 0; j < p; j++) {
      termGradients[j] = 0;
      termGradients[p + j] += byA * termGradients[2 * p + j];
    }
  }

  @Override
  public double logLoss(double[] terms, double y, double[] gradient) {
    return SumForm.logLoss(terms, y, gradient);
  }

  @Override
  public double slopeByLogD(double[] terms, double[] gradient) {
    return -terms[2] * gradient[1];
  }
}
