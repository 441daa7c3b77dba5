package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.engine.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.GlobalFit;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

class PredictionTest {

  private static final Law LAW = new Chinchilla();

  @Test
  void anIntervalIsALogLossErrorTimesAQuantile() {
    // Only ln E is uncertain, and the data term is negligible: d ln L / d ln E = E / L.
    Centre centre = new Centre(0, 0, 0);
    double[][] covariance = new double[5][5];
    covariance[0][0] = 0.01;
    FittedSurface surface =
        new FittedSurface(
            LAW, centre, List.of(0.0, 0.0, -800.0, 0.5, 0.5), 15, Optional.of(covariance));
    Prediction prediction = Prediction.of(surface, 1, 1, 0.95);
    assertThat(prediction.loss()).isCloseTo(2, within(1e-14));
    // 2.228139 is the 97.5% quantile of Student's t on 10 degrees of freedom (any table).
    double factor = Math.exp(2.228139 * 0.1 * 0.5);
    assertThat(prediction.high().orElseThrow()).isCloseTo(2 * factor, within(1e-6));
    assertThat(prediction.low().orElseThrow()).isCloseTo(2 / factor, within(1e-6));
  }

  @Test
  void withoutCovarianceThereIsNoInterval() {
    FittedSurface surface =
        new FittedSurface(
            LAW, new Centre(0, 0, 0), List.of(0.0, 0.0, 0.0, 0.5, 0.5), 5, Optional.empty());
    Prediction prediction = Prediction.of(surface, 1, 1, 0.9);
    assertThat(prediction.loss()).isCloseTo(3, within(1e-14));
    assertThat(prediction.low()).isEmpty();
    assertThatThrownBy(() -> Prediction.of(surface, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Where the law holds, 90% intervals of the surface cover the truth nine times in ten. */
  @Test
  void intervalsCoverTheTruth() {
    double[] truth = LAW.example();
    double expected = LAW.loss(truth, 2e10, 1e12);
    int covered = 0;
    int repeats = 400;
    for (int seed = 0; seed < repeats; seed++) {
      RunSet runs = Simulation.runs(LAW, truth, DesignGrid.paper(), 2e-3, seed);
      FittedSurface surface =
          new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(4, 1))
              .fit(LAW, runs)
              .surface();
      Prediction prediction = Prediction.of(surface, 2e10, 1e12, 0.9);
      boolean inside =
          prediction.low().orElseThrow() <= expected && expected <= prediction.high().orElseThrow();
      covered += inside ? 1 : 0;
    }
    // 360 expected, standard deviation 6.
    assertThat(covered).isBetween(340, 380);
  }
}
