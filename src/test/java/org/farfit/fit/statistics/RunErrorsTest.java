package org.farfit.fit.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.farfit.data.RunSet;
import org.farfit.law.Centre;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors that are drawn have the covariance that their model states. */
class RunErrorsTest {

  private static final int DRAWS = 20_000;

  /** Two runs of a size and one of another, of unequal weights and D. */
  private static final RunSet RUNS =
      new RunSet(
              new double[] {1e8, 1e8, 1e9},
              new double[] {1e9, 1e10, 1e10},
              new double[] {3, 2.8, 2.5})
          .weighted(new double[] {1, 4, 2});

  private static final Centre CENTRE = new Centre(Math.log(3e8), Math.log(5e9), Math.log(2.7));

  private static double[][] covariance(RunErrors errors) {
    SplittableRandom random = new SplittableRandom(7);
    double[][] sum = new double[RUNS.size()][RUNS.size()];
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] drawn = errors.draw(random);
      for (int i = 0; i < drawn.length; i++) {
        for (int j = 0; j < drawn.length; j++) {
          sum[i][j] += drawn[i] * drawn[j] / DRAWS;
        }
      }
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(NoiseModel.Kind.class)
  void errorsHaveTheCovarianceOfTheModel(NoiseModel.Kind kind) {
    NoiseModel model =
        new NoiseModel(
            kind,
            2e-3,
            kind.sharesBySize() ? 1.5e-3 : 0,
            kind.changesVariance() ? -0.4 : 0,
            kind.changesVariance() ? 0.3 : 0);
    double[][] found = covariance(RunErrors.of(model, RunErrors.Distribution.NORMAL, CENTRE, RUNS));
    for (int i = 0; i < RUNS.size(); i++) {
      for (int j = 0; j < RUNS.size(); j++) {
        double shared = RUNS.n(i) == RUNS.n(j) ? model.sizeDeviation() * model.sizeDeviation() : 0;
        double own = i == j ? model.variance(CENTRE, RUNS.n(i), RUNS.d(i)) / RUNS.weight(i) : 0;
        // Six standard errors of a product of normal errors of at most 2.5e-3 and 4e-3.
        assertThat(found[i][j]).isCloseTo(shared + own, within(6 * 2e-5 / Math.sqrt(DRAWS)));
      }
    }
  }

  /** Those of a Huber fit have heavier tails, each with the weight of its run. */
  @Test
  void independentErrorsFollowTheirDistribution() {
    RunErrors.Distribution sign = random -> random.nextBoolean() ? 1 : -1;
    double[] drawn = RunErrors.independent(3, sign, RUNS).draw(new SplittableRandom(1));
    assertThat(drawn).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(Math.abs(drawn[i])).isCloseTo(3 / Math.sqrt(RUNS.weight(i)), within(1e-15));
    }
  }
}
