package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;

import org.farfit.law.Limits;
import org.junit.jupiter.api.Test;

/** Steps within limits, in literal numbers. */
class LimitedStepTest {

  /** Parameter 0 in [-1, 0.3], parameter 1 anywhere. */
  private static final LimitedStep STEP =
      new LimitedStep(
          new Limits(
              new double[] {-1, Double.NEGATIVE_INFINITY},
              new double[] {0.3, Double.POSITIVE_INFINITY}),
          0);

  /** A sum of steps misses a limit by a rounding, where a gradient would never be seen as stuck. */
  @Test
  void aLimitIsReachedToTheLastDigit() {
    assertThat(STEP.target(0, 0.1, 0.1 + 0.2)).isEqualTo(0.3);
    assertThat(0.1 + 0.2).isNotEqualTo(0.3);
    assertThat(STEP.target(0, 0.1, Math.nextUp(-1.0))).isEqualTo(-1);
    assertThat(STEP.target(0, 0.1, Math.nextDown(-1.0))).isEqualTo(-1);
    assertThat(STEP.target(0, 0.1, 0.29)).isEqualTo(0.29);
    assertThat(STEP.target(1, 0.1, 0.1 + 0.2)).isEqualTo(0.1 + 0.2);
  }
}
