package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.IsoFlopSlope;
import org.farfit.analysis.Roots;
import org.farfit.analysis.SurfaceRange;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Interval;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Where the loss along an isoFLOP line is least, and which N that may be for all that the runs say.
 *
 * <p>An optimum is where a slope crosses zero, which it need not do on every surface that the runs
 * allow. So its interval is not made of its own standard error but of the slope's, which exists at
 * every N and is nearly linear in the parameters: it holds the N at which a slope of zero is not
 * rejected (Fieller 1954). On a side where no slope is different enough from zero the interval has
 * no end, and there may be one where the fit has no optimum at all.
 *
 * @param range what the surface was fitted to
 * @param compute FLOPs of a run
 * @param flops the budget
 * @param near about where the optimum is, there searches begin; NaN if that is not known
 * @param fixed where columns besides N and D are fixed
 */
public record OptimalSize(
    SurfaceRange range,
    ComputeModel compute,
    double flops,
    double near,
    Map<String, Double> fixed) {

  /** Steps of a walk along the line per unit of ln N. */
  private static final double DENSITY = 8;

  private static final double TO_AN_END = 1e-9;

  /** The same with columns fixed somewhere. */
  OptimalSize fixing(Map<String, Double> columns) {
    return new OptimalSize(range, compute, flops, near, columns);
  }

  /** N*, D*, D*{@literal /}N* and the loss there; NaN where there is no interior optimum. */
  double[] values(Surface surface) {
    return allocation(surface)
        .near(flops, near)
        .map(point -> new double[] {point.n(), point.d(), point.ratio(), point.loss()})
        .orElse(new double[] {Double.NaN, Double.NaN, Double.NaN, Double.NaN});
  }

  /**
   * The same where a surface whose loss keeps falling has its optimum beyond every bound: N of
   * infinity, or of 0. The loss there is not known.
   */
  double[] limits(Surface surface) {
    double[] values = values(surface);
    if (!Double.isNaN(values[0])) {
      return values;
    }
    Optional<Allocation.Point> edge = allocation(surface).at(flops).edge();
    return edge.filter(point -> point.n() > range.highN()).isPresent()
        ? new double[] {Double.POSITIVE_INFINITY, 0, 0, Double.NaN}
        : edge.filter(point -> point.n() < range.lowN()).isPresent()
            ? new double[] {0, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NaN}
            : values;
  }

  /**
   * Derivatives of the logarithms of {@link #values} by the centred parameters, not numbers where
   * there is no interior optimum. N* is where the slope s along the line is zero, so that d ln N* =
   * -ds / (ds / d ln N) (implicit function theorem); there the loss does not change with N, and its
   * derivatives are those at a fixed point.
   *
   * @return p x 4
   */
  double[][] derivatives(FittedSurface surface) {
    double n = values(surface)[0];
    IsoFlopSlope line = line(surface);
    double[] bySlope = line.at(Math.log(n)).gradient();
    double curvature = line.curvature(Math.log(n));
    double tokens = line.tokensSlope(Math.log(n));
    double[] ofLoss = new double[bySlope.length];
    surface.fixing(fixed).logLoss(n, tokens(n), ofLoss);
    double[][] derivatives = new double[bySlope.length][];
    for (int j = 0; j < derivatives.length; j++) {
      double size = -bySlope[j] / curvature;
      derivatives[j] = new double[] {size, tokens * size, (tokens - 1) * size, ofLoss[j]};
    }
    return derivatives;
  }

  /**
   * Derivatives of ln L at the optimum of a surface by the centred parameters of others, p x 4 as
   * {@link #derivatives} are, with nothing for N*, D* and D*{@literal /}N*, which stay.
   */
  Function<FittedSurface, double[][]> derivativesOfLossAtOptimumOf(FittedSurface surface) {
    double n = values(surface)[0];
    return other -> {
      double[] ofLoss = new double[other.law().parameterCount()];
      other.fixing(fixed).logLoss(n, tokens(n), ofLoss);
      return Arrays.stream(ofLoss)
          .mapToObj(each -> new double[] {0, 0, 0, each})
          .toArray(double[][]::new);
    };
  }

  private IsoFlopSlope line(FittedSurface surface) {
    return new IsoFlopSlope(surface.fixing(fixed), compute, flops);
  }

  private Allocation allocation(Surface surface) {
    return new Allocation(surface.fixing(fixed), range, compute);
  }

  /**
   * Intervals of N*, D* and D*{@literal /}N*.
   *
   * @param degreesOfFreedom of Student's t for a number of some gradient by the centred parameters
   * @return {@link Interval#UNKNOWN} where the covariance is not known, or where every slope is
   *     different from zero
   */
  List<Interval> intervals(
      FittedSurface surface, ToDoubleFunction<double[]> degreesOfFreedom, double level) {
    Interval sizes =
        surface.covariance().isPresent()
            ? sizes(surface, degreesOfFreedom, level)
            : Interval.UNKNOWN;
    return bySizes(sizes);
  }

  /**
   * The same where parameters that a fit held at a limit may lie on its inner side, see {@link
   * VanishedTerms}: on the side to which the optimum moves from where these would be, if they were
   * free, to their limits, an interval reaches as far as that of the free ones.
   *
   * @param own intervals of the fit
   * @param freed the same surface with the covariance of the free ones
   * @param step how parameters would go on if these were free
   */
  List<Interval> reached(
      List<Interval> own,
      FittedSurface freed,
      double[] step,
      ToDoubleFunction<double[]> degreesOfFreedom,
      double level) {
    Interval sizes = own.getFirst();
    double best = values(freed)[0];
    if (!sizes.isKnown() || Double.isNaN(best)) {
      return own;
    }
    double from = Math.log(best);
    DoubleUnaryOperator excess = excess(freed, step, degreesOfFreedom, level);
    if (!(excess.applyAsDouble(from) <= 0)) {
      return own;
    }
    double[] line = searched();
    // A slope that rises takes the optimum to smaller N.
    boolean upwards = moved(line(freed).at(from), step) > 0;
    return bySizes(
        upwards
            ? new Interval(
                sizes.low(), Math.max(sizes.high(), end(excess, from, line[1], 1 / DENSITY)))
            : new Interval(
                Math.min(sizes.low(), end(excess, from, line[0], -1 / DENSITY)), sizes.high()));
  }

  /** The slope once parameters have moved. */
  private static double moved(IsoFlopSlope.Slope at, double[] step) {
    double value = at.value();
    for (int j = 0; j < step.length; j++) {
      value += at.gradient()[j] * step[j];
    }
    return value;
  }

  /** The same from an interval of N*: D* and D*{@literal /}N* fall where it grows. */
  List<Interval> bySizes(Interval sizes) {
    return List.of(
        sizes,
        new Interval(tokens(sizes.high()), tokens(sizes.low())),
        new Interval(
            tokens(sizes.high()) / sizes.high(),
            sizes.low() == 0 ? Double.POSITIVE_INFINITY : tokens(sizes.low()) / sizes.low()));
  }

  private double tokens(double n) {
    return n == 0
        ? Double.POSITIVE_INFINITY
        : n == Double.POSITIVE_INFINITY ? 0 : compute.tokens(n, flops);
  }

  private Interval sizes(
      FittedSurface surface, ToDoubleFunction<double[]> degreesOfFreedom, double level) {
    DoubleUnaryOperator excess =
        excess(surface, new double[surface.law().parameterCount()], degreesOfFreedom, level);
    double[] line = searched();
    double best = values(surface)[0];
    if (!Double.isNaN(best)) {
      double from = Math.log(best);
      return new Interval(
          end(excess, from, line[0], -1 / DENSITY), end(excess, from, line[1], 1 / DENSITY));
    }
    return hull(excess, line);
  }

  /** Positive where a slope of zero is rejected once parameters have moved by a step. */
  private DoubleUnaryOperator excess(
      FittedSurface surface,
      double[] step,
      ToDoubleFunction<double[]> degreesOfFreedom,
      double level) {
    IsoFlopSlope slope = line(surface);
    return x -> {
      IsoFlopSlope.Slope at = slope.at(x);
      double t = Math.abs(moved(at, step)) / surface.error(at.gradient()).orElseThrow();
      return Double.isNaN(t)
          ? Double.NaN
          : new TDistribution(degreesOfFreedom.applyAsDouble(at.gradient()))
                  .cumulativeProbability(t)
              - (0.5 + 0.5 * level);
    };
  }

  /**
   * An interval of one of {@link Estimands#OPTIMUM} without the ends that lie beyond where optima
   * are searched: so far out nothing is bounded.
   *
   * @param k which one
   */
  Interval bounded(int k, Interval interval) {
    double least = range.lowN() / Allocation.SEARCH_FACTOR;
    double most = range.highN() * Allocation.SEARCH_FACTOR;
    Interval searched =
        switch (k) {
          case 0 -> new Interval(least, most);
          case 1 -> new Interval(tokens(most), tokens(least));
          case 2 -> new Interval(tokens(most) / most, tokens(least) / least);
          default -> new Interval(0, Double.POSITIVE_INFINITY);
        };
    return new Interval(
        interval.low() < searched.low() ? 0 : interval.low(),
        interval.high() > searched.high() ? Double.POSITIVE_INFINITY : interval.high());
  }

  /** ln N of the ends of what is searched. */
  private double[] searched() {
    return new double[] {
      Math.log(range.lowN() / Allocation.SEARCH_FACTOR),
      Math.log(range.highN() * Allocation.SEARCH_FACTOR)
    };
  }

  /** The N at which a walk from one that may be the optimum leaves these; 0 or infinite if none. */
  private static double end(DoubleUnaryOperator excess, double from, double last, double step) {
    double inner = from;
    while (Math.abs(last - from) > Math.abs(inner - from)) {
      double outer = inner + step;
      double value = excess.applyAsDouble(outer);
      if (value > 0) {
        return root(excess, inner, outer);
      }
      inner = outer;
    }
    return step > 0 ? Double.POSITIVE_INFINITY : 0;
  }

  private static double root(DoubleUnaryOperator excess, double a, double b) {
    OptionalDouble root =
        Roots.between(excess, Math.min(a, b), Math.max(a, b), TO_AN_END, TO_AN_END);
    return root.isPresent() ? Math.exp(root.getAsDouble()) : Double.NaN;
  }

  /** From the least to the largest N that may be the optimum; unknown if none may. */
  private static Interval hull(DoubleUnaryOperator excess, double[] line) {
    int steps = (int) Math.ceil((line[1] - line[0]) * DENSITY);
    List<Double> allowed = new ArrayList<>();
    for (int i = 0; i <= steps; i++) {
      double x = line[0] + (line[1] - line[0]) * i / steps;
      if (excess.applyAsDouble(x) <= 0) {
        allowed.add(x);
      }
    }
    if (allowed.isEmpty()) {
      return Interval.UNKNOWN;
    }
    double step = (line[1] - line[0]) / steps;
    return new Interval(
        end(excess, allowed.getFirst(), line[0], -step),
        end(excess, allowed.getLast(), line[1], step));
  }
}
