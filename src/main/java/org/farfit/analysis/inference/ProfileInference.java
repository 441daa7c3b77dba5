package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.farfit.analysis.Roots;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.Parallel;
import org.farfit.solver.PartedEvaluator;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;

/**
 * Profile-likelihood intervals of any estimand: the values that the fit can be pulled to, the
 * parameters giving way as best they can, before its cost rises too far. With s the scale of a
 * residual, the profile t, sqrt(2 (cost - least cost)) / s, is compared with Student's t (Bates and
 * Watts 1988, section 6.1). For a fit by generalised least squares the cost is that one's, and the
 * scale that of its model. Unlike the delta method it follows the curvature of the model.
 */
public final class ProfileInference {

  /** How far the profile is followed, in asymptotic standard errors. */
  private static final double FARTHEST = 60;

  /** The first pull, in units of the limit: what the pull's softness takes off, and a little. */
  private static final double PAST_LIMIT = 1.02;

  /** How much farther to pull where the profile has not risen enough yet. */
  private static final double FARTHER = 1.25;

  /** How often a step that could not be followed is tried at half its length. */
  private static final int SHORTER_STEPS = 8;

  /**
   * Where the profile misses the limit by more, as a share of it, it jumps there over the limit.
   */
  private static final double JUMP = 0.01;

  /** Strength of the pull: it reaches all but a hundredth of the way to its target. */
  private static final double STIFFNESS = 100;

  private final LawFit fit;
  private final SurfaceProblem problem;
  private final double leastCost;
  private final double deviation;
  private final int degreesOfFreedom;
  private final AtomicInteger evaluations = new AtomicInteger();

  /**
   * Inference on a fit.
   *
   * @param runs the runs that were fitted
   */
  public ProfileInference(LawFit fit, RunSet runs) {
    this.fit = fit;
    FittedSurface surface = fit.surface();
    this.problem = fit.problem(runs, WeightTable.of(runs.weight()));
    this.leastCost = cost(surface.centredArray());
    this.deviation = fit.residualScale();
    this.degreesOfFreedom = fit.degreesOfFreedom(runs);
  }

  /** How many normal equations were evaluated for constrained fits, so far. */
  int evaluations() {
    return evaluations.get();
  }

  private double cost(double[] parameters) {
    NormalEquations at = new NormalEquations(parameters.length, 1);
    at.setParameters(0, parameters);
    try (Evaluator evaluator = PartedEvaluator.ofOne(problem)) {
      evaluator.evaluate(at, 1);
    }
    return at.cost[0];
  }

  /** What became of an end of an interval. */
  public enum End {
    /** It was found. */
    FOUND,
    /** The profile was followed far out and never rose high enough: the data do not bound it. */
    UNBOUNDED,
    /** The profile could not be followed so far. */
    LOST
  }

  /**
   * An interval and its ends.
   *
   * @param interval the interval; an end that was not found is NaN
   * @param low what became of the lower end
   * @param high what became of the upper end
   */
  public record Found(Interval interval, End low, End high) {

    /** What was not followed: an optimum that the runs do not bound, of which slopes tell. */
    static final Found NONE = new Found(Interval.UNKNOWN, End.FOUND, End.FOUND);

    /** Why an end is missing, in words; empty if both were found. */
    public Optional<String> lack() {
      List<String> lacks = new ArrayList<>();
      for (End end : List.of(End.UNBOUNDED, End.LOST)) {
        List<String> sides = sides(end);
        if (!sides.isEmpty()) {
          lacks.add(
              (end == End.UNBOUNDED
                      ? "the runs do not bound it "
                      : "its profile could not be followed ")
                  + String.join(" and ", sides));
        }
      }
      return lacks.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", lacks));
    }

    /** On which sides an end became something, in words. */
    public List<String> sides(End what) {
      List<String> sides = new ArrayList<>();
      if (low == what) {
        sides.add("below");
      }
      if (high == what) {
        sides.add("above");
      }
      return sides;
    }
  }

  /**
   * The intervals of all estimands; D* and D*{@literal /}N* have those that follow from N*'s.
   *
   * @param bounded which are followed; the others are {@link Found#NONE}
   */
  List<Found> find(Estimands estimands, double level, IntPredicate bounded) {
    Found[] own = new Found[estimands.size()];
    Parallel.forEach(
        own.length,
        Runtime.getRuntime().availableProcessors(),
        k ->
            own[k] =
                estimands.determining(k) == k && bounded.test(k)
                    ? find(estimands, k, level)
                    : Found.NONE);
    return IntStream.range(0, own.length)
        .mapToObj(k -> determined(estimands, k, own[estimands.determining(k)]))
        .toList();
  }

  private static Found determined(Estimands estimands, int k, Found by) {
    if (estimands.determining(k) == k) {
      return by;
    }
    // They fall where N* grows, so that their low end is at its high one.
    End low = by.high();
    End high = by.low();
    return new Found(estimands.determined(k, by.interval()), low, high);
  }

  /** The interval of one estimand, see {@link #find}. */
  public Interval interval(Estimands estimands, int k, double level) {
    return find(estimands, k, level).interval();
  }

  /**
   * The interval of one estimand, and why an end may be missing.
   *
   * @param k which of the estimands
   */
  public Found find(Estimands estimands, int k, double level) {
    FittedSurface surface = fit.surface();
    Estimands one = estimands.only(k);
    if (surface.covariance().isEmpty()) {
      return new Found(Interval.UNKNOWN, End.LOST, End.LOST);
    }
    double limit = AsymptoticInference.quantile(degreesOfFreedom, level);
    double error = one.errors(surface, surface.covariance())[0];
    if (!(error > 0 && error < Double.POSITIVE_INFINITY)) {
      return new Found(Interval.UNKNOWN, End.LOST, End.LOST);
    }
    Estimands.Item item = one.items().getFirst();
    Side low = end(one, -error, limit);
    Side high = end(one, error, limit);
    return new Found(
        new Interval(item.fromScale(low.value()), item.fromScale(high.value())),
        low.end(),
        high.end());
  }

  /** One end of an interval; NaN if it was not found. */
  private record Side(double value, End end) {

    private static final Side LOST = new Side(Double.NaN, End.LOST);

    private static final Side UNBOUNDED = new Side(Double.NaN, End.UNBOUNDED);
  }

  /** A fit constrained to a value on the estimand's scale, and its profile t. */
  private record Constrained(double[] parameters, double value, double t) {}

  /** Where the profile t reaches a limit, in the direction of a signed standard error. */
  private Side end(Estimands one, double error, double limit) {
    NavigableMap<Double, Constrained> known = new TreeMap<>();
    double[] optimum = fit.surface().centredArray();
    double start = one.scaled(fit.surface())[0];
    known.put(0.0, new Constrained(optimum, start, 0));
    double[] slope = slope(one, error);
    double next = PAST_LIMIT * limit;
    int shorter = 0;
    while (next < FARTHEST) {
      double at = known.lastKey();
      Constrained inner = known.lastEntry().getValue();
      double[] guess =
          at == 0
              ? moved(optimum, next * error, slope)
              : between(optimum, inner.parameters(), next / at);
      double target = start + next * error;
      Optional<Constrained> outer =
          constrain(one, guess, inner, target, error)
              .map(found -> found.t() < limit ? found : lower(one, found, inner, target, error));
      if (outer.isPresent()) {
        known.put(next, outer.get());
      }
      if (outer.isPresent() && outer.get().t() >= limit) {
        return between(one, known, at, next, error, limit);
      }
      if (outer.isPresent()) {
        next *= FARTHER;
        shorter = 0;
      } else if (shorter++ < SHORTER_STEPS) {
        next = 0.5 * (at + next);
      } else {
        return Side.LOST;
      }
    }
    return Side.UNBOUNDED;
  }

  /** By how much parameters move with the estimand, as the covariance has it. */
  private double[] slope(Estimands one, double error) {
    FittedSurface surface = fit.surface();
    double[][] covariance = surface.covariance().orElseThrow();
    double[][] gradient = one.gradient(surface);
    double[] slope = new double[gradient.length];
    for (int i = 0; i < slope.length; i++) {
      for (int j = 0; j < slope.length; j++) {
        slope[i] += covariance[i][j] * gradient[j][0] / (error * error);
      }
    }
    return slope;
  }

  private static double[] moved(double[] from, double by, double[] slope) {
    double[] to = from.clone();
    for (int j = 0; j < to.length; j++) {
      to[j] += by * slope[j];
    }
    return to;
  }

  /** A share of the way from one point to another. */
  private static double[] between(double[] from, double[] to, double share) {
    double[] at = from.clone();
    for (int j = 0; j < at.length; j++) {
      at[j] += share * (to[j] - from[j]);
    }
    return at;
  }

  /**
   * The end between a pull at which the profile is below the limit and one where it is not.
   *
   * @param known fits constrained by some pulls, these two among them
   */
  private Side between(
      Estimands one,
      NavigableMap<Double, Constrained> known,
      double at,
      double next,
      double error,
      double limit) {
    OptionalDouble offset =
        Roots.between(
            by -> constrained(one, known, by, error).map(Constrained::t).orElse(Double.NaN) - limit,
            at,
            next,
            1e-6,
            1e-5);
    if (offset.isEmpty()) {
      return Side.LOST;
    }
    return constrained(one, known, offset.getAsDouble(), error)
        .filter(constrained -> Math.abs(constrained.t() - limit) < JUMP * limit)
        .map(constrained -> new Side(constrained.value(), End.FOUND))
        .orElse(Side.LOST);
  }

  /** The fit pulled by so many standard errors, found from its neighbours if it is not known. */
  private Optional<Constrained> constrained(
      Estimands one, NavigableMap<Double, Constrained> known, double by, double error) {
    Constrained same = known.get(by);
    if (same != null) {
      return Optional.of(same);
    }
    Map.Entry<Double, Constrained> below = known.lowerEntry(by);
    Map.Entry<Double, Constrained> above = known.higherEntry(by);
    Constrained inner = below.getValue();
    double share = (by - below.getKey()) / (above.getKey() - below.getKey());
    double[] guess = between(inner.parameters(), above.getValue().parameters(), share);
    double start = known.firstEntry().getValue().value();
    Optional<Constrained> found = constrain(one, guess, inner, start + by * error, error);
    found.ifPresent(fit -> known.put(by, fit));
    return found;
  }

  /**
   * A fit whose profile is past the limit may be one of several minima, and the profile is that of
   * the least: another search, from where the profile was still below, tells.
   */
  private Constrained lower(
      Estimands one, Constrained found, Constrained inner, double target, double error) {
    return constrain(one, inner.parameters(), SolverSettings.SEARCH, target, error)
        .filter(other -> other.t() < found.t() * (1 - JUMP))
        .orElse(found);
  }

  /** The fit pulled towards a target; empty if it does not converge. */
  private Optional<Constrained> constrain(
      Estimands one, double[] guess, Constrained inner, double target, double error) {
    Optional<Constrained> near =
        constrain(one, guess, SolverSettings.SEARCH.fromNearby(), target, error);
    return near.isPresent()
        ? near
        : constrain(one, inner.parameters(), SolverSettings.SEARCH, target, error);
  }

  private Optional<Constrained> constrain(
      Estimands one, double[] from, SolverSettings settings, double target, double error) {
    double stiffness = STIFFNESS * deviation * deviation / (error * error);
    FittedSurface surface = fit.surface();
    Solutions solutions =
        new BatchSolver(settings, 1, ProgressListener.NONE)
            .solve(
                () ->
                    new PulledEvaluator(
                        PartedEvaluator.ofOne(problem), surface, one, target, stiffness),
                problem,
                StartingPoints.of(from));
    evaluations.addAndGet(solutions.evaluations(0));
    if (!solutions.status(0).isConverged()) {
      return Optional.empty();
    }
    double[] parameters = solutions.parameters(0);
    double value =
        one.scaled(FittedSurface.of(surface.law(), surface.centre(), parameters, surface.runs()))[
            0];
    double excess = Math.max(0, 2 * (cost(parameters) - leastCost));
    return Optional.of(new Constrained(parameters, value, Math.sqrt(excess) / deviation));
  }
}
