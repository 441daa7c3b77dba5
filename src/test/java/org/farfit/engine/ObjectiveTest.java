package org.farfit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scale of residuals: what is on it, and back. */
class ObjectiveTest {

  private static final double LOSS = 2.7;

  @ParameterizedTest
  @EnumSource
  void whatIsOnTheScaleComesBack(Objective.Residual scale) {
    double error = 0.03;
    assertThat(scale.loss(scale.target(LOSS))).isCloseTo(LOSS, within(1e-15));
    assertThat(scale.target(scale.shifted(LOSS, error)) - scale.target(LOSS))
        .isCloseTo(error, within(1e-15));
  }

  @ParameterizedTest
  @EnumSource
  void aChangeOfTheLogarithmMovesAValueByItsScale(Objective.Residual scale) {
    double h = 1e-5;
    double slope = (scale.target(LOSS * Math.exp(h)) - scale.target(LOSS * Math.exp(-h))) / (2 * h);
    assertThat(slope).isCloseTo(scale.perLogLoss(LOSS), within(1e-9));
  }

  @ParameterizedTest
  @EnumSource
  void predictionsAreOfTheLawOnTheScale(Objective.Residual scale) {
    Chinchilla law = new Chinchilla();
    Centre centre =
        Centre.of(new double[] {1e8, 1e9}, new double[] {1e10, 1e11}, new double[] {3.0, 2.5});
    double[] at = new double[law.parameterCount()];
    law.toCentred(centre, new double[] {1.8, 482, 2085, 0.35, 0.37}, at);
    double[] row = {3e8, 2e10};
    double loss = 1.8 + 482 / Math.pow(3e8, 0.35) + 2085 / Math.pow(2e10, 0.37);
    assertThat(scale.loss(scale.predicted(law, centre, at, row))).isCloseTo(loss, within(1e-12));
    double[] gradient = new double[at.length];
    assertThat(scale.predicted(law, centre, at, row, gradient))
        .isCloseTo(scale.target(loss), within(1e-12));
    for (int j = 0; j < at.length; j++) {
      double h = 1e-6;
      double[] up = at.clone();
      double[] down = at.clone();
      up[j] += h;
      down[j] -= h;
      double slope =
          (scale.predicted(law, centre, up, row) - scale.predicted(law, centre, down, row))
              / (2 * h);
      assertThat(gradient[j]).isCloseTo(slope, within(1e-8));
    }
  }
}
