package org.farfit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.farfit.RealData;
import org.junit.jupiter.api.Test;

/** Model sizes, which N tells to rounding or reading error. */
class RunSetTest {

  private static RunSet sized(double... n) {
    double[] ones = new double[n.length];
    Arrays.fill(ones, 1);
    return new RunSet(n, ones, ones);
  }

  @Test
  void sizesAreNWithinTheTolerance() {
    RunSet runs = sized(102, 1e3, 100.9, 100, 1000.001, 100, 999.999);
    assertThat(runs.sizes()).isEqualTo(3);
    // 102 is within 1% of 101 but not of 100, where the size begins.
    assertThat(runs.bySize().n()).containsExactly(102, 1e3, 100, 100, 1e3, 100, 1e3);
    assertThat(runs.n(0)).isEqualTo(102);
    assertThat(runs.withSizeTolerance(0).sizes()).isEqualTo(6);
    assertThat(runs.withSizeTolerance(0).bySize().n()).isEqualTo(runs.n());
    assertThat(runs.withSizeTolerance(0.02).sizes()).isEqualTo(2);
    assertThatThrownBy(() -> runs.withSizeTolerance(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theToleranceStaysWithRuns() {
    RunSet runs = sized(1, 1.1, 1.2).withSizeTolerance(0.15);
    assertThat(runs.weighted(new double[] {1, 1, 0}).sizes()).isEqualTo(1);
    assertThat(runs.bySize().sizeTolerance()).isEqualTo(0.15);
    assertThat(Repeats.MEAN.merge(runs).sizeTolerance()).isEqualTo(0.15);
  }

  /** The Epoch runs are read off a figure: 142 different N are 41 sizes; Farseer's N are exact. */
  @Test
  void realRunsHaveTheirSizes() {
    RunSet epoch = RealData.epoch();
    assertThat(epoch.distinctN()).isGreaterThan(3 * epoch.sizes());
    assertThat(epoch.sizes()).isBetween(35, 45);
    assertThat(RealData.farseer().sizes()).isEqualTo(RealData.farseer().distinctN());
    assertThat(RealData.farseer().bySize().n()).isEqualTo(RealData.farseer().n());
  }
}
