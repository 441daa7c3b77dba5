package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/** Steps along added terms: literal numbers, and terms that had vanished and come back. */
class TermStepTest {

  @Test
  void aTermThatIsAllThereIsMovesAsTheModelSays() {
    for (double step : new double[] {-1.2, -1e-3, 1e-9, 0.4, 3}) {
      assertThat(TermStep.ofLogarithm(step, 1)).isCloseTo(step, within(1e-15));
    }
  }

  /** ln(1 + step) in the limit: twice as large, 1e9 times as large. */
  @Test
  void aTermThatIsLittleMovesInItsSize() {
    assertThat(TermStep.ofLogarithm(1, 1e-9)).isCloseTo(Math.log(2), within(1e-8));
    // share x step = 1: the loss grows e-fold, the term by (e - 1) 1e9.
    assertThat(TermStep.ofLogarithm(1e9, 1e-9))
        .isCloseTo(Math.log(Math.E - 1) + 9 * Math.log(10), within(1e-8));
  }

  /** With a half of the loss, 1 + 2 (e^(step / 2) - 1) times as large. */
  @Test
  void theLossChangesAsTheModelSays() {
    for (double step : new double[] {-0.3, -0.0999, 1e-3, 0.0999, 0.1001, 0.3}) {
      for (double share : new double[] {0.01, 0.5, 0.9}) {
        double growth = TermStep.ofLogarithm(step, share);
        assertThat(Math.log(1 - share + share * Math.exp(growth)))
            .isCloseTo(share * step, within(1e-11 * Math.abs(step)));
      }
    }
  }

  @Test
  void growthIsTheLibrarysToElevenDigits() {
    for (double c :
        new double[] {-30, -0.5, -0.1, -0.0999, 1e-3, 1e-12, 0.02, 0.0999, 0.1001, 3, 20}) {
      assertThat(TermStep.growth(c)).isCloseTo(Math.expm1(c), withinPercentage(1e-9));
    }
  }

  @Test
  void noTermShrinksToLessThanAFifth() {
    assertThat(TermStep.ofLogarithm(-5, 0.1)).isCloseTo(-Math.log(5), within(1e-15));
    assertThat(TermStep.ofLogarithm(-1e300, 1)).isCloseTo(-Math.log(5), within(1e-15));
  }

  @Test
  void whatCannotBeSharedMovesAsTheModelSays() {
    assertThat(TermStep.ofLogarithm(2, 0)).isEqualTo(2);
    assertThat(TermStep.ofLogarithm(2, Double.NaN)).isEqualTo(2);
    assertThat(TermStep.ofLogarithm(1e-8, 1e-3)).isEqualTo(1e-8);
  }

  /** A term that grows fourfold halves the step of its slope; e-fold is the most. */
  @Test
  void slopesMoveLessWhereTheTermGrows() {
    assertThat(TermStep.ofSlope(3, Math.log(4))).isCloseTo(1.5, within(1e-15));
    assertThat(TermStep.ofSlope(3, -Math.log(4))).isCloseTo(6, within(1e-15));
    assertThat(TermStep.ofSlope(3, 50)).isCloseTo(3 / Math.E, within(1e-15));
    assertThat(TermStep.ofSlope(3, 0)).isEqualTo(3);
  }

  /** Terms of 1e-10 of the loss have no effect that a linear step could use, and come back. */
  @Test
  void vanishedTermsComeBack() {
    Law law = new Chinchilla();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 4e-3, 1);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    SurfaceProblem problem = new SurfaceProblem(law, centre, runs, Objective.LOG_SQUARED);
    double l = centre.logLoss();
    Solutions solutions =
        new BatchSolver(SolverSettings.SEARCH, 1, ProgressListener.NONE)
            .solve(
                new ScalarEngine(),
                problem,
                StartingPoints.of(
                    new double[] {l - 0.4, l - 1.5, l - 1.5, 0.35, 0.35},
                    new double[] {l - 1, l - 23, l - 1, 1.5, 0.1},
                    new double[] {l - 1, l - 1, l - 23, 0.1, 1.5},
                    new double[] {l - 23, l - 1, l - 23, 0.5, 0.5}));
    for (int k = 1; k < solutions.count(); k++) {
      assertThat(solutions.status(k).isConverged()).isTrue();
      assertThat(solutions.cost(k)).isCloseTo(solutions.cost(0), within(1e-6 * solutions.cost(0)));
      assertThat(solutions.evaluations(k)).isLessThan(60);
    }
  }
}
