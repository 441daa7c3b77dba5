package org.farfit.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Logarithms of sums of exponentials beside the exponentials, and where those overflow. */
class LogSumTest {

  @Test
  void logOnePlusIsGoodToNearlyAllDigits() {
    for (int i = 0; i <= 100_000; i++) {
      double t = i / 100_000.0;
      double exact = StrictMath.log1p(t);
      assertThat(LogSum.logOnePlus(t)).isCloseTo(exact, within(5e-16 * exact));
    }
    for (double t = 1; t > 1e-300; t *= 0.37) {
      double exact = StrictMath.log1p(t);
      assertThat(LogSum.logOnePlus(t)).isCloseTo(exact, within(5e-16 * exact));
    }
    assertThat(LogSum.logOnePlus(0)).isZero();
    assertThat(LogSum.logOnePlus(Double.NaN)).isNaN();
  }

  @Test
  void sumsAndSharesAreThoseOfTheExponentials() {
    for (double u : new double[] {-3, 0, 0.7}) {
      for (double w : new double[] {-2, 0, 1.3}) {
        double t = LogSum.ratio(u, w);
        double sum = Math.exp(u) + Math.exp(w);
        assertThat(LogSum.value(u, w, t)).isCloseTo(Math.log(sum), within(1e-15));
        assertThat(LogSum.share(u, w, t)).isCloseTo(Math.exp(u) / sum, within(1e-15));
        assertThat(LogSum.otherShare(u, w, t)).isCloseTo(Math.exp(w) / sum, within(1e-15));
      }
    }
  }

  @Test
  void nothingOverflows() {
    double t = LogSum.ratio(1e4, -1e4);
    assertThat(LogSum.value(1e4, -1e4, t)).isEqualTo(1e4);
    assertThat(LogSum.share(1e4, -1e4, t)).isEqualTo(1);
    assertThat(LogSum.otherShare(1e4, -1e4, t)).isZero();
  }
}
