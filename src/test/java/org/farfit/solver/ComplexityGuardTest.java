package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.PublishedGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Evaluations that reference problems take, and the starts that reach the best cost: a regression
 * of the algorithm shows here without a clock. Bounds are a tenth above what was counted.
 */
class ComplexityGuardTest {

  private static final int STARTS = 200;

  private record Effort(double evaluations, int atBest) {}

  private static Effort effort(
      SurfaceProblem problem, SolverSettings settings, StartingPoints starts) {
    Solutions solutions =
        new BatchSolver(settings, 2, ProgressListener.NONE)
            .solve(new ScalarEngine(), problem, starts);
    double best =
        IntStream.range(0, solutions.count()).mapToDouble(solutions::cost).min().orElseThrow();
    return new Effort(
        IntStream.range(0, solutions.count()).map(solutions::evaluations).average().orElseThrow(),
        (int)
            IntStream.range(0, solutions.count())
                .filter(k -> solutions.cost(k) <= 1.001 * best)
                .count());
  }

  private static SurfaceProblem problem(Law law, Law truth, double noise, Objective objective) {
    RunSet runs = Simulation.runs(truth, truth.example(), DesignGrid.paper(), noise, 1);
    return new SurfaceProblem(law, Centre.of(runs.n(), runs.d(), runs.loss()), runs, objective);
  }

  @ParameterizedTest
  @CsvSource({
    // law, evaluations to full convergence, evaluations of a search, starts at the best
    "kaplan,     28, 17, 185",
    "chinchilla, 16, 13, 195",
    "skaling,    27, 22.4, 195",
    "farseer,    34, 25.6, 160"
  })
  void broadStartsTakeNoMoreEvaluationsThanTheyDid(
      String name, double full, double search, int atBest) {
    Law law = Laws.named(name);
    SurfaceProblem problem = problem(law, Laws.named("farseer"), 2e-3, Objective.LOG_SQUARED);
    SpreadStarts starts =
        new SpreadStarts(law.samplingBox(problem.centre()).orElseThrow(), STARTS, 1);
    Effort converged = effort(problem, SolverSettings.DEFAULT, starts);
    Effort searched = effort(problem, SolverSettings.SEARCH, starts);
    assertThat(converged.evaluations()).isLessThan(full);
    assertThat(searched.evaluations()).isLessThan(search);
    assertThat(converged.atBest()).isGreaterThanOrEqualTo(atBest);
    assertThat(searched.atBest()).isGreaterThanOrEqualTo(atBest);
  }

  /** Every 15th start of Chinchilla's published grid, most of which are far from any surface. */
  @Test
  void thePublishedGridReachesTheOptimum() {
    Law law = Laws.named("chinchilla");
    SurfaceProblem problem = problem(law, law, 4e-3, Objective.logHuber(1e-3));
    PublishedGrid grid = new PublishedGrid(problem.law(), problem.centre());
    StartingPoints some =
        new StartingPoints() {
          @Override
          public int count() {
            return grid.count() / 15;
          }

          @Override
          public void start(int k, double[] parameters) {
            grid.start(15 * k, parameters);
          }
        };
    Effort effort = effort(problem, SolverSettings.SEARCH, some);
    assertThat(effort.atBest()).isEqualTo(300);
    assertThat(effort.evaluations()).isLessThan(33);
  }

  /** Ten times the runs of the same sizes take no more evaluations, as a larger sample must not. */
  @Test
  void evaluationsDoNotGrowWithTheRuns() {
    Law law = Laws.named("farseer");
    RunSet once = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
    double[] n = new double[10 * once.size()];
    double[] d = new double[n.length];
    double[] loss = new double[n.length];
    for (int i = 0; i < n.length; i++) {
      n[i] = once.n(i % once.size());
      d[i] = once.d(i % once.size());
      loss[i] = once.loss(i % once.size());
    }
    RunSet often = new RunSet(n, d, loss);
    Centre centre = Centre.of(once.n(), once.d(), once.loss());
    SpreadStarts starts = new SpreadStarts(law.samplingBox(centre).orElseThrow(), 50, 1);
    Effort few =
        effort(
            new SurfaceProblem(law, centre, once, Objective.LOG_SQUARED),
            SolverSettings.SEARCH,
            starts);
    Effort many =
        effort(
            new SurfaceProblem(law, centre, often, Objective.LOG_SQUARED),
            SolverSettings.SEARCH,
            starts);
    assertThat(many.evaluations()).isLessThan(1.1 * few.evaluations());
  }
}
