package org.farfit.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.ProgressListener;

/**
 * Chooses what to extrapolate with: the law and method, or the average of two, that predicts best
 * from smaller sizes to the next larger one at every origin within the fitted runs ({@link
 * RollingOrigin}). Runs outside them have no say.
 *
 * <p>Candidates are every law by a global fit, regularised where the law has curvatures, Farseer by
 * the piecewise procedure, and the averages of any two of these.
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

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;
  private final Set<Method> methods;

  /** A chooser among all methods. */
  public AutoFit(Engine engine, FitOptions options, ProgressListener progress) {
    this(engine, options, progress, EnumSet.allOf(Method.class));
  }

  /**
   * A chooser.
   *
   * @param methods which methods it may choose; without {@code REGULARISED} no prior is used
   */
  public AutoFit(
      Engine engine, FitOptions options, ProgressListener progress, Set<Method> methods) {
    if (methods.isEmpty()) {
      throw new IllegalArgumentException("no method to choose");
    }
    this.engine = engine;
    this.options = options;
    this.progress = progress;
    this.methods = EnumSet.copyOf(methods);
  }

  /**
   * One law fitted by one method.
   *
   * @param method how it was fitted
   * @param surface the surface
   */
  public record Member(Method method, FittedSurface surface) {

    /** Law and method, as in {@code farseer/regularised}. */
    public String label() {
      return surface.name() + "/" + method.label();
    }
  }

  /**
   * A candidate and how well it predicted.
   *
   * @param name labels of its members, joined by +
   * @param error mean over the origins of the mean of |Lhat / L - 1| one size ahead
   */
  public record Score(String name, double error) {}

  /**
   * What was chosen.
   *
   * @param members one, or two whose average it is
   * @param scores every candidate, best first; empty if there are too few sizes to choose by
   * @param origins how many origins they were judged at
   */
  public record Choice(List<Member> members, List<Score> scores, int origins) {

    /** The surface to extrapolate with. */
    public Surface surface() {
      return members.size() == 1
          ? members.getFirst().surface()
          : new AverageSurface(members.stream().map(Member::surface).toList());
    }

    /** Labels of the members, joined by +. */
    public String name() {
      return String.join("+", members.stream().map(Member::label).toList());
    }

    /** Why it was chosen, in words. */
    public String reason() {
      if (scores.isEmpty()) {
        return name()
            + ": too few sizes to validate inside these runs"
            + (members.getFirst().surface().law().curvatures().isEmpty()
                ? "; a law of few parameters is the safest"
                : "");
      }
      Score best = scores.getFirst();
      double own =
          scores.stream()
              .filter(score -> score.name().equals(name()))
              .mapToDouble(Score::error)
              .findFirst()
              .orElseThrow();
      String mean =
          "mean error one size ahead %.3f%% over %d origins".formatted(100 * own, origins);
      return best.name().equals(name())
          ? "%s: %s, the least of %d candidates".formatted(name(), mean, scores.size())
          : "%s: %s; %s alone has %.3f%%, not better by a standard error"
              .formatted(name(), mean, best.name(), 100 * best.error());
    }
  }

  /** A member and its surfaces at the origins. */
  private record Candidate(Member member, List<FittedSurface> atOrigins) {}

  /**
   * Chooses for some runs.
   *
   * @throws InputException if there are fewer runs than any law needs, or only one distinct N or D
   */
  public Choice choose(RunSet runs) {
    return choose(runs, List.of(runs.weight())).getFirst();
  }

  /**
   * Chooses for several weightings of the same runs, each by itself; all fits of a law go through
   * the engine together.
   */
  public List<Choice> choose(RunSet runs, List<double[]> weightings) {
    Map<List<Law>, List<Integer>> byLaws = new LinkedHashMap<>();
    for (int i = 0; i < weightings.size(); i++) {
      double[] weights = weightings.get(i);
      problem(runs, weights)
          .ifPresent(problem -> {
            throw new InputException(problem);
          });
      byLaws.computeIfAbsent(laws(runs, weights), laws -> new ArrayList<>()).add(i);
    }
    Choice[] choices = new Choice[weightings.size()];
    byLaws.forEach((laws, positions) -> {
      List<Choice> chosen = choose(laws, runs, positions.stream().map(weightings::get).toList());
      for (int k = 0; k < chosen.size(); k++) {
        choices[positions.get(k)] = chosen.get(k);
      }
    });
    return List.of(choices);
  }

  /** The laws that some of the runs suffice for, with one to spare, by a method that is allowed. */
  private List<Law> laws(RunSet runs, double[] weights) {
    return allowed().stream()
        .filter(law -> RunSet.countWeighted(weights) > law.parameterCount())
        .filter(law -> FitRequirements.problem(law, runs, weights).isEmpty())
        .toList();
  }

  /** The laws that a method may fit; origins of the piecewise procedure are those of its law. */
  private List<Law> allowed() {
    return Laws.all().stream()
        .filter(law ->
            admits(law)
                || (methods.contains(Method.PIECEWISE) && law.name().equals(new Farseer().name())))
        .toList();
  }

  /** Whether least-squares fits of a law are candidates. */
  private boolean admits(Law law) {
    return methods.contains(Method.GLOBAL)
        || (methods.contains(Method.REGULARISED) && !law.curvatures().isEmpty());
  }

  /**
   * Why there is nothing to choose from for some of the runs; empty if there is.
   *
   * @param weights of each run; those of weight 0 take no part
   */
  Optional<String> problem(RunSet runs, double[] weights) {
    if (!laws(runs, weights).isEmpty()) {
      return Optional.empty();
    }
    Law least = Collections.min(allowed(), Comparator.comparingInt(Law::parameterCount));
    int count = RunSet.countWeighted(weights);
    return Optional.of(
        count > least.parameterCount()
            ? FitRequirements.problem(least, runs, weights).orElseThrow()
            : "%d runs are too few for any law; expected at least %d"
                .formatted(count, least.parameterCount() + 1));
  }

  private List<Choice> choose(List<Law> laws, RunSet runs, List<double[]> weightings) {
    Map<Law, List<RegularisedFits.Result>> fits = new HashMap<>();
    for (Law law : laws) {
      fits.put(
          law,
          new RegularisedFits(
                  engine, options.forValidation(), progress, methods.contains(Method.REGULARISED))
              .fit(law, runs, weightings));
    }
    Map<List<Double>, Optional<FittedSurface>> piecewise = new HashMap<>();
    List<Choice> choices = new ArrayList<>();
    for (int i = 0; i < weightings.size(); i++) {
      int at = i;
      List<RegularisedFits.Result> results =
          laws.stream().map(law -> fits.get(law).get(at)).toList();
      // The law with most parameters has the fewest origins; all are judged at those.
      List<RollingOrigin> origins =
          results.stream()
              .map(RegularisedFits.Result::origins)
              .min(Comparator.comparingInt(List::size))
              .orElseThrow();
      List<Candidate> candidates = new ArrayList<>();
      results.stream()
          .filter(result -> admits(result.surface().law()))
          .forEach(result -> candidates.add(candidate(result, origins.size())));
      if (!origins.isEmpty() && methods.contains(Method.PIECEWISE)) {
        piecewise(runs, weightings.get(i), origins, piecewise).ifPresent(candidates::add);
      }
      choices.add(choose(runs, origins, candidates));
    }
    return choices;
  }

  private Candidate candidate(RegularisedFits.Result result, int origins) {
    boolean bent = !result.surface().law().curvatures().isEmpty();
    Method method =
        bent && methods.contains(Method.REGULARISED) ? Method.REGULARISED : Method.GLOBAL;
    List<FittedSurface> surfaces = result.atOrigins();
    return new Candidate(
        new Member(method, result.surface()),
        surfaces.subList(surfaces.size() - origins, surfaces.size()));
  }

  private Optional<Candidate> piecewise(
      RunSet runs,
      double[] weights,
      List<RollingOrigin> origins,
      Map<List<Double>, Optional<FittedSurface>> known) {
    Optional<FittedSurface> whole = piecewise(runs, weights, known);
    List<FittedSurface> surfaces = new ArrayList<>();
    for (RollingOrigin origin : origins) {
      piecewise(runs, origin.fit(), known).ifPresent(surfaces::add);
    }
    return whole.isPresent() && surfaces.size() == origins.size()
        ? Optional.of(new Candidate(new Member(Method.PIECEWISE, whole.get()), surfaces))
        : Optional.empty();
  }

  private Optional<FittedSurface> piecewise(
      RunSet runs, double[] weights, Map<List<Double>, Optional<FittedSurface>> known) {
    List<Double> key = Arrays.stream(weights).boxed().toList();
    return known.computeIfAbsent(
        key,
        weighting -> {
          try {
            return Optional.of(
                new PiecewiseFit(options.objective(), PiecewiseSettings.DEFAULT)
                    .fit(new Farseer(), runs.weighted(weights))
                    .fit()
                    .surface());
          } catch (InputException e) {
            // These runs cannot be fitted this way: then it is no candidate.
            return Optional.empty();
          }
        });
  }

  private static Choice choose(
      RunSet runs, List<RollingOrigin> origins, List<Candidate> candidates) {
    if (origins.isEmpty() && candidates.isEmpty()) {
      throw new InputException("too few sizes to choose among the methods allowed");
    }
    if (origins.isEmpty()) {
      Member robust =
          candidates.stream()
              .map(Candidate::member)
              .filter(member -> member.surface().law().curvatures().isEmpty())
              .max(Comparator.comparingInt(member -> member.surface().law().parameterCount()))
              .orElseGet(() -> candidates.getFirst().member());
      return new Choice(List.of(robust), List.of(), 0);
    }
    List<List<Candidate>> combinations = new ArrayList<>();
    for (int a = 0; a < candidates.size(); a++) {
      combinations.add(List.of(candidates.get(a)));
      for (int b = 0; b < a; b++) {
        combinations.add(List.of(candidates.get(b), candidates.get(a)));
      }
    }
    Map<List<Candidate>, double[]> errors = new HashMap<>();
    for (List<Candidate> combination : combinations) {
      errors.put(combination, errors(runs, origins, combination));
    }
    combinations.removeIf(combination -> Double.isNaN(mean(errors.get(combination))));
    if (combinations.isEmpty()) {
      throw new InputException("no method that may be chosen can fit these runs");
    }
    combinations.sort(Comparator.comparingDouble(combination -> mean(errors.get(combination))));
    List<Candidate> chosen = preferAverage(combinations, errors);
    return new Choice(
        chosen.stream().map(Candidate::member).toList(),
        combinations.stream()
            .map(combination -> new Score(name(combination), mean(errors.get(combination))))
            .toList(),
        origins.size());
  }

  /**
   * The best combination; but if that is a single law, the best average unless the law beats it by
   * more than a standard error of their difference. Combined forecasts err less than their members
   * where it cannot be told which of these is better (Bates and Granger 1969).
   */
  private static List<Candidate> preferAverage(
      List<List<Candidate>> ranked, Map<List<Candidate>, double[]> errors) {
    List<Candidate> best = ranked.getFirst();
    return ranked.stream()
        .filter(combination -> combination.size() > 1)
        .findFirst()
        .filter(average -> isWithinOneError(errors.get(average), errors.get(best)))
        .orElse(best);
  }

  /** Whether the mean of a - b is at most its own standard error. */
  private static boolean isWithinOneError(double[] a, double[] b) {
    int n = a.length;
    double mean = mean(a) - mean(b);
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += Math.pow(a[i] - b[i] - mean, 2);
    }
    return mean <= Math.sqrt(squares / (n * Math.max(1, n - 1.0)));
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  private static String name(List<Candidate> combination) {
    return String.join(
        "+", combination.stream().map(candidate -> candidate.member().label()).toList());
  }

  private static double[] errors(
      RunSet runs, List<RollingOrigin> origins, List<Candidate> combination) {
    return IntStream.range(0, origins.size())
        .mapToDouble(o ->
            origins
                .get(o)
                .error(
                    runs,
                    new AverageSurface(
                        combination.stream()
                            .map(candidate -> candidate.atOrigins().get(o))
                            .toList())))
        .toArray();
  }
}
