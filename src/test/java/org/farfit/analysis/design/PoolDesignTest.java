package org.farfit.analysis.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.RealData;
import org.farfit.engine.Engine;
import org.farfit.engine.FormulaRuns;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.search.FormulaOptima;
import org.farfit.formula.Bounds;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.literature.DesignBenchmark;
import org.farfit.literature.ScaleBenchFolder;
import org.farfit.solver.SolverSettings;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;

/** Runs that are chosen from a pool. */
class PoolDesignTest {

  private static final double NOISE = 0.05;

  private static final Engine ENGINE = new ScalarEngine();

  private static final FitOptions OPTIONS =
      new FitOptions(Objective.LINEAR_SQUARED, 8, 1, 1, SolverSettings.SEARCH);

  /** A line, y = a + b x, with x from 0 to 1 and costs that grow with it. */
  private static final RunPool POOL = pool(60, 5);

  private static final Model LINE =
      Model.of(
          LawText.formula(
              "y = a + b*x", Map.of("a", Bounds.between(-10, 10), "b", Bounds.between(-10, 10))),
          Set.of("x", "y"),
          Set.of("y"));

  private static RunPool pool(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = IntStream.range(0, count).mapToDouble(i -> i / (count - 1.0)).toArray();
    double[] y = Arrays.stream(x).map(at -> 1 + 2 * at + NOISE * random.nextGaussian()).toArray();
    double[] cost = Arrays.stream(x).map(at -> 1 + 20 * at).toArray();
    return new RunPool(
        FormulaRuns.of("pool", Map.of("x", x, "y", y)),
        cost,
        FormulaRuns.of("target", Map.of("x", new double[] {2, 3}, "y", new double[2])));
  }

  private static FormulaOptima fitter() {
    return new FormulaOptima(ENGINE, OPTIONS, LINE);
  }

  /** What a run tells, from the textbook's matrices: a line has one optimum and is linear. */
  @Test
  void aRunTellsWhatTheVariancesFallBy() {
    aRunTellsWhatTheVariancesFallBy(OPTIONS, 1);
  }

  /** Residuals of logarithms are shares of a loss. */
  @Test
  void aRunTellsAsMuchWhereResidualsAreOfLogarithms() {
    List<Integer> some = List.of(0, 1, 2, 5, 9, 12, 17);
    double typical =
        some.stream().mapToDouble(i -> POOL.runs().column("y")[i]).average().orElseThrow();
    aRunTellsWhatTheVariancesFallBy(
        OPTIONS.withObjective(Objective.LOG_SQUARED), typical * typical);
  }

  private static void aRunTellsWhatTheVariancesFallBy(FitOptions options, double unit) {
    List<Integer> taken = List.of(0, 1, 2, 5, 9, 12, 17);
    double[] weights = IntStream.range(0, 60).mapToDouble(i -> 0.5 + 0.02 * i).toArray();
    FormulaOptima fitter = new FormulaOptima(ENGINE, options, LINE);
    List<FormulaOptima.Component> found =
        fitter.find(PoolDesign.part(POOL.runs(), weights, taken), List.of(), 1);
    Departures none = Departures.none(places(POOL));
    Posterior posterior = new Posterior(fitter.derivation(), found, POOL, taken, weights, none, 4);
    double noise = unit * 2 * found.getFirst().ended().getFirst().cost() / (taken.size() - 2);
    RealMatrix information = MatrixUtils.createRealIdentityMatrix(2).scalarMultiply(1 / 25.0);
    for (int i : taken) {
      information = information.add(of(x(i), noise / weights[i]));
    }
    for (int run : new int[] {3, 30, 59}) {
      RealMatrix more = information.add(of(x(run), noise / weights[run]));
      double fall = variance(information) - variance(more);
      assertThat(posterior.fall(run)).isCloseTo(fall, within(1e-4 * fall));
      assertThat(posterior.shrinkage(run))
          .isCloseTo(Math.log(determinant(more) / determinant(information)), within(1e-5));
    }
    // Once it is taken the next tells less, a repeat, too, but not nothing.
    double first = posterior.fall(59);
    posterior.take(59);
    RealMatrix once = information.add(of(1, noise / weights[59]));
    double expected = variance(once) - variance(once.add(of(1, noise / weights[59])));
    assertThat(posterior.fall(59)).isCloseTo(expected, within(1e-5 * expected));
    assertThat(posterior.fall(59)).isPositive().isLessThan(first);
  }

  /**
   * With departures, from the covariance of all losses at once: a run changes the variances of the
   * runs to predict by what conditioning on it changes them.
   */
  @Test
  void aRunTellsOfWhatTheLawMissesBesideIt() {
    List<Integer> taken = List.of(0, 1, 2, 5, 9, 12, 17);
    double[] weights = IntStream.range(0, 60).mapToDouble(i -> 0.5 + 0.02 * i).toArray();
    FormulaOptima fitter = fitter();
    List<FormulaOptima.Component> found =
        fitter.find(PoolDesign.part(POOL.runs(), weights, taken), List.of(), 1);
    Departures departures = Departures.of(places(POOL));
    Posterior posterior =
        new Posterior(fitter.derivation(), found, POOL, taken, weights, departures, 4);
    double scatter = 2 * found.getFirst().ended().getFirst().cost() / (taken.size() - 2) / 11;
    for (int run : new int[] {3, 30, 59}) {
      double fall = left(taken, weights, scatter) - left(with(taken, run), weights, scatter);
      assertThat(posterior.fall(run)).isCloseTo(fall, within(1e-4 * fall));
    }
    // Of two that follow one another the second tells what is left.
    posterior.take(59);
    List<Integer> more = with(taken, 59);
    for (int run : new int[] {58, 59, 30}) {
      double fall = left(more, weights, scatter) - left(with(more, run), weights, scatter);
      assertThat(posterior.fall(run)).isCloseTo(fall, within(1e-4 * fall));
    }
  }

  private static List<Integer> with(List<Integer> taken, int run) {
    return IntStream.concat(taken.stream().mapToInt(i -> i), IntStream.of(run)).boxed().toList();
  }

  /** The summed variance of the runs to predict that is left by runs, which may be repeats. */
  private static double left(List<Integer> known, double[] weights, double scatter) {
    int k = known.size();
    double[] x =
        IntStream.concat(known.stream().mapToInt(i -> i), IntStream.of(-1, -2))
            .mapToDouble(i -> i >= 0 ? x(i) : 1 - i)
            .toArray();
    double[] all = POOL.runs().column("x");
    double mean = Arrays.stream(all).average().orElseThrow();
    double deviation =
        Math.sqrt(Arrays.stream(all).map(at -> (at - mean) * (at - mean)).average().orElseThrow());
    RealMatrix c = MatrixUtils.createRealMatrix(k + 2, k + 2);
    for (int i = 0; i < k + 2; i++) {
      for (int j = 0; j < k + 2; j++) {
        double law = 25 * (1 + x[i] * x[j]);
        double departure = 10 * scatter * Math.exp(-Math.abs(x[i] - x[j]) / deviation / 2);
        double own = i == j && i < k ? scatter / weights[known.get(i)] : 0;
        c.setEntry(i, j, law + departure + own);
      }
    }
    RealMatrix between = c.getSubMatrix(k, k + 1, 0, k - 1);
    RealMatrix inverse = MatrixUtils.inverse(c.getSubMatrix(0, k - 1, 0, k - 1));
    return c.getSubMatrix(k, k + 1, k, k + 1)
        .subtract(between.multiply(inverse).multiply(between.transpose()))
        .getTrace();
  }

  private static Places places(RunPool pool) {
    return new Places(pool, List.of("x"));
  }

  /** Distances by hand: e to e^2 is one logarithm, -1 to 1 is two of them as they are. */
  @Test
  void runsWeighByTheirDistanceFromTheNearestThatIsPredicted() {
    double e = Math.E;
    RunPool pool =
        new RunPool(
            FormulaRuns.of(
                "pool",
                Map.of(
                    "x", new double[] {1, e, e, 1},
                    "z", new double[] {-1, -1, 1, 1},
                    "same", new double[] {7, 7, 7, 7})),
            new double[] {1, 1, 1, 1},
            FormulaRuns.of(
                "target",
                Map.of(
                    "x", new double[] {e * e, e},
                    "z", new double[] {-1, 1},
                    "same", new double[] {9, 9})));
    // Standard deviations: ln x 0.5, z 1; of "same" 0, so that it is not counted.
    double[] squares = {8, 4, 0, 4};
    double[] weights = Nearness.weights(new Places(pool, List.of("x", "z", "same")));
    for (int i = 0; i < 4; i++) {
      assertThat(weights[i]).isCloseTo(1 / (1 + squares[i] / 0.25), within(1e-12));
    }
  }

  /**
   * A line is fitted to a curve: what is reported is the textbook's weighted least squares, which
   * is nearer to the curve's continuation than plain least squares.
   */
  @Test
  void aLawThatIsNotExactIsFittedWhereItIsToPredict() {
    double[] x = IntStream.range(0, 30).mapToDouble(i -> 1 + i / 10.0).toArray();
    double[] y = Arrays.stream(x).map(at -> 1 + Math.sqrt(at)).toArray();
    double[] ones = new double[30];
    Arrays.fill(ones, 1);
    RunPool pool =
        new RunPool(
            FormulaRuns.of("pool", Map.of("x", x, "y", y)),
            ones,
            FormulaRuns.of("target", Map.of("x", new double[] {6}, "y", new double[1])));
    double[] line =
        new PoolDesign(fitter(), pool, DesignMethod.CHEAPEST, 1)
            .spend(new double[] {30})
            .getFirst()
            .parameters();
    double[] expected = weightedLine(x, y, Nearness.weights(places(pool)));
    assertThat(line[0]).isCloseTo(expected[0], within(1e-6));
    assertThat(line[1]).isCloseTo(expected[1], within(1e-6));
    double[] plain = weightedLine(x, y, ones);
    double truth = 1 + Math.sqrt(6);
    assertThat(Math.abs(line[0] + 6 * line[1] - truth))
        .isLessThan(0.8 * Math.abs(plain[0] + 6 * plain[1] - truth));
  }

  private static double[] weightedLine(double[] x, double[] y, double[] weight) {
    double sum = Arrays.stream(weight).sum();
    double mx = IntStream.range(0, x.length).mapToDouble(i -> weight[i] * x[i]).sum() / sum;
    double my = IntStream.range(0, x.length).mapToDouble(i -> weight[i] * y[i]).sum() / sum;
    double sxy = 0;
    double sxx = 0;
    for (int i = 0; i < x.length; i++) {
      sxy += weight[i] * (x[i] - mx) * (y[i] - my);
      sxx += weight[i] * (x[i] - mx) * (x[i] - mx);
    }
    return new double[] {my - sxy / sxx * mx, sxy / sxx};
  }

  private static double x(int i) {
    return POOL.runs().column("x")[i];
  }

  /** What a run at x tells of a and b. */
  private static RealMatrix of(double x, double noise) {
    return MatrixUtils.createRealMatrix(new double[][] {{1, x}, {x, x * x}})
        .scalarMultiply(1 / noise);
  }

  private static double determinant(RealMatrix m) {
    return m.getEntry(0, 0) * m.getEntry(1, 1) - m.getEntry(0, 1) * m.getEntry(1, 0);
  }

  private static double variance(RealMatrix information) {
    RealMatrix covariance = MatrixUtils.inverse(information);
    return Arrays.stream(new double[] {2, 3})
        .map(x ->
            covariance.getEntry(0, 0)
                + 2 * x * covariance.getEntry(0, 1)
                + x * x * covariance.getEntry(1, 1))
        .sum();
  }

  @Test
  void budgetsAreNestedAndNeverExceeded() {
    double all = POOL.totalCost();
    double[] budgets = {0.05 * all, 0.2 * all, 0.5 * all};
    for (DesignMethod method : DesignMethod.values()) {
      List<PoolDesign.Stage> stages = new PoolDesign(fitter(), POOL, method, 3).spend(budgets);
      List<Integer> before = List.of();
      for (int b = 0; b < budgets.length; b++) {
        PoolDesign.Stage stage = stages.get(b);
        assertThat(stage.taken()).doesNotHaveDuplicates();
        assertThat(stage.taken().subList(0, before.size())).isEqualTo(before);
        double spent = stage.taken().stream().mapToDouble(i -> POOL.cost()[i]).sum();
        assertThat(stage.spent())
            .isCloseTo(spent, within(1e-9))
            .isLessThanOrEqualTo(budgets[b] + 1e-9);
        // What is left buys none of the others.
        double left = budgets[b] - spent;
        assertThat(IntStream.range(0, POOL.cost().length).filter(i -> !stage.taken().contains(i)))
            .allMatch(i -> POOL.cost()[i] > left - 1e-9);
        before = stage.taken();
      }
      assertThat(new PoolDesign(fitter(), POOL, method, 3).spend(budgets))
          .extracting(PoolDesign.Stage::taken)
          .isEqualTo(stages.stream().map(PoolDesign.Stage::taken).toList());
      double[] line = stages.getLast().parameters();
      assertThat(line[0]).isCloseTo(1, within(0.1));
      assertThat(line[1]).isCloseTo(2, within(0.3));
    }
  }

  /** A line is predicted best from its ends; the cheapest runs leave its slope open. */
  @Test
  void designsThatLookAtTheTargetPredictItBetter() {
    double[] errors = new double[2];
    DesignMethod[] methods = {DesignMethod.CHEAPEST, DesignMethod.PREDICTIVE};
    for (int seed = 0; seed < 20; seed++) {
      RunPool pool = pool(60, seed);
      for (int m = 0; m < 2; m++) {
        double[] line =
            new PoolDesign(fitter(), pool, methods[m], seed)
                .spend(new double[] {0.1 * pool.totalCost()})
                .getFirst()
                .parameters();
        errors[m] += Math.pow(line[0] + 3 * line[1] - 7, 2);
      }
    }
    assertThat(errors[1]).isLessThan(0.5 * errors[0]);
  }

  /**
   * One run leaves the exponent of x open, whose box holds 20 to 3 as well as -3: the prediction
   * reported is that next to the run's own, not one amid all that describe it.
   */
  @Test
  void whatRunsDoNotTellIsGuessedToBeNothing() {
    Model power =
        Model.of(
            LawText.formula(
                "y = a * x^b", Map.of("a", Bounds.between(0.1, 10), "b", Bounds.between(-3, 20))),
            Set.of("x", "y"),
            Set.of("y"));
    RunPool pool =
        new RunPool(
            FormulaRuns.of("pool", Map.of("x", new double[] {1.5}, "y", new double[] {2})),
            new double[] {1},
            FormulaRuns.of("target", Map.of("x", new double[] {3}, "y", new double[1])));
    FormulaOptima fitter = new FormulaOptima(ENGINE, OPTIONS.withStarts(64, 1), power);
    double[] found =
        new PoolDesign(fitter, pool, DesignMethod.CHEAPEST, 1)
            .spend(new double[] {1})
            .getFirst()
            .parameters();
    assertThat(found[0] * Math.pow(1.5, found[1])).isCloseTo(2, within(1e-3));
    assertThat(fitter.predict(found, pool.target(), 0)[0]).isBetween(1.4, 2.8);
    // Others that describe the run alike predict anything.
    List<Double> others =
        fitter.find(pool.runs(), List.of(), 5).getFirst().ended().stream()
            .filter(ended -> ended.cost() < 1e-10)
            .map(ended -> fitter.predict(ended.parameters(), pool.target(), 0)[0])
            .sorted()
            .toList();
    assertThat(others.get(others.size() / 2)).isGreaterThan(4);
  }

  /**
   * An exponent of -0.3 describes the runs exactly and predicts thousands where x vanishes; the
   * other optimum, c = 1/2 with an exponent of 0.01, misses them and predicts what was seen.
   */
  @Test
  void predictionsFarFromAllThatWasMeasuredAreNotBelieved() {
    Model power =
        Model.of(
            LawText.formula(
                "y = a * max(x, 1e-12)^(0.01 + (c - 0.5)^2 * (c + 0.7))",
                Map.of("a", Bounds.between(0.1, 10), "c", Bounds.between(-1, 1))),
            Set.of("x", "y"),
            Set.of("y"));
    double[] x = {1, 2, 4, 8};
    double[] y = Arrays.stream(x).map(at -> 2 * Math.pow(at, -0.3)).toArray();
    RunPool pool =
        new RunPool(
            FormulaRuns.of("pool", Map.of("x", x, "y", y)),
            new double[] {1, 1, 1, 1},
            FormulaRuns.of("target", Map.of("x", new double[] {0}, "y", new double[1])));
    FormulaOptima fitter = new FormulaOptima(ENGINE, OPTIONS.withStarts(32, 1), power);
    double[] best =
        fitter.find(pool.runs(), List.of(), 5).getFirst().ended().getFirst().parameters();
    assertThat(fitter.predict(best, pool.target(), 0)[0])
        .isCloseTo(2 * Math.pow(1e-12, -0.3), within(1.0));
    double[] reported =
        new PoolDesign(fitter, pool, DesignMethod.CHEAPEST, 1)
            .spend(new double[] {4})
            .getFirst()
            .parameters();
    assertThat(reported[1]).isCloseTo(0.5, within(0.01));
    assertThat(fitter.predict(reported, pool.target(), 0)[0]).isBetween(1.0, 2.0);
  }

  @Test
  void logarithmsAreFittedWhereTheyExist() {
    ScaleBenchFolder.Task task =
        new ScaleBenchFolder.Task("task", List.of("x"), List.of("y"), List.of(), "x", List.of());
    assertThat(DesignBenchmark.objective(task, runs(0.5))).isEqualTo(Objective.LOG_SQUARED);
    assertThat(DesignBenchmark.objective(task, runs(-0.5))).isEqualTo(Objective.LINEAR_SQUARED);
  }

  private static FormulaRuns runs(double loss) {
    return FormulaRuns.of("pool", Map.of("x", new double[] {-1, 1}, "y", new double[] {2, loss}));
  }

  @Test
  void refusesCostsThatAreNone() {
    FormulaRuns runs = FormulaRuns.of("pool", Map.of("x", new double[] {1}, "y", new double[] {1}));
    assertThatThrownBy(() -> new RunPool(runs, new double[] {0}, runs))
        .hasMessage("pool: run 1: cost 0.0 is not a positive number");
    assertThatThrownBy(() -> new RunPool(runs, new double[2], runs))
        .hasMessage("2 costs of 1 runs");
    assertThatThrownBy(() -> DesignMethod.named("best"))
        .hasMessageStartingWith("unknown design 'best', expected one of random, cost-random");
  }

  /** One law of the public benchmark: what is chosen predicts the dear runs from 1% of the cost. */
  @Test
  void predictsThePublicRuns() {
    List<Integer> totals = new ArrayList<>();
    List<DesignBenchmark.Row> rows =
        new DesignBenchmark(
                RealData.file("scalebench/laws.yaml").getParent(),
                ENGINE,
                FitOptions.DEFAULT.withStarts(16, 1))
            .run(
                Optional.of("data_constrained/sl_8"),
                List.of(DesignMethod.PREDICTIVE),
                1,
                (row, total) -> totals.add(total));
    assertThat(totals).hasSameSizeAs(rows).containsOnly(rows.size());
    assertThat(rows).extracting(DesignBenchmark.Row::budget).containsExactly(0.01, 0.05, 0.1);
    assertThat(rows).allMatch(row -> row.spent() <= row.budget() + 1e-9);
    assertThat(rows.getFirst().r2()).isGreaterThan(0.9);
    assertThat(DesignBenchmark.summaries(rows))
        .extracting(DesignBenchmark.Summary::r2)
        .containsExactlyElementsOf(rows.stream().map(DesignBenchmark.Row::r2).toList());
  }
}
