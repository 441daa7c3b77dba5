package org.farfit.fit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Method;
import org.farfit.fit.Optimum;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.ProgressListener;

/**
 * Runs whose loss is none of their N and D: that diverged, were logged with another's size or in
 * another unit. One of them takes a least-squares fit wherever it likes, and what is told by the
 * residuals of such a fit (how runs scatter, how strong a prior should be, how far predictions go
 * astray) with it.
 *
 * <p>They are found by the simplest law under Huber's loss of a threshold far below any scatter, as
 * Hoffmann et al. (2022) fit: its residuals are those of the bulk of the runs, whatever a few do.
 *
 * @param found in the order of the runs
 * @param size a whole size whose runs are none of its N, if there is one; its runs are not among
 *     the others
 */
public record Outliers(List<Outlier> found, Optional<OddSize> size) {

  /** There are none. */
  public static final Outliers NONE = new Outliers(List.of(), Optional.empty());

  /** Hoffmann et al.'s threshold, a tenth of a percent of a loss. */
  private static final double THRESHOLD = 1e-3;

  /** The median size of a normal deviate, inverted. */
  private static final double MEDIAN_TO_SCALE = 1.4826;

  /** How many times the scatter of the runs an outlier is off: no tail of noise reaches there. */
  private static final double SCALES = 20;

  /** By what factor an outlier is off at least: so much a law may miss that describes the runs. */
  private static final double LEAST_FACTOR = 1.1;

  /** Of how many runs one more may be an outlier: what more do is no accident of a few. */
  private static final int ONE_IN = 10;

  private static final int MOST_NAMED = 3;

  /** Three more than the parameters of the law: of fewer none was ever found. */
  private static final int FEWEST = 8;

  /** Keeps the list. */
  public Outliers {
    found = List.copyOf(found);
  }

  /**
   * A run that is one.
   *
   * @param run its index
   * @param n its N
   * @param d its D
   * @param loss what it has
   * @param expected what the other runs say of its N and D
   */
  public record Outlier(int run, double n, double d, double loss, double expected) {

    /** What is wrong with it, in words. */
    public String words() {
      return String.format(
          Locale.ROOT,
          "the run of N = %.3g, D = %.3g has a loss of %.4g, %.3g times the %.4g that others tell",
          n,
          d,
          loss,
          loss / expected,
          expected);
    }
  }

  /**
   * Looks for outliers; there are none among runs without N and D or of losses that are not
   * positive, among few runs, and where they would be more than one and more than a tenth, but for
   * a whole size.
   */
  public static Outliers among(RunSet runs, Engine engine, FitOptions options) {
    Law law = Laws.simplest();
    if (!runs.hasSizesAndTokens()
        || !runs.isPositive()
        || runs.size() < FEWEST
        || FitRequirements.problem(law, Method.GLOBAL, runs, runs.weight()).isPresent()) {
      return NONE;
    }
    Centre centre = SurfaceProblem.centre(runs);
    Objective objective = new Objective(Objective.Residual.LOG, THRESHOLD);
    FitOptions quick = options.forValidation().withObjective(objective);
    Optional<OddSize> size = OddSize.among(runs, law, centre, engine, quick);
    FittedSurface surface =
        size.map(OddSize::surface).orElseGet(() -> fitted(runs, law, centre, engine, quick));
    boolean[] odd = new boolean[runs.size()];
    size.ifPresent(whole -> whole.runs().forEach(run -> odd[run] = true));
    double[] off =
        IntStream.range(0, runs.size())
            .mapToDouble(i -> Math.abs(Math.log(runs.loss(i) / surface.loss(runs, i))))
            .toArray();
    double[] counted =
        IntStream.range(0, off.length).filter(i -> !odd[i]).mapToDouble(i -> off[i]).toArray();
    double limit =
        Math.max(
            Math.log(LEAST_FACTOR), SCALES * scale(counted, counted.length - law.parameterCount()));
    List<Outlier> found = new ArrayList<>();
    for (int i = 0; i < off.length; i++) {
      // Not a number where the law has no loss: no outlier either.
      if (!odd[i] && off[i] > limit) {
        found.add(new Outlier(i, runs.n(i), runs.d(i), runs.loss(i), surface.loss(runs, i)));
      }
    }
    return new Outliers(found.size() > Math.max(1, runs.size() / ONE_IN) ? List.of() : found, size);
  }

  private static FittedSurface fitted(
      RunSet runs, Law law, Centre centre, Engine engine, FitOptions options) {
    Optimum optimum =
        new WeightedFits(engine, options, ProgressListener.NONE)
            .fit(law, centre, runs, List.of(new WeightedFits.Task(runs.weight(), Optional.empty())))
            .getFirst();
    return new FittedSurface(law, centre, optimum.centred(), runs.size(), Optional.empty());
  }

  /**
   * Standard deviation of normal errors: by the median of as many as there are runs more than
   * parameters, the largest, since the fit may go through the others.
   */
  static double scale(double[] off, int freedom) {
    double[] largest = Arrays.stream(off).sorted().skip((long) off.length - freedom).toArray();
    return MEDIAN_TO_SCALE * (largest[(freedom - 1) / 2] + largest[freedom / 2]) / 2;
  }

  /** Which runs they are and what is wrong, the first few of them, in words; empty without any. */
  public Optional<String> words() {
    List<String> words = new ArrayList<>();
    size.ifPresent(whole -> words.add(whole.words()));
    found.stream().limit(MOST_NAMED).forEach(outlier -> words.add(outlier.words()));
    if (found.size() > MOST_NAMED) {
      words.add("and %d more".formatted(found.size() - MOST_NAMED));
    }
    return words.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", words));
  }

  /**
   * Weights without those of outliers.
   *
   * @param weights of each run that was searched; not changed
   */
  public double[] without(double[] weights) {
    double[] kept = weights.clone();
    found.forEach(outlier -> kept[outlier.run()] = 0);
    size.ifPresent(whole -> whole.runs().forEach(run -> kept[run] = 0));
    return kept;
  }
}
