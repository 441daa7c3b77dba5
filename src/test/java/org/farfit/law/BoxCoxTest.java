package org.farfit.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

/** The Box-Cox curve and its derivative beside series in sixty digits. */
class BoxCoxTest {

  private static final MathContext DIGITS = new MathContext(60);

  /** phi by its power series in 60-digit arithmetic. */
  private static double exactValue(double s, double x) {
    BigDecimal t = new BigDecimal(s).multiply(new BigDecimal(x));
    BigDecimal term = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 1; k < 200; k++) {
      sum = sum.add(term, DIGITS);
      term = term.multiply(t, DIGITS).divide(BigDecimal.valueOf(k + 1), DIGITS);
    }
    return sum.multiply(new BigDecimal(x), DIGITS).doubleValue();
  }

  /** d phi / ds by its power series in 60-digit arithmetic: sum of x^(k+2) s^k / (k! (k+2)). */
  private static double exactSlope(double s, double x) {
    BigDecimal t = new BigDecimal(s).multiply(new BigDecimal(x));
    BigDecimal power = BigDecimal.ONE;
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 0; k < 200; k++) {
      sum = sum.add(power.divide(BigDecimal.valueOf(k + 2), DIGITS), DIGITS);
      power = power.multiply(t, DIGITS).divide(BigDecimal.valueOf(k + 1), DIGITS);
    }
    BigDecimal square = new BigDecimal(x).multiply(new BigDecimal(x));
    return sum.multiply(square, DIGITS).doubleValue();
  }

  @Test
  void matchesSixtyDigitSeriesOnBothSidesOfTheSwitch() {
    for (double x : new double[] {-4, -0.3, 1e-9, 0.7, 3.5}) {
      for (double t :
          new double[] {-6, -0.51, -0.49, -1e-3, -1e-18, 1e-300, 1e-7, 0.4999, 0.5, 5}) {
        double s = t / x;
        double value = exactValue(s, x);
        double slope = exactSlope(s, x);
        assertThat(BoxCox.value(s, x)).isCloseTo(value, within(4e-15 * Math.abs(value)));
        assertThat(BoxCox.slope(s, x)).isCloseTo(slope, within(1e-14 * slope));
      }
    }
  }

  @Test
  void exponentZeroIsTheIdentity() {
    assertThat(BoxCox.value(0, 2.5)).isEqualTo(2.5);
    assertThat(BoxCox.slope(0, 2.5)).isEqualTo(2.5 * 2.5 / 2);
    assertThat(BoxCox.value(0.3, 0)).isZero();
  }
}
