package org.farfit.fit.extrapolation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.method.Fitters;
import org.farfit.fit.regularised.RegularisedFits;
import org.farfit.fit.search.OutlierSearch;
import org.farfit.fit.search.Outliers;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.law.StagedForm;
import org.farfit.solver.ProgressListener;
import org.hipparchus.stat.descriptive.rank.Median;

/**
 * What to extrapolate with: the average of several laws, each pulled towards what published fits
 * say of it ({@link Law#prior}), with more weight the better it predicts from small runs to larger
 * ones at many origins within the fitted runs ({@link ExtrapolationOrigin}, {@link OriginWeights}).
 * Runs outside them have no say.
 *
 * <p>Candidates are the laws that have a prior, and Farseer by the piecewise procedure where the
 * runs allow it at every origin. Fits are robust: outliers pull no harder than Huber's loss lets
 * them ({@link RegularisedFits#robust}). A candidate that is no loss surface ten times beyond the
 * runs is left out.
 *
 * <pre>{@code
 * AutoFit.Choice choice =
 *     new AutoFit(engine, FitOptions.DEFAULT, ProgressListener.NONE).choose(runs);
 * System.out.println(choice.reason());
 * System.out.println(choice.surface().loss(25.1e9, 3.2e11));
 * }</pre>
 */
public final class AutoFit {

  /** What commands and files call the choice. */
  public static final String NAME = "auto";

  private static final Law SIMPLEST = Laws.simplest();

  /** A candidate must be sane this many times beyond the largest N and D of the runs. */
  private static final double BEYOND = 10;

  /** Candidates of less weight are left out, so that averages stay short. */
  private static final double LEAST_WEIGHT = 0.01;

  /**
   * The weight of the simplest law before any evidence, for as many runs as {@link #FEW_RUNS} or
   * fewer, unless an equal share is more: it errs least where laws of more parameters err by far.
   * With more runs all laws soon come to weigh the same.
   */
  private static final double SIMPLEST_WEIGHT = 0.45;

  /** Up to how many runs that weight holds in full. */
  private static final double FEW_RUNS = 50;

  /**
   * How soon all laws weigh the same: what the simplest has more than an equal share falls as this
   * power of {@link #FEW_RUNS} over the number of runs.
   */
  private static final double FALL_WITH_RUNS = 4;

  /** How often the choice is made anew, to tell how sure it is. */
  private static final int RESAMPLED = 100;

  /** How much worse than least squares the piecewise procedure may describe the runs. */
  private static final double MOST_MISFIT = 2;

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;
  private final Set<Method> methods;
  private final OutlierSearch outlierSearch;

  /** A chooser among all methods. */
  public AutoFit(Engine engine, FitOptions options, ProgressListener progress) {
    this(engine, options, progress, EnumSet.allOf(Method.class));
  }

  /**
   * A chooser.
   *
   * @param methods which methods it may choose; without {@code REGULARISED} no prior is used, with
   *     it no fit is free
   */
  public AutoFit(
      Engine engine, FitOptions options, ProgressListener progress, Set<Method> methods) {
    this(engine, options, progress, methods, new OutlierSearch(engine, options));
  }

  /** A chooser that shares its search for outliers with the fits that follow it. */
  public AutoFit(
      Engine engine,
      FitOptions options,
      ProgressListener progress,
      Set<Method> methods,
      OutlierSearch outlierSearch) {
    if (methods.isEmpty()) {
      throw new IllegalArgumentException("no method to choose");
    }
    this.engine = engine;
    this.options = options;
    this.progress = progress;
    this.methods = EnumSet.copyOf(methods);
    this.outlierSearch = outlierSearch;
  }

  /**
   * One law fitted by one method.
   *
   * @param method how it was fitted
   * @param surface the surface
   * @param weight its share of the average; 0 for one that is only doubted
   * @param doubt how probable the law is, by two kinds of evidence that count alike: its mean share
   *     where the choice is made anew from resampled origins, and how well it describes the runs
   *     ({@link AkaikeWeights})
   */
  public record Member(Method method, FittedSurface surface, double weight, double doubt) {

    /** Law and method, as in {@code farseer/regularised}. */
    public String label() {
      return surface().name() + "/" + method.label();
    }
  }

  /**
   * A candidate and how well it predicted.
   *
   * @param name law and method
   * @param error mean over the origins of the mean of |Lhat / L - 1|
   * @param weight its share of the average
   */
  public record Score(String name, double error, double weight) {}

  /**
   * What was chosen.
   *
   * @param runs the runs that were fitted
   * @param objective what the members' fits minimise
   * @param members those that have weight, or would have if some origins counted more than others;
   *     heaviest first
   * @param scores every candidate, best first; empty if there are too few runs to choose by
   * @param error of the average, as of a candidate; NaN if there are too few runs
   * @param origins how many origins they were judged at
   * @param backTest how intervals like those of the average did at these origins; empty if there
   *     are too few runs
   * @param leftOut why candidates were left out, and runs at the origins, in words
   */
  public record Choice(
      RunSet runs,
      Objective objective,
      List<Member> members,
      List<Score> scores,
      double error,
      int origins,
      Optional<BackTest> backTest,
      List<String> leftOut) {

    /** The surface to extrapolate with. */
    public GuardedSurface surface() {
      return new GuardedSurface(
          new AverageSurface(
              members.stream().map(Member::surface).toList(),
              members.stream().map(Member::weight).toList()),
          runs);
    }

    /**
     * The share of some runs that intervals for single runs hold, with what losses may drift by.
     *
     * @param level probability that an interval should hold its run
     * @param all other runs of N and D
     * @param predicted which of them
     * @return NaN where there are no intervals
     */
    public double held(double level, RunSet all, int[] predicted) {
      RunIntervals intervals =
          new RunIntervals(
              runs,
              runs.weight(),
              members.stream().map(Member::surface).toList(),
              members.stream().mapToDouble(Member::weight).toArray(),
              members.stream().mapToDouble(Member::doubt).toArray(),
              Optional.of(Drift.beyond(runs, BackTest.drift(backTest))));
      return intervals.isKnown()
          ? Arrays.stream(predicted)
              .mapToDouble(i -> intervals.contains(level, all.n(i), all.d(i), all.loss(i)) ? 1 : 0)
              .average()
              .orElse(Double.NaN)
          : Double.NaN;
    }

    /** Labels of the members, joined by +. */
    public String name() {
      return members.stream().map(Member::label).collect(Collectors.joining("+"));
    }

    /** What it is and why, in words. */
    public String reason() {
      String mixture =
          members.stream()
              .filter(member -> member.weight() > 0)
              .map(member -> "%.2f %s".formatted(member.weight(), member.label()))
              .collect(Collectors.joining(" + "));
      String why =
          scores.isEmpty()
              ? "too few runs to predict some from others"
              : "mean error %.3f%% from smaller to larger N, D and compute at %d origins within the runs; %s alone has %.3f%%"
                  .formatted(
                      100 * error,
                      origins,
                      scores.getFirst().name(),
                      100 * scores.getFirst().error());
      return Stream.concat(Stream.of(mixture + ": " + why), leftOut.stream())
          .collect(Collectors.joining("; "));
    }
  }

  /** A law by a method: its surface on all runs and at each origin. */
  private record Candidate(Method method, LawFit fit, List<FittedSurface> atOrigins) {

    FittedSurface surface() {
      return fit.surface();
    }

    String label() {
      return surface().name() + "/" + method.label();
    }
  }

  /**
   * Chooses for some runs.
   *
   * @throws InputException if there are too few runs, or no candidate is a loss surface
   */
  public Choice choose(RunSet runs) {
    problem(runs, runs.weight())
        .ifPresent(problem -> {
          throw new InputException(problem);
        });
    boolean robust = isRegularised() || !options.objective().isSquared();
    Outliers outliers = robust ? outlierSearch.among(runs) : Outliers.NONE;
    List<ExtrapolationOrigin> origins =
        ExtrapolationOrigin.within(runs, outliers.without(runs.weight()));
    RegularisedFits fits = fits(runs, origins, outliers);
    List<Law> laws = laws(runs, runs.weight());
    Objective objective =
        isRegularised() && options.objective().isSquared()
            ? fits.robust(laws)
            : options.objective();
    List<Candidate> candidates = new ArrayList<>();
    if (isRegularised() || methods.contains(Method.GLOBAL)) {
      laws.forEach(law ->
          candidates.add(
              isRegularised()
                  ? candidate(
                      Method.REGULARISED, fits.fit(law, objective), objective, runs, origins)
                  : candidate(Method.GLOBAL, fits.free(law), squared(), runs, origins)));
    }
    List<String> leftOut = new ArrayList<>();
    outliers
        .words()
        .map(words -> "left out where laws and intervals are judged: " + words)
        .ifPresent(leftOut::add);
    if (methods.contains(Method.PIECEWISE)) {
      piecewise(runs, origins)
          .filter(candidate -> describes(runs, candidate, candidates, leftOut))
          .ifPresent(candidates::add);
    }
    double[] counted = outliers.without(runs.weight());
    candidates.removeIf(candidate -> {
      Optional<String> problem =
          problem(runs, candidate).or(() -> useless(runs.weighted(counted), candidate));
      problem.ifPresent(leftOut::add);
      return problem.isPresent();
    });
    if (candidates.isEmpty()) {
      throw new InputException(
          "no law that may be chosen can be extrapolated from these runs"
              + leftOut.stream().map(each -> "; " + each).collect(Collectors.joining()));
    }
    if (isRegularised()) {
      SubtractedLoss.problem(
              candidates.stream().map(candidate -> candidate.surface().law()).toList(),
              law -> fits.free(law).getFirst().surface(),
              runs.weighted(counted),
              squared())
          .ifPresent(problem -> {
            throw new InputException("no law can extrapolate these losses; " + problem);
          });
    }
    return weigh(runs, objective, origins, candidates, leftOut);
  }

  /** The laws that some of the runs suffice for. */
  private List<Law> laws(RunSet runs, double[] weights) {
    Method method = isRegularised() ? Method.REGULARISED : Method.GLOBAL;
    return Laws.extrapolating().stream()
        .filter(law -> FitRequirements.problem(law, method, runs, weights).isEmpty())
        .filter(law -> isRegularised() || RunSet.countWeighted(weights) > law.parameterCount())
        .toList();
  }

  /**
   * Why there is nothing to choose from for some of the runs; empty if there is.
   *
   * @param weights of each run; those of weight 0 take no part
   */
  Optional<String> problem(RunSet runs, double[] weights) {
    return laws(runs, weights).isEmpty()
        ? FitRequirements.problem(SIMPLEST, Method.REGULARISED, runs, weights)
        : Optional.empty();
  }

  private boolean isRegularised() {
    return methods.contains(Method.REGULARISED);
  }

  private RegularisedFits fits(RunSet runs, List<ExtrapolationOrigin> origins, Outliers outliers) {
    return new RegularisedFits(
        engine,
        options.forValidation(),
        progress,
        runs,
        SurfaceProblem.centre(runs),
        Stream.concat(Stream.of(runs.weight()), origins.stream().map(ExtrapolationOrigin::fit))
            .toList(),
        outliers);
  }

  private Objective squared() {
    return new Objective(options.objective().residual(), Double.POSITIVE_INFINITY);
  }

  /**
   * A candidate by its fits to all runs and to those of each origin, all as uncertain as the
   * residuals of the former say.
   */
  private static Candidate candidate(
      Method method,
      List<RegularisedFits.Result> results,
      Objective objective,
      RunSet runs,
      List<ExtrapolationOrigin> origins) {
    LawFit whole = results.getFirst().fit(objective, runs).withNoise(runs, Optional.empty());
    Optional<NoiseModel> model = whole.noiseByModel(runs);
    List<FittedSurface> atOrigins = new ArrayList<>();
    for (int o = 0; o < origins.size(); o++) {
      RegularisedFits.Result result = results.get(o + 1);
      RunSet own = runs.weighted(origins.get(o).fit());
      atOrigins.add(
          model.isPresent() && result.surface().covariance().isPresent()
              ? result.fit(objective, own).under(model.get(), own).surface()
              : result.surface());
    }
    return new Candidate(method, whole, atOrigins);
  }

  /** The law of stretched curves by the piecewise procedure, if it can be done at every origin. */
  private Optional<Candidate> piecewise(RunSet runs, List<ExtrapolationOrigin> origins) {
    try {
      LawFit whole = piecewise(runs);
      List<FittedSurface> surfaces = new ArrayList<>();
      for (ExtrapolationOrigin origin : origins) {
        surfaces.add(piecewise(runs.weighted(origin.fit())).surface());
      }
      return Optional.of(new Candidate(Method.PIECEWISE, whole, surfaces));
    } catch (InputException e) {
      // Some of these runs cannot be fitted this way: then it is no candidate.
      return Optional.empty();
    }
  }

  /**
   * Whether the procedure describes the runs about as well as least squares do, which nothing in it
   * ensures: it fits differences.
   */
  private static boolean describes(
      RunSet runs, Candidate procedure, List<Candidate> others, List<String> leftOut) {
    double least =
        others.stream().mapToDouble(other -> misfit(runs, other)).min().orElse(Double.NaN);
    double ratio = misfit(runs, procedure) / least;
    if (ratio > MOST_MISFIT) {
      leftOut.add(
          "%s left out: it describes the runs %.1f times worse than least squares"
              .formatted(procedure.label(), ratio));
    }
    return !(ratio > MOST_MISFIT);
  }

  /** Mean of |Lhat / L - 1| on the fitted runs. */
  private static double misfit(RunSet runs, Candidate candidate) {
    return IntStream.range(0, runs.size())
        .mapToDouble(i -> Math.abs(candidate.surface().relativeError(runs, i)))
        .average()
        .orElseThrow();
  }

  private LawFit piecewise(RunSet runs) {
    return new Fitters(engine, options, ProgressListener.NONE)
        .of(Method.PIECEWISE)
        .fit(Laws.staged(StagedForm.STRETCHED), runs);
  }

  /** Why a candidate is no loss surface as far as it may be asked for, if it is none. */
  private static Optional<String> problem(RunSet runs, Candidate candidate) {
    double n = Arrays.stream(runs.n()).max().orElseThrow();
    double d = Arrays.stream(runs.d()).max().orElseThrow();
    return Stream.of(new double[] {n, d}, new double[] {BEYOND * n, BEYOND * d})
        .map(at -> GuardedSurface.problem(candidate.surface(), at[0], at[1]))
        .flatMap(Optional::stream)
        .findFirst()
        .map(problem -> "%s left out: %s".formatted(candidate.label(), problem));
  }

  /** That a candidate describes the runs no better than their median does, if it does not. */
  private static Optional<String> useless(RunSet runs, Candidate candidate) {
    double[] logLosses = Arrays.stream(runs.loss()).map(Math::log).toArray();
    double median = new Median().evaluate(logLosses);
    double constant = Arrays.stream(logLosses).map(each -> Math.abs(each - median)).sum();
    double law =
        IntStream.range(0, runs.size())
            .mapToDouble(i -> Math.abs(Math.log1p(candidate.surface().relativeError(runs, i))))
            .sum();
    return law < constant
        ? Optional.empty()
        : Optional.of(
            "%s left out: it describes the runs no better than a constant does"
                .formatted(candidate.label()));
  }

  private static Choice weigh(
      RunSet runs,
      Objective objective,
      List<ExtrapolationOrigin> origins,
      List<Candidate> candidates,
      List<String> leftOut) {
    int count = candidates.size();
    List<double[][]> errors = new ArrayList<>();
    for (int o = 0; o < origins.size(); o++) {
      int at = o;
      errors.add(
          candidates.stream()
              .map(candidate -> origins.get(at).errors(runs, candidate.atOrigins().get(at)))
              .toArray(double[][]::new));
    }
    double[] before = before(runs, candidates);
    double[] weights = withoutTraces(OriginWeights.of(errors, before));
    double[] doubt =
        withoutTraces(
            doubt(
                OriginWeights.resampled(errors, before, RESAMPLED),
                AkaikeWeights.of(candidates.stream().map(Candidate::fit).toList(), runs)));
    List<Member> members = new ArrayList<>();
    List<Score> scores = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      Candidate candidate = candidates.get(k);
      if (weights[k] > 0 || doubt[k] > 0) {
        members.add(new Member(candidate.method(), candidate.surface(), weights[k], doubt[k]));
      }
      if (!origins.isEmpty()) {
        double[] alone = new double[count];
        alone[k] = 1;
        scores.add(new Score(candidate.label(), error(errors, alone), weights[k]));
      }
    }
    members.sort(Comparator.comparingDouble(Member::weight).reversed());
    scores.sort(Comparator.comparingDouble(Score::error));
    List<List<FittedSurface>> atOrigins =
        IntStream.range(0, origins.size())
            .mapToObj(o -> candidates.stream().map(each -> each.atOrigins().get(o)).toList())
            .toList();
    return new Choice(
        runs,
        objective,
        members,
        scores,
        error(errors, weights),
        origins.size(),
        BackTest.of(runs, origins, atOrigins, weights, doubt),
        leftOut);
  }

  /** The mean of what predictions and descriptions say, where the latter say something. */
  private static double[] doubt(double[] predicting, Optional<double[]> describing) {
    return describing
        .map(weights ->
            IntStream.range(0, weights.length)
                .mapToDouble(k -> (predicting[k] + weights[k]) / 2)
                .toArray())
        .orElse(predicting);
  }

  /** What candidates weigh before any evidence. */
  private static double[] before(RunSet runs, List<Candidate> candidates) {
    int count = candidates.size();
    double[] weights = Stacking.equal(count);
    double more =
        Math.max(0, SIMPLEST_WEIGHT - 1.0 / count)
            * Math.min(1, Math.pow(FEW_RUNS / runs.size(), FALL_WITH_RUNS));
    for (int k = 0; k < count; k++) {
      if (candidates.get(k).surface().law().equals(SIMPLEST)) {
        for (int j = 0; j < count; j++) {
          weights[j] += j == k ? more : -more / (count - 1);
        }
        return weights;
      }
    }
    return weights;
  }

  private static double[] withoutTraces(double[] weights) {
    double[] kept =
        Arrays.stream(weights).map(weight -> weight < LEAST_WEIGHT ? 0 : weight).toArray();
    double sum = Arrays.stream(kept).sum();
    return Arrays.stream(kept).map(weight -> weight / sum).toArray();
  }

  /** Mean over the origins of the mean size of the average's errors. */
  private static double error(List<double[][]> errors, double[] weights) {
    return errors.stream()
        .mapToDouble(origin ->
            IntStream.range(0, origin[0].length)
                .mapToDouble(i ->
                    Math.abs(
                        IntStream.range(0, weights.length)
                            .mapToDouble(k -> weights[k] * origin[k][i])
                            .sum()))
                .average()
                .orElseThrow())
        .average()
        .orElse(Double.NaN);
  }
}
