package org.farfit.fit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.MultiStart;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.junit.jupiter.api.Test;

/** Starts that end at one minimum are represented by one, as if each had gone to its end alone. */
class SharedMinimaTest {

  private static final int STARTS = 80;

  private static final Law LAW = new Farseer();

  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 1);

  /** Half of the runs in one row, all of them in the other; starts take them in turn. */
  private static SurfaceProblem problem(Objective objective) {
    double[] half = new double[RUNS.size()];
    double[] all = new double[RUNS.size()];
    Arrays.fill(all, 1);
    Arrays.setAll(half, i -> i % 2);
    return new SurfaceProblem(
        LAW, SurfaceProblem.centre(RUNS), RUNS, objective, WeightTable.of(half, all));
  }

  private static StartingPoints starts(SurfaceProblem problem) {
    StartingPoints spread = Starts.spread(problem, 0, STARTS / 2, 1);
    return new StartingPoints() {
      @Override
      public int count() {
        return STARTS;
      }

      @Override
      public void start(int k, double[] parameters) {
        spread.start(k / 2, parameters);
      }

      @Override
      public int weightRow(int k) {
        return k % 2;
      }
    };
  }

  private static Solutions solve(SurfaceProblem problem, SolverSettings settings) {
    return new BatchSolver(settings, 1, ProgressListener.NONE)
        .solve(new ScalarEngine(), problem, starts(problem));
  }

  private static void everyStartIsRepresentedByWhereItEndsAlone(Objective objective) {
    SurfaceProblem problem = problem(objective);
    Solutions alone = solve(problem, SolverSettings.DEFAULT);
    Solutions look = solve(problem, SolverSettings.DEFAULT.forFirstLook());
    SharedMinima minima = new SharedMinima(new ScalarEngine(), problem, starts(problem), 2, look);
    int[] representatives = minima.representatives();
    int[] by = minima.represented(representatives);
    assertThat(representatives).hasSizeLessThan(STARTS / 4);
    int represented = 0;
    for (int k = 0; k < STARTS; k++) {
      assertThat(by[by[k]]).isEqualTo(by[k]);
      assertThat(by[k] % 2).as("weights of %d", k).isEqualTo(k % 2);
      assertThat(alone.cost(k))
          .as("start %d by %d", k, by[k])
          .isCloseTo(alone.cost(by[k]), within(1e-3 * alone.cost(by[k])));
      represented += by[k] != k ? 1 : 0;
    }
    assertThat(represented).isGreaterThan(STARTS * 3 / 4);
    // There is more than one minimum to tell apart.
    for (int row = 0; row < 2; row++) {
      int own = row;
      double[] costs =
          IntStream.range(0, STARTS).filter(k -> k % 2 == own).mapToDouble(alone::cost).toArray();
      assertThat(Arrays.stream(costs).max().orElseThrow())
          .isGreaterThan(1.5 * Arrays.stream(costs).min().orElseThrow());
    }
  }

  @Test
  void startsAreRepresentedByThoseThatEndWhereTheyWould() {
    everyStartIsRepresentedByWhereItEndsAlone(Objective.LOG_SQUARED);
    everyStartIsRepresentedByWhereItEndsAlone(Objective.logHuber(1e-3));
  }

  /** Four in five starts at the best with a third fewer evaluations than the 31 they once took. */
  @Test
  void aSearchTakesFewEvaluationsOnAnyNumberOfThreads() {
    MultiStart[] found = new MultiStart[2];
    for (int i = 0; i < 2; i++) {
      LawFit fit =
          new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withThreads(1 + 2 * i))
              .fit(LAW, RUNS);
      found[i] = fit.multiStart().orElseThrow();
    }
    assertThat(found[0]).isEqualTo(found[1]);
    assertThat(found[0].totalEvaluations()).isLessThan(22L * found[0].starts());
    assertThat(found[0].atBest()).isGreaterThanOrEqualTo(160);
  }

  /** Where runs lie on the surface no cost is near another, and nobody stands for anybody. */
  @Test
  void exactFitsEndAsTheyDo() {
    RunSet exact = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 0, 1);
    LawFit fit = new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT).fit(LAW, exact);
    assertThat(fit.quality().rmse()).isLessThan(1e-12);
    assertThat(fit.status().isConverged()).isTrue();
  }
}
