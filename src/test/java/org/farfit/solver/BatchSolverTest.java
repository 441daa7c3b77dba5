package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/**
 * Batches of problems with known minima: Rosenbrock's valley, lanes, threads, limits and failures.
 */
class BatchSolverTest {

  /** Rosenbrock's function as two residuals: 10 (y - x^2) and 1 - x; minimum 0 at (1, 1). */
  private static Evaluator rosenbrock() {
    return new Evaluator() {
      @Override
      public int parameterCount() {
        return 2;
      }

      @Override
      public void evaluate(NormalEquations batch, int count) {
        int stride = batch.capacity();
        for (int k = 0; k < count; k++) {
          double x = batch.parameters[k];
          double y = batch.parameters[stride + k];
          double r1 = 10 * (y - x * x);
          double r2 = 1 - x;
          batch.cost[k] = 0.5 * (r1 * r1 + r2 * r2);
          batch.gradient[k] = -20 * x * r1 - r2;
          batch.gradient[stride + k] = 10 * r1;
          batch.matrix[k] = 400 * x * x + 1;
          batch.matrix[stride + k] = -200 * x;
          batch.matrix[2 * stride + k] = 100;
        }
      }
    };
  }

  private static Solutions solve(SolverSettings settings, double[]... starts) {
    return new BatchSolver(settings, 1, ProgressListener.NONE)
        .solve(BatchSolverTest::rosenbrock, 1, 2, StartingPoints.of(starts));
  }

  @Test
  void followsRosenbrocksValley() {
    Solutions solutions =
        solve(SolverSettings.DEFAULT, new double[] {-1.2, 1}, new double[] {3, -7});
    for (int k = 0; k < 2; k++) {
      assertThat(solutions.status(k).isConverged()).isTrue();
      assertThat(solutions.parameters(k)[0]).isCloseTo(1, within(1e-9));
      assertThat(solutions.parameters(k)[1]).isCloseTo(1, within(1e-9));
      assertThat(solutions.evaluations(k)).isLessThan(40);
    }
  }

  /** Evaluators fill in a lane's weights anew whenever another problem comes into it. */
  @Test
  void problemsKeepTheirLanes() {
    int problems = 200;
    int lanes = 16;
    int[] rows = new int[lanes];
    Arrays.fill(rows, -1);
    AtomicInteger changes = new AtomicInteger();
    Evaluator evaluator = rosenbrock();
    Evaluator watched =
        new Evaluator() {
          @Override
          public int parameterCount() {
            return evaluator.parameterCount();
          }

          @Override
          public void evaluate(NormalEquations batch, int count) {
            for (int k = 0; k < count; k++) {
              if (rows[k] != batch.weightRow[k]) {
                rows[k] = batch.weightRow[k];
                changes.incrementAndGet();
              }
            }
            evaluator.evaluate(batch, count);
          }
        };
    StartingPoints starts =
        new StartingPoints() {
          @Override
          public int count() {
            return problems;
          }

          @Override
          public void start(int k, double[] parameters) {
            parameters[0] = -1.2 + 0.01 * k;
            parameters[1] = 1;
          }

          @Override
          public int weightRow(int k) {
            return k;
          }
        };
    Solutions solutions =
        new BatchSolver(SolverSettings.DEFAULT, 1, ProgressListener.NONE)
            .solve(() -> watched, 1, lanes, starts);
    for (int k = 0; k < problems; k++) {
      assertThat(solutions.parameters(k)[0]).isCloseTo(1, within(1e-9));
    }
    assertThat(changes.get()).isBetween(problems, problems + lanes);
  }

  @Test
  void oneBadProblemDisturbsNoOther() {
    Solutions alone = solve(SolverSettings.DEFAULT, new double[] {-1.2, 1});
    Solutions among =
        solve(
            SolverSettings.DEFAULT,
            new double[] {Double.NaN, 1},
            new double[] {-1.2, 1},
            new double[] {1e200, 1e200});
    assertThat(among.status(0)).isEqualTo(Status.NON_FINITE);
    assertThat(among.status(2)).isEqualTo(Status.NON_FINITE);
    assertThat(among.parameters(1)).isEqualTo(alone.parameters(0));
    assertThat(among.statusCounts()).containsEntry(Status.NON_FINITE, 2);
  }

  @Test
  void evaluationLimitIsAStatusNotAnError() {
    Solutions solutions =
        solve(SolverSettings.DEFAULT.withMaxEvaluations(5), new double[] {-1.2, 1});
    assertThat(solutions.status(0)).isEqualTo(Status.EVALUATION_LIMIT);
    assertThat(solutions.status(0).label()).doesNotStartWith("converged");
    assertThat(solutions.evaluations(0)).isEqualTo(5);
    assertThat(solutions.cost(0)).isLessThan(12.1);
  }

  @Test
  void parametersWithoutEffectAreReportedAsSuch() {
    // A parameter that the residual r = x does not depend on.
    Supplier<Evaluator> flat =
        () ->
            new Evaluator() {
              @Override
              public int parameterCount() {
                return 2;
              }

              @Override
              public void evaluate(NormalEquations batch, int count) {
                for (int k = 0; k < count; k++) {
                  double x = batch.parameters[k];
                  batch.clear(k);
                  batch.cost[k] = 0.5 * x * x;
                  batch.gradient[k] = x;
                  batch.matrix[k] = 1;
                }
              }
            };
    Solutions solutions =
        new BatchSolver(SolverSettings.DEFAULT, 1, ProgressListener.NONE)
            .solve(flat, 1, 1, StartingPoints.of(new double[] {3, 4}));
    assertThat(solutions.status(0)).isEqualTo(Status.SINGULAR);
  }

  @Test
  void answersAreBitIdenticalOnOneTwoAndEightThreads() {
    Law law = new Farseer();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 5);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    SurfaceProblem problem = new SurfaceProblem(law, centre, runs, Objective.LOG_SQUARED);
    SpreadStarts starts = new SpreadStarts(law.samplingBox(centre).orElseThrow(), 100, 2);
    Solutions one = solve(problem, starts, 1);
    for (int threads : new int[] {2, 8}) {
      Solutions many = solve(problem, starts, threads);
      for (int k = 0; k < starts.count(); k++) {
        assertThat(many.cost(k)).isEqualTo(one.cost(k));
        assertThat(many.parameters(k)).isEqualTo(one.parameters(k));
        assertThat(many.status(k)).isEqualTo(one.status(k));
        assertThat(many.evaluations(k)).isEqualTo(one.evaluations(k));
      }
    }
  }

  /** The same as each for itself, where some end where they start and some after a step. */
  @Test
  void replicatesThatBeginTogetherEndAsEver() {
    Law law = new Chinchilla();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 5);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] start = new double[5];
    law.toCentred(centre, law.example(), start);
    SplittableRandom random = new SplittableRandom(6);
    double[][] weights = new double[150][runs.size()];
    for (int row = 0; row < weights.length; row++) {
      for (int i = 0; i < runs.size(); i++) {
        weights[row][i] = row % 10 == 0 ? 1 : random.nextInt(3);
      }
    }
    SurfaceProblem problem =
        new SurfaceProblem(law, centre, runs, Objective.logHuber(1e-3), WeightTable.of(weights));
    double[] optimum = solve(problem, StartingPoints.of(start), 1).parameters(0);
    StartingPoints together = StartingPoints.forRows(optimum, weights.length);
    StartingPoints apart =
        new StartingPoints() {
          @Override
          public int count() {
            return together.count();
          }

          @Override
          public void start(int k, double[] parameters) {
            together.start(k, parameters);
          }

          @Override
          public int weightRow(int k) {
            return together.weightRow(k);
          }
        };
    BatchSolver alone = new BatchSolver(SolverSettings.WARM, 1, ProgressListener.NONE);
    Solutions expected = alone.solve(new ScalarEngine(), problem, apart);
    assertThat(expected.evaluations(0)).isEqualTo(1);
    for (int threads : new int[] {1, 2, 8}) {
      Solutions actual =
          new BatchSolver(SolverSettings.WARM, threads, ProgressListener.NONE)
              .solve(new ScalarEngine(), problem, together);
      for (int k = 0; k < weights.length; k++) {
        assertThat(actual.parameters(k)).isEqualTo(expected.parameters(k));
        assertThat(actual.cost(k)).isEqualTo(expected.cost(k));
        assertThat(actual.status(k)).isEqualTo(expected.status(k));
        assertThat(actual.evaluations(k)).isEqualTo(expected.evaluations(k));
        assertThat(actual.iterations(k)).isEqualTo(expected.iterations(k));
      }
    }
  }

  /** Their models say nothing of how far the minimum is, so that no step of theirs is believed. */
  @Test
  void replicatesByAbsoluteDeviationsAreSolvedLikeAnyProblems() {
    Law law = new Chinchilla();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.small(), 2e-3, 5);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] start = new double[5];
    law.toCentred(centre, law.example(), start);
    SurfaceProblem absolute = new SurfaceProblem(law, centre, runs, Objective.logHuber(4.7e-9));
    SurfaceProblem squared = new SurfaceProblem(law, centre, runs, Objective.LOG_SQUARED);
    StartingPoints starts = StartingPoints.of(start);
    BatchSolver replicates = new BatchSolver(SolverSettings.WARM, 1, ProgressListener.NONE);
    BatchSolver any =
        new BatchSolver(SolverSettings.WARM.forAnyProblems(), 1, ProgressListener.NONE);
    Solutions expected = any.solve(new ScalarEngine(), absolute, starts);
    Solutions actual = replicates.solve(new ScalarEngine(), absolute, starts);
    assertThat(actual.evaluations(0)).isEqualTo(expected.evaluations(0));
    assertThat(actual.cost(0)).isEqualTo(expected.cost(0));
    assertThat(replicates.solve(new ScalarEngine(), squared, starts).evaluations(0))
        .isLessThan(any.solve(new ScalarEngine(), squared, starts).evaluations(0));
  }

  private static Solutions solve(SurfaceProblem problem, StartingPoints starts, int threads) {
    return new BatchSolver(SolverSettings.DEFAULT, threads, ProgressListener.NONE)
        .solve(new ScalarEngine(), problem, starts);
  }

  @Test
  void progressCountsEveryProblemOnce() {
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger last = new AtomicInteger();
    double[][] starts = new double[57][];
    for (int k = 0; k < starts.length; k++) {
      starts[k] = new double[] {-1.2 + 0.1 * k, 1};
    }
    new BatchSolver(
            SolverSettings.DEFAULT,
            3,
            (done, total) -> {
              calls.incrementAndGet();
              last.accumulateAndGet(done, Math::max);
              assertThat(total).isEqualTo(57);
            })
        .solve(BatchSolverTest::rosenbrock, 3, 4, StartingPoints.of(starts));
    assertThat(calls).hasValue(57);
    assertThat(last).hasValue(57);
  }

  /** Who goes on has done both. */
  @Test
  void goingOnAddsToWhatWasDone() {
    Law law = new Chinchilla();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.small(), 1e-3, 1);
    SurfaceProblem problem =
        new SurfaceProblem(
            law, Centre.of(runs.n(), runs.d(), runs.loss()), runs, Objective.LOG_SQUARED);
    StartingPoints start = StartingPoints.of(new double[] {1, 1, 1, 1, 1});
    BatchSolver solver =
        new BatchSolver(SolverSettings.DEFAULT.withMaxEvaluations(4), 1, ProgressListener.NONE);
    Solutions solutions = solver.solve(new ScalarEngine(), problem, start);
    assertThat(solutions.evaluations(0)).isEqualTo(4);
    int steps = solutions.iterations(0);
    solver.continueSolving(new ScalarEngine(), problem, start, solutions, new int[] {0});
    assertThat(solutions.status(0)).isEqualTo(Status.EVALUATION_LIMIT);
    assertThat(solutions.evaluations(0)).isEqualTo(8);
    assertThat(solutions.iterations(0)).isBetween(steps, steps + 3);
  }

  @Test
  void noProblemsGiveNoAnswers() {
    assertThat(solve(SolverSettings.DEFAULT).count()).isZero();
  }

  @Test
  void anInterruptedSolveMarksWhatItDidNotDo() {
    Thread.currentThread().interrupt();
    Solutions solutions = solve(SolverSettings.DEFAULT, new double[] {-1.2, 1});
    assertThat(Thread.interrupted()).isTrue();
    assertThat(solutions.status(0)).isEqualTo(Status.CANCELLED);
  }

  @Test
  void aDefectInAnEvaluatorIsThrownToTheCaller() {
    Supplier<Evaluator> broken =
        () ->
            new Evaluator() {
              @Override
              public int parameterCount() {
                return 1;
              }

              @Override
              public void evaluate(NormalEquations batch, int count) {
                throw new IllegalStateException("device lost");
              }
            };
    for (int threads : new int[] {1, 2}) {
      assertThatThrownBy(() ->
              new BatchSolver(SolverSettings.DEFAULT, threads, ProgressListener.NONE)
                  .solve(broken, threads, 1, StartingPoints.of(new double[] {1}, new double[] {2})))
          .hasMessage("device lost");
    }
  }
}
