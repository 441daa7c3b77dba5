package org.farfit.law;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chinchilla: L = E + A / N^alpha + B / D^beta (Hoffmann et al. 2022, arXiv:2203.15556, eq. 2).
 *
 * <p>Centred coordinates are the logarithm of each term at the centre and the exponents: e = ln E,
 * cA = ln(A / N0^alpha), alpha, cB = ln(B / D0^beta), beta. The logarithm keeps E, A and B
 * positive. With U(N) = ln(e^e + e^(cA - alpha x)) the surface is e^U + e^(cB - beta y).
 */
public final class Chinchilla implements SizeLaw {

  private static final LawDescription DESCRIPTION =
      new LawDescription(
          "chinchilla",
          "E + A / N^alpha + B / D^beta",
          "Hoffmann et al. 2022, arXiv:2203.15556, eq. 2",
          List.of("E", "A", "B", "alpha", "beta"),
          List.of("lnE", "cA", "cB", "alpha", "beta"));

  @Override
  public LawDescription description() {
    return DESCRIPTION;
  }

  @Override
  public boolean growsWithSumOfPowers() {
    return true;
  }

  @Override
  public Optional<StagedForm> stagedForm() {
    return Optional.of(StagedForm.CONSTANT);
  }

  /**
   * The grid of 4,500 starts of Hoffmann et al. 2022, appendix D.3: alpha and beta in 0, 0.5, ...
   * 2; ln E in -1, -0.5, ... 1; ln A and ln B in 0, 5, ... 25.
   */
  @Override
  public List<double[]> publishedStarts() {
    List<double[]> starts = new ArrayList<>();
    for (int logB = 0; logB <= 25; logB += 5) {
      for (int logA = 0; logA <= 25; logA += 5) {
        for (double logE = -1; logE <= 1; logE += 0.5) {
          for (double beta = 0; beta <= 2; beta += 0.5) {
            for (double alpha = 0; alpha <= 2; alpha += 0.5) {
              starts.add(
                  new double[] {Math.exp(logE), Math.exp(logA), Math.exp(logB), alpha, beta});
            }
          }
        }
      }
    }
    return starts;
  }

  /** The coefficients of Besiroglu et al. 2024, arXiv:2404.10102 (nats per token). */
  @Override
  public double[] example() {
    return new double[] {1.8172, 482.01, 2085.43, 0.3478, 0.3658};
  }

  @Override
  public double loss(double[] published, double n, double d) {
    return published[0]
        + published[1] / Math.pow(n, published[3])
        + published[2] / Math.pow(d, published[4]);
  }

  @Override
  public void toCentred(Centre centre, double[] published, double[] centred) {
    centred[0] = Math.log(published[0]);
    centred[1] = Math.log(published[1]) - published[3] * centre.logN();
    centred[2] = Math.log(published[2]) - published[4] * centre.logD();
    centred[3] = published[3];
    centred[4] = published[4];
  }

  @Override
  public void toPublished(Centre centre, double[] centred, double[] published) {
    published[0] = Math.exp(centred[0]);
    published[1] = Math.exp(centred[1] + centred[3] * centre.logN());
    published[2] = Math.exp(centred[2] + centred[4] * centre.logD());
    published[3] = centred[3];
    published[4] = centred[4];
  }

  /** E between a fifth and all of the typical loss, terms down to 2% of it, broad exponents. */
  @Override
  public Optional<SamplingBox> samplingBox(Centre centre) {
    double l = centre.logLoss();
    return Optional.of(
        new SamplingBox(
            new double[] {l - 1.6, l - 4, l - 4, 0.05, 0.05}, new double[] {l, l, l, 1.0, 1.0}));
  }

  /** E, A / N^alpha and B / D^beta. */
  @Override
  public List<AddedTerm> addedTerms() {
    return List.of(new AddedTerm(0), new AddedTerm(1, 3), new AddedTerm(2, 4));
  }

  /** E may vanish; the exponents are limited by what the least and the largest runs can tell. */
  @Override
  public Limits limits(Centre centre, double[] x, double[] y) {
    return Limits.none(parameterCount())
        .withVanishing(0, centre)
        .withExponent(3, x)
        .withExponent(4, y);
  }

  /**
   * alpha and beta 0.35 give or take 0.1, E of {@link IrreducibleLoss}. Published (alpha, beta):
   * 0.34, 0.28 (Hoffmann et al. 2022), 0.348, 0.366 (Besiroglu et al. 2024), 0.353, 0.353
   * (Muennighoff et al. 2023).
   */
  @Override
  public Optional<LawPrior> prior(double logLoss, double least) {
    double unknown = Double.POSITIVE_INFINITY;
    IrreducibleLoss e = IrreducibleLoss.of(logLoss, least);
    return Optional.of(
        new LawPrior(
            List.of(e.mean(), 0.0, 0.0, 0.35, 0.35),
            List.of(e.deviation(), unknown, unknown, 0.1, 0.1)));
  }

  @Override
  public String centredFormula() {
    return "exp(lnE) + exp(cA - alpha*x) + exp(cB - beta*y)";
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
   * {@link SizeLaw#sizeTerms} without the centre, which this law does not need: terms U, cB, beta.
   *
   * @param centred input, p centred parameters
   * @param terms output, 3 values
   * @param termGradients output, as {@link SizeLaw#sizeTerms} has it
   */
  public static void sizeTerms(double[] centred, double x, double[] terms, double[] termGradients) {
    double capacity = centred[1] - centred[3] * x;
    double t = LogSum.ratio(centred[0], capacity);
    double capacityShare = LogSum.otherShare(centred[0], capacity, t);
    terms[0] = LogSum.value(centred[0], capacity, t);
    terms[1] = centred[2];
    terms[2] = centred[4];

    for (int i = 0; i < 15; i++) {
      termGradients[i] = 0;
    }
    termGradients[0] = LogSum.share(centred[0], capacity, t);
    termGradients[1] = capacityShare;
    termGradients[3] = -x * capacityShare;
    termGradients[7] = 1;
    termGradients[14] = 1;
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
