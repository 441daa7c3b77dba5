package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.law.Limits;
import org.junit.jupiter.api.Test;

/** How problems that crawl are ended, by solvers and evaluators that say what they are told to. */
class LimitEndsTest {

  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.small(), 1e-3, 1);
  private static final SurfaceProblem PROBLEM =
      new SurfaceProblem(
          LAW, Centre.of(RUNS.n(), RUNS.d(), RUNS.loss()), RUNS, Objective.LOG_SQUARED);
  private static final int P = LAW.parameterCount();

  private static StartingPoints start() {
    return StartingPoints.of(new double[P]);
  }

  private static Solutions crawling() {
    Solutions solutions = new Solutions(P, 1);
    solutions.record(0, new double[P], 1, Status.EVALUATION_LIMIT, 3, 7);
    return solutions;
  }

  /**
   * Each parameter is put to both of its ends, and what is best there is taken, whichever it is.
   */
  @Test
  void everyEndOfEveryParameterIsTried() {
    Limits limits = PROBLEM.limits();
    int j =
        IntStream.range(0, P)
            .filter(i -> Double.isFinite(limits.low()[i]) && Double.isFinite(limits.high()[i]))
            .findFirst()
            .orElseThrow();
    for (double best : new double[] {limits.low()[j], limits.high()[j]}) {
      List<Double> tried = new ArrayList<>();
      LimitEnds.Solver solver =
          (problem, points) -> {
            Solutions found = new Solutions(P, points.count());
            for (int k = 0; k < points.count(); k++) {
              double[] at = new double[P];
              points.start(k, at);
              tried.add(at[j]);
              found.record(k, at, at[j] == best ? 0.5 : 2, Status.CONVERGED_LIMIT, 10, 20);
            }
            return found;
          };
      Solutions solutions = crawling();
      new LimitEnds(PROBLEM, start(), solver).improve(solutions, new int[] {0});
      assertThat(tried).contains(limits.low()[j], limits.high()[j]);
      assertThat(solutions.parameters(0)[j]).isEqualTo(best);
      assertThat(solutions.cost(0)).isEqualTo(0.5);
      // Its own, those with the parameter held, and those with all free.
      assertThat(solutions.iterations(0)).isEqualTo(3 + 10 + 10);
      assertThat(solutions.evaluations(0)).isEqualTo(7 + 20 + 20);
    }
  }

  private static Evaluator evaluator(double gradient, double diagonalOfTheLast) {
    return new Evaluator() {
      @Override
      public int parameterCount() {
        return P;
      }

      @Override
      public void evaluate(NormalEquations batch, int count) {
        batch.cost[0] = 1;
        for (int i = 0; i < P; i++) {
          boolean last = i == P - 1;
          batch.gradient[i] = last ? 0 : gradient;
          batch.matrix[i * (i + 3) / 2] = last ? diagonalOfTheLast : 1;
        }
      }
    };
  }

  private static Status settled(Evaluator evaluator) {
    Solutions solutions = crawling();
    LastPromise.settle(() -> evaluator, PROBLEM, start(), solutions, new int[] {0});
    return solutions.status(0);
  }

  /** P - 1 parameters promise g^2 / 2 each; 1e-5 of the cost is nothing. */
  @Test
  void whereNothingIsPromisedAProblemHasConverged() {
    double most = Math.sqrt(2e-5 / (P - 1));
    assertThat(settled(evaluator(0.99 * most, 1))).isEqualTo(Status.CONVERGED_COST);
    assertThat(settled(evaluator(1.01 * most, 1))).isEqualTo(Status.EVALUATION_LIMIT);
  }

  /** A parameter without any effect promises nothing, and keeps no other from being judged. */
  @Test
  void aParameterWithoutEffectPromisesNothing() {
    assertThat(settled(evaluator(1e-4, 0))).isEqualTo(Status.CONVERGED_COST);
  }
}
