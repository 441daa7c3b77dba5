package org.farfit.analysis.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.farfit.analysis.Holdout;
import org.farfit.analysis.LossLimits;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.Method;
import org.farfit.fit.Surface;
import org.farfit.fit.extrapolation.AutoFit;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.fit.extrapolation.HoldoutFits;
import org.farfit.fit.method.Fitters;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.fit.search.RunStructure;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.ProgressListener;

/**
 * How well fits predict runs that they have not seen.
 *
 * <pre>{@code
 * List<Validation.Row> rows =
 *     new Validation(engine, FitOptions.DEFAULT, ProgressListener.NONE)
 *         .run(runs, Holdout.edge(runs), List.of(Validation.Candidate.AUTO));
 * }</pre>
 */
public final class Validation {

  /** The split that is the fitted runs themselves. */
  public static final String FITTED = "fit";

  /** Probability that the intervals should hold a run that are tried on those held out. */
  public static final double LEVEL = 0.9;

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;
  private PiecewiseSettings piecewise = PiecewiseSettings.DEFAULT;

  /**
   * What is fitted.
   *
   * @param law the law; empty for what {@link org.farfit.fit.extrapolation.AutoFit} chooses
   * @param methods how: one for a law, or those to choose from
   */
  public record Candidate(Optional<Law> law, Set<Method> methods) {

    /** What validation inside the fitted runs chooses among all methods. */
    public static final Candidate AUTO = auto(EnumSet.allOf(Method.class));

    /** What validation inside the fitted runs chooses among some methods. */
    public static Candidate auto(Set<Method> methods) {
      return new Candidate(Optional.empty(), methods);
    }

    /** A law by a method. */
    public static Candidate of(Law law, Method method) {
      return new Candidate(Optional.of(law), EnumSet.of(method));
    }

    /**
     * Laws by methods, where a method is defined for a law.
     *
     * @throws IllegalArgumentException if none is; the message has the reasons
     */
    public static List<Candidate> all(List<Law> laws, Collection<Method> methods) {
      List<Candidate> candidates = new ArrayList<>();
      List<String> reasons = new ArrayList<>();
      for (Law law : laws) {
        for (Method method : methods) {
          Fitters.unsupported(method, law)
              .ifPresentOrElse(reasons::add, () -> candidates.add(of(law, method)));
        }
      }
      if (candidates.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", reasons));
      }
      return candidates;
    }

    private List<HoldoutFits.Outcome> fit(
        HoldoutFits fits, RunSet runs, List<double[]> weightings) {
      return law.isPresent()
          ? fits.fit(law.get(), methods.iterator().next(), runs, weightings)
          : fits.auto(runs, weightings, methods);
    }
  }

  /**
   * A fit to what a hold-out leaves.
   *
   * @param law name of the law, or auto
   * @param method how it was fitted; for auto what was chosen
   * @param holdout which hold-out
   * @param runs how many runs were fitted
   * @param largestN the largest N of these
   * @param backTest of auto, how intervals like its own did within these runs, in words
   */
  public record Fit(
      String law,
      String method,
      String holdout,
      int runs,
      double largestN,
      Optional<String> backTest) {}

  /**
   * Relative errors, Lhat / L - 1, in percent; not numbers where nothing was predicted.
   *
   * @param mape mean of their sizes
   * @param meanSigned their mean
   * @param worst the one of largest size
   * @param worstN parameters of that run
   * @param worstD tokens of that run
   */
  public record Errors(double mape, double meanSigned, double worst, double worstN, double worstD) {

    private static final Errors UNKNOWN =
        new Errors(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    private static Errors of(Surface surface, RunSet runs, int[] predicted) {
      double sum = 0;
      double sumOfSizes = 0;
      double worst = 0;
      int worstRun = predicted[0];
      for (int i : predicted) {
        double error = 100 * surface.relativeError(runs, i);
        sum += error;
        sumOfSizes += Math.abs(error);
        if (Math.abs(error) > Math.abs(worst) || i == worstRun) {
          worst = error;
          worstRun = i;
        }
      }
      return new Errors(
          sumOfSizes / predicted.length,
          sum / predicted.length,
          worst,
          runs.n(worstRun),
          runs.d(worstRun));
    }
  }

  /**
   * What a fit predicts of a set of runs.
   *
   * @param split which runs; {@link #FITTED} for the fitted ones
   * @param runs how many they are
   * @param errors of the predictions
   * @param held share of these runs that {@link #LEVEL} intervals for single runs hold, made from
   *     the fitted ones; NaN where there are none
   * @param problem why there is no prediction, or why the fit may not be trusted; or empty
   */
  public record Row(
      Fit fit, String split, int runs, Errors errors, double held, Optional<String> problem) {}

  /** Hold-outs of a law that are told of. */
  private static final int MOST_REMARKS = 3;

  /**
   * What runs cannot tell about laws, in words: all of them and, of laws that they suffice for,
   * those that hold-outs leave.
   */
  public static List<String> remarks(
      List<Law> laws, Method method, RunSet runs, List<Holdout> holdouts) {
    List<String> remarks = new ArrayList<>();
    List<String> ofHoldouts = new ArrayList<>();
    for (Law law : laws) {
      List<String> onAll = RunStructure.remarks(law, method, runs);
      remarks.addAll(onAll);
      if (onAll.isEmpty()) {
        holdouts.stream()
            .filter(holdout -> RunSet.countWeighted(holdout.fit()) > 0)
            .flatMap(holdout ->
                RunStructure.remarks(law, method, runs.weighted(holdout.fit())).stream()
                    .map(remark -> "hold-out %s: %s".formatted(holdout.name(), remark)))
            .limit(MOST_REMARKS)
            .forEach(ofHoldouts::add);
      }
    }
    remarks.addAll(ofHoldouts);
    return remarks;
  }

  /** {@link #remarks} on the laws that a choice among laws is made from. */
  public static List<String> remarksOnAuto(RunSet runs, List<Holdout> holdouts) {
    return remarks(Laws.extrapolating(), Method.REGULARISED, runs, holdouts);
  }

  /** A validation. */
  public Validation(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /** Uses other choices for the piecewise procedure. */
  public Validation withPiecewise(PiecewiseSettings settings) {
    Validation other = new Validation(engine, options, progress);
    other.piecewise = settings;
    return other;
  }

  /**
   * Fits every candidate to every hold-out.
   *
   * @return for each candidate and hold-out one row for the fitted runs and one per test set; where
   *     a fit is not possible, such as with fewer runs than parameters, rows with the reason
   */
  public List<Row> run(RunSet runs, List<Holdout> holdouts, List<Candidate> candidates) {
    List<double[]> weightings = holdouts.stream().map(Holdout::fit).toList();
    HoldoutFits fits = new HoldoutFits(engine, options, piecewise, progress);
    List<Row> rows = new ArrayList<>();
    for (Candidate candidate : candidates) {
      List<HoldoutFits.Outcome> outcomes = candidate.fit(fits, runs, weightings);
      for (int i = 0; i < holdouts.size(); i++) {
        rows.addAll(rows(runs, holdouts.get(i), outcomes.get(i), candidate));
      }
    }
    return rows;
  }

  private List<Row> rows(
      RunSet runs, Holdout holdout, HoldoutFits.Outcome outcome, Candidate candidate) {
    Fit fit =
        new Fit(
            candidate.law().map(Law::name).orElse(AutoFit.NAME),
            outcome.method(),
            holdout.name(),
            RunSet.countWeighted(holdout.fit()),
            IntStream.of(weighted(holdout.fit())).mapToDouble(runs::n).max().orElse(Double.NaN),
            outcome.choice().flatMap(AutoFit.Choice::backTest).map(found -> found.words(LEVEL)));
    HeldRuns held = new HeldRuns(engine, runs, holdout.fit(), outcome);
    List<Row> rows = new ArrayList<>();
    rows.add(row(runs, holdout, outcome, held, fit, FITTED, holdout.fit()));
    holdout
        .tests()
        .forEach((split, test) -> rows.add(row(runs, holdout, outcome, held, fit, split, test)));
    return rows;
  }

  private static Row row(
      RunSet runs,
      Holdout holdout,
      HoldoutFits.Outcome outcome,
      HeldRuns held,
      Fit fit,
      String split,
      double[] test) {
    int[] predicted = weighted(test);
    Optional<String> refusal =
        guarded(runs, outcome, predicted).or(() -> refusal(runs, holdout, outcome, predicted));
    boolean known = refusal.isEmpty() && outcome.surface().isPresent();
    return new Row(
        fit,
        split,
        predicted.length,
        known ? Errors.of(outcome.surface().get(), runs, predicted) : Errors.UNKNOWN,
        known ? held.share(predicted, LEVEL) : Double.NaN,
        refusal.or(outcome::problem));
  }

  private static int[] weighted(double[] weights) {
    return IntStream.range(0, weights.length).filter(i -> weights[i] > 0).toArray();
  }

  /** Why predictions of some runs are none. */
  private static Optional<String> refusal(
      RunSet runs, Holdout holdout, HoldoutFits.Outcome outcome, int[] predicted) {
    RunSet fitted = runs.weighted(holdout.fit());
    if (outcome.surface().isEmpty() || fitted.size() == 0) {
      return Optional.empty();
    }
    LossLimits limits = LossLimits.of(fitted);
    return Arrays.stream(predicted)
        .mapToObj(i ->
            limits
                .refusal(runs, i, outcome.surface().get().loss(runs, i))
                .map(reason ->
                    String.format(
                        Locale.ROOT,
                        "no errors: at N = %.4g, D = %.4g %s",
                        runs.n(i),
                        runs.d(i),
                        reason)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Why an average gives no prediction of some run, if it gives none. */
  private static Optional<String> guarded(
      RunSet runs, HoldoutFits.Outcome outcome, int[] predicted) {
    return outcome.surface().isPresent()
            && outcome.surface().get() instanceof GuardedSurface guarded
        ? Arrays.stream(predicted)
            .mapToObj(i ->
                guarded
                    .refusal(runs.n(i), runs.d(i))
                    .map(why ->
                        "no prediction at N = %.3g, D = %.3g: %s"
                            .formatted(runs.n(i), runs.d(i), why)))
            .flatMap(Optional::stream)
            .findFirst()
        : Optional.empty();
  }
}
