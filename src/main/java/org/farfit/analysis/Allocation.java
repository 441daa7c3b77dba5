package org.farfit.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Surface;

/**
 * Compute-optimal training: the N and D of least loss for a budget of FLOPs, and the inverse
 * questions.
 *
 * <pre>{@code
 * Allocation allocation =
 *     new Allocation(fit.surface(), SurfaceRange.of(runs), ComputeModel.USUAL);
 * Allocation.Answer answer = allocation.at(1e23);
 * answer.best().ifPresent(best -> System.out.println(best.n() + " " + best.d()));
 * }</pre>
 *
 * <p>For laws that grow with a sum of powers, with C = 6 N D the optimum has a closed form. For any
 * other surface or model of compute the loss along the isoFLOP line is searched for every interior
 * minimum, from a thousandth of the smallest to a thousand times the largest fitted N, and each is
 * refined as a root of its slope.
 */
public final class Allocation {

  /** Optima are searched so many times below the smallest and above the largest fitted N. */
  public static final double SEARCH_FACTOR = 1e3;

  /** Points of the search per unit of ln N. */
  private static final double SEARCH_DENSITY = 16;

  private static final double ROOT = 1e-14;

  /** Doubling steps away from a known optimum before the whole range is searched. */
  private static final int NEAR_STEPS = 7;

  /** Digits of a budget that is itself found by searches. */
  private static final double NEAR_ROOT = 1e-9;

  /** The least budget that is looked for, in FLOPs. */
  public static final double LEAST_COMPUTE = 1e9;

  /** The largest. */
  public static final double MOST_COMPUTE = 1e33;

  private final Surface surface;
  private final SurfaceRange range;
  private final ComputeModel compute;

  /**
   * Allocation on a surface.
   *
   * @param range what the surface was fitted to
   */
  public Allocation(Surface surface, SurfaceRange range, ComputeModel compute) {
    this.surface = surface;
    this.range = range;
    this.compute = compute;
  }

  /**
   * A point of an isoFLOP line.
   *
   * @param compute FLOPs
   * @param n parameters
   * @param d tokens
   * @param loss predicted loss, in the unit of the data
   * @param factorBeyond by which factor N or D lies outside the fitted range; 1 inside
   */
  public record Point(double compute, double n, double d, double loss, double factorBeyond) {

    /** Tokens per parameter. */
    public double ratio() {
      return d / n;
    }
  }

  /**
   * The answer for one budget.
   *
   * @param compute FLOPs
   * @param optima interior minima of the loss, the least first; more than one means that the
   *     surface has no single trade-off
   * @param edge where the loss is least if that is not inside the searched range of N
   * @param heldBack why the surface gives no loss beside that point, if it holds it back
   */
  public record Answer(
      double compute, List<Point> optima, Optional<Point> edge, Optional<String> heldBack) {

    /** The interior minimum of least loss. */
    public Optional<Point> best() {
      return optima.stream().findFirst();
    }

    /** What to beware of, each with words that do not name the budget. */
    public Map<Caution, String> cautions() {
      Map<Caution, String> cautions = new EnumMap<>(Caution.class);
      if (optima.isEmpty()) {
        cautions.put(
            Caution.NO_OPTIMUM,
            edge.map(point ->
                    "no interior optimum: the loss keeps falling as far as N = %.3g"
                        .formatted(point.n()))
                    .orElse("no interior optimum: there is no loss at any N")
                + heldBack.map(reason -> "; " + reason).orElse(""));
      }
      if (optima.size() > 1) {
        cautions.put(
            Caution.SEVERAL_OPTIMA,
            "%d local optima; the others at N = %s"
                .formatted(
                    optima.size(),
                    String.join(
                        ", ", optima.stream().skip(1).map(p -> "%.3g".formatted(p.n())).toList())));
      }
      if (!optima.isEmpty() && edge.isPresent()) {
        cautions.put(
            Caution.LOWER_ELSEWHERE,
            "beyond N = %.3g the loss falls below that of the optimum".formatted(edge.get().n()));
      }
      best()
          .filter(point -> point.factorBeyond() > SurfaceRange.FAR)
          .ifPresent(point ->
              cautions.put(
                  Caution.FAR,
                  "the optimum is a factor %.0f beyond the fitted runs"
                      .formatted(point.factorBeyond())));
      return cautions;
    }

    /** What to beware of, in words. */
    public List<String> warnings() {
      return cautions().values().stream()
          .map(words -> "C = %.3g: %s".formatted(compute, words))
          .toList();
    }
  }

  /** Kinds of what to beware of in the answer for a budget. */
  public enum Caution {
    /** The loss has no minimum within the searched range of N. */
    NO_OPTIMUM,
    /** The loss has several minima. */
    SEVERAL_OPTIMA,
    /** The loss is lower at an end of the searched range than at its minimum. */
    LOWER_ELSEWHERE,
    /** The minimum lies far beyond the fitted runs. */
    FAR
  }

  /**
   * The optimum for a budget.
   *
   * @param flops the budget, positive
   */
  public Answer at(double flops) {
    if (!(flops > 0 && flops < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("compute %s is not positive".formatted(flops));
    }
    // Where published parameters overflow the surface does not, so that it can be searched.
    return closedForm()
        .map(closed -> point(flops, closed.size(flops)))
        .filter(optimum -> Double.isFinite(optimum.n()) && Double.isFinite(optimum.factorBeyond()))
        .map(optimum -> new Answer(flops, List.of(optimum), Optional.empty(), Optional.empty()))
        .orElseGet(() -> search(flops));
  }

  /** Why a budget has no interior optimum, in words; empty if it has one. */
  public Optional<String> problem(double flops) {
    Answer answer = at(flops);
    if (answer.best().isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        answer
            .edge()
            .map(point ->
                point.n() > range.highN()
                    ? "the loss keeps falling towards larger N"
                    : point.n() < range.lowN()
                        ? "the loss keeps falling towards smaller N"
                        : "the loss has no slope of 0")
            .orElse("the loss is not a number"));
  }

  /**
   * The optimum for a budget of a surface that resembles one whose optimum is known, such as a
   * bootstrap replicate: the nearest interior minimum, else what {@link #at} finds.
   *
   * @param n the known optimum, NaN if there is none
   */
  public Optional<Point> near(double flops, double n) {
    if (closedForm().isPresent() || Double.isNaN(n)) {
      return at(flops).best();
    }
    DoubleUnaryOperator loss = x -> logLoss(flops, x);
    OptionalDouble root = rootNear(x -> LogSlope.of(loss, x), Math.log(n), false, ROOT);
    return root.isPresent()
        ? Optional.of(point(flops, Math.exp(root.getAsDouble())))
        : at(flops).best();
  }

  /**
   * The root of a function that changes sign once, by doubling steps away from a guess.
   *
   * @param falls whether it falls with its argument; else it rises
   * @return empty where it does not change sign near the guess, or is NaN
   */
  private static OptionalDouble rootNear(
      DoubleUnaryOperator f, double guess, boolean falls, double tolerance) {
    double inner = guess;
    double value = f.applyAsDouble(inner);
    boolean positive = value >= 0;
    double step = (positive == falls ? 1 : -1) / SEARCH_DENSITY;
    for (int i = 0; i < NEAR_STEPS && !Double.isNaN(value); i++) {
      double outer = inner + step;
      value = f.applyAsDouble(outer);
      if (!Double.isNaN(value) && positive != value >= 0) {
        return Roots.between(
            f, Math.min(inner, outer), Math.max(inner, outer), tolerance, tolerance);
      }
      inner = outer;
      step *= 2;
    }
    return OptionalDouble.empty();
  }

  /** The numerical search, whether there is a closed form or not. */
  Answer search(double flops) {
    DoubleUnaryOperator loss = x -> logLoss(flops, x);
    double low = Math.log(range.lowN() / SEARCH_FACTOR);
    double high = Math.log(range.highN() * SEARCH_FACTOR);
    int steps = (int) Math.ceil((high - low) * SEARCH_DENSITY);
    double[] values = new double[steps + 1];
    for (int i = 0; i <= steps; i++) {
      values[i] = loss.applyAsDouble(between(low, high, i, steps));
    }
    double least = Double.POSITIVE_INFINITY;
    double leastAt = Double.NaN;
    List<Point> optima = new ArrayList<>();
    for (int i = 0; i <= steps; i++) {
      if (values[i] < least) {
        least = values[i];
        leastAt = between(low, high, i, steps);
      }
      // The slope takes six losses, so it is asked for only beside the least of three neighbours.
      if (i > 0 && (isLow(values, i - 1) || isLow(values, i))) {
        double from = between(low, high, i - 1, steps);
        double to = between(low, high, i, steps);
        if (LogSlope.of(loss, from) < 0 && LogSlope.of(loss, to) >= 0) {
          Roots.between(at -> LogSlope.of(loss, at), from, to, ROOT, ROOT)
              .ifPresent(root -> optima.add(point(flops, Math.exp(root))));
        }
      }
    }
    optima.sort(Comparator.comparingDouble(Point::loss));
    boolean lower =
        !Double.isNaN(leastAt)
            && (optima.isEmpty() || Math.exp(least) < optima.getFirst().loss() * (1 - 1e-9));
    return new Answer(
        flops,
        optima,
        lower ? Optional.of(point(flops, Math.exp(leastAt))) : Optional.empty(),
        heldBack(flops, Double.isNaN(leastAt) ? (low + high) / 2 : leastAt));
  }

  /** Why the surface gives no loss at ln N or at a step to either side of it. */
  private Optional<String> heldBack(double flops, double logN) {
    return IntStream.of(0, -1, 1)
        .mapToDouble(step -> Math.exp(logN + step / SEARCH_DENSITY))
        .filter(n -> compute.tokens(n, flops) > 0)
        .mapToObj(n ->
            surface
                .refusal(n, compute.tokens(n, flops))
                .map(why -> "at N = %.3g %s".formatted(n, why)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static double between(double low, double high, int i, int steps) {
    return low + (high - low) * i / steps;
  }

  /** Whether no neighbour is lower; neighbours that are NaN do not count. */
  private static boolean isLow(double[] values, int i) {
    return !(i > 0 && values[i - 1] < values[i])
        && !(i < values.length - 1 && values[i + 1] < values[i]);
  }

  private double logLoss(double flops, double logN) {
    double n = Math.exp(logN);
    double d = compute.tokens(n, flops);
    return d > 0 ? Math.log(surface.loss(n, d)) : Double.NaN;
  }

  private Point point(double flops, double n) {
    double d = compute.tokens(n, flops);
    return new Point(flops, n, d, surface.loss(n, d), range.factorBeyond(n, d));
  }

  /**
   * The compute for which the optimal loss is a target; empty if no budget from 1e9 to 1e33 FLOPs
   * reaches it, or the optimum is not interior there.
   */
  public OptionalDouble computeFor(double loss) {
    return root(
        logC ->
            at(Math.exp(logC))
                .best()
                .map(point -> Math.log(point.loss() / loss))
                .orElse(Double.NaN),
        Math.log(LEAST_COMPUTE),
        Math.log(MOST_COMPUTE));
  }

  /**
   * {@link #computeFor(double)} of a surface that resembles one whose answer is known, such as a
   * bootstrap replicate.
   *
   * @param known the optimum of that surface
   */
  public OptionalDouble computeFor(double loss, Point known) {
    DoubleUnaryOperator excess =
        logC ->
            near(Math.exp(logC), known.n() * Math.sqrt(Math.exp(logC) / known.compute()))
                .map(point -> Math.log(point.loss() / loss))
                .orElse(Double.NaN);
    OptionalDouble root = rootNear(excess, Math.log(known.compute()), true, NEAR_ROOT);
    return root.isPresent() ? OptionalDouble.of(Math.exp(root.getAsDouble())) : computeFor(loss);
  }

  /**
   * The tokens for which a model of N parameters is compute-optimal: more tokens would be better
   * spent on a larger model. Empty if there are none.
   */
  public OptionalDouble tokensFor(double n) {
    OptionalDouble flops =
        root(
            logC ->
                at(Math.exp(logC)).best().map(point -> Math.log(point.n() / n)).orElse(Double.NaN),
            Math.log(LEAST_COMPUTE),
            Math.log(MOST_COMPUTE));
    return flops.isPresent()
        ? OptionalDouble.of(compute.tokens(n, flops.getAsDouble()))
        : OptionalDouble.empty();
  }

  /**
   * The smallest model, trained longer with the same compute, whose loss is within a share of the
   * optimal one: smaller models are cheaper to serve.
   *
   * @param share for example 0.01 for one percent
   */
  public Optional<Point> smallestWithin(double flops, double share) {
    if (!(share > 0)) {
      throw new IllegalArgumentException("share %s is not positive".formatted(share));
    }
    Optional<Point> best = at(flops).best();
    if (best.isEmpty()) {
      return Optional.empty();
    }
    double bound = Math.log(best.get().loss() * (1 + share));
    double optimum = Math.log(best.get().n());
    double inside = optimum;
    double lowest = Math.log(range.lowN() / SEARCH_FACTOR);
    double step = 1.0 / SEARCH_DENSITY;
    while (inside - step > lowest && logLoss(flops, inside - step) <= bound) {
      inside -= step;
    }
    double from = inside - step;
    if (!(logLoss(flops, from) > bound)) {
      return Optional.empty();
    }
    OptionalDouble root = Roots.between(x -> logLoss(flops, x) - bound, from, inside, ROOT, ROOT);
    return root.isPresent()
        ? Optional.of(point(flops, Math.exp(root.getAsDouble())))
        : Optional.empty();
  }

  /** A root of a function that is NaN where it has no value, by scanning and bisection. */
  private static OptionalDouble root(DoubleUnaryOperator f, double low, double high) {
    int steps = (int) Math.ceil((high - low) * 2);
    double previous = Double.NaN;
    double previousAt = low;
    for (int i = 0; i <= steps; i++) {
      double at = low + (high - low) * i / steps;
      double value = f.applyAsDouble(at);
      if (value == 0) {
        return OptionalDouble.of(Math.exp(at));
      }
      if (previous * value < 0) {
        OptionalDouble root = Roots.between(f, previousAt, at, ROOT, ROOT);
        return root.isPresent()
            ? OptionalDouble.of(Math.exp(root.getAsDouble()))
            : OptionalDouble.empty();
      }
      previous = value;
      previousAt = at;
    }
    return OptionalDouble.empty();
  }

  private Optional<ClosedForm> closedForm() {
    return compute.isUsual() && surface instanceof FittedSurface fitted
        ? ClosedForm.of(fitted)
        : Optional.empty();
  }

  /**
   * N* = G (C / 6)^a with G = (alpha A / (beta B))^(1 / (alpha + beta)) and a = beta / (alpha +
   * beta) (Hoffmann et al. 2022, eq. 4). It holds for Skaling too, whose outer power does not move
   * the minimum.
   *
   * @param logFactor ln G
   * @param exponent a
   */
  record ClosedForm(double logFactor, double exponent) {

    static Optional<ClosedForm> of(FittedSurface surface) {
      if (!surface.law().growsWithSumOfPowers()) {
        return Optional.empty();
      }
      List<String> names = surface.law().parameterNames();
      double[] published = surface.published();
      double a = published[names.indexOf("A")];
      double b = published[names.indexOf("B")];
      double alpha = published[names.indexOf("alpha")];
      double beta = published[names.indexOf("beta")];
      if (!(a > 0 && b > 0 && alpha > 0 && beta > 0)) {
        return Optional.empty();
      }
      double sum = alpha + beta;
      return Optional.of(
          new ClosedForm((Math.log(alpha / beta) + Math.log(a / b)) / sum, beta / sum));
    }

    double size(double flops) {
      return Math.exp(logFactor + exponent * Math.log(ComputeModel.USUAL.tokens(1, flops)));
    }
  }
}
