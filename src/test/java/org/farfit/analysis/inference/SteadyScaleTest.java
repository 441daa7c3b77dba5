package org.farfit.analysis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The scale on which errors do not change, against the integral that it is. */
class SteadyScaleTest {

  private static final double[] SLOPES = {-3, -1e-3, -1e-10, 0, 0.5, 4};

  private static final double[] DISTANCES = {-2, -0.1, 0, 0.3, 5};

  /** The integral of exp(slope y), whose exponent stops at the farthest to either side. */
  @Test
  void theSteadyScaleIsAnIntegral() {
    for (double farthest : new double[] {0.5, 3}) {
      for (double slope : SLOPES) {
        for (double distance : DISTANCES) {
          int steps = 100_000;
          double sum = 0;
          for (int i = 0; i < steps; i++) {
            double y = distance * (i + 0.5) / steps;
            sum += Math.exp(Math.clamp(slope * y, -farthest, farthest)) * distance / steps;
          }
          assertThat(new SteadyScale(slope, farthest).steady(distance))
              .isCloseTo(sum, within(1e-6 * Math.max(1, Math.abs(sum))));
        }
      }
    }
  }

  @Test
  void distancesComeBackFromTheScale() {
    for (double slope : SLOPES) {
      SteadyScale scale = new SteadyScale(slope, 0.5);
      for (double distance : DISTANCES) {
        assertThat(scale.distance(scale.steady(distance)))
            .isCloseTo(distance, within(1e-9 * Math.max(1, Math.abs(distance))));
      }
    }
  }
}
