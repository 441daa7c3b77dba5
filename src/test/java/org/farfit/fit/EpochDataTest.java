package org.farfit.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.farfit.RealData;
import org.farfit.engine.Objective;
import org.farfit.engine.ScalarEngine;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.junit.jupiter.api.Test;

/** The 240 Chinchilla runs of Besiroglu et al. 2024: two robust objectives, two optima. */
class EpochDataTest {

  /** E, A, B, alpha, beta. */
  private static double[] fit(double delta) {
    return fit(delta, 50).surface().published();
  }

  private static LawFit fit(double delta, int starts) {
    FitOptions options =
        FitOptions.DEFAULT.withObjective(Objective.logHuber(delta)).withStarts(starts, 1);
    return new GlobalFit(new ScalarEngine(), options).fit(new Chinchilla(), RealData.epoch());
  }

  private static void check(double[] found, double tolerance, double... expected) {
    for (int j = 0; j < expected.length; j++) {
      assertThat(found[j]).isCloseTo(expected[j], within(tolerance * expected[j]));
    }
  }

  @Test
  void huberAtChinchillasThreshold() {
    LawFit fit = fit(Objective.CHINCHILLA_HUBER_DELTA, 200);
    assertThat(fit.cost()).isCloseTo(1.0182740e-3, within(5e-11));
    assertThat(fit.status().isConverged()).isTrue();
    assertThat(fit.multiStart().orElseThrow().atBest()).isEqualTo(200);
    check(fit.surface().published(), 3e-6, 1.817218, 477.826, 2143.417, 0.347310, 0.367172);
  }

  @Test
  void nearlyAbsoluteDeviationsGiveThePublishedOptimum() {
    check(fit(4.7e-9), 1e-3, 1.8169, 482.01, 2085.43, 0.3478, 0.3659);
  }
}
