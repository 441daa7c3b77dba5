package org.farfit.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Exact cases: one law inside another, and limits with a closed form. */
class NestedLawsTest {

  private static final Centre CENTRE = new Centre(Math.log(1e9), Math.log(2e10), Math.log(2));

  @Test
  void skalingWithPowerOneIsChinchilla() {
    double[] chinchilla = new Chinchilla().example();
    double[] skaling = new double[6];
    System.arraycopy(chinchilla, 0, skaling, 0, 5);
    skaling[5] = 1;
    double[] centredChinchilla = new double[5];
    double[] centredSkaling = new double[6];
    new Chinchilla().toCentred(CENTRE, chinchilla, centredChinchilla);
    new Skaling().toCentred(CENTRE, skaling, centredSkaling);
    assertThat(new Skaling().logLossAt(CENTRE, centredSkaling, 3e8, 7e10))
        .isCloseTo(new Chinchilla().logLossAt(CENTRE, centredChinchilla, 3e8, 7e10), within(1e-14));
  }

  @Test
  void farseerWithoutCurvatureIsASumOfPowers() {
    // U = cG + mG x, ln A = cA, and ln B = h + A ln D0 + mH x: all exponents zero, A constant.
    double a = 0.4;
    double[] centred = {Math.log(a), 0, 0, -1.5, 0.2, 0, -0.3, -0.1, 0};
    double n = 4e9;
    double d = 3e11;
    double x = Math.log(n / 1e9);
    double expected = Math.exp(-0.3 - 0.1 * x) + Math.exp(-1.5 + 0.2 * x) * Math.pow(d / 2e10, -a);
    assertThat(Math.exp(new Farseer().logLossAt(CENTRE, centred, n, d)))
        .isCloseTo(expected, within(1e-14 * expected));
  }

  @Test
  void farseerAtPublishedCoefficientsMatchesTheFormulaDigitByDigit() {
    // exp(-0.021 N^0.169 - 0.091) + exp(88.01 N^-0.1 - 6.287) D^(-exp(-0.124 N^0.123 + 0.424)) at
    // N = 1e9, D = 1e11, in 40-digit decimal arithmetic.
    assertThat(new Farseer().loss(new Farseer().example(), 1e9, 1e11))
        .isCloseTo(0.4985677323823453, within(1e-14));
  }

  @Test
  void kaplanLimitsAreItsTwoPowerLaws() {
    double[] p = new Kaplan().example();
    double unlimitedData = Math.pow(p[0] / 1e9, p[2]);
    double unlimitedSize = Math.pow(p[1] / 1e10, p[3]);
    assertThat(new Kaplan().loss(p, 1e9, 1e30)).isCloseTo(unlimitedData, within(1e-12));
    assertThat(new Kaplan().loss(p, 1e40, 1e10)).isCloseTo(unlimitedSize, within(1e-12));
  }

  @Test
  void lossStaysFiniteWhereTermsOverflow() {
    // k = 1e-3: the terms to the power 1/k are beyond a double, the surface is not.
    double[] centred = {-1, 0.5, 0.3, 0.2, 0.2, Math.log(1e-3)};
    double logLoss = new Skaling().logLossAt(CENTRE, centred, 1e6, 1e8);
    double u = 0.5 - 0.2 * Math.log(1e6 / 1e9);
    assertThat(logLoss).isCloseTo(Math.log(Math.exp(-1) + Math.exp(u)), within(1e-12));
  }
}
