package org.farfit.analysis.coverage;

import java.util.List;
import java.util.Optional;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.search.GeneralisedFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Law;
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
  private final SimulatedCoverage coverage;

  /**
   * A study.
   *
   * @param replicates of each data set; none for 0
   */
  public DefaultCoverage(Engine engine, int replicates, int threads, ProgressListener progress) {
    this.engine = engine;
    this.coverage = new SimulatedCoverage(engine, replicates, threads, progress);
  }

  /**
   * Runs a study: a row per interval and estimand.
   *
   * @param law that is fitted
   */
  public List<CoverageRow> run(Law law, CoverageStudy study) {
    return coverage.run(
        study, FACTORS, runs -> fitted(law, study, runs), set -> study.seed() + set);
  }

  /**
   * How often two data sets are told apart.
   *
   * @param law that is fitted
   */
  public List<Ties.Row> ties(Law law, CoverageStudy study) {
    return coverage.ties(study, runs -> fitted(law, study, runs));
  }

  private SimulatedCoverage.Fitted fitted(Law law, CoverageStudy study, RunSet runs) {
    FitOptions options = FitOptions.DEFAULT.withStarts(STARTS, study.seed()).withThreads(1);
    LawFit fit =
        new GeneralisedFit(engine, options)
            .fit(new GlobalFit(engine, options).fit(law, runs), runs, Optional.empty());
    return new SimulatedCoverage.Fitted(
        List.of(fit),
        fit.status().isConverged(),
        replicates ->
            Inference.ofLaw(
                engine,
                new Inference.Member(fit, replicates.getFirst()),
                runs,
                study.level(),
                IntervalType.DEFAULT));
  }
}
