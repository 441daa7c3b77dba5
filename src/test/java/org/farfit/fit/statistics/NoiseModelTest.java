package org.farfit.fit.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.farfit.data.RunSet;
import org.farfit.law.Centre;
import org.junit.jupiter.api.Test;

/** What a model of the noise says of runs, in numbers that can be told by heart. */
class NoiseModelTest {

  private static final RunSet RUNS =
      new RunSet(
          new double[] {1e8, 1e8, 1e10},
          new double[] {1e9, 1e11, 1e10},
          new double[] {3, 2.5, 2},
          new double[] {1, 4, 0.5});

  /** At N = 1e9 and D = 1e10. */
  private static final Centre CENTRE = new Centre(Math.log(1e9), Math.log(1e10), Math.log(2.5));

  /** Variances fall as D^-0.5 and N^-1. */
  private static final NoiseModel MODEL =
      new NoiseModel(NoiseModel.Kind.BOTH, 2e-3, 1e-3, -0.5, -1);

  @Test
  void weightsAreThoseOfTheRunsTimesTheirPrecisions() {
    double root10 = Math.sqrt(10);
    double[] precisions = {1 / root10 / 10, root10 / 10, 10};
    double[] weights = {1 / root10 / 10, 4 * root10 / 10, 5};
    assertThat(MODEL.precisions(CENTRE, RUNS)).containsExactly(precisions, within(1e-12));
    assertThat(MODEL.weights(CENTRE, RUNS)).containsExactly(weights, within(1e-12));
  }

  @Test
  void variancesAreThoseOfTheRunsOwnErrorsAndOfTheSharedOne() {
    assertThat(MODEL.variance(CENTRE, 1e9, 1e10)).isEqualTo(4e-6);
    assertThat(MODEL.variance(CENTRE, 1e10, 1e12)).isCloseTo(4e-8, within(1e-20));
    assertThat(MODEL.totalVariance(CENTRE, 1e10, 1e12, 1)).isCloseTo(1.04e-6, within(1e-18));
    double own = 4e-6 * 10 / Math.sqrt(10) / 4;
    assertThat(MODEL.variances(CENTRE, RUNS)[1]).isCloseTo(own, within(1e-18));
  }

  @Test
  void numbersAreCountedBesideOneVariance() {
    assertThat(NoiseModel.Kind.values())
        .extracting(kind -> new NoiseModel(kind, 1, 0, 0, 0).parameterCount())
        .containsExactly(0, 1, 2, 3);
  }
}
