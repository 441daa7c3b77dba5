package org.farfit.fit.search;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Method;
import org.farfit.fit.Optimum;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.hipparchus.stat.descriptive.rank.Median;

/**
 * A whole model size whose losses are none of its N, as where it was logged ten times too large: it
 * is found by the law that the runs of all other sizes tell, under the loss by which outliers are
 * found. Its runs may be too many for outliers, and each of them nearer than one.
 *
 * @param n its N
 * @param runs indices of its runs
 * @param factor its median loss over what the others tell
 * @param fitting the N of which others tell its losses; NaN if there is none within a factor of
 *     {@link #FARTHEST}
 * @param surface what the others tell
 */
public record OddSize(
    double n, List<Integer> runs, double factor, double fitting, FittedSurface surface) {

  /**
   * How many times the scatter of the others it is off, in the median: a size that was logged ten
   * times too large or small is by 20 and more, those of public collections by up to 4, but for
   * smallest ones, of which the others tell little.
   */
  private static final double SCALES = 15;

  /** By what factor it is off at least. */
  private static final double LEAST_FACTOR = 1.03;

  /** How many standard errors of what the others tell of it: at an end that may be little. */
  private static final double ERRORS = 5;

  /** By what factor its N is off at least, if any N fits. */
  private static final double LEAST_OFF = 3;

  /** Of larger sets none is asked: it would take a fit to nearly all of them for each size. */
  private static final int MOST_RUNS = 10_000;

  private static final int FEWEST_SIZES = 4;
  private static final int FEWEST_RUNS = 3;

  /**
   * How many more runs than parameters the others have at least: fewer do not tell their scatter.
   */
  private static final int LEAST_FREEDOM = 8;

  /** Of how many runs it may have one at most: what more do is told by them. */
  private static final int MOST_ONE_IN = 3;

  /** Of how many runs it has one at least: of plans of more sizes none is so much of the runs. */
  private static final int LEAST_ONE_IN = 30;

  private static final double FARTHEST = 1000;
  private static final int HALVINGS = 40;

  /** Keeps the list. */
  public OddSize {
    runs = List.copyOf(runs);
  }

  /**
   * The size that is off the most, if one is.
   *
   * @param options of the fits, with a loss that goes by the bulk of the runs
   */
  static Optional<OddSize> among(
      RunSet runs, Law law, Centre centre, Engine engine, FitOptions options) {
    if (runs.size() > MOST_RUNS) {
      return Optional.empty();
    }
    double[] size = runs.bySize().n();
    Map<Double, List<Integer>> sizes =
        IntStream.range(0, size.length)
            .boxed()
            .collect(Collectors.groupingBy(i -> size[i], TreeMap::new, Collectors.toList()));
    if (sizes.size() < FEWEST_SIZES) {
      return Optional.empty();
    }
    List<List<Integer>> asked =
        sizes.values().stream()
            .filter(own ->
                own.size() >= FEWEST_RUNS
                    && own.size() * MOST_ONE_IN <= size.length
                    && own.size() * LEAST_ONE_IN >= size.length
                    && size.length - own.size() >= law.parameterCount() + LEAST_FREEDOM
                    && FitRequirements.problem(law, Method.GLOBAL, runs, without(runs, own))
                        .isEmpty())
            .toList();
    List<WeightedFits.Task> tasks =
        asked.stream()
            .map(own -> new WeightedFits.Task(without(runs, own), Optional.empty()))
            .toList();
    List<Optimum> others =
        new WeightedFits(engine, options, ProgressListener.NONE).fit(law, centre, runs, tasks);
    OddSize farthest = null;
    double most = SCALES;
    for (int k = 0; k < asked.size(); k++) {
      List<Integer> own = asked.get(k);
      FittedSurface surface =
          surface(law, centre, others.get(k), runs.weighted(tasks.get(k).weights()));
      double n = size[own.getFirst()];
      double median = median(runs, own, runs::n, surface);
      double[] off =
          IntStream.range(0, size.length)
              .filter(i -> size[i] != n)
              .mapToDouble(i -> Math.abs(Math.log(runs.loss(i) / surface.loss(runs, i))))
              .toArray();
      int freedom = off.length - law.parameterCount();
      double scale = Outliers.scale(off, freedom);
      double deviation = Math.sqrt(Arrays.stream(off).map(each -> each * each).sum() / freedom);
      double error = error(runs, own, surface) * scale / deviation;
      double scales = Math.abs(median) / scale;
      double fitting = fitting(runs, own, n, surface);
      if (scales > most
          && Math.abs(median) > Math.max(Math.log(LEAST_FACTOR), ERRORS * error)
          && !(Math.abs(Math.log(fitting / n)) < Math.log(LEAST_OFF))) {
        most = scales;
        farthest = new OddSize(n, own, Math.exp(median), fitting, surface);
      }
    }
    return Optional.ofNullable(farthest);
  }

  /** What some runs tell, as uncertain as least squares there would be. */
  private static FittedSurface surface(Law law, Centre centre, Optimum optimum, RunSet others) {
    double[] centred = optimum.parameters();
    Evaluation at =
        Evaluation.of(
            law,
            centre,
            centred,
            others,
            new Objective(Objective.Residual.LOG, Double.POSITIVE_INFINITY));
    return new FittedSurface(
        law,
        centre,
        optimum.centred(),
        others.size(),
        Uncertainty.of(
                at,
                new double[law.parameterCount()],
                law.atLimit(centre, centred, others.n(), others.d()))
            .covariance());
  }

  /** The standard error of ln L at the runs, in the mean; infinite where it is not known. */
  private static double error(RunSet runs, List<Integer> own, FittedSurface surface) {
    return own.stream()
        .mapToDouble(
            run -> surface.logLossError(runs.n(run), runs.d(run)).orElse(Double.POSITIVE_INFINITY))
        .average()
        .orElseThrow();
  }

  private static double[] without(RunSet runs, List<Integer> own) {
    double[] weights = runs.weight().clone();
    own.forEach(run -> weights[run] = 0);
    return weights;
  }

  /** The median of ln of runs' losses over what a surface says of some N and their D. */
  private static double median(
      RunSet runs, List<Integer> own, IntToDoubleFunction n, FittedSurface surface) {
    return new Median()
        .evaluate(
            own.stream()
                .mapToDouble(run ->
                    Math.log(runs.loss(run) / surface.loss(n.applyAsDouble(run), runs.d(run))))
                .toArray());
  }

  /** The N of which the surface says these losses: by halving, since losses fall with N. */
  private static double fitting(RunSet runs, List<Integer> own, double n, FittedSurface surface) {
    double low = n / FARTHEST;
    double high = n * FARTHEST;
    if (!(above(runs, own, low, surface) && !above(runs, own, high, surface))) {
      return Double.NaN;
    }
    for (int k = 0; k < HALVINGS; k++) {
      double middle = Math.sqrt(low * high);
      if (above(runs, own, middle, surface)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.sqrt(low * high);
  }

  /** Whether a model of some N would have more loss than the runs have. */
  private static boolean above(RunSet runs, List<Integer> own, double n, FittedSurface surface) {
    return median(runs, own, run -> n, surface) < 0;
  }

  /** What is wrong with it, in words. */
  public String words() {
    return String.format(
            Locale.ROOT,
            "the %d runs of N = %.3g have losses of %.3g times what runs of other sizes tell",
            runs.size(),
            n,
            factor)
        + (Double.isNaN(fitting)
            ? ""
            : String.format(Locale.ROOT, ", as if N were %.2g; is N of this size right?", fitting));
  }
}
