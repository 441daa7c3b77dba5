package org.farfit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine must do as the plain one does: random problems, awkward sizes, weights, losses,
 * fixed parameters, extremes. The tests of an engine extend it.
 */
public abstract class EngineContract {

  /** The engine under test. */
  protected abstract Engine engine();

  /** How far cost, gradient and matrix may be off, relative to their scale. */
  protected double tolerance(Law law) {
    return 1e-12;
  }

  /** The most problems that the engine evaluates in one go. */
  protected int lanes() {
    return 8;
  }

  protected static Stream<Law> laws() {
    return Laws.all().stream();
  }

  static List<Objective> objectives() {
    return List.of(
        Objective.LOG_SQUARED,
        Objective.logHuber(1e-3),
        Objective.LINEAR_SQUARED,
        new Objective(Objective.Residual.LINEAR, 1e-2));
  }

  private static RunSet runs() {
    return Simulation.runs(
        Laws.named("farseer"), Laws.named("farseer").example(), DesignGrid.paper(), 2e-3, 1);
  }

  private static RunSet some(RunSet all, int step) {
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < all.size(); i += step) {
      kept.add(i);
    }
    return new RunSet(
        kept.stream().mapToDouble(all::n).toArray(),
        kept.stream().mapToDouble(all::d).toArray(),
        kept.stream().mapToDouble(all::loss).toArray());
  }

  private static SurfaceProblem problem(Law law, RunSet runs, Objective objective, double[]... w) {
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    return new SurfaceProblem(law, centre, runs, objective, WeightTable.of(w));
  }

  private static double[][] bootstrap(int rows, int runs, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] table = new double[rows][runs];
    for (double[] row : table) {
      for (int draw = 0; draw < runs; draw++) {
        row[random.nextInt(runs)]++;
      }
    }
    return table;
  }

  private static NormalEquations batch(
      SurfaceProblem problem, int count, double spread, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int p = problem.law().parameterCount();
    NormalEquations batch = new NormalEquations(p, count + 3);
    double[] point = new double[p];
    for (int k = 0; k < count; k++) {
      problem
          .law()
          .samplingBox(problem.centre())
          .orElseThrow()
          .at(random.doubles(p).toArray(), point);
      for (int j = 0; j < p; j++) {
        point[j] *= spread;
      }
      batch.setParameters(k, point);
      batch.weightRow[k] = random.nextInt(problem.weights().rows());
    }
    return batch;
  }

  private static NormalEquations evaluated(
      Engine engine, SurfaceProblem problem, NormalEquations like, int count) {
    NormalEquations batch = new NormalEquations(like.parameterCount(), like.capacity());
    for (int k = 0; k < count; k++) {
      batch.copy(k, like, k);
    }
    try (Evaluator evaluator = engine.evaluator(problem)) {
      evaluator.evaluate(batch, count);
    }
    return batch;
  }

  private void assertSame(SurfaceProblem problem, NormalEquations like, int count) {
    assertSame(problem, like, count, 1);
  }

  /**
   * @param cancelled by so much the sums exceed what is left of them
   */
  private void assertSame(
      SurfaceProblem problem, NormalEquations like, int count, double cancelled) {
    NormalEquations actual = evaluated(engine(), problem, like, count);
    assertSame(problem, like, actual, count, cancelled);
  }

  /** That what was made of some problems is what the plain engine makes of them. */
  private void assertSame(
      SurfaceProblem problem,
      NormalEquations like,
      NormalEquations actual,
      int count,
      double cancelled) {
    NormalEquations expected = evaluated(new ScalarEngine(), problem, like, count);
    int p = like.parameterCount();
    int capacity = like.capacity();
    double tolerance = cancelled * tolerance(problem.law());
    for (int k = 0; k < count; k++) {
      assertThat(actual.isFinite(k)).as("problem %d", k).isEqualTo(expected.isFinite(k));
      if (!expected.isFinite(k)) {
        continue;
      }
      double cost = expected.cost[k];
      assertThat(actual.cost[k]).isCloseTo(cost, within(tolerance * cost));
      for (int j = 0; j < p; j++) {
        double own = expected.matrix[j * (j + 3) / 2 * capacity + k];
        // The scale of a gradient: |J_j| |r|, which bounds it.
        double scale = Math.sqrt(own * 2 * cost);
        assertThat(actual.gradient[j * capacity + k])
            .as("problem %d, gradient %d", k, j)
            .isCloseTo(
                expected.gradient[j * capacity + k], within(tolerance * scale + Double.MIN_NORMAL));
        for (int i = 0; i <= j; i++) {
          double other = expected.matrix[i * (i + 3) / 2 * capacity + k];
          int entry = (j * (j + 1) / 2 + i) * capacity + k;
          assertThat(actual.matrix[entry])
              .as("problem %d, matrix %d %d", k, j, i)
              .isCloseTo(
                  expected.matrix[entry],
                  within(tolerance * Math.sqrt(own * other) + Double.MIN_NORMAL));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("laws")
  void randomProblemsAgree(Law law) {
    RunSet runs = runs();
    for (Objective objective : objectives()) {
      SurfaceProblem problem = problem(law, runs, objective, bootstrap(5, runs.size(), 2));
      assertSame(problem, batch(problem, 500, 1, 3), 500);
      SurfaceProblem alike = problem(law, runs, objective, runs.weight());
      assertSame(alike, batch(alike, 200, 1, 4), 200);
    }
  }

  /** One evaluator at several points and shares of curvature; 19 are no whole vectors. */
  @ParameterizedTest
  @MethodSource("laws")
  void weightingsOfRunsAtOnePointAgree(Law law) {
    RunSet runs = runs();
    double[] losses = Arrays.stream(runs.loss()).map(loss -> 1.01 * loss).toArray();
    for (Objective objective : objectives()) {
      SurfaceProblem problem = problem(law, runs, objective, bootstrap(19, runs.size(), 2));
      List<SurfaceProblem> problems = new ArrayList<>(List.of(problem, problem.fixing(List.of(1))));
      double[][] own = new double[19][];
      Arrays.setAll(own, row -> row == 4 ? losses : runs.loss());
      problems.add(problem.withLosses(LossTable.of(own)));
      if (objective.isSquared()) {
        problems.add(problem.sharing(0.3, runs.n()));
      }
      for (SurfaceProblem each : problems) {
        try (Evaluator evaluator = engine().evaluator(each)) {
          double[] point = new double[law.parameterCount()];
          for (int trial = 0; trial < 4; trial++) {
            batch(each, 1, 1, trial / 2).getParameters(0, point);
            point[0] = trial == 3 ? Double.NaN : point[0];
            NormalEquations at = new NormalEquations(point.length, 21);
            for (int k = 0; k < 19; k++) {
              at.setParameters(k, point);
              at.weightRow[k] = (k + 7) % 19;
              at.curvatureBeyond[k] = 0.2 + 0.1 * trial;
            }
            evaluator.evaluateAtOnePoint(at, 19);
            assertSame(each, at, at, 19, each.sharesErrors() ? 100 : 1);
          }
        }
      }
    }
  }

  /**
   * From a hundredth to all of the majoriser's curvature: the matrix differs, the gradient does
   * not.
   */
  @ParameterizedTest
  @MethodSource("laws")
  void curvatureBeyondTheThresholdIsAsTold(Law law) {
    RunSet runs = runs();
    for (Objective objective : List.of(objectives().get(1), objectives().get(3))) {
      SurfaceProblem problem = problem(law, runs, objective, bootstrap(5, runs.size(), 2));
      NormalEquations like = batch(problem, 100, 1, 11);
      SplittableRandom random = new SplittableRandom(12);
      for (int k = 0; k < 100; k++) {
        like.curvatureBeyond[k] = Math.pow(10, random.nextDouble(-2, 0));
      }
      assertSame(problem, like, 100);
    }
  }

  /** Simulated losses, other ones for every row, with weights that differ and that do not. */
  @ParameterizedTest
  @MethodSource("laws")
  void lossesOfEachRowAgree(Law law) {
    RunSet runs = runs();
    double[][] losses = new double[5][];
    for (int row = 0; row < losses.length; row++) {
      SplittableRandom random = new SplittableRandom(row);
      losses[row] =
          Arrays.stream(runs.loss()).map(loss -> loss * random.nextDouble(0.9, 1.1)).toArray();
    }
    for (Objective objective : objectives()) {
      SurfaceProblem weighed =
          problem(law, runs, objective, bootstrap(5, runs.size(), 2))
              .withLosses(LossTable.of(losses));
      assertSame(weighed, batch(weighed, 200, 1, 3), 200);
      SurfaceProblem alike =
          problem(law, runs, objective, runs.weight()).withLosses(LossTable.of(losses[3]));
      SurfaceProblem replaced =
          new SurfaceProblem(
              law, alike.centre(), new RunSet(runs.n(), runs.d(), losses[3]), objective);
      NormalEquations like = batch(alike, 30, 1, 4);
      assertSame(alike, like, 30);
      assertThat(evaluated(engine(), alike, like, 30).cost)
          .isEqualTo(evaluated(engine(), replaced, like, 30).cost);
    }
  }

  /** Sizes of one N and of several, weights that differ, that do not, and that leave sizes out. */
  @ParameterizedTest
  @MethodSource("laws")
  void sharedErrorsAgree(Law law) {
    RunSet runs = runs();
    double[] pairs = Arrays.stream(runs.n()).map(n -> Math.floor(2 * Math.log(n))).toArray();
    double[][] masks = bootstrap(4, runs.size(), 2);
    Arrays.setAll(masks[0], i -> runs.n(i) < 1e9 ? 1 : 0);
    for (double[] sizes : List.of(runs.n(), pairs)) {
      for (Objective objective : objectives()) {
        if (!objective.isSquared()) {
          continue;
        }
        for (double[][] weights : List.of(masks, new double[][] {runs.weight()})) {
          SurfaceProblem problem = problem(law, runs, objective, weights).sharing(0.3, sizes);
          assertSame(problem, batch(problem, 50, 1, 3), 50, 100);
          SurfaceProblem copied = problem.copyingSizes(runs.weight());
          assertSame(copied, batch(copied, 50, 1, 3), 50, 100);
        }
      }
    }
  }

  /** A size of its own for nearly every run, few D, and errors shared by neighbouring sizes. */
  @ParameterizedTest
  @MethodSource("laws")
  void errorsSharedAcrossFewTokensAgree(Law law) {
    double[] n = new double[120];
    double[] d = new double[n.length];
    Arrays.setAll(n, i -> 1e8 * Math.pow(1.02, i));
    Arrays.setAll(d, i -> 1e10 * Math.pow(5, (7 * i) % 3));
    Law truth = Laws.named("chinchilla");
    double[] losses = new double[n.length];
    Arrays.setAll(losses, i -> truth.loss(truth.example(), n[i], d[i]) * (1 + 1e-3 * (i % 5)));
    RunSet runs = new RunSet(n, d, losses);
    double[] sizes = Arrays.stream(n).map(each -> Math.floor(4 * Math.log(each))).toArray();
    for (double[][] weights : List.of(bootstrap(4, n.length, 2), new double[][] {runs.weight()})) {
      SurfaceProblem problem =
          problem(law, runs, Objective.LOG_SQUARED, weights)
              .sharing(0.3, sizes)
              .copyingSizes(runs.weight());
      assertSame(problem, batch(problem, 20, 1, 3), 20, 100);
    }
  }

  @ParameterizedTest
  @MethodSource("laws")
  void anyNumberOfLanesMayBeInUse(Law law) {
    RunSet runs = runs();
    SurfaceProblem problem =
        problem(law, runs, Objective.LOG_SQUARED, bootstrap(3, runs.size(), 5));
    for (int count = 1; count <= 2 * lanes() + 1; count++) {
      assertSame(problem, batch(problem, count, 1, count), count);
    }
  }

  @ParameterizedTest
  @MethodSource("laws")
  void oneRunPerSizeAndFewRunsAgree(Law law) {
    for (int step : new int[] {17, 40, 100, 200}) {
      RunSet few = some(runs(), step);
      SurfaceProblem problem = problem(law, few, Objective.LOG_SQUARED, few.weight());
      assertSame(problem, batch(problem, 50, 1, step), 50);
    }
  }

  /** Exponents that overflow and underflow end with the same status as in the plain engine. */
  @ParameterizedTest
  @MethodSource("laws")
  void extremesAreFiniteWhereThePlainEngineIs(Law law) {
    RunSet runs = runs();
    SurfaceProblem problem = problem(law, runs, Objective.LOG_SQUARED, runs.weight());
    for (double spread : new double[] {3, 10, 30}) {
      NormalEquations like = batch(problem, 300, spread, 6);
      NormalEquations expected = evaluated(new ScalarEngine(), problem, like, 300);
      NormalEquations actual = evaluated(engine(), problem, like, 300);
      for (int k = 0; k < 300; k++) {
        assertThat(actual.isFinite(k))
            .as("problem %d at spread %s", k, spread)
            .isEqualTo(expected.isFinite(k));
        if (expected.isFinite(k)) {
          // At e^30 and the like, a rounding of an exponent moves many digits of the cost.
          double cost = expected.cost[k];
          assertThat(actual.cost[k]).isCloseTo(cost, within(1e-5 * cost));
        }
      }
    }
  }

  /** Held-out sizes must not poison a fit, however absurd its surface is there. */
  @ParameterizedTest
  @MethodSource("laws")
  void runsWithoutWeightDoNotMatter(Law law) {
    RunSet runs = runs();
    double[][] masks = new double[3][runs.size()];
    for (int i = 0; i < runs.size(); i++) {
      masks[0][i] = runs.n(i) < 5e8 ? 1 : 0;
      masks[1][i] = runs.n(i) > 1e9 ? 1 : 0;
      masks[2][i] = runs.d(i) > 1e10 ? 2 : 0;
    }
    SurfaceProblem problem = problem(law, runs, Objective.LOG_SQUARED, masks);
    assertSame(problem, batch(problem, 200, 1, 8), 200);
    NormalEquations like = batch(problem, 200, 10, 9);
    NormalEquations expected = evaluated(new ScalarEngine(), problem, like, 200);
    NormalEquations actual = evaluated(engine(), problem, like, 200);
    for (int k = 0; k < 200; k++) {
      assertThat(actual.isFinite(k)).as("problem %d", k).isEqualTo(expected.isFinite(k));
    }
  }

  /** Bit for bit, whatever else is in the batch. */
  @ParameterizedTest
  @MethodSource("laws")
  void aProblemDoesNotDependOnItsPlace(Law law) {
    RunSet runs = runs();
    SurfaceProblem problem =
        problem(law, runs, Objective.logHuber(1e-3), bootstrap(4, runs.size(), 5));
    NormalEquations together = batch(problem, 40, 1, 10);
    NormalEquations expected = evaluated(engine(), problem, together, 40);
    for (int k = 0; k < 40; k++) {
      NormalEquations alone = new NormalEquations(law.parameterCount(), 1);
      alone.copy(0, together, k);
      NormalEquations actual = evaluated(engine(), problem, alone, 1);
      assertThat(actual.cost[0]).isEqualTo(expected.cost[k]);
      assertThat(actual.fullMatrix(0)).isEqualTo(expected.fullMatrix(k));
    }
  }

  @Test
  void fixedParametersStayFixed() {
    Law law = Laws.named("farseer");
    RunSet runs = runs();
    SurfaceProblem problem =
        problem(law, runs, Objective.LOG_SQUARED, runs.weight()).fixing(List.of(2, 8));
    assertSame(problem, batch(problem, 20, 1, 11), 20);
  }

  /**
   * A held-out run with a loss that is as absurd as the surface there: linear residuals would
   * overflow if lanes were compared with losses of others.
   */
  @ParameterizedTest
  @MethodSource("laws")
  void absurdLossesOfRunsWithoutWeightDoNotMatter(Law law) {
    RunSet runs = some(runs(), 7);
    SplittableRandom random = new SplittableRandom(3);
    double[][] masks = new double[5][runs.size()];
    double[][] losses = new double[5][];
    for (int row = 0; row < masks.length; row++) {
      losses[row] = runs.loss();
      for (int i = 0; i < runs.size(); i++) {
        masks[row][i] = runs.n(i) > 3e9 && random.nextBoolean() ? 0 : 1;
        losses[row][i] = masks[row][i] == 0 ? 1e200 : losses[row][i];
      }
    }
    for (double delta : new double[] {Double.POSITIVE_INFINITY, 1e-2}) {
      SurfaceProblem problem =
          problem(law, runs, new Objective(Objective.Residual.LINEAR, delta), masks)
              .withLosses(LossTable.of(losses));
      assertSame(problem, batch(problem, 200, 1, 8), 200);
    }
  }
}
