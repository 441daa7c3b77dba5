package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.SimulatedNoise;
import org.farfit.analysis.SimulatedTruth;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GeneralisedFit;
import org.farfit.fit.search.GlobalFit;
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
   * @param standardError of the coverage
   * @param above share that lay wholly above
   * @param below share that lay wholly below
   * @param unbounded share that had no end on a side
   * @param meanWidth mean of (high - low) / truth of the others; 0 if there are none
   */
  public record Row(
      String law,
      String noise,
      String interval,
      String estimand,
      int sets,
      double coverage,
      double standardError,
      double above,
      double below,
      double unbounded,
      double meanWidth) {}

  /**
   * Standard error of a share (Agresti and Coull 1998), which is not 0 where all or none were
   * covered.
   *
   * @param sets of how many
   */
  static double standardError(double share, int sets) {
    double centred = (share * sets + 2) / (sets + 4);
    return Math.sqrt(centred * (1 - centred) / (sets + 4));
  }

  /** Runs a study: a row per interval and estimand. */
  public List<Row> run(Study study) {
    CoverageTargets targets = targets(study);
    return targets.rows(
        eachSet(study.sets(), threads, progress, set -> simulate(study, targets, set)));
  }

  /** How often two data sets are told apart. */
  public List<Ties.Row> ties(Study study) {
    return new Ties(threads, progress)
        .run(
            study.law().name(),
            study.noise().label(),
            study.grid(),
            study.sets(),
            study.level(),
            set -> {
              RunSet runs = runs(study, set);
              LawFit fit = fit(study, runs);
              return inference(study, fit, runs, Optional.of(replicated(fit, runs, study.seed())));
            });
  }

  private Replicates replicated(LawFit fit, RunSet runs, long seed) {
    BootstrapOptions drawn = BootstrapOptions.pairs(replicates, seed).withThreads(1).suitedTo(fit);
    return new Bootstrap(engine, drawn, ProgressListener.NONE).run(fit, runs);
  }

  /** What a data set gives, of each. */
  interface OfSet {
    Map<CoverageTargets.Key, CoverageTargets.Outcome> of(int set);
  }

  /** Goes through data sets, several at a time. */
  static List<Map<CoverageTargets.Key, CoverageTargets.Outcome>> eachSet(
      int sets, int threads, ProgressListener progress, OfSet each) {
    List<Map<CoverageTargets.Key, CoverageTargets.Outcome>> found =
        new ArrayList<>(Collections.nCopies(sets, Map.of()));
    AtomicInteger done = new AtomicInteger();
    Parallel.forEach(
        sets,
        threads,
        set -> {
          Map<CoverageTargets.Key, CoverageTargets.Outcome> outcomes = each.of(set);
          synchronized (found) {
            found.set(set, outcomes);
          }
          progress.done(done.incrementAndGet(), sets);
        });
    return found;
  }

  private static CoverageTargets targets(Study study) {
    return new CoverageTargets(
        SimulatedTruth.of(study.law()), study.grid(), study.noise(), study.deviation(), FACTORS);
  }

  /** The numbers of a data set, or, of negative numbers, what it is tried on. */
  static RandomGenerator random(long seed, int set) {
    return new SplittableRandom(new SplittableRandom(seed ^ ((long) set << 20)).nextLong());
  }

  /** A data set of a study. */
  RunSet runs(Study study, int set) {
    return targets(study).runs(random(study.seed(), set));
  }

  /** What {@code farfit fit} makes of a data set. */
  LawFit fit(Study study, RunSet runs) {
    FitOptions options = FitOptions.DEFAULT.withStarts(STARTS, study.seed()).withThreads(1);
    return new GeneralisedFit(engine, options)
        .fit(new GlobalFit(engine, options).fit(study.law(), runs), runs, Optional.empty());
  }

  private Map<CoverageTargets.Key, CoverageTargets.Outcome> simulate(
      Study study, CoverageTargets targets, int set) {
    RunSet runs = targets.runs(random(study.seed(), set));
    LawFit fit = fit(study, runs);
    RandomGenerator random = random(study.seed(), -1 - set);
    Map<CoverageTargets.Key, CoverageTargets.Outcome> outcomes = new LinkedHashMap<>();
    targets.judge(
        inference(study, fit, runs, Optional.empty()), Inference.ASYMPTOTIC, random, outcomes);
    if (replicates > 0 && fit.status().isConverged()) {
      Replicates found = replicated(fit, runs, study.seed() + set);
      targets.judge(inference(study, fit, runs, Optional.of(found)), "bootstrap", random, outcomes);
    }
    return outcomes;
  }

  private Inference inference(
      Study study, LawFit fit, RunSet runs, Optional<Replicates> replicated) {
    return new Inference(
        engine,
        List.of(new Inference.Member(fit, replicated)),
        runs,
        study.level(),
        IntervalType.DEFAULT);
  }
}
