package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.SimulatedNoise;
import org.farfit.analysis.SurfaceRange;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GeneralisedFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;

/**
 * How often the intervals that commands print by default contain the truth, by simulation: data
 * sets whose runs scatter in some way are fitted as {@code farfit fit} does, noise studied, without
 * and with replicates.
 */
public final class DefaultCoverage {

  /** Intervals are for the loss at these multiples of the largest N. */
  private static final double[] FACTORS = {4, 16};

  private static final double TOKENS_PER_PARAMETER = 20;

  /** Single runs that each data set's intervals are tried on. */
  private static final int FURTHER_RUNS = 8;

  private static final int STARTS = 24;

  private final Engine engine;
  private final int replicates;
  private final int threads;
  private final ProgressListener progress;

  /**
   * A study.
   *
   * @param replicates of each data set; none for 0
   */
  public DefaultCoverage(Engine engine, int replicates, int threads, ProgressListener progress) {
    this.engine = engine;
    this.replicates = replicates;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * What to simulate.
   *
   * @param law the law, at its example parameters
   * @param noise how runs scatter
   * @param deviation standard deviation of the errors of ln L that are a run's own, at the centre
   * @param sets how many data sets
   * @param level of the intervals
   */
  public record Study(
      Law law,
      DesignGrid grid,
      SimulatedNoise noise,
      double deviation,
      int sets,
      long seed,
      double level) {}

  /**
   * How the intervals of an estimand did.
   *
   * @param interval asymptotic or bootstrap
   * @param estimand what they are for
   * @param sets how many data sets gave one
   * @param coverage share of these that contained the truth; for single runs the mean over further
   *     runs
   * @param above share that lay wholly above
   * @param below share that lay wholly below
   * @param meanWidth mean of (high - low) / truth
   */
  public record Row(
      String law,
      String noise,
      String interval,
      String estimand,
      int sets,
      double coverage,
      double above,
      double below,
      double meanWidth) {}

  /** One interval, and how often it held. */
  private record Outcome(double covered, double above, double below, double width) {

    static Outcome of(Interval interval, double truth) {
      return new Outcome(
          interval.contains(truth) ? 1 : 0,
          interval.low() > truth ? 1 : 0,
          interval.high() < truth ? 1 : 0,
          interval.width() / truth);
    }
  }

  /** A name of an interval and an estimand. */
  private record Key(String interval, String estimand) {}

  /** Runs a study: a row per interval and estimand. */
  public List<Row> run(Study study) {
    Truth truth = new Truth(study);
    List<Map<Key, Outcome>> found = new ArrayList<>();
    for (int set = 0; set < study.sets(); set++) {
      found.add(Map.of());
    }
    AtomicInteger done = new AtomicInteger();
    Parallel.forEach(
        study.sets(),
        threads,
        set -> {
          Map<Key, Outcome> outcomes = simulate(study, truth, set);
          synchronized (found) {
            found.set(set, outcomes);
          }
          progress.done(done.incrementAndGet(), study.sets());
        });
    Map<Key, List<Outcome>> all = new LinkedHashMap<>();
    found.forEach(outcomes ->
        outcomes.forEach(
            (key, one) -> all.computeIfAbsent(key, none -> new ArrayList<>()).add(one)));
    List<Row> rows = new ArrayList<>();
    all.forEach((key, outcomes) ->
        rows.add(
            new Row(
                study.law().name(),
                study.noise().label(),
                key.interval(),
                key.estimand(),
                outcomes.size(),
                outcomes.stream().mapToDouble(Outcome::covered).average().orElseThrow(),
                outcomes.stream().mapToDouble(Outcome::above).average().orElseThrow(),
                outcomes.stream().mapToDouble(Outcome::below).average().orElseThrow(),
                outcomes.stream().mapToDouble(Outcome::width).average().orElseThrow())));
    return rows;
  }

  /** The surface that runs are drawn from, and what is asked of it. */
  private static final class Truth {

    final FittedSurface surface;
    final SurfaceRange range;
    final List<Estimands.Point> points = new ArrayList<>();
    final Estimands losses;
    final double[] budgets = new double[FACTORS.length];
    final double[] near = new double[FACTORS.length];
    final double[] ratio = new double[FACTORS.length];

    Truth(Study study) {
      RunSet exact = runs(study, study.law().example(), i -> 0);
      Centre centre = Centre.of(exact.n(), exact.d(), exact.loss());
      double[] centred = new double[study.law().parameterCount()];
      study.law().toCentred(centre, study.law().example(), centred);
      this.surface = FittedSurface.of(study.law(), centre, centred, exact.size());
      this.range = SurfaceRange.of(exact);
      double largest =
          study.grid().points().stream()
              .map(DesignGrid.Point::n)
              .max(Comparator.naturalOrder())
              .orElseThrow();
      for (int k = 0; k < FACTORS.length; k++) {
        double n = FACTORS[k] * largest;
        points.add(new Estimands.Point(n, TOKENS_PER_PARAMETER * n));
        budgets[k] = ComputeModel.USUAL.flops(n, TOKENS_PER_PARAMETER * n);
        Optional<Allocation.Point> best =
            new Allocation(surface, range, ComputeModel.USUAL).at(budgets[k]).best();
        near[k] = best.map(Allocation.Point::n).orElse(Double.NaN);
        ratio[k] = best.map(Allocation.Point::ratio).orElse(Double.NaN);
      }
      this.losses = Estimands.losses(points);
    }
  }

  private interface Errors {
    double of(int run);
  }

  private static RunSet runs(Study study, double[] published, Errors errors) {
    List<DesignGrid.Point> points = study.grid().points();
    double[] n = points.stream().mapToDouble(DesignGrid.Point::n).toArray();
    double[] d = points.stream().mapToDouble(DesignGrid.Point::d).toArray();
    double[] loss = new double[n.length];
    for (int i = 0; i < n.length; i++) {
      loss[i] = study.law().loss(published, n[i], d[i]) * Math.exp(errors.of(i));
    }
    return new RunSet(n, d, loss);
  }

  private static RandomGenerator random(Study study, int set) {
    return new SplittableRandom(new SplittableRandom(study.seed() ^ ((long) set << 20)).nextLong());
  }

  /** A data set of a study. */
  RunSet runs(Study study, int set) {
    RunSet exact = runs(study, study.law().example(), i -> 0);
    Centre centre = Centre.of(exact.n(), exact.d(), exact.loss());
    double[] errors = study.noise().errors(study.grid().points(), centre, random(study, set));
    return runs(study, study.law().example(), i -> study.deviation() * errors[i]);
  }

  /** What {@code farfit fit} makes of a data set. */
  LawFit fit(Study study, RunSet runs) {
    FitOptions options = FitOptions.DEFAULT.withStarts(STARTS, study.seed()).withThreads(1);
    return new GeneralisedFit(engine, options)
        .fit(new GlobalFit(engine, options).fit(study.law(), runs), runs, Optional.empty());
  }

  private Map<Key, Outcome> simulate(Study study, Truth truth, int set) {
    RunSet runs = runs(study, set);
    LawFit fit = fit(study, runs);
    RandomGenerator random = random(study, -1 - set);
    Map<Key, Outcome> outcomes = new LinkedHashMap<>();
    judge(study, truth, fit, runs, Optional.empty(), random, outcomes);
    if (replicates > 0 && fit.status().isConverged()) {
      BootstrapOptions drawn =
          BootstrapOptions.pairs(replicates, study.seed() + set).withThreads(1).suitedTo(fit);
      Replicates found = new Bootstrap(engine, drawn, ProgressListener.NONE).run(fit, runs);
      judge(study, truth, fit, runs, Optional.of(found), random, outcomes);
    }
    return outcomes;
  }

  private void judge(
      Study study,
      Truth truth,
      LawFit fit,
      RunSet runs,
      Optional<Replicates> found,
      RandomGenerator random,
      Map<Key, Outcome> outcomes) {
    Inference inference =
        new Inference(
            engine,
            List.of(new Inference.Member(fit, found)),
            runs,
            study.level(),
            IntervalType.DEFAULT);
    String method = found.isPresent() ? "bootstrap" : Inference.ASYMPTOTIC;
    List<Inference.Estimate> losses = inference.of(truth.losses, false);
    List<Interval> single = inference.ofRuns(truth.points);
    for (int k = 0; k < FACTORS.length; k++) {
      String where = " at %.0f N".formatted(FACTORS[k]);
      Estimands.Point point = truth.points.get(k);
      double loss = truth.surface.loss(point.n(), point.d());
      put(outcomes, method, "loss" + where, losses.get(k).interval(), loss);
      if (single.get(k).isKnown()) {
        outcomes.put(
            new Key(method, "run" + where), ofRuns(study, truth, point, single.get(k), random));
      }
      if (!Double.isNaN(truth.near[k])) {
        Estimands optimum =
            Estimands.optima(
                truth.range,
                ComputeModel.USUAL,
                new double[] {truth.budgets[k]},
                new double[] {truth.near[k]});
        int item = Estimands.OPTIMUM.indexOf("D*/N*");
        Interval ratio = inference.of(optimum, false).get(item).interval();
        put(outcomes, method, "D*/N*" + where, ratio, truth.ratio[k]);
      }
    }
  }

  private static void put(
      Map<Key, Outcome> outcomes, String method, String what, Interval interval, double truth) {
    if (interval.isKnown()) {
      outcomes.put(new Key(method, what), Outcome.of(interval, truth));
    }
  }

  /** The mean over further runs of a new size. */
  private static Outcome ofRuns(
      Study study, Truth truth, Estimands.Point point, Interval interval, RandomGenerator random) {
    double covered = 0;
    double above = 0;
    double below = 0;
    double loss = truth.surface.loss(point.n(), point.d());
    List<DesignGrid.Point> further = List.of(new DesignGrid.Point(point.n(), point.d()));
    for (int k = 0; k < FURTHER_RUNS; k++) {
      double error = study.noise().errors(further, truth.surface.centre(), random)[0];
      Outcome one = Outcome.of(interval, loss * Math.exp(study.deviation() * error));
      covered += one.covered() / FURTHER_RUNS;
      above += one.above() / FURTHER_RUNS;
      below += one.below() / FURTHER_RUNS;
    }
    return new Outcome(covered, above, below, interval.width() / loss);
  }
}
