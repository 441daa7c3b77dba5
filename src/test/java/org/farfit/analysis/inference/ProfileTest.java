package org.farfit.analysis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.analysis.CostScan;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.ProfileInference.End;
import org.farfit.analysis.study.Identifiability;
import org.farfit.analysis.study.LawSelection;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.regularised.RegularisedFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.junit.jupiter.api.Test;

/** Profiles and tests of nested laws where minima are many, at a limit, or not to be found. */
class ProfileTest {

  private static final Engine ENGINE = Engines.open("auto");
  private static final FitOptions FEW = FitOptions.DEFAULT.withStarts(24, 1);

  /** Few runs of powers of N, which leave curvatures nearly free: the cost has many minima. */
  private static RunSet powers(int seed) {
    Law law = new Farseer();
    RunSet all = Simulation.runs(law, law.example(), DesignGrid.paper(), 0, 1);
    Centre centre = Centre.of(all.n(), all.d(), all.loss());
    double[] straight = new double[9];
    law.toCentred(centre, law.example(), straight);
    law.curvatures().forEach(j -> straight[j] = 0);
    Random random = new Random(seed);
    double[] weight = new double[all.size()];
    double[] loss = new double[all.size()];
    for (int i = 0; i < all.size(); i++) {
      weight[i] = random.nextInt(8) == 0 ? 1 : 0;
      loss[i] =
          Math.exp(
              law.logLossAt(centre, straight, all.n(i), all.d(i)) + 2e-2 * random.nextGaussian());
    }
    return new RunSet(all.n(), all.d(), loss).weighted(weight);
  }

  /** A law that gives up more can never fit better, and none better than the law they are in. */
  @Test
  void testsRespectNesting() {
    LawSelection selection = new LawSelection(ENGINE, FEW, ProgressListener.NONE);
    int decided = 0;
    for (int seed = 0; seed < 12; seed++) {
      RunSet runs = powers(seed);
      LawFit fit = new GlobalFit(ENGINE, FEW).fit(new Farseer(), runs);
      List<LawSelection.Test> tests = selection.testsOf(List.of(fit), runs);
      assertThat(tests).hasSize(4);
      double all = tests.getLast().statistic();
      assertThat(tests.getLast().constraints()).isEqualTo(3);
      for (LawSelection.Test test : tests) {
        assertThat(test.statistic())
            .as("seed %d, %s", seed, test.smaller())
            .isBetween(0.0, all + 1e-6);
        decided += test.p() >= 0 && test.p() <= 1 ? 1 : 0;
      }
    }
    assertThat(decided).isGreaterThan(40);
  }

  /**
   * Without powers of N in the data, a curvature may run to its limit along a narrow valley: the
   * minimum there is found, and no point of the valley is below it.
   */
  @Test
  void aValleyIsFollowedToItsEnd() {
    RunSet runs =
        Simulation.runs(new Chinchilla(), new Chinchilla().example(), DesignGrid.paper(), 2e-3, 1);
    FitOptions options = FitOptions.DEFAULT.withStarts(20, 1);
    LawFit fit = new GlobalFit(ENGINE, options).fit(new Farseer(), runs);
    CostScan scan = new CostScan(ENGINE, options, ProgressListener.NONE);
    CostScan.Axis straight = new CostScan.Axis("beta", 0, 0, 1);
    CostScan.Result minimum = scan.run(fit, runs, List.of(straight), true, List.of());
    assertThat(minimum.status().getFirst().isConverged()).isTrue();
    CostScan.Axis bends = new CostScan.Axis("alpha", -17, 17, 18);
    CostScan.Result valley = scan.run(fit, runs, List.of(straight, bends), true, List.of());
    assertThat(valley.least()).isGreaterThanOrEqualTo(minimum.least() * (1 - 1e-9));
    assertThat(new LawSelection(ENGINE, options, ProgressListener.NONE).testsOf(List.of(fit), runs))
        .isNotEmpty()
        .allSatisfy(test -> assertThat(test.p()).isBetween(0.0, 1.0));
  }

  /** Held fits start where their neighbours lead: some forty evaluations for both ends. */
  @Test
  void profilesAreFollowedInFewEvaluations() {
    Law law = new Skaling();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
    LawFit fit = new GlobalFit(ENGINE, FEW).fit(law, runs);
    ProfileInference profile = new ProfileInference(fit, runs);
    Estimands loss = Estimands.losses(List.of(new Estimands.Point(2.51e10, 3.2e11)));
    ProfileInference.Found found = profile.find(loss, 0, 0.95);
    assertThat(List.of(found.low(), found.high())).containsOnly(End.FOUND);
    assertThat(profile.evaluations()).isBetween(6, 40);
  }

  /** With chinchilla among the laws, skaling starts from it, too. */
  @Test
  void aLawNeverFitsWorseThanOneWithinIt() {
    // Costs of one model of the noise.
    LawSelection selection =
        new LawSelection(
            ENGINE,
            FitOptions.DEFAULT.withStarts(1, 3),
            ProgressListener.NONE,
            Optional.of(NoiseModel.Kind.INDEPENDENT));
    for (int seed = 0; seed < 5; seed++) {
      RunSet runs = powers(seed);
      LawSelection.Result result = selection.select(List.of(new Chinchilla(), new Skaling()), runs);
      double[] cost = new double[2];
      result
          .candidates()
          .forEach(candidate ->
              cost[candidate.fit().law() instanceof Skaling ? 1 : 0] = candidate.fit().cost());
      assertThat(cost[1]).isLessThanOrEqualTo(cost[0] * (1 + 1e-9));
      assertThat(result.tests().getFirst().statistic()).isGreaterThanOrEqualTo(0);
    }
  }

  /** What is profiled is what was minimised: data and prior. */
  @Test
  void theProfileOfARegularisedFitHoldsItsPrior() {
    Law law = new Farseer();
    RunSet all = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 7);
    RunSet runs = all.weighted(Arrays.stream(all.n()).map(n -> n < 1e9 ? 1 : 0).toArray());
    LawFit fit = new RegularisedFit(ENGINE, FEW, ProgressListener.NONE).fit(law, runs);
    double total = fit.cost() + fit.regularisation().orElseThrow().penalty();
    assertThat(fit.regularisation().orElseThrow().penalty()).isPositive();
    Identifiability.Report report = new Identifiability(ENGINE, fit, runs).examine();
    ProfileInference profiles = new ProfileInference(fit, runs);
    double limit = AsymptoticInference.quantile(runs.size() - 9, 0.95);
    double variance = 2 * fit.cost() / (runs.size() - 9);
    for (int j : law.curvatures()) {
      Identifiability.Curve curve = report.curves().get(j);
      int middle = curve.values().length / 2;
      assertThat(curve.t()[middle]).isCloseTo(0, within(1e-4));
      assertThat(curve.t()[0]).isGreaterThan(1);
      Interval interval = profiles.interval(Estimands.centred(law), j, 0.95);
      for (double end : new double[] {interval.low(), interval.high()}) {
        CostScan.Axis axis = new CostScan.Axis(curve.parameter(), end, end, 1);
        double cost =
            new CostScan(ENGINE, FEW, ProgressListener.NONE)
                .run(fit, runs, List.of(axis), true, List.of())
                .cost()[0];
        assertThat(Math.sqrt(2 * (cost - total) / variance)).isCloseTo(limit, within(2e-2));
      }
    }
  }

  /** Started at one point only, the scan would stay in its valley. */
  @Test
  void aProfileIsSearchedFromManyPoints() {
    RunSet runs = powers(3);
    Law law = new Farseer();
    LawFit fit = new GlobalFit(ENGINE, FitOptions.DEFAULT).fit(law, runs);
    List<CostScan.Axis> axes = List.of(new CostScan.Axis("beta", -1, 1, 13));
    CostScan.Result few =
        new CostScan(ENGINE, FEW, ProgressListener.NONE).run(fit, runs, axes, true, List.of());
    CostScan.Result many =
        new CostScan(ENGINE, FitOptions.DEFAULT.withStarts(300, 9), ProgressListener.NONE)
            .run(fit, runs, axes, true, List.of());
    for (int k = 0; k < 13; k++) {
      assertThat(few.cost()[k]).isCloseTo(many.cost()[k], within(1e-3 * many.cost()[k]));
      assertThat(few.cost()[k]).isGreaterThanOrEqualTo(fit.cost() * (1 - 1e-9));
    }
    // A single point has no neighbours to be started from.
    for (int seed : new int[] {1, 6}) {
      RunSet other = powers(seed);
      LawFit free = new GlobalFit(ENGINE, FEW).fit(law, other);
      List<CostScan.Axis> straight = List.of(new CostScan.Axis("gamma", 0, 0, 1));
      double least =
          new CostScan(ENGINE, FEW, ProgressListener.NONE)
              .run(free, other, straight, true, List.of())
              .least();
      double known = leastWithoutGamma(free, other);
      assertThat(least).as("seed %d", seed).isCloseTo(known, within(1e-3 * known));
    }
  }

  /** The least cost with gamma = 0 from 200 points of the sampling box. */
  private static double leastWithoutGamma(LawFit fit, RunSet runs) {
    SplittableRandom random = new SplittableRandom(9);
    double[][] starts = new double[200][9];
    for (double[] start : starts) {
      fit.law()
          .samplingBox(fit.surface().centre())
          .orElseThrow()
          .at(random.doubles(9).toArray(), start);
      start[8] = 0;
    }
    Solutions solutions =
        new BatchSolver(SolverSettings.DEFAULT, 2, ProgressListener.NONE)
            .solve(
                ENGINE,
                fit.problem(runs, WeightTable.of(runs.weight())).fixing(List.of(8)),
                StartingPoints.of(starts));
    return IntStream.range(0, starts.length)
        .mapToDouble(solutions::cost)
        .filter(Double::isFinite)
        .min()
        .orElseThrow();
  }

  /** alpha and beta are well determined where E vanishes, and E is bounded above. */
  @Test
  void whatIsAtItsLimitLeavesTheRestIdentified() {
    Law law = new Chinchilla();
    for (int seed = 0; seed < 20; seed++) {
      RunSet runs =
          Simulation.runs(
              law, new double[] {1e-4, 20, 60, 0.15, 0.2}, DesignGrid.paper(), 5e-3, seed);
      LawFit fit = new GlobalFit(ENGINE, FEW).fit(law, runs);
      if (fit.atLimit().isEmpty()) {
        continue;
      }
      Identifiability.Report report = new Identifiability(ENGINE, fit, runs).examine();
      assertThat(report.statements()).noneMatch(line -> line.contains("not identified"));
      assertThat(report.statements())
          .filteredOn(line -> line.contains("E is at its limit"))
          .hasSize(1);
      assertThat(report.sloppy())
          .noneMatch(direction -> direction.combination().containsKey("lnE"));
      double e = Math.exp(report.curves().getFirst().found().interval().high());
      assertThat(e).isBetween(1e-3, 1.0);
      for (int j : new int[] {3, 4}) {
        Identifiability.Curve curve = report.curves().get(j);
        assertThat(curve.found().interval().isKnown()).isTrue();
        assertThat(curve.found().interval().contains(j == 3 ? 0.15 : 0.2)).isTrue();
        assertThat(curve.found().low()).isEqualTo(End.FOUND);
      }
      return;
    }
    throw new AssertionError("no data set without an irreducible loss");
  }

  /** Twenty runs on the line D = 20 N: every interval is found, unbounded or lost, none thrown. */
  @Test
  void runsOnALineEndInIntervalsOrInNone() {
    Law law = new Chinchilla();
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      double[] n = new double[20];
      double[] d = new double[20];
      double[] loss = new double[20];
      for (int i = 0; i < 20; i++) {
        n[i] = 1e7 * Math.pow(1000, i / 19.0);
        d[i] = 20 * n[i];
        loss[i] = law.loss(law.example(), n[i], d[i]) * Math.exp(5e-3 * random.nextGaussian());
      }
      RunSet runs = new RunSet(n, d, loss);
      LawFit fit = new GlobalFit(ENGINE, FEW).fit(law, runs);
      if (fit.surface().covariance().isEmpty()) {
        continue;
      }
      ProfileInference profiles = new ProfileInference(fit, runs);
      Estimands losses = Estimands.losses(List.of(new Estimands.Point(1e12, 1e13)));
      assertThatCode(() -> profiles.interval(losses, 0, 0.9)).doesNotThrowAnyException();
      for (int j = 0; j < 5; j++) {
        ProfileInference.Found found = profiles.find(Estimands.centred(law), j, 0.9);
        assertThat(Double.isNaN(found.interval().low())).isEqualTo(found.low() != End.FOUND);
        assertThat(Double.isNaN(found.interval().high())).isEqualTo(found.high() != End.FOUND);
      }
      List<String> statements = new Identifiability(ENGINE, fit, runs).examine().statements();
      assertThat(statements).isNotEmpty();
    }
  }

  /**
   * What is said to be unbounded fits as well far out, by a search of its own; what could not be
   * followed is called so.
   */
  @Test
  void onlyWhatStaysLowIsCalledUnbounded() {
    Law law = new Chinchilla();
    int unbounded = 0;
    int lost = 0;
    Random random = new Random(5);
    double[] n = new double[20];
    double[] d = new double[20];
    double[] loss = new double[20];
    for (int i = 0; i < 20; i++) {
      n[i] = 5e7 * Math.pow(100, i / 19.0);
      d[i] = 20 * n[i];
      loss[i] = law.loss(law.example(), n[i], d[i]) * Math.exp(3e-3 * random.nextGaussian());
    }
    RunSet runs = new RunSet(n, d, loss);
    LawFit fit = new GlobalFit(ENGINE, FEW).fit(law, runs);
    double scale = fit.residualScale();
    double limit = AsymptoticInference.quantile(15, 0.95);
    Identifiability.Report report = new Identifiability(ENGINE, fit, runs).examine();
    for (Identifiability.Curve curve : report.curves()) {
      if (fit.atLimit().contains(law.centredNames().indexOf(curve.parameter()))) {
        continue;
      }
      String name = curve.parameter().equals("lnE") ? "E" : curve.parameter();
      for (int side : new int[] {-1, 1}) {
        End end = side < 0 ? curve.found().low() : curve.found().high();
        if (end == End.UNBOUNDED) {
          double half = curve.values()[curve.values().length - 1] - curve.estimate();
          double far = curve.estimate() + 3 * side * half;
          CostScan.Axis axis = new CostScan.Axis(curve.parameter(), far, far, 1);
          double cost =
              new CostScan(ENGINE, FitOptions.DEFAULT.withStarts(100, 5), ProgressListener.NONE)
                  .run(fit, runs, List.of(axis), true, List.of())
                  .least();
          assertThat(Math.sqrt(Math.max(0, 2 * (cost - fit.cost()))) / scale)
              .as("%s %d", name, side)
              .isLessThan(limit);
          unbounded++;
        } else if (end == End.LOST) {
          assertThat(report.statements())
              .anyMatch(line ->
                  line.contains("bound " + name + " ")
                      && line.contains(side < 0 ? "below" : "above")
                      && line.endsWith("its profile could not be followed there"));
          lost++;
        }
      }
    }
    assertThat(unbounded).isPositive();
    assertThat(lost).isPositive();
  }
}
