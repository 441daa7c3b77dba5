package org.farfit.fit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.PriorTable;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.MultiStart;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/**
 * Losses of hardly any curvature are looked at with a threshold that has some, and end at theirs.
 */
class MildThresholdTest {

  private static final Law LAW = new Chinchilla();

  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 4e-3, 1);

  private static SurfaceProblem problem(Objective objective) {
    return new SurfaceProblem(LAW, SurfaceProblem.centre(RUNS), RUNS, objective);
  }

  private static double scatter(Objective.Residual residual) {
    double[] targets = Arrays.stream(RUNS.loss()).map(residual::target).toArray();
    double mean = Arrays.stream(targets).average().orElseThrow();
    double squares = Arrays.stream(targets).map(t -> (t - mean) * (t - mean)).sum();
    return Math.sqrt(squares / (targets.length - 1));
  }

  @Test
  void aThresholdFarBelowResidualsIsReplacedByAHundredthOfTheScatterOfTheTargets() {
    for (Objective.Residual residual : Objective.Residual.values()) {
      double mild = 0.01 * scatter(residual);
      SurfaceProblem looked = MildThreshold.of(problem(new Objective(residual, 0.09 * mild)));
      assertThat(looked.objective().residual()).isEqualTo(residual);
      assertThat(looked.objective().huberDelta()).isCloseTo(mild, within(1e-12 * mild));
      SurfaceProblem same = problem(new Objective(residual, 0.11 * mild));
      assertThat(MildThreshold.of(same)).isSameAs(same);
    }
  }

  @Test
  void squaresAndPriorsAreLookedAtAsTheyAre() {
    SurfaceProblem squared = problem(Objective.LOG_SQUARED);
    assertThat(MildThreshold.of(squared)).isSameAs(squared);
    SurfaceProblem bound =
        problem(Objective.logHuber(1e-9))
            .withPrior(PriorTable.of(new double[] {0, 0, 0, 0, 0}, new double[] {1, 1, 1, 1, 1}));
    assertThat(MildThreshold.of(bound)).isSameAs(bound);
  }

  @Test
  void thresholdsArePositive() {
    SurfaceProblem problem = problem(Objective.logHuber(1e-3));
    assertThatThrownBy(() -> problem.withThreshold(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not positive");
  }

  /** By reweighting alone they took 42 evaluations each, and one in twenty stopped short. */
  @Test
  void everyStartOfAbsoluteDeviationsEndsAtTheExactMinimum() {
    MultiStart found =
        new GlobalFit(
                new ScalarEngine(), FitOptions.DEFAULT.withObjective(Objective.logHuber(4.7e-9)))
            .fit(LAW, RUNS)
            .multiStart()
            .orElseThrow();
    double least = found.best().cost();
    assertThat(found.costs())
        .isNotEmpty()
        .allSatisfy(cost -> assertThat(cost).isCloseTo(least, within(1e-9 * least)));
    assertThat(found.totalEvaluations()).isLessThan(18L * found.starts());
  }
}
