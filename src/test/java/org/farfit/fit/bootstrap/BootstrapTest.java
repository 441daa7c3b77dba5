package org.farfit.fit.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.farfit.RealData;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.study.RunDesign;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Evaluator;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.piecewise.PiecewiseFit;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.fit.regularised.RegularisedFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.ResidentSolver;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.farfit.solver.WaitingProblems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replicates: what they depend on, and that each is the fit it claims to be. */
class BootstrapTest {

  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 0.01, 5);
  private static final Engine SIMD = Engines.open("auto");
  private static final FitOptions FEW = FitOptions.DEFAULT.withStarts(8, 1);
  private static final LawFit FIT = new GlobalFit(SIMD, FEW).fit(LAW, RUNS);

  private static Replicates replicates(Engine engine, BootstrapOptions options) {
    return new Bootstrap(engine, options, ProgressListener.NONE).run(FIT, RUNS);
  }

  private static double[] parameter(Replicates replicates, int j) {
    return replicates.usable().mapToDouble(b -> replicates.centred(b)[j]).toArray();
  }

  @ParameterizedTest
  @EnumSource(Resampling.class)
  void replicatesDoNotDependOnThreadsNorOnInterruptions(Resampling resampling) {
    BootstrapOptions options = BootstrapOptions.pairs(60, 3).with(resampling);
    Replicates one = replicates(SIMD, options.withThreads(1));
    Replicates three = replicates(SIMD, options.withThreads(3));
    // What was lost in between is fitted again, and nothing else.
    NavigableMap<Integer, Replicates> before = new TreeMap<>();
    before.put(0, stretch(one, options, 0, 25));
    before.put(31, stretch(one, options, 31, 45));
    List<Integer> fitted = new ArrayList<>();
    Replicates resumed =
        new Bootstrap(SIMD, options, ProgressListener.NONE)
            .run(
                FIT,
                RUNS,
                before,
                (from, done) -> IntStream.range(from, from + done.count()).forEach(fitted::add));
    assertThat(fitted)
        .isEqualTo(
            IntStream.concat(IntStream.range(25, 31), IntStream.range(45, 60)).boxed().toList());
    for (int b = 0; b < 60; b++) {
      assertThat(three.centred(b)).isEqualTo(one.centred(b));
      assertThat(resumed.centred(b)).isEqualTo(one.centred(b));
    }
    assertThat(one.failedCount()).isZero();
  }

  private static Replicates stretch(Replicates all, BootstrapOptions options, int from, int end) {
    double[][] centred = IntStream.range(from, end).mapToObj(all::centred).toArray(double[][]::new);
    return new Replicates(
        LAW, FIT.surface().centre(), RUNS.size(), options, centred, new BitSet(), new BitSet());
  }

  @ParameterizedTest
  @EnumSource(Resampling.class)
  void enginesAgreeToTheSolversTolerance(Resampling resampling) {
    BootstrapOptions options = BootstrapOptions.pairs(40, 4).with(resampling);
    Replicates simd = replicates(SIMD, options);
    Replicates scalar = replicates(new ScalarEngine(), options);
    for (int j = 0; j < LAW.parameterCount(); j++) {
      double error = BootstrapIntervals.standardError(parameter(simd, j));
      for (int b = 0; b < 40; b++) {
        assertThat(scalar.centred(b)[j]).isCloseTo(simd.centred(b)[j], within(0.02 * error));
      }
    }
  }

  /** Each replicate is the global fit of the data set that it was drawn as. */
  @ParameterizedTest
  @EnumSource(Resampling.class)
  void aReplicateIsTheFitOfItsDataSet(Resampling resampling) {
    Replicates replicates = replicates(SIMD, BootstrapOptions.pairs(12, 9).with(resampling));
    Resampler resampler = Resampler.of(FIT, RUNS, BootstrapOptions.pairs(1, 9).with(resampling));
    for (int b = 0; b < 12; b++) {
      RunSet drawn =
          new RunSet(RUNS.n(), RUNS.d(), resampler.losses(b), RUNS.weight())
              .weighted(resampler.weights(b));
      LawFit fit = new GlobalFit(new ScalarEngine(), FEW).fit(LAW, drawn);
      assertThat(replicates.surface(b).loss(1e9, 2e10))
          .isCloseTo(fit.loss(1e9, 2e10), within(2e-5 * fit.loss(1e9, 2e10)));
    }
  }

  /** Neighbouring replicates are unrelated, and each run is drawn once on average. */
  @Test
  void drawsAreIndependent() {
    Resampler resampler = Resampler.of(FIT, RUNS, BootstrapOptions.pairs(1, 1));
    int n = RUNS.size();
    int replicates = 400;
    double sum = 0;
    double squares = 0;
    double products = 0;
    double[] before = resampler.weights(0);
    for (int b = 1; b <= replicates; b++) {
      double[] weights = resampler.weights(b);
      assertThat(Arrays.stream(weights).sum()).isEqualTo(n);
      for (int i = 0; i < n; i++) {
        sum += weights[i];
        squares += (weights[i] - 1) * (weights[i] - 1);
        products += (weights[i] - 1) * (before[i] - 1);
      }
      before = weights;
    }
    double count = (double) n * replicates;
    assertThat(sum / count).isEqualTo(1);
    // Binomial(n, 1/n) has variance 1 - 1/n.
    assertThat(squares / count).isCloseTo(1 - 1.0 / n, within(0.02));
    assertThat(products / squares).isCloseTo(0, within(0.015));
  }

  /** Pairs leave gaps between neighbouring tokens, which the piecewise procedure needs. */
  @Test
  void thePiecewiseProcedureGetsReplicatesThatItCanFollow() {
    BootstrapOptions pairs = BootstrapOptions.pairs(10, 1);
    assertThat(pairs.suitedTo(Method.PIECEWISE).resampling()).isEqualTo(Resampling.WILD);
    assertThat(pairs.suitedTo(Method.GLOBAL)).isEqualTo(pairs);
    assertThat(pairs.with(Resampling.GROUPS).suitedTo(Method.PIECEWISE).resampling())
        .isEqualTo(Resampling.GROUPS);
  }

  @Test
  void groupsAreDrawnWhole() {
    double[] weights =
        Resampler.of(FIT, RUNS, BootstrapOptions.pairs(1, 1).with(Resampling.GROUPS)).weights(7);
    for (int i = 1; i < RUNS.size(); i++) {
      if (RUNS.n(i) == RUNS.n(i - 1)) {
        assertThat(weights[i]).isEqualTo(weights[i - 1]);
      }
    }
    assertThat(Arrays.stream(weights).distinct().count()).isGreaterThan(2);
  }

  /** Where the law holds and noise is alike, all standard errors are the asymptotic ones. */
  @ParameterizedTest
  @EnumSource(Resampling.class)
  void standardErrorsAreTheAsymptoticOnesWhereTheseHold(Resampling resampling) {
    Replicates replicates = replicates(SIMD, BootstrapOptions.pairs(1500, 2).with(resampling));
    double[][] covariance = FIT.surface().covariance().orElseThrow();
    double tolerance = resampling == Resampling.GROUPS ? 0.5 : 0.2;
    for (int j = 0; j < LAW.parameterCount(); j++) {
      assertThat(BootstrapIntervals.standardError(parameter(replicates, j)))
          .isCloseTo(Math.sqrt(covariance[j][j]), within(tolerance * Math.sqrt(covariance[j][j])));
    }
  }

  /** Residuals of a Huber fit are simulated from its own density: half lie within the median. */
  @Test
  void parametricReplicatesFollowTheObjective() {
    Objective huber = Objective.logHuber(2e-3);
    LawFit fit = new GlobalFit(SIMD, FEW.withObjective(huber)).fit(LAW, RUNS);
    Resampler resampler =
        Resampler.of(fit, RUNS, BootstrapOptions.pairs(1, 1).with(Resampling.PARAMETRIC));
    List<Double> residuals = new ArrayList<>();
    for (int b = 0; b < 50; b++) {
      double[] losses = resampler.losses(b);
      for (int i = 0; i < losses.length; i++) {
        residuals.add(Math.abs(Math.log(losses[i] / fit.loss(RUNS.n(i), RUNS.d(i)))));
      }
    }
    double inside = residuals.stream().filter(r -> r <= 2e-3).count() / (double) residuals.size();
    double cost = residuals.stream().mapToDouble(huber::loss).sum() / 50;
    assertThat(cost).isCloseTo(fit.cost(), within(0.1 * fit.cost()));
    assertThat(inside).isBetween(0.05, 0.95);
  }

  @Test
  void regularisedAndPiecewiseFitsAreBootstrappedAsTheyWereFitted() {
    Law law = new Farseer();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
    LawFit regularised = new RegularisedFit(SIMD, FEW, ProgressListener.NONE).fit(law, runs);
    LawFit piecewise = new PiecewiseFit(FEW.objective(), PiecewiseSettings.DEFAULT).fit(law, runs);
    for (LawFit fit : List.of(regularised, piecewise)) {
      Replicates replicates =
          new Bootstrap(
                  SIMD, BootstrapOptions.pairs(8, 1).with(Resampling.WILD), ProgressListener.NONE)
              .run(fit, runs);
      assertThat(replicates.failedCount()).isZero();
      double estimate = fit.loss(6e9, 1e11);
      for (int b = 0; b < 8; b++) {
        double loss = replicates.surface(b).loss(6e9, 1e11);
        assertThat(loss).isCloseTo(estimate, within(0.03 * estimate)).isNotEqualTo(estimate);
      }
    }
    // The prior holds replicates together as it holds the fit.
    assertThat(regularised.regularisation().orElseThrow().penalty()).isPositive();
  }

  @Test
  void aReplicateThatCannotBeFittedDoesNotPoisonTheOthers() {
    // Four of the runs share all the tokens but one's: some replicates lack every other N.
    RunSet few =
        new RunSet(
            new double[] {1e8, 2e8, 4e8, 8e8, 1.6e9, 3.2e9, 6.4e9},
            new double[] {1e10, 2e10, 1e11, 3e10, 5e10, 1e11, 2e11},
            new double[] {3.5, 3.2, 2.9, 2.8, 2.7, 2.55, 2.4});
    LawFit fit = new GlobalFit(SIMD, FEW).fit(LAW, few);
    Replicates replicates =
        new Bootstrap(SIMD, BootstrapOptions.pairs(200, 1), ProgressListener.NONE).run(fit, few);
    assertThat(replicates.count()).isEqualTo(200);
    assertThat(replicates.usable().count()).isEqualTo(200 - replicates.failedCount());
    assertThat(replicates.usable().count()).isPositive();
  }

  @Test
  void interruptionEndsIt() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> replicates(SIMD, BootstrapOptions.pairs(100_000, 1)))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  /**
   * Standard errors of alpha and beta on the Epoch runs: 0.0149 and 0.0204 by SciPy
   * (benchmarks/peers/epoch_bootstrap.py), published as 0.02 and 0.02 (Besiroglu et al. 2024).
   */
  @Test
  void epochStandardErrorsAreThoseOfAnotherProgram() {
    RunSet runs = RealData.epoch();
    LawFit fit =
        new GlobalFit(SIMD, FitOptions.DEFAULT.withObjective(Objective.logHuber(1e-3)))
            .fit(LAW, runs);
    Replicates replicates =
        new Bootstrap(SIMD, BootstrapOptions.pairs(4000, 1), ProgressListener.NONE).run(fit, runs);
    assertThat(BootstrapIntervals.standardError(parameter(replicates, 3)))
        .isCloseTo(0.01491, within(0.1 * 0.01491));
    assertThat(BootstrapIntervals.standardError(parameter(replicates, 4)))
        .isCloseTo(0.02035, within(0.1 * 0.02035));
    assertThat(replicates.failedCount()).isZero();
  }

  /** Resampled runs must be as many as parameters, as fitted ones must. */
  @Test
  void aReplicateOfTooFewRunsHasFailed() {
    double[] n = {1e8, 2e8, 4e8, 8e8, 1.6e9, 3.2e9};
    double[] d = {1e10, 2e10, 5e9, 3e10, 5e10, 2e10};
    double[] loss = new double[n.length];
    for (int i = 0; i < n.length; i++) {
      loss[i] = LAW.loss(LAW.example(), n[i], d[i]) * (1 + 0.004 * (i % 2));
    }
    RunSet few = new RunSet(n, d, loss);
    LawFit fit = new GlobalFit(SIMD, FEW).fit(LAW, few);
    BootstrapOptions options = BootstrapOptions.pairs(300, 1);
    Replicates replicates = new Bootstrap(SIMD, options, ProgressListener.NONE).run(fit, few);
    Resampler resampler = Resampler.of(fit, few, BootstrapOptions.pairs(1, options.seed()));
    int enough = 0;
    for (int b = 0; b < 300; b++) {
      boolean fits = RunSet.countWeighted(resampler.weights(b)) >= 5;
      enough += fits ? 1 : 0;
      assertThat(fits || replicates.isFailed(b)).isTrue();
    }
    // Five or six distinct runs of six: 1,800 + 720 of 6^6 / 6 = 7,776 ways, 24.7%.
    assertThat(enough).isBetween(50, 100);
    RunSet five = few.weighted(new double[] {1, 1, 1, 1, 1, 0});
    LawFit exact = new GlobalFit(SIMD, FEW).fit(LAW, five);
    assertThat(Jackknife.surfaces(SIMD, exact, five, Resampling.PAIRS, 1)).isEmpty();
  }

  /** Solves one problem after the other, and counts how often it was asked to solve. */
  private record Counting(AtomicInteger asked) implements Engine, ResidentSolver {

    private static final Engine PLAIN = new ScalarEngine();

    @Override
    public String name() {
      return PLAIN.name();
    }

    @Override
    public String device() {
      return PLAIN.device();
    }

    @Override
    public int concurrency(int threads) {
      return PLAIN.concurrency(threads);
    }

    @Override
    public int preferredBatch() {
      return PLAIN.preferredBatch();
    }

    @Override
    public Evaluator dataEvaluator(SurfaceProblem problem) {
      return PLAIN.dataEvaluator(problem);
    }

    @Override
    public void solve(SurfaceProblem problem, SolverSettings settings, WaitingProblems waiting) {
      asked.incrementAndGet();
      BatchSolver solver = new BatchSolver(settings, 1, ProgressListener.NONE);
      for (int k = waiting.next(); k >= 0; k = waiting.next()) {
        Solutions one = solver.solve(PLAIN, problem, only(waiting, k));
        waiting.answer(
            k,
            one.parameters(0),
            one.cost(0),
            one.status(0),
            one.iterations(0),
            one.evaluations(0));
      }
    }

    private static StartingPoints only(WaitingProblems waiting, int k) {
      return new StartingPoints() {
        @Override
        public int count() {
          return 1;
        }

        @Override
        public void start(int i, double[] parameters) {
          waiting.start(k, parameters);
        }

        @Override
        public int weightRow(int i) {
          return waiting.weightRow(k);
        }
      };
    }
  }

  /** An engine may keep problems on its device where there is no prior, and asks for that. */
  @Test
  void fitsWithoutAPriorMayStayOnTheDevice() {
    Counting counting = new Counting(new AtomicInteger());
    AtomicInteger asked = counting.asked();
    Jackknife.surfaces(counting, FIT, RUNS, Resampling.GROUPS, 1);
    assertThat(asked.getAndSet(0)).isEqualTo(1);
    new Bootstrap(counting, BootstrapOptions.pairs(5, 1).withRestarts(0), ProgressListener.NONE)
        .run(FIT, RUNS);
    assertThat(asked.getAndSet(0)).isEqualTo(1);
    new RunDesign(
            counting,
            FIT,
            RUNS,
            Estimands.losses(List.of(new Estimands.Point(1e10, 2e11))),
            run -> 6 * run.n() * run.d(),
            5,
            1,
            1)
        .score(List.of(new Estimands.Point(1e10, 1e11)));
    assertThat(asked.getAndSet(0)).isEqualTo(1);
  }

  @Test
  void groupsAreSizesToTheToleranceOfReading() {
    double[] read = RUNS.n();
    for (int i = 0; i < read.length; i++) {
      read[i] *= 1 + 1e-3 * Math.sin(i);
    }
    RunSet runs = new RunSet(read, RUNS.d(), RUNS.loss());
    Resampler resampler =
        Resampler.of(FIT, runs, BootstrapOptions.pairs(1, 1).with(Resampling.GROUPS));
    Resampler exact = Resampler.of(FIT, RUNS, BootstrapOptions.pairs(1, 1).with(Resampling.GROUPS));
    assertThat(resampler.groups()).isEqualTo(exact.groups());
    assertThat(resampler.weights(3)).isEqualTo(exact.weights(3));
    assertThat(Jackknife.surfaces(SIMD, FIT, runs, Resampling.GROUPS, 1)).hasSize(exact.groups());
  }
}
