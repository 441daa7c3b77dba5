package org.farfit.fit.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.RealData;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.fit.search.FewSizes;
import org.farfit.fit.search.GeneralisedFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.NoiseModel.Kind;
import org.farfit.fit.statistics.NoiseStudy.Feature;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Noise that is known: what the study finds, and intervals that follow it. */
class NoiseStudyTest {

  private static final Engine ENGINE = Engines.open("auto");
  private static final Law LAW = new Chinchilla();
  private static final FitOptions FEW = FitOptions.DEFAULT.withStarts(12, 1);
  private static final RunSet EXACT = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 0, 1);
  private static final Centre CENTRE = Centre.of(EXACT.n(), EXACT.d(), EXACT.loss());
  private static final double OWN = 1.5e-3;

  private static RunSet runs(int seed, double shared, double slopeD) {
    Random random = new Random(seed);
    double[] sizes = Arrays.stream(EXACT.n()).distinct().sorted().toArray();
    double[] effect =
        IntStream.range(0, sizes.length).mapToDouble(g -> random.nextGaussian()).toArray();
    double[] loss = EXACT.loss();
    for (int i = 0; i < loss.length; i++) {
      double own = OWN * Math.exp(0.5 * slopeD * CENTRE.y(EXACT.d(i))) * random.nextGaussian();
      loss[i] *= Math.exp(own + shared * effect[Arrays.binarySearch(sizes, EXACT.n(i))]);
    }
    return new RunSet(EXACT.n(), EXACT.d(), loss);
  }

  private static LawFit studied(RunSet runs, Optional<Kind> asked) {
    return new GlobalFit(ENGINE, FEW).fit(LAW, runs).withNoise(runs, asked);
  }

  /** Tests reject what is not there as seldom as they say, and find what is there. */
  @Test
  void whatIsThereIsFoundAndWhatIsNotIsNot() {
    int sets = 40;
    int[] wrong = new int[2];
    int[] right = new int[2];
    for (int seed = 0; seed < sets; seed++) {
      NoiseStudy.Result none = studied(runs(seed, 0, 0), Optional.empty()).noise().orElseThrow();
      assertThat(none.p()).containsOnlyKeys(Feature.values());
      // At 5%, to have something to count.
      wrong[0] += none.p().get(Feature.SIZES) <= 0.05 ? 1 : 0;
      wrong[1] += none.p().get(Feature.VARIANCE_D) <= 0.05 ? 1 : 0;
      NoiseStudy.Result shared =
          studied(runs(seed, 1.5e-3, 0), Optional.empty()).noise().orElseThrow();
      right[0] += shared.model().kind().sharesBySize() ? 1 : 0;
      NoiseStudy.Result changing =
          studied(runs(seed, 0, -0.7), Optional.empty()).noise().orElseThrow();
      right[1] += changing.model().kind().changesVariance() ? 1 : 0;
    }
    // 2 expected, standard deviation 1.4.
    assertThat(wrong[0]).isLessThan(8);
    assertThat(wrong[1]).isLessThan(8);
    assertThat(right[0]).isGreaterThan(36);
    assertThat(right[1]).isGreaterThan(36);
  }

  private static RunSet ofSizes(int sizes) {
    List<DesignGrid.Point> points = new ArrayList<>();
    for (int i = 0; i < sizes; i++) {
      for (int k = 0; k < 8; k++) {
        points.add(new DesignGrid.Point(1e8 * Math.pow(2, i), 2e9 * Math.pow(2, k)));
      }
    }
    return Simulation.runs(LAW, LAW.example(), new DesignGrid(points), OWN, 1);
  }

  /** E, A and alpha follow whatever three sizes share: nothing is left to test, or to go by. */
  @Test
  void whatSizesShareIsNotLookedForWhereTheLawFollowsIt() {
    for (int sizes : new int[] {3, 4, 8}) {
      RunSet runs = ofSizes(sizes);
      LawFit fit = studied(runs, Optional.empty());
      assertThat(NoiseStudy.freedomOfSizes(fit.evaluation(runs), List.of()).orElseThrow())
          .isCloseTo(sizes - 3, within(0.05));
      boolean few = FewSizes.of(fit, runs).isPresent();
      assertThat(fit.noise().orElseThrow().p().containsKey(Feature.SIZES)).isEqualTo(!few);
      assertThat(fit.noise().orElseThrow().p().containsKey(Feature.ALONG_D)).isEqualTo(sizes > 3);
      assertThat(few).isEqualTo(sizes < 6 && !fit.sharesNoiseBySize());
    }
    // The verdict does not say that nothing is there where nothing could be seen.
    assertThat(studied(ofSizes(3), Optional.empty()).noise().orElseThrow().verdict())
        .contains(
            "nothing but independent, like errors, but cannot tell what runs of a size share");
    assertThat(FewSizes.of(studied(ofSizes(3), Optional.empty()), ofSizes(3)).orElseThrow())
        .startsWith("chinchilla: 3 sizes, of which it leaves 0.0 degrees of freedom");
  }

  /** The truth on runs whose errors are independent, of a variance that falls as N^-2. */
  private static Evaluation scatteringBySize(int seed) {
    Random random = new Random(seed);
    double[] loss = EXACT.loss();
    for (int i = 0; i < loss.length; i++) {
      loss[i] *= Math.exp(OWN * Math.exp(-CENTRE.x(EXACT.n(i))) * random.nextGaussian());
    }
    double[] centred = new double[5];
    LAW.toCentred(CENTRE, LAW.example(), centred);
    RunSet runs = new RunSet(EXACT.n(), EXACT.d(), loss);
    return Evaluation.of(LAW, CENTRE, centred, runs, Objective.LOG_SQUARED);
  }

  /**
   * Where a few sizes have most of the scatter, sums by size look large beside errors that are all
   * alike. They are compared with errors like their own, nearly as if one knew how variances go.
   */
  @Test
  void sharedErrorsAreLookedForBesideAVarianceThatChanges() {
    NoiseModel truth = new NoiseModel(Kind.VARIANCE, 1, 0, 0, -2);
    for (int seed : new int[] {9, 16, 18}) {
      Evaluation at = scatteringBySize(seed);
      NoiseStudy.Result found = NoiseStudy.of(at, List.of(), Optional.empty()).orElseThrow();
      assertThat(found.shows(Feature.VARIANCE_N)).isTrue();
      FitResiduals residuals = new FitResiduals(at, List.of());
      residuals.project(residuals.residual);
      FeatureTests tests = new FeatureTests(residuals);
      double expected = tests.p(truth).get(Feature.SIZES);
      assertThat(found.p().get(Feature.SIZES)).isCloseTo(expected, within(0.03));
      // It matters: 0.685, 0.928 and 0.003 would be 0.003, 0.065 and 0.093.
      assertThat(tests.p(NoiseModel.independent(1)).get(Feature.SIZES))
          .isNotCloseTo(expected, within(0.06));
    }
  }

  /** The model of a kind, without tests, is the one that a study takes for that kind. */
  @Test
  void aModelAloneIsThatOfTheStudy() {
    RunSet runs = runs(7, 1.5e-3, -0.5);
    LawFit fit = studied(runs, Optional.empty());
    for (Kind kind : Kind.values()) {
      assertThat(NoiseStudy.model(fit.evaluation(runs), fit.atLimit(), kind))
          .isEqualTo(fit.withNoise(runs, Optional.of(kind)).noise().map(NoiseStudy.Result::model));
    }
  }

  /** From a stated model the same one is found, whether the stated is right or not. */
  @Test
  void aStatedModelIsConfirmedOrReplaced() {
    RunSet runs = runs(7, 1.5e-3, -0.5);
    LawFit fit = studied(runs, Optional.empty());
    for (Kind kind : Kind.values()) {
      NoiseModel model = NoiseStudy.model(fit.evaluation(runs), fit.atLimit(), kind).orElseThrow();
      for (double by : new double[] {0, 1e-4, 0.3}) {
        NoiseModel stated =
            new NoiseModel(
                kind,
                (1 + by) * model.deviation(),
                model.sizeDeviation(),
                model.slopeD() + by,
                model.slopeN() - by);
        NoiseModel found =
            NoiseStudy.modelNear(fit.evaluation(runs), fit.atLimit(), stated, 1e-5).orElseThrow();
        assertThat(found.kind()).isEqualTo(kind);
        assertThat(found.deviation()).isCloseTo(model.deviation(), withinPercentage(1e-4));
        assertThat(found.sizeDeviation())
            .isCloseTo(model.sizeDeviation(), within(1e-6 * model.deviation()));
        assertThat(found.slopeD()).isCloseTo(model.slopeD(), within(1e-5));
        assertThat(found.slopeN()).isCloseTo(model.slopeN(), within(1e-5));
      }
    }
  }

  /** Estimates are right on average over data sets. */
  @Test
  void modelsAreEstimatedWithoutBias() {
    int sets = 40;
    double own = 0;
    double shared = 0;
    double slope = 0;
    for (int seed = 0; seed < sets; seed++) {
      NoiseModel model =
          studied(runs(100 + seed, 1.5e-3, -0.5), Optional.of(Kind.BOTH))
              .noise()
              .orElseThrow()
              .model();
      own += model.deviation() * model.deviation() / sets;
      shared += model.sizeDeviation() * model.sizeDeviation() / sets;
      slope += model.slopeD() / sets;
    }
    assertThat(own).isCloseTo(OWN * OWN, within(0.06 * OWN * OWN));
    // Of 17 or so sizes' variances, each uncertain by a third: 6% over the sets.
    assertThat(shared).isCloseTo(OWN * OWN, within(0.2 * OWN * OWN));
    assertThat(slope).isCloseTo(-0.5, within(0.05));
  }

  /**
   * Yields of dyestuff from six batches of an intermediate, five samples each (Davies 1947, table
   * 6.1), around one mean. The variances between and within batches are published as 1764.05 and
   * 2451.25, by analysis of variance and by restricted maximum likelihood alike, which agree where
   * batches are of a size (Bates, Maechler, Bolker and Walker 2015, Dyestuff).
   */
  @Test
  void componentsOfVarianceAreThoseOfTheTextbook() {
    double[][] yields = {
      {1545, 1440, 1440, 1520, 1580},
      {1540, 1555, 1490, 1560, 1495},
      {1595, 1550, 1605, 1510, 1560},
      {1445, 1440, 1595, 1465, 1545},
      {1595, 1630, 1515, 1635, 1625},
      {1520, 1455, 1450, 1480, 1445}
    };
    double[] n = new double[30];
    double[] d = new double[30];
    double[] loss = new double[30];
    for (int i = 0; i < 30; i++) {
      n[i] = 1e8 * (1 + Math.floorDiv(i, 5));
      d[i] = 1e9 * (1 + i % 5);
      loss[i] = Math.exp(1e-3 * yields[Math.floorDiv(i, 5)][i % 5]);
    }
    RunSet runs = new RunSet(n, d, loss);
    Law mean = FormulaLaw.of(Model.of(LawText.formula("E + 0*N + 0*D")), true, runs);
    LawFit fit = new GlobalFit(ENGINE, FEW).fit(mean, runs);
    NoiseModel model =
        NoiseStudy.of(fit.evaluation(runs), List.of(), Optional.of(Kind.SIZE))
            .orElseThrow()
            .model();
    assertThat(1e6 * Math.pow(model.sizeDeviation(), 2)).isCloseTo(1764.05, within(1e-6));
    assertThat(1e6 * Math.pow(model.deviation(), 2)).isCloseTo(2451.25, within(1e-6));
  }

  /** A^-1 J'VJ A^-1 with V written out, in dense matrices. */
  @Test
  void theCovarianceIsThatOfTheModel() {
    RunSet runs = runs(3, 1.5e-3, -0.5);
    LawFit fit = studied(runs, Optional.of(Kind.BOTH));
    NoiseModel model = fit.noise().orElseThrow().model();
    int n = runs.size();
    DMatrixRMaj jacobian = new DMatrixRMaj(n, 5);
    DMatrixRMaj v = new DMatrixRMaj(n, n);
    double[] gradient = new double[5];
    for (int i = 0; i < n; i++) {
      LAW.logLossAt(
          fit.surface().centre(), fit.surface().centredArray(), runs.n(i), runs.d(i), gradient);
      for (int j = 0; j < 5; j++) {
        jacobian.set(i, j, gradient[j]);
      }
      for (int k = 0; k < n; k++) {
        double shared = runs.n(i) == runs.n(k) ? Math.pow(model.sizeDeviation(), 2) : 0;
        double own = i == k ? model.variance(fit.surface().centre(), runs.n(i), runs.d(i)) : 0;
        v.set(i, k, shared + own);
      }
    }
    DMatrixRMaj normal = new DMatrixRMaj(5, 5);
    CommonOps_DDRM.multTransA(jacobian, jacobian, normal);
    CommonOps_DDRM.invert(normal);
    DMatrixRMaj gain = new DMatrixRMaj(5, n);
    CommonOps_DDRM.multTransB(normal, jacobian, gain);
    DMatrixRMaj half = new DMatrixRMaj(5, n);
    CommonOps_DDRM.mult(gain, v, half);
    DMatrixRMaj expected = new DMatrixRMaj(5, 5);
    CommonOps_DDRM.multTransB(half, gain, expected);
    double[][] covariance = fit.surface().covariance().orElseThrow();
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        double scale = Math.sqrt(expected.get(i, i) * expected.get(j, j));
        assertThat(covariance[i][j]).isCloseTo(expected.get(i, j), within(1e-8 * scale));
      }
    }
  }

  /**
   * Residuals beside the optimum of ordinary least squares, as generalised ones leave them, are
   * studied without what lies along the columns of the Jacobian, which is what a fit could remove.
   */
  @Test
  void whatAFitCouldRemoveIsNoNoise() {
    RunSet runs = runs(6, 0, 0);
    LawFit fit = new GlobalFit(ENGINE, FEW).fit(LAW, runs);
    double[] beside = fit.surface().centredArray();
    double[][] covariance = fit.surface().covariance().orElseThrow();
    beside[1] += 3 * Math.sqrt(covariance[1][1]);
    assertThat(deviation(beside, fit, runs))
        .isCloseTo(deviation(fit.surface().centredArray(), fit, runs), withinPercentage(0.05));
    // Which is no matter of course: the residuals themselves are larger.
    Evaluation at = Evaluation.of(LAW, fit.surface().centre(), beside, runs, fit.objective());
    assertThat(at.sumOfSquares()).isGreaterThan(1.02 * 2 * fit.cost());
  }

  private static double deviation(double[] centred, LawFit fit, RunSet runs) {
    Evaluation at = Evaluation.of(LAW, fit.surface().centre(), centred, runs, fit.objective());
    return NoiseStudy.of(at, List.of(), Optional.of(Kind.INDEPENDENT))
        .orElseThrow()
        .model()
        .deviation();
  }

  /** Under the usual model everything stays as it is without a study. */
  @Test
  void independentNoiseChangesNothing() {
    RunSet runs = runs(5, 0, 0);
    LawFit plain = new GlobalFit(ENGINE, FEW).fit(LAW, runs);
    LawFit fit = plain.withNoise(runs, Optional.of(Kind.INDEPENDENT));
    assertThat(fit.standardErrors().orElseThrow()).isEqualTo(plain.standardErrors().orElseThrow());
    assertThat(fit.surface().covariance().orElseThrow())
        .isDeepEqualTo(plain.surface().covariance().orElseThrow());
    assertThat(fit.noise().orElseThrow().asked()).isTrue();
    assertThat(fit.structuredNoise()).isEmpty();
    LawFit plainHuber = huber(runs);
    LawFit huber = plainHuber.withNoise(runs, Optional.of(Kind.INDEPENDENT));
    assertThat(huber.surface().covariance().orElseThrow())
        .isDeepEqualTo(plainHuber.surface().covariance().orElseThrow());
  }

  private static LawFit huber(RunSet runs) {
    return new GlobalFit(ENGINE, FEW.withObjective(Objective.logHuber(OWN))).fit(LAW, runs);
  }

  /** By robust loss, too, shared errors are found, and are as large as they are. */
  @Test
  void residualsOfRobustFitsAreStudied() {
    double[] shared = new double[12];
    double[] own = new double[12];
    for (int set = 0; set < shared.length; set++) {
      RunSet runs = runs(40 + set, 2e-3, 0);
      LawFit fit = huber(runs).withNoise(runs, Optional.of(Kind.SIZE));
      shared[set] = fit.structuredNoise().orElseThrow().sizeDeviation();
      own[set] = fit.structuredNoise().orElseThrow().deviation();
      assertThat(fit.noise().orElseThrow().p().get(Feature.SIZES)).isLessThan(0.02);
    }
    // Beyond the threshold of 1.5e-3 residuals count for more than they are where these are 2.5e-3.
    assertThat(Arrays.stream(shared).average().orElseThrow()).isBetween(1.7e-3, 2.8e-3);
    assertThat(Arrays.stream(own).average().orElseThrow()).isBetween(1.3e-3, 1.9e-3);
    RunSet alike = runs(60, 0, 0);
    LawFit fit = huber(alike).withNoise(alike, Optional.empty());
    assertThat(fit.noise().orElseThrow().p().get(Feature.SIZES)).isGreaterThan(0.05);
  }

  /** Standard errors of robust fits, beside what they scatter by where sizes share errors. */
  @Test
  void errorsOfRobustFitsFollowSharedOnes() {
    double n = 4 * Arrays.stream(EXACT.n()).max().orElseThrow();
    double truth = Math.log(LAW.loss(LAW.example(), n, 20 * n));
    double squares = 0;
    double meanVariance = 0;
    double usual = 0;
    int sets = 60;
    for (int set = 0; set < sets; set++) {
      RunSet runs = runs(100 + set, 2e-3, 0);
      LawFit plain = huber(runs);
      LawFit fit = plain.withNoise(runs, Optional.empty());
      squares += Math.pow(Math.log(fit.loss(n, 20 * n)) - truth, 2) / sets;
      meanVariance += Math.pow(fit.surface().logLossError(n, 20 * n).orElseThrow(), 2) / sets;
      usual += Math.pow(plain.surface().logLossError(n, 20 * n).orElseThrow(), 2) / sets;
      assertThat(new GeneralisedFit(ENGINE, FEW).fit(plain, runs, Optional.empty()).isGeneralised())
          .isFalse();
    }
    // The standard deviation of a ratio of roots is 9%.
    assertThat(Math.sqrt(meanVariance / squares)).isBetween(0.75, 1.3);
    assertThat(Math.sqrt(usual / squares)).isLessThan(0.6);
  }

  /** What is not weighed by the model says so. */
  @Test
  void whatStaysAsItIsSaysSo() {
    RunSet runs = runs(41, 2e-3, 0);
    assertThat(huber(runs).withNoise(runs, Optional.of(Kind.SIZE)).noise().orElseThrow().verdict())
        .contains("the fit itself stays as it is");
  }

  /** Nominal 90% intervals at four times the largest size, where sizes share errors. */
  @Test
  void intervalsUnderSharedErrorsCover() {
    double large = 4 * Arrays.stream(EXACT.n()).max().orElseThrow();
    Estimands loss = Estimands.losses(List.of(new Estimands.Point(large, 20 * large)));
    double truth = LAW.loss(LAW.example(), large, 20 * large);
    int sets = 60;
    int[] covered = new int[2];
    for (int seed = 0; seed < sets; seed++) {
      RunSet runs = runs(200 + seed, 1.5e-3, 0);
      LawFit plain = new GlobalFit(ENGINE, FEW).fit(LAW, runs);
      LawFit[] fits = {plain, plain.withNoise(runs, Optional.empty())};
      for (int k = 0; k < 2; k++) {
        covered[k] += interval(fits[k], runs, Optional.empty(), loss).contains(truth) ? 1 : 0;
      }
    }
    // 54 expected, standard deviation 2.3.
    assertThat(covered[0]).isLessThan(46);
    assertThat(covered[1]).isBetween(47, 60);
  }

  private static Interval interval(
      LawFit fit, RunSet runs, Optional<Replicates> replicates, Estimands estimands) {
    return Inference.ofLaw(
            ENGINE, new Inference.Member(fit, replicates), runs, 0.9, IntervalType.DEFAULT)
        .of(estimands, false)
        .getFirst()
        .interval();
  }

  /** Replicates share errors by size, and single runs scatter less at large D. */
  @Test
  void replicatesAndSingleRunsFollowTheModel() {
    RunSet runs = runs(7, 1.5e-3, -0.7);
    LawFit fit = studied(runs, Optional.of(Kind.BOTH));
    BootstrapOptions options = BootstrapOptions.pairs(400, 1).withRestarts(0).suitedTo(fit);
    assertThat(options.resampling()).isEqualTo(Resampling.WILD);
    Replicates replicates = new Bootstrap(ENGINE, options, ProgressListener.NONE).run(fit, runs);
    double n = EXACT.n(EXACT.size() / 2);
    List<Estimands.Point> points =
        List.of(new Estimands.Point(n, 1e9), new Estimands.Point(n, 4e11));
    Interval surface = interval(fit, runs, Optional.of(replicates), Estimands.losses(points));
    Interval linear = interval(fit, runs, Optional.empty(), Estimands.losses(points));
    assertThat(surface.width()).isCloseTo(linear.width(), within(0.2 * linear.width()));
    for (Optional<Replicates> given :
        List.of(Optional.of(replicates), Optional.<Replicates>empty())) {
      List<Interval> ofRuns =
          Inference.ofLaw(ENGINE, new Inference.Member(fit, given), runs, 0.9, IntervalType.DEFAULT)
              .ofRuns(points);
      NoiseModel model = fit.noise().orElseThrow().model();
      for (int k = 0; k < 2; k++) {
        double total =
            Math.sqrt(model.totalVariance(fit.surface().centre(), n, points.get(k).d(), 1));
        double half = 0.5 * ofRuns.get(k).width() / fit.loss(n, points.get(k).d());
        assertThat(half).isBetween(1.55 * total, 2.3 * total);
      }
      assertThat(ofRuns.get(0).width()).isGreaterThan(1.3 * ofRuns.get(1).width());
    }
  }

  /** Farseer's runs share errors by size, and scatter less where N is large. */
  @Test
  void theFarseerRunsShareErrorsBySize() {
    RunSet runs = RealData.farseer();
    LawFit fit =
        new GlobalFit(ENGINE, FitOptions.DEFAULT)
            .fit(new Farseer(), runs)
            .withNoise(runs, Optional.empty());
    NoiseStudy.Result noise = fit.noise().orElseThrow();
    assertThat(noise.shows(Feature.SIZES)).isTrue();
    assertThat(noise.shows(Feature.ALONG_D)).isTrue();
    assertThat(noise.model().kind().sharesBySize()).isTrue();
    assertThat(noise.verdict()).contains("correlation within sizes", "share an error");
    assertThat(fit.cost()).isCloseTo(6.28081006e-4, within(1e-11));
  }
}
