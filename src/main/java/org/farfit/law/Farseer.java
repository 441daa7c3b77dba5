package org.farfit.law;

import java.util.List;
import java.util.Optional;

/**
 * Farseer: L = exp(a3 N^gamma + b3) + exp(a2 N^beta + b2) D^(-exp(a1 N^alpha + b1)) (Li et al.
 * 2025, arXiv:2506.10972, eq. 3).
 *
 * <p>Write the surface as e^U(N) + B(N) D^-A(N). With x = ln N - ln N0 and phi the {@link BoxCox}
 * curve, the three functions are stated by value, slope and curvature at N0:
 *
 * <pre>
 *   U(N)    = cG + mG phi(gamma, x)
 *   ln A(N) = cA + mA phi(alpha, x)
 *   ln B(N) = cB + mB phi(beta, x),   cB = h + e^cA ln D0,   mB = mH + e^cA mA ln D0
 * </pre>
 *
 * so that h is the logarithm of the data term at the centre and mH its slope there. The data term
 * of one run is e^(V - A y) with V(N) = ln B(N) - A(N) ln D0 and y = ln D - ln D0.
 */
public final class Farseer implements SizeLaw {

  private static final LawDescription DESCRIPTION =
      new LawDescription(
          "farseer",
          "exp(a3 N^gamma + b3) + exp(a2 N^beta + b2) D^(-exp(a1 N^alpha + b1))",
          "Li et al. 2025, arXiv:2506.10972, eq. 3",
          List.of("a1", "alpha", "b1", "a2", "beta", "b2", "a3", "gamma", "b3"),
          List.of("cA", "mA", "alpha", "h", "mH", "beta", "cG", "mG", "gamma"));

  @Override
  public LawDescription description() {
    return DESCRIPTION;
  }

  @Override
  public Optional<StagedForm> stagedForm() {
    return Optional.of(StagedForm.STRETCHED);
  }

  /** The coefficients of the Farseer paper, rounded as printed there (bits per character). */
  @Override
  public double[] example() {
    return new double[] {-0.124, 0.123, 0.424, 88.01, -0.1, -6.287, -0.021, 0.169, -0.091};
  }

  @Override
  public double loss(double[] published, double n, double d) {
    double exponent = Math.exp(published[0] * Math.pow(n, published[1]) + published[2]);
    double logB = published[3] * Math.pow(n, published[4]) + published[5];
    double logG = published[6] * Math.pow(n, published[7]) + published[8];
    return Math.exp(logG) + Math.exp(logB - exponent * Math.log(d));
  }

  @Override
  public void toCentred(Centre centre, double[] published, double[] centred) {
    stretchedToCurve(centre, published, 0, centred, 0);
    stretchedToCurve(centre, published, 3, centred, 3);
    stretchedToCurve(centre, published, 6, centred, 6);
    double logDExponent = Math.exp(centred[0]) * centre.logD();
    centred[3] -= logDExponent;
    centred[4] -= logDExponent * centred[1];
  }

  @Override
  public void toPublished(Centre centre, double[] centred, double[] published) {
    double logDExponent = Math.exp(centred[0]) * centre.logD();
    curveToStretched(centre, centred[0], centred[1], centred[2], published, 0);
    curveToStretched(
        centre,
        centred[3] + logDExponent,
        centred[4] + logDExponent * centred[1],
        centred[5],
        published,
        3);
    curveToStretched(centre, centred[6], centred[7], centred[8], published, 6);
  }

  /** a N^s + b, held as (a, s, b), becomes c + m phi(s, x), held as (c, m, s). */
  private static void stretchedToCurve(
      Centre centre, double[] published, int from, double[] centred, int to) {
    double s = published[from + 1];
    double atCentre = published[from] * Math.exp(s * centre.logN());
    centred[to] = atCentre + published[from + 2];
    centred[to + 1] = atCentre * s;
    centred[to + 2] = s;
  }

  private static void curveToStretched(
      Centre centre, double c, double m, double s, double[] published, int to) {
    published[to] = m / s * Math.exp(-s * centre.logN());
    published[to + 1] = s;
    published[to + 2] = c - m / s;
  }

  /** The box of design experiments on 302 Farseer runs, shifted by the logarithm of the loss. */
  @Override
  public Optional<SamplingBox> samplingBox(Centre centre) {
    double l = centre.logLoss() + 0.5;
    return Optional.of(
        new SamplingBox(
            new double[] {Math.log(0.05), -0.5, -1, l - 4, -1, -1, l - 3, -0.6, -1},
            new double[] {Math.log(1.5), 0.5, 1, l, 0.5, 1, l, 0, 1}));
  }

  /** The data term, by its value and slope at the centre, and e^U. */
  @Override
  public List<AddedTerm> addedTerms() {
    return List.of(new AddedTerm(3, 4), new AddedTerm(6, 7));
  }

  /** alpha, beta and gamma. */
  @Override
  public List<Integer> curvatures() {
    return List.of(2, 5, 8);
  }

  /** Curvatures, and the exponent of D at the centre, are limited by what the runs can tell. */
  @Override
  public Limits limits(Centre centre, double[] x, double[] y) {
    Limits limits = Limits.none(parameterCount()).withLogExponent(0, y);
    for (int j : curvatures()) {
      limits = limits.withCurvature(j, x);
    }
    return limits;
  }

  /**
   * The simplest law, in this law's terms. The data term is Chinchilla's: an exponent of D near
   * 0.35 that does not vary with N, nor does the term. The capacity term falls as Chinchilla's: for
   * E + A / N^a with share s of A / N^a, ln G has slope -a s and curvature -a (1 - s), which for
   * the published coefficients (s = 0.16 to 0.43 at 1e9 to 5e7 parameters) is -0.06 to -0.15 and
   * -0.29 to -0.2; the published surface of the Farseer paper has -0.12 and 0.17.
   */
  @Override
  public Optional<LawPrior> prior(double logLoss, double least) {
    double unknown = Double.POSITIVE_INFINITY;
    return Optional.of(
        new LawPrior(
            List.of(Math.log(0.35), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -0.1, -0.15),
            List.of(0.15, 0.05, 0.05, unknown, 0.05, 0.05, unknown, 0.03, 0.05)));
  }

  @Override
  public String centredFormula() {
    return """
    bentA = x*growth(alpha*x)
    bentG = x*growth(gamma*x)
    bent = x*growth(beta*x)
    a = exp(cA + mA*bentA)
    U = cG + mG*bentG
    W = h + mH*bent + lnD0*(exp(cA)*(1 + mA*bent) - a) - a*y
    exp(max(U, W) + softplus(min(U, W) - max(U, W)))
    """;
  }

  @Override
  public int sizeTermCount() {
    return 3;
  }

  @Override
  public void sizeTerms(
      Centre centre, double[] centred, double x, double[] terms, double[] termGradients) {
    sizeTerms(centre.logD(), centred, x, terms, termGradients);
  }

  /**
   * {@link SizeLaw#sizeTerms} with the centre as a number: terms U, V, A.
   *
   * @param centred input, p centred parameters
   * @param terms output, 3 values
   * @param termGradients output, as {@link SizeLaw#sizeTerms} has it
   */
  public static void sizeTerms(
      double logD0, double[] centred, double x, double[] terms, double[] termGradients) {
    double mA = centred[1];
    double mG = centred[7];
    double slopeA = BoxCox.unitSlope(centred[2] * x);
    double slopeB = BoxCox.unitSlope(centred[5] * x);
    double slopeG = BoxCox.unitSlope(centred[8] * x);
    double phiA = BoxCox.value(centred[2], x, slopeA);
    double phiB = BoxCox.value(centred[5], x, slopeB);
    double phiG = BoxCox.value(centred[8], x, slopeG);
    double atCentre = Math.exp(centred[0]);
    double a = Math.exp(centred[0] + mA * phiA);
    double aByAlpha = a * mA * x * x * slopeA;
    double logDExponent = atCentre * logD0;
    double mB = centred[4] + logDExponent * mA;

    terms[0] = centred[6] + mG * phiG;
    terms[1] = centred[3] + centred[4] * phiB + logD0 * (atCentre * (1.0 + mA * phiB) - a);
    terms[2] = a;

    for (int i = 0; i < 27; i++) {
      termGradients[i] = 0;
    }
    termGradients[6] = 1;
    termGradients[7] = phiG;
    termGradients[8] = mG * x * x * slopeG;

    termGradients[9] = logD0 * (atCentre * (1.0 + mA * phiB) - a);
    termGradients[10] = logD0 * (atCentre * phiB - a * phiA);
    termGradients[11] = -logD0 * aByAlpha;
    termGradients[12] = 1;
    termGradients[13] = phiB;
    termGradients[14] = mB * x * x * slopeB;

    termGradients[18] = a;
    termGradients[19] = a * phiA;
    termGradients[20] = aByAlpha;
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
