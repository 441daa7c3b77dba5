package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.SimulatedNoise;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.extrapolation.AutoFit;
import org.farfit.solver.ProgressListener;

/**
 * How often the intervals of what is chosen to extrapolate with contain the truth, which need be
 * none of the laws: data sets go through what {@code farfit fit --law auto} does, without and with
 * replicates.
 */
public final class AutoCoverage {

  /** Intervals are for these multiples of the largest N: amid the runs, and beyond them. */
  private static final double[] FACTORS = {1, 4, 16};

  private static final int STARTS = 24;

  private final Engine engine;
  private final int replicates;
  private final int threads;
  private final ProgressListener progress;

  /**
   * A study.
   *
   * @param replicates of each member of each choice; none for 0
   */
  public AutoCoverage(Engine engine, int replicates, int threads, ProgressListener progress) {
    this.engine = engine;
    this.replicates = replicates;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * What to simulate.
   *
   * @param truth the surface that runs scatter around
   * @param noise how they scatter
   * @param deviation standard deviation of the errors of ln L that are a run's own, at the centre
   * @param sets how many data sets
   * @param level of the intervals
   */
  public record Study(
      Surface truth,
      DesignGrid grid,
      SimulatedNoise noise,
      double deviation,
      int sets,
      long seed,
      double level) {}

  /** Runs a study: a row per interval and estimand, whose law is the name of the truth. */
  public List<DefaultCoverage.Row> run(Study study) {
    CoverageTargets targets = targets(study);
    return targets.rows(
        DefaultCoverage.eachSet(
            study.sets(), threads, progress, set -> simulate(study, targets, set)));
  }

  /** How often two data sets are told apart. */
  public List<Ties.Row> ties(Study study) {
    CoverageTargets targets = targets(study);
    return new Ties(threads, progress)
        .run(
            study.truth().name(),
            study.noise().label(),
            study.grid(),
            study.sets(),
            study.level(),
            set -> {
              RunSet runs = targets.runs(DefaultCoverage.random(study.seed(), set));
              Chosen chosen = chosen(study, runs);
              return inference(study, chosen, runs, true);
            });
  }

  private static CoverageTargets targets(Study study) {
    return new CoverageTargets(
        study.truth(), study.grid(), study.noise(), study.deviation(), FACTORS);
  }

  /** A choice and the fits that it is an average of. */
  private record Chosen(AutoFit.Choice choice, List<LawFit> members) {}

  private Chosen chosen(Study study, RunSet runs) {
    FitStudy fits =
        new FitStudy(engine, FitOptions.DEFAULT.withStarts(STARTS, study.seed()).withThreads(1));
    AutoFit.Choice choice = fits.choose(runs, EnumSet.allOf(Method.class), ProgressListener.NONE);
    return new Chosen(
        choice,
        FitStudy.Plan.of(choice).stream()
            .map(plan -> fits.following(choice).fit(plan, runs, ProgressListener.NONE))
            .toList());
  }

  private Map<CoverageTargets.Key, CoverageTargets.Outcome> simulate(
      Study study, CoverageTargets targets, int set) {
    RunSet runs = targets.runs(DefaultCoverage.random(study.seed(), set));
    RandomGenerator random = DefaultCoverage.random(study.seed(), -1 - set);
    Chosen chosen = chosen(study, runs);
    Map<CoverageTargets.Key, CoverageTargets.Outcome> outcomes = new LinkedHashMap<>();
    targets.judge(inference(study, chosen, runs, false), Inference.ASYMPTOTIC, random, outcomes);
    if (replicates > 0) {
      targets.judge(inference(study, chosen, runs, true), "bootstrap", random, outcomes);
    }
    return outcomes;
  }

  private Inference inference(Study study, Chosen chosen, RunSet runs, boolean bootstrapped) {
    List<LawFit> fits = chosen.members();
    List<Inference.Member> members = new ArrayList<>();
    for (int k = 0; k < fits.size(); k++) {
      LawFit fit = fits.get(k);
      AutoFit.Member member = chosen.choice().members().get(k);
      members.add(
          new Inference.Member(
                  fit,
                  bootstrapped
                      ? Optional.of(replicated(fit, runs, study.seed()))
                      : Optional.empty())
              .weighing(member.weight(), member.doubt()));
    }
    return new Inference(
        engine, members, runs, study.level(), IntervalType.DEFAULT, chosen.choice().backTest());
  }

  private Replicates replicated(LawFit fit, RunSet runs, long seed) {
    BootstrapOptions drawn = BootstrapOptions.pairs(replicates, seed).withThreads(1).suitedTo(fit);
    return new Bootstrap(engine, drawn, ProgressListener.NONE).run(fit, runs);
  }
}
