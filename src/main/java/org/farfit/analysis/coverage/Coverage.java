package org.farfit.analysis.coverage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.AsymptoticInference;
import org.farfit.analysis.inference.BootstrapInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.analysis.inference.ProfileInference;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Law;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;

/**
 * How often intervals contain the truth, by simulation: data sets are drawn from a known surface,
 * each is fitted and bootstrapped as a user would, and intervals are compared with the surface.
 */
public final class Coverage {

  /** The compute-optimal ratio of Chinchilla, near which large models are trained. */
  private static final double TOKENS_PER_PARAMETER = 20;

  private static final String PROFILE = "profile likelihood";

  private final Engine engine;
  private final BootstrapOptions bootstrap;
  private final ProgressListener progress;

  /**
   * A study.
   *
   * @param bootstrap how each data set is bootstrapped; its threads are those of the study
   */
  public Coverage(Engine engine, BootstrapOptions bootstrap, ProgressListener progress) {
    this.engine = engine;
    this.bootstrap = bootstrap;
    this.progress = progress;
  }

  /**
   * What to simulate.
   *
   * @param law the law
   * @param published its parameters
   * @param points the columns of the runs; what was measured is not used
   * @param target the intervals are for what the law predicts here
   * @param noise standard deviation of ln L
   * @param sets how many data sets
   * @param seed of the data sets
   * @param level of the intervals
   */
  public record Study(
      Law law,
      double[] published,
      RunSet points,
      Estimands.Point target,
      double noise,
      int sets,
      long seed,
      double level) {

    /**
     * A law of N and D at its example parameters.
     *
     * @param factor the intervals are for the loss at this multiple of the largest N, with twenty
     *     tokens per parameter
     */
    public static Study ofSizes(
        Law law, DesignGrid grid, double noise, int sets, long seed, double level, double factor) {
      double n =
          factor
              * grid.points().stream()
                  .map(DesignGrid.Point::n)
                  .max(Comparator.naturalOrder())
                  .orElseThrow();
      Estimands.Point target = new Estimands.Point(n, TOKENS_PER_PARAMETER * n);
      return new Study(law, law.example(), grid.runs(), target, noise, sets, seed, level);
    }

    /** What the law predicts at the target. */
    double truth() {
      double[] row = law.columns().stream().mapToDouble(target::value).toArray();
      return law.loss(published, row);
    }
  }

  /**
   * How one type of interval did.
   *
   * @param law name of the law
   * @param interval name of the type; bootstrap ones are prefixed by how replicates were drawn
   * @param sets how many data sets gave an interval
   * @param covered in how many it contained the truth
   * @param above in how many it lay wholly above the truth
   * @param below in how many it lay wholly below
   * @param meanWidth mean of (high - low) / truth
   */
  public record Row(
      String law, String interval, int sets, int covered, int above, int below, double meanWidth) {

    /** Share of data sets whose interval contained the truth. */
    public double coverage() {
      return (double) covered / sets;
    }
  }

  /** Runs a study: one row per type of interval. */
  public List<Row> run(Study study) {
    List<Map<String, Interval>> intervals =
        Parallel.map(study.sets(), bootstrap.threads(), progress, set -> simulate(study, set));
    double truth = study.truth();
    List<Row> rows = new ArrayList<>();
    for (String name : names()) {
      rows.add(row(study.law().name(), name, intervals, truth));
    }
    return rows;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (IntervalType type : IntervalType.values()) {
      names.add(name(type));
    }
    names.add(Inference.ASYMPTOTIC);
    names.add(PROFILE);
    return names;
  }

  private String name(IntervalType type) {
    return bootstrap.resampling().label() + " " + type.label();
  }

  private Map<String, Interval> simulate(Study study, int set) {
    RunSet runs =
        Simulation.runs(
            study.law(),
            study.published(),
            study.points(),
            study.noise(),
            study.seed() + 1_000_003L * set);
    FitOptions options = FitOptions.DEFAULT.withStarts(24, study.seed()).withThreads(1);
    LawFit fit = new GlobalFit(engine, options).fit(study.law(), runs);
    BootstrapOptions own =
        new BootstrapOptions(
            bootstrap.resampling(),
            bootstrap.replicates(),
            bootstrap.seed() + set,
            bootstrap.restarts(),
            1);
    Replicates replicates = new Bootstrap(engine, own, ProgressListener.NONE).run(fit, runs);
    Estimands estimands = Estimands.losses(List.of(study.target()));
    Map<String, Interval> intervals = new HashMap<>();
    new BootstrapInference(engine, fit, runs, replicates)
        .intervals(estimands, study.level(), EnumSet.allOf(IntervalType.class))
        .getFirst()
        .intervals()
        .forEach((type, interval) -> intervals.put(name(type), interval));
    intervals.put(
        Inference.ASYMPTOTIC,
        AsymptoticInference.of(fit, runs).intervals(estimands, study.level()).getFirst());
    intervals.put(PROFILE, new ProfileInference(fit, runs).interval(estimands, 0, study.level()));
    return intervals;
  }

  private static Row row(String law, String name, List<Map<String, Interval>> all, double truth) {
    int sets = 0;
    int covered = 0;
    int above = 0;
    int below = 0;
    double width = 0;
    for (Map<String, Interval> intervals : all) {
      Interval interval = intervals.get(name);
      if (interval.isKnown()) {
        sets++;
        covered += interval.contains(truth) ? 1 : 0;
        above += interval.low() > truth ? 1 : 0;
        below += interval.high() < truth ? 1 : 0;
        width += interval.width() / truth;
      }
    }
    return new Row(law, name, sets, covered, above, below, width / sets);
  }
}
