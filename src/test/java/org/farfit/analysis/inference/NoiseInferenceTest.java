package org.farfit.analysis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.SimulatedNoise;
import org.farfit.analysis.SimulatedTruth;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.coverage.CoverageRow;
import org.farfit.analysis.coverage.CoverageStudy;
import org.farfit.analysis.coverage.DefaultCoverage;
import org.farfit.analysis.coverage.Ties;
import org.farfit.analysis.study.LawSelection;
import org.farfit.analysis.study.RunDesign;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.NestedBootstrap;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.fit.search.GeneralisedFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.LinearPropagation;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.NoiseModel.Kind;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawFile;
import org.farfit.formula.Model;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Profiles, tests, designs and comparisons follow the noise of a fit. */
class NoiseInferenceTest {

  private static final Engine ENGINE = Engines.open("auto");
  private static final Law LAW = new Chinchilla();
  private static final FitOptions FEW = FitOptions.DEFAULT.withStarts(8, 1);
  private static final DesignGrid GRID = DesignGrid.small();

  private static RunSet runs(int seed, SimulatedNoise noise) {
    RunSet plan = GRID.runs();
    Surface truth = SimulatedTruth.of(LAW);
    RunSet exact = Simulation.runs(truth, plan, new double[plan.size()]);
    Centre centre = Centre.of(exact.n(), exact.d(), exact.loss());
    return Simulation.runs(
        truth, plan, noise.errors(plan, centre, 2e-3, new SplittableRandom(seed)));
  }

  private static LawFit fit(Law law, RunSet runs, Kind kind) {
    return new GeneralisedFit(ENGINE, FEW)
        .fit(new GlobalFit(ENGINE, FEW).fit(law, runs), runs, Optional.of(kind));
  }

  private static double error(Estimands estimands, LawFit fit, double[][] covariance) {
    return LinearPropagation.errors(
        estimands.scaledAround(fit.surface()), fit.surface().centredArray(), covariance)[0];
  }

  /** In a nearly linear direction a profile is as long as s^2 (J'V^-1 J)^-1 says. */
  @Test
  void profilesAreThoseOfTheModel() {
    RunSet runs = runs(1, SimulatedNoise.BOTH);
    LawFit fit = fit(LAW, runs, Kind.BOTH);
    assertThat(fit.isGeneralised()).isTrue();
    double[][] covariance =
        Uncertainty.generalised(
                fit.evaluation(runs), new double[5], List.of(), fit.structuredNoise().orElseThrow())
            .orElseThrow();
    Estimands middle = Estimands.losses(List.of(new Estimands.Point(5e8, 2e10)));
    double t = AsymptoticInference.quantile(runs.sizes() - 1, 0.9);
    double half = t * error(middle, fit, covariance);
    double width = 2 * half * fit.loss(5e8, 2e10);
    assertThat(new ProfileInference(fit, runs).interval(middle, 0, 0.9).width())
        .isCloseTo(width, within(0.05 * width));
  }

  /**
   * What is said of a formula where sizes share errors is what is said of the law by hand that it
   * states: profiles, replicates of all kinds, designs, and what runs determine.
   */
  @Test
  void formulasHaveTheInferenceOfTheLawsThatTheyState() {
    RunSet runs = runs(4, SimulatedNoise.SIZE);
    Law formula = StatedLaw.parse("E + A*N^-alpha + B*D^-beta").over(runs);
    LawFit hand = fit(LAW, runs, Kind.SIZE);
    LawFit stated = fit(formula, runs, Kind.SIZE);
    assertThat(stated.isGeneralised()).isTrue();
    Estimands target = Estimands.losses(List.of(new Estimands.Point(1e10, 2e11)));
    Interval expected = new ProfileInference(hand, runs).interval(target, 0, 0.9);
    Interval found = new ProfileInference(stated, runs).interval(target, 0, 0.9);
    double width = expected.width();
    assertThat(found.low()).isCloseTo(expected.low(), within(1e-4 * width));
    assertThat(found.high()).isCloseTo(expected.high(), within(1e-4 * width));
    assertThat(stated.degreesOfFreedom(runs)).isEqualTo(hand.degreesOfFreedom(runs));
    for (Resampling resampling :
        List.of(Resampling.PAIRS, Resampling.GROUPS, Resampling.WILD, Resampling.PARAMETRIC)) {
      BootstrapOptions options = BootstrapOptions.pairs(20, 1).with(resampling);
      double[] ofHand = losses(options, hand, runs, target);
      double[] ofFormula = losses(options, stated, runs, target);
      for (int b = 0; b < ofHand.length; b++) {
        assertThat(ofFormula[b]).as("%s", resampling).isCloseTo(ofHand[b], within(1e-3 * width));
      }
    }
    List<Estimands.Point> plan = List.of(new Estimands.Point(2e9, 1e11));
    double byHand =
        new RunDesign(ENGINE, hand, runs, target, run -> 6 * run.n() * run.d(), 100, 1, 1)
            .score(plan)
            .standardError();
    double byFormula =
        new RunDesign(ENGINE, stated, runs, target, run -> 6 * run.n() * run.d(), 100, 1, 1)
            .score(plan)
            .standardError();
    assertThat(byFormula).isCloseTo(byHand, within(1e-3 * byHand));
  }

  /** Intervals allow for weights that a test got wrong, comparisons do not need to. */
  @Test
  void replicatesBySizesScatterByTheJackknifeForIntervalsAndLessForComparisons() {
    RunSet runs = runs(4, SimulatedNoise.SIZE);
    LawFit fit = fit(LAW, runs, Kind.SIZE);
    Replicates replicates =
        new Bootstrap(
                ENGINE,
                BootstrapOptions.pairs(1000, 1).with(Resampling.WILD),
                ProgressListener.NONE)
            .run(fit, runs);
    Inference inference = inference(fit, replicates, runs);
    double n = 2e9;
    double d = 4e10;
    double jackknife = fit.surface().logLossError(n, d).orElseThrow();
    Estimands target = Estimands.losses(List.of(new Estimands.Point(n, d)));
    double ordinary = error(target, fit, fit.clusteredErrors(runs).orElseThrow().covariance());
    assertThat(ordinary).isLessThan(0.9 * jackknife);
    double scatter =
        BootstrapIntervals.standardError(
            inference.surfaces().stream().mapToDouble(each -> Math.log(each.loss(n, d))).toArray());
    // Of 1000 replicates, 2.5%, and what is not linear.
    assertThat(scatter).isCloseTo(jackknife, within(0.08 * jackknife));
    assertThat(inference.scatter().shortfall()).isEqualTo(1);
    ComparedInference.Scatter compared = inference.compared();
    assertThat(compared.beside(compared).at(n, d).shortfall())
        .isCloseTo(ordinary / jackknife, within(1e-6));
    // Tests of the other recipe may have missed what sizes share.
    ComparedInference.Scatter beside = compared.beside(ComparedInference.Scatter.NORMAL);
    assertThat(beside.at(n, d).shortfall()).isEqualTo(1);
    assertThat(beside.at(n, d).degreesOfFreedom()).isEqualTo(compared.at(n, d).degreesOfFreedom());
  }

  /** The same where weights follow a variance, and replicates are of whole runs. */
  @Test
  void replicatesOfWeighedRunsCountForMoreInIntervalsAlone() {
    RunSet runs = runs(4, SimulatedNoise.VARIANCE);
    LawFit fit = fit(LAW, runs, Kind.VARIANCE);
    assertThat(fit.isGeneralised()).isTrue();
    Replicates replicates =
        new Bootstrap(ENGINE, BootstrapOptions.pairs(20, 1), ProgressListener.NONE).run(fit, runs);
    Inference inference = inference(fit, replicates, runs);
    double n = runs.size();
    assertThat(inference.scatter().shortfall()).isCloseTo(Math.sqrt(n / (n - 5)), within(1e-12));
    assertThat(inference.compared().at(2e9, 4e10).shortfall())
        .isCloseTo(Math.sqrt(n / (n - 1)), within(1e-12));
  }

  private static Inference inference(LawFit fit, Replicates replicates, RunSet runs) {
    return Inference.ofLaw(
        ENGINE,
        new Inference.Member(fit, Optional.of(replicates)),
        runs,
        0.9,
        IntervalType.DEFAULT);
  }

  private static double[] losses(
      BootstrapOptions options, LawFit fit, RunSet runs, Estimands target) {
    Replicates replicates = new Bootstrap(ENGINE, options, ProgressListener.NONE).run(fit, runs);
    return replicates
        .usable()
        .mapToDouble(b -> target.values().apply(replicates.surface(b))[0])
        .toArray();
  }

  /** Chinchilla within skaling, both of formulas: p is that of the laws by hand. */
  @Test
  void lawsWithinFormulasAreTestedUnderTheNoise() {
    RunSet runs = runs(5, SimulatedNoise.BOTH);
    Law skaling =
        FormulaLaw.of(
            Model.of(
                LawFile.parse(
                    "mine.yaml",
                    """
                    name: mine
                    loss: E + (A/N^alpha + B/D^beta)^k
                    parameters: {E: positive, A: positive, B: positive, alpha: any, beta: any, k: positive}
                    nested: chinchilla at k = 1
                    """)),
            true,
            runs);
    LawSelection selection =
        new LawSelection(ENGINE, FEW, ProgressListener.NONE, Optional.of(Kind.BOTH));
    LawSelection.Test hand = selection.tests(List.of(LAW, new Skaling()), runs).getFirst();
    LawSelection.Test stated = selection.tests(List.of(LAW, skaling), runs).getFirst();
    assertThat(stated.statistic()).isCloseTo(hand.statistic(), within(1e-3));
    // Of 399 replicates.
    assertThat(stated.p()).isCloseTo(hand.p(), within(0.01));
  }

  /** A plan of no runs leaves an estimand as uncertain as the model says it is. */
  @Test
  void designsDrawErrorsFromTheModel() {
    RunSet runs = runs(2, SimulatedNoise.SIZE);
    LawFit fit = fit(LAW, runs, Kind.SIZE);
    NoiseModel model = fit.structuredNoise().orElseThrow();
    assertThat(model.sizeDeviation()).isGreaterThan(5e-4);
    Estimands target = Estimands.losses(List.of(new Estimands.Point(1e10, 2e11)));
    double[][] covariance =
        Uncertainty.generalised(fit.evaluation(runs), new double[5], List.of(), model)
            .orElseThrow();
    RunDesign design =
        new RunDesign(ENGINE, fit, runs, target, run -> 6 * run.n() * run.d(), 400, 1, 1);
    double expected = error(target, fit, covariance);
    // Of 400 simulations, 3.5%, and what is not linear.
    assertThat(design.score(List.of()).standardError())
        .isCloseTo(expected, within(0.15 * expected));
    // Twenty more runs of a size say less than twenty of as many sizes of their own.
    Estimands.Point again = new Estimands.Point(runs.n(runs.size() - 1), 1e11);
    List<Estimands.Point> same = Collections.nCopies(20, again);
    List<Estimands.Point> apart =
        IntStream.range(0, 20)
            .mapToObj(k -> new Estimands.Point(again.n() * Math.pow(0.95, k), 1e11))
            .toList();
    assertThat(design.score(apart).standardError())
        .isLessThan(0.95 * design.score(same).standardError());
  }

  /** What no model describes is tested by replicates: chinchilla within skaling. */
  @Test
  void testsBySizesRejectWhatHoldsAsSeldomAsTheySay() {
    int sets = 40;
    int rejected = 0;
    for (int seed = 0; seed < sets; seed++) {
      rejected +=
          rejects(
              new LawSelection(ENGINE, FEW.withThreads(1), ProgressListener.NONE),
              List.of(LAW, new Skaling()),
              runs(seed, SimulatedNoise.ALONG_D));
    }
    // 2 expected, standard deviation 1.4.
    assertThat(rejected).isLessThanOrEqualTo(7);
  }

  private static int rejects(LawSelection selection, List<Law> laws, RunSet runs) {
    return selection.tests(laws, runs).getFirst().p() < 0.05 ? 1 : 0;
  }

  /** A law that does not hold is rejected; of one that holds p may be anything. */
  @Test
  void replicatesOfTheSmallerLawTellThemApart() {
    RunSet exact = runs(3, SimulatedNoise.SIZE);
    Law skaling = new Skaling();
    double[] bent = exact.loss();
    for (int i = 0; i < bent.length; i++) {
      bent[i] *=
          skaling.loss(skaling.example(), exact.n(i), exact.d(i))
              / LAW.loss(LAW.example(), exact.n(i), exact.d(i));
    }
    RunSet runs = new RunSet(exact.n(), exact.d(), bent);
    LawFit large = fit(skaling, runs, Kind.SIZE);
    LawFit small = fit(LAW, runs, Kind.SIZE);
    double[] smaller = Arrays.copyOf(small.surface().centredArray(), 6);
    NestedBootstrap test = new NestedBootstrap(ENGINE, 199, 1, 1);
    double fall =
        small.evaluation(runs).generalised(large.structuredNoise().orElseThrow()).cost[0]
                / large.minimised(runs)
            - 1;
    assertThat(test.p(large, smaller, List.of(5), runs, fall)).isLessThan(0.05);
    assertThat(test.p(large, smaller, List.of(5), runs, 0)).isGreaterThan(0.9);
  }

  /** Two data sets of one truth are told apart in a tenth of the pairs. */
  @Test
  void tiesAreTies() {
    CoverageStudy study = CoverageStudy.of(LAW, GRID, SimulatedNoise.SIZE, 2e-3, 120, 1, 0.9);
    for (Ties.Row row :
        new DefaultCoverage(ENGINE, 100, 2, ProgressListener.NONE).ties(LAW, study)) {
      // 6 of 60 expected, standard deviation 2.3; without a correction by sizes it is half of them.
      assertThat(row.toldApart()).as(row.of()).isBetween(0.0, 0.22);
    }
  }

  /** What is printed by default, where errors are shared. */
  @Test
  void defaultIntervalsCover() {
    CoverageStudy study = CoverageStudy.of(LAW, GRID, SimulatedNoise.SIZE, 2e-3, 100, 1, 0.9);
    List<CoverageRow> rows =
        new DefaultCoverage(ENGINE, 0, 2, ProgressListener.NONE).run(LAW, study);
    assertThat(rows).hasSize(6);
    for (CoverageRow row : rows) {
      // 90 expected, standard deviation 3.
      assertThat(row.coverage()).as(row.estimand()).isBetween(0.8, 0.99);
    }
  }
}
