package org.farfit.analysis.coverage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import java.util.random.RandomGenerator;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;

/**
 * How often intervals contain the truth, whatever is fitted: data sets are drawn and fitted,
 * several at a time, and the intervals of each judged, without and with replicates.
 */
final class SimulatedCoverage {

  private final Engine engine;
  private final int replicates;
  private final int threads;
  private final ProgressListener progress;

  /**
   * A study.
   *
   * @param replicates of each fit of each data set; none for 0
   */
  SimulatedCoverage(Engine engine, int replicates, int threads, ProgressListener progress) {
    this.engine = engine;
    this.replicates = replicates;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * What is made of a data set.
   *
   * @param fits one, or the members of an average
   * @param resampled whether intervals of replicates are wanted of them
   * @param inference what is inferred, given the replicates of each fit or none
   */
  record Fitted(
      List<LawFit> fits,
      boolean resampled,
      Function<List<Optional<Replicates>>, Inference> inference) {

    Inference withoutReplicates() {
      return inference.apply(fits.stream().map(fit -> Optional.<Replicates>empty()).toList());
    }
  }

  /**
   * Runs a study: a row per interval and estimand.
   *
   * @param factors intervals are for these multiples of the largest N
   * @param resampling seed of the replicates of a data set
   */
  List<CoverageRow> run(
      CoverageStudy study,
      double[] factors,
      Function<RunSet, Fitted> fitter,
      IntToLongFunction resampling) {
    CoverageTargets targets = study.targets(factors);
    return targets.rows(
        Parallel.map(
            study.sets(),
            threads,
            progress,
            set -> {
              RunSet runs = targets.runs(CoverageStudy.random(study.seed(), set));
              Fitted fitted = fitter.apply(runs);
              RandomGenerator random = CoverageStudy.random(study.seed(), -1 - set);
              Map<CoverageTargets.Key, CoverageTargets.Outcome> outcomes = new LinkedHashMap<>();
              targets.judge(fitted.withoutReplicates(), Inference.ASYMPTOTIC, random, outcomes);
              if (replicates > 0 && fitted.resampled()) {
                Inference replicated = replicated(fitted, runs, resampling.applyAsLong(set));
                targets.judge(replicated, "bootstrap", random, outcomes);
              }
              return outcomes;
            }));
  }

  /** How often two data sets are told apart. */
  List<Ties.Row> ties(CoverageStudy study, Function<RunSet, Fitted> fitter) {
    CoverageTargets targets = study.targets();
    return new Ties(threads, progress)
        .run(
            study,
            set -> {
              RunSet runs = targets.runs(CoverageStudy.random(study.seed(), set));
              return replicated(fitter.apply(runs), runs, study.seed() + set);
            });
  }

  private Inference replicated(Fitted fitted, RunSet runs, long seed) {
    return fitted
        .inference()
        .apply(fitted.fits().stream().map(fit -> Optional.of(drawn(fit, runs, seed))).toList());
  }

  private Replicates drawn(LawFit fit, RunSet runs, long seed) {
    BootstrapOptions options =
        BootstrapOptions.pairs(replicates, seed).withThreads(1).suitedTo(fit);
    return new Bootstrap(engine, options, ProgressListener.NONE).run(fit, runs);
  }
}
