package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The rule of damping, in literal numbers. */
class DampingTest {

  @Test
  void fallsSmoothlyWithTheGainRatio() {
    // 1 - (2 * 0.75 - 1)^3 = 0.875
    assertThat(Damping.afterAccepted(8, 0.75, 2)).isCloseTo(7, within(1e-15));
    // a step half as good as predicted leaves it
    assertThat(Damping.afterAccepted(8, 0.5, 2)).isEqualTo(8);
    // a perfect step lowers it by at most nine
    assertThat(Damping.afterAccepted(9, 1, 2)).isCloseTo(1, within(1e-15));
    assertThat(Damping.afterAccepted(9, 5, 2)).isCloseTo(1, within(1e-15));
    // a poor one raises it: 1 - (2 * 0.1 - 1)^3 = 1.512
    assertThat(Damping.afterAccepted(1, 0.1, 2)).isCloseTo(1.512, within(1e-15));
  }

  /** After rejections a perfect step halves it, a poor one raises it as ever. */
  @Test
  void fallsLessWhereLargerStepsWereRejected() {
    double afterTwo = Damping.nextIncrease(Damping.FIRST_INCREASE);
    assertThat(Damping.afterAccepted(8, 1, afterTwo)).isEqualTo(4);
    assertThat(Damping.afterAccepted(1, 0.1, afterTwo)).isCloseTo(1.512, within(1e-15));
  }

  @Test
  void risesEverFasterWithRejections() {
    double damping = 1;
    double increase = Damping.FIRST_INCREASE;
    double[] expected = {2, 8, 64, 1024};
    for (double value : expected) {
      damping = Damping.afterRejected(damping, increase);
      increase = Damping.nextIncrease(increase);
      assertThat(damping).isEqualTo(value);
    }
  }

  /** The model was off by 1 - gain of what it predicted; NaN stands for a cost beyond numbers. */
  @Test
  void risesAtOnceByAsMuchAsAStepWasMisjudged() {
    assertThat(Damping.factor(2, 0)).isEqualTo(2);
    assertThat(Damping.factor(2, -3)).isEqualTo(2);
    assertThat(Damping.factor(2, -24)).isEqualTo(5);
    assertThat(Damping.factor(8, -24)).isEqualTo(8);
    assertThat(Damping.factor(2, -1e6)).isEqualTo(10);
    assertThat(Damping.factor(2, Double.NaN)).isEqualTo(10);
    assertThat(Damping.factor(16, Double.NEGATIVE_INFINITY)).isEqualTo(16);
  }

  @Test
  void staysWithinItsLimits() {
    assertThat(Damping.afterAccepted(1e-30, 1, 2)).isEqualTo(Damping.SMALLEST);
    assertThat(Damping.afterRejected(1e39, 1e10)).isEqualTo(Damping.LARGEST);
  }
}
