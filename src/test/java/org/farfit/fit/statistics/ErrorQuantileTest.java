package org.farfit.fit.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;

/** Quantiles of errors beside those of normal ones, where these are known. */
class ErrorQuantileTest {

  @Test
  void normalErrorsLieAsFarOutAsNormalOnes() {
    SplittableRandom random = new SplittableRandom(1);
    double[] errors = IntStream.range(0, 100_000).mapToDouble(i -> random.nextGaussian()).toArray();
    for (double level : new double[] {0.5, 0.9, 0.99}) {
      assertThat(ErrorQuantile.besideNormal(errors, level)).isCloseTo(1, within(0.01));
    }
  }

  /** Student's t of three degrees of freedom and variance one: closer at 90%, farther at 99.9%. */
  @Test
  void heavyTailsLieCloserAtFirstAndFartherAtLast() {
    TDistribution t = new TDistribution(3);
    double[] errors =
        IntStream.range(0, 100_000)
            .mapToDouble(i -> t.inverseCumulativeProbability((i + 0.5) / 100_000) / Math.sqrt(3))
            .toArray();
    assertThat(ErrorQuantile.besideNormal(errors, 0.9))
        .isCloseTo(2.3534 / Math.sqrt(3) / 1.64485, within(1e-3));
    assertThat(ErrorQuantile.besideNormal(errors, 0.999))
        .isCloseTo(12.924 / Math.sqrt(3) / 3.29053, within(1e-2));
  }

  /** Order statistic 0.9 (9 + 1) of nine sizes is the largest, 0.75 (9 + 1) between two. */
  @Test
  void sizesAreOrderStatistics() {
    double[] errors = {-9, 1, 2, -3, 4, 5, 6, -7, 8};
    assertThat(ErrorQuantile.besideNormal(errors, 0.9)).isCloseTo(9 / 1.644854, within(1e-5));
    assertThat(ErrorQuantile.besideNormal(errors, 0.75)).isCloseTo(7.5 / 1.150349, within(1e-5));
    // None so far out.
    assertThat(ErrorQuantile.besideNormal(errors, 0.99)).isCloseTo(9 / 2.575829, within(1e-5));
    assertThat(ErrorQuantile.besideNormal(new double[] {0.5, -1}, 0.9)).isEqualTo(1);
  }

  /** The outlier of a robust fit counts for less than it is. */
  @Test
  void unitsAreTheRootMeanSquareOfWhatCounts() {
    double[] residuals = {3, -3, 9};
    assertThat(ErrorQuantile.inDeviations(residuals, residuals))
        .containsExactly(3 / Math.sqrt(33), -3 / Math.sqrt(33), 9 / Math.sqrt(33));
    assertThat(ErrorQuantile.inDeviations(residuals, new double[] {3, -3, 3}))
        .containsExactly(1, -1, 3);
    assertThat(ErrorQuantile.inDeviations(new double[2], new double[2])).containsExactly(0, 0);
  }
}
