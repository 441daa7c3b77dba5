package org.farfit.analysis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.farfit.data.RunSet;
import org.junit.jupiter.api.Test;

/** Runs of one plan are those that both sets have, counted by hand. */
class PlanOverlapTest {

  private static RunSet runs(double... pairs) {
    int count = pairs.length / 2;
    double[] n = new double[count];
    double[] d = new double[count];
    double[] loss = new double[count];
    for (int i = 0; i < count; i++) {
      n[i] = pairs[2 * i];
      d[i] = pairs[2 * i + 1];
      loss[i] = 3;
    }
    return new RunSet(n, d, loss);
  }

  @Test
  void runsMeetAtNearlyTheSameSizeAndTokens() {
    RunSet few = runs(1e8, 1e9, 1e8, 4e9, 4e8, 1e9);
    assertThat(PlanOverlap.of(few, few)).isEqualTo(1);
    // Each within a tenth; then tokens and then sizes that are not.
    assertThat(PlanOverlap.of(few, runs(1.05e8, 0.95e9, 1.05e8, 4.2e9, 3.8e8, 1e9))).isEqualTo(1);
    assertThat(PlanOverlap.of(few, runs(1e8, 1.2e9, 1e8, 5e9, 4e8, 0.8e9))).isZero();
    assertThat(PlanOverlap.of(few, runs(1.2e8, 1e9, 1.2e8, 4e9, 5e8, 1e9))).isZero();
  }

  @Test
  void theLesserShareCounts() {
    RunSet one = runs(1e8, 1e9);
    RunSet four = runs(1e8, 1e9, 1e8, 4e9, 4e8, 1e9, 4e8, 4e9);
    assertThat(PlanOverlap.of(one, four)).isCloseTo(0.25, within(1e-12));
    assertThat(PlanOverlap.of(four, one)).isCloseTo(0.25, within(1e-12));
  }
}
