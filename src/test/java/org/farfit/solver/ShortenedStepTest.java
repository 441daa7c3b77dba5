package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.farfit.engine.NormalEquations;
import org.junit.jupiter.api.Test;

/** Where a step that went too far is cut off: cubics whose minimum is known, and a lane of two. */
class ShortenedStepTest {

  /** (t - 1/4)^2: slopes -1/2 and 3/2, and the cost rises from 1/16 to 9/16. */
  @Test
  void theMinimumOfAParabolaIsFound() {
    double share = ShortenedStep.share(-0.5, 1.5, 0.5);
    assertThat(share).isCloseTo(0.25, within(1e-15));
    assertThat(ShortenedStep.predicted(share, -0.5, 1.5, 0.5)).isCloseTo(0.0625, within(1e-15));
  }

  /** t^3 - 3 t / 4: slopes -3/4 and 9/4, a rise of 1/4, least at 1/2 where it is -1/4. */
  @Test
  void theMinimumOfACubicIsFound() {
    double share = ShortenedStep.share(-0.75, 2.25, 0.25);
    assertThat(share).isCloseTo(0.5, within(1e-15));
    assertThat(ShortenedStep.predicted(share, -0.75, 2.25, 0.25)).isCloseTo(0.25, within(1e-15));
  }

  @Test
  void nearAnEndOnlyPartOfTheWayIsTaken() {
    assertThat(ShortenedStep.share(-1e-6, 2, 1)).isEqualTo(ShortenedStep.LEAST_SHARE);
    assertThat(ShortenedStep.share(-2, 1e-6, -1)).isEqualTo(ShortenedStep.LARGEST_SHARE);
    assertThat(ShortenedStep.share(-1, Double.NaN, 1)).isNaN();
  }

  @Test
  void theNextTrialPointLiesBetweenBoth() {
    NormalEquations current = new NormalEquations(2, 3);
    NormalEquations trial = new NormalEquations(2, 3);
    // The cost x^2 + y^2 + 1 from (-1, 2) along (4, 0): least at (0, 2) were it not for y.
    place(current, -1, 2);
    place(trial, 3, 2);
    HostBlock.Report report = new HostBlock.Report(3);
    report.free[1] = true;
    ShortenedStep shortened = new ShortenedStep(2, 3);
    assertThat(shortened.find(current, trial, 1, 0.8)).isTrue();
    place(trial, 7, 7);
    shortened.take(1, trial, report);
    double[] point = new double[2];
    trial.getParameters(1, point);
    assertThat(point).containsExactly(new double[] {0, 2}, within(1e-15));
    assertThat(report.predicted[1]).isCloseTo(1, within(1e-15));
    assertThat(report.relativeStep[1]).isCloseTo(0.2, within(1e-15));
    assertThat(report.free[1]).isFalse();
  }

  @Test
  void thereIsNoneUphillOrWhereNothingIsKnown() {
    NormalEquations current = new NormalEquations(2, 3);
    NormalEquations trial = new NormalEquations(2, 3);
    place(current, 1, 0);
    place(trial, 2, 0);
    assertThat(new ShortenedStep(2, 3).find(current, trial, 1, 1)).isFalse();
    place(trial, -2, 0);
    trial.cost[1] = Double.NaN;
    assertThat(new ShortenedStep(2, 3).find(current, trial, 1, 1)).isFalse();
  }

  private static void place(NormalEquations equations, double x, double y) {
    equations.setParameters(1, new double[] {x, y});
    equations.cost[1] = x * x + y * y + 1;
    equations.gradient[1] = 2 * x;
    equations.gradient[4] = 2 * y;
  }
}
