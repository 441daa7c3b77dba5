package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.SplittableRandom;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.PriorTable;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/** Sums over parts of very many runs are the sums over all, on any number of threads. */
class PartedEvaluatorTest {

  private static final int RUNS = 150_000;
  private static final int PROBLEMS = 11;
  private static final Law LAW = new Chinchilla();
  private static final RunSet DATA = data();

  /** Of 7 sizes, so that parts end within sizes, with losses that scatter. */
  private static RunSet data() {
    SplittableRandom random = new SplittableRandom(1);
    double[] n = new double[RUNS];
    double[] d = new double[RUNS];
    double[] loss = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      n[i] = 1e8 * (1 << random.nextInt(7));
      d[i] = 1e9 * Math.exp(5 * random.nextDouble());
      loss[i] =
          (1.7 + 400 * Math.pow(n[i], -0.34) + 410 * Math.pow(d[i], -0.28))
              * Math.exp(0.01 * random.nextGaussian());
    }
    return new RunSet(n, d, loss);
  }

  private static SurfaceProblem problem(Objective objective) {
    double[] ones = DATA.weight();
    double[] some = new double[RUNS];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < RUNS; i++) {
      some[i] = random.nextInt(3);
    }
    return new SurfaceProblem(
        LAW, SurfaceProblem.centre(DATA), DATA, objective, WeightTable.of(ones, some));
  }

  private static NormalEquations evaluated(Evaluator evaluator) {
    NormalEquations batch = new NormalEquations(LAW.parameterCount(), PROBLEMS);
    SplittableRandom random = new SplittableRandom(3);
    for (int k = 0; k < PROBLEMS; k++) {
      batch.setParameters(k, random.doubles(LAW.parameterCount(), 0.1, 0.6).toArray());
      batch.weightRow[k] = k % 2;
    }
    try (evaluator) {
      evaluator.evaluate(batch, PROBLEMS);
    }
    return batch;
  }

  private static void assertSums(Engine engine, SurfaceProblem problem) {
    NormalEquations whole = evaluated(engine.evaluator(problem));
    NormalEquations one = evaluated(PartedEvaluator.of(engine, problem, 1));
    for (int threads = 2; threads <= 3; threads++) {
      NormalEquations parted = evaluated(PartedEvaluator.of(engine, problem, threads));
      assertThat(parted.cost).containsExactly(one.cost);
      assertThat(parted.gradient).containsExactly(one.gradient);
      assertThat(parted.matrix).containsExactly(one.matrix);
    }
    for (int k = 0; k < PROBLEMS; k++) {
      assertThat(one.cost[k]).isCloseTo(whole.cost[k], withinPercentage(1e-9));
      double[] all = whole.fullMatrix(k);
      double[] summed = one.fullMatrix(k);
      for (int j = 0; j < all.length; j++) {
        double scale =
            Math.sqrt(Math.abs(all[j / LAW.parameterCount() * (LAW.parameterCount() + 1)]));
        double other =
            Math.sqrt(Math.abs(all[j % LAW.parameterCount() * (LAW.parameterCount() + 1)]));
        assertThat(Math.abs(summed[j] - all[j])).isLessThanOrEqualTo(1e-11 * scale * other);
      }
    }
  }

  @Test
  void partsAddUp() {
    for (String name : List.of("scalar", "simd")) {
      try (Engine engine = Engines.open(name)) {
        assertSums(engine, problem(Objective.LOG_SQUARED));
        assertSums(engine, problem(new Objective(Objective.Residual.LOG, 0.005)));
        assertSums(engine, problem(Objective.LOG_SQUARED).fixing(List.of(1, 3)));
        assertSums(
            engine,
            problem(Objective.LOG_SQUARED)
                .withPrior(
                    PriorTable.repeated(
                        new double[] {1, 0.5, 0.2, 0.1, 0.3}, new double[] {1e3, 0, 10, 1, 7}, 2)));
      }
    }
  }

  @Test
  void oneProblemIsEvaluatedAsByThePlainEngine() {
    SurfaceProblem problem = problem(Objective.LOG_SQUARED);
    NormalEquations parted = evaluated(PartedEvaluator.ofOne(problem));
    try (Engine engine = Engines.open("scalar")) {
      NormalEquations plain = evaluated(PartedEvaluator.of(engine, problem, 1));
      assertThat(parted.cost).containsExactly(plain.cost);
      assertThat(parted.matrix).containsExactly(plain.matrix);
    }
    SurfaceProblem few = problem.stretch(0, 1000);
    try (Engine engine = Engines.open("scalar")) {
      assertThat(evaluated(PartedEvaluator.ofOne(few)).cost)
          .containsExactly(evaluated(engine.evaluator(few)).cost);
    }
  }

  /** The same answers, bit for bit, from a few starts on one and on two threads. */
  @Test
  void fewProblemsAreSolvedAlikeOnAnyNumberOfThreads() {
    SurfaceProblem problem = problem(Objective.LOG_SQUARED);
    assertThat(PartedEvaluator.serves(problem)).isTrue();
    double[][] starts = {
      {0.5, 0.3, 0.2, 0.3, 0.3}, {0.2, 0.2, 0.4, 0.2, 0.5},
    };
    try (Engine engine = Engines.open("auto")) {
      Solutions one =
          new BatchSolver(SolverSettings.DEFAULT, 1, ProgressListener.NONE)
              .solve(engine, problem, StartingPoints.of(starts));
      Solutions two =
          new BatchSolver(SolverSettings.DEFAULT, 2, ProgressListener.NONE)
              .solve(engine, problem, StartingPoints.of(starts));
      for (int k = 0; k < starts.length; k++) {
        assertThat(two.parameters(k)).containsExactly(one.parameters(k));
        assertThat(two.cost(k)).isEqualTo(one.cost(k));
        assertThat(one.status(k).isConverged()).isTrue();
      }
    }
  }
}
