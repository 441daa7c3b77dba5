package org.farfit.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import org.farfit.fit.Surface;

/**
 * Two training recipes as surfaces: which has the lower loss where. Losses must be measured on the
 * same validation set and in the same unit.
 *
 * <pre>{@code
 * Comparison comparison = new Comparison(a.surface(), rangeA, b.surface(), rangeB);
 * comparison.parity(20).forEach(System.out::println);
 * }</pre>
 */
public final class Comparison {

  /** Points of the search for crossings per unit of ln D. */
  private static final double SEARCH_DENSITY = 8;

  /** How far beyond the fitted D crossings are searched, as a factor. */
  private static final double SEARCH_FACTOR = 1e3;

  private static final double ROOT = 1e-13;

  /** Losses that differ by a smaller share are equal: so much is rounding. */
  private static final double EQUAL = 1e-12;

  private final Surface a;
  private final Surface b;
  private final SurfaceRange rangeA;
  private final SurfaceRange rangeB;
  private final ComputeModel compute;

  /** A comparison with C = 6 N D. */
  public Comparison(Surface a, SurfaceRange rangeA, Surface b, SurfaceRange rangeB) {
    this(a, rangeA, b, rangeB, ComputeModel.USUAL);
  }

  /** A comparison. */
  public Comparison(
      Surface a, SurfaceRange rangeA, Surface b, SurfaceRange rangeB, ComputeModel compute) {
    this.a = a;
    this.b = b;
    this.rangeA = rangeA;
    this.rangeB = rangeB;
    this.compute = compute;
  }

  /**
   * Both recipes at one point.
   *
   * @param n parameters
   * @param d tokens
   * @param lossA predicted by A
   * @param lossB predicted by B
   * @param factorBeyond by which factor N or D lies outside the runs of either; 1 inside both
   */
  public record Point(double n, double d, double lossA, double lossB, double factorBeyond) {

    /** L_A / L_B - 1: negative where A wins. */
    public double relativeDifference() {
      return lossA / lossB - 1;
    }

    /** A, B, or neither where losses are equal to rounding. */
    public String winner() {
      if (Math.abs(relativeDifference()) < EQUAL) {
        return "neither";
      }
      return lossA < lossB ? "A" : "B";
    }
  }

  /**
   * A point of the parity curve.
   *
   * @param n parameters
   * @param d tokens at which both losses are equal
   * @param loss that loss
   * @param winnerBeyond who wins with more tokens
   * @param factorBeyond by which factor N or D lies outside the runs of either
   */
  public record Crossing(
      double n, double d, double loss, String winnerBeyond, double factorBeyond) {}

  /**
   * How much compute recipes save.
   *
   * @param compute FLOPs spent on A
   * @param loss the loss that A reaches with them at its optimum
   * @param multiplier FLOPs that B needs for the same loss, over those of A; above 1 A is better;
   *     empty if no budget gets B there
   */
  public record Multiplier(double compute, double loss, OptionalDouble multiplier) {}

  /** Both losses at a point. */
  public Point at(double n, double d) {
    return new Point(n, d, a.loss(n, d), b.loss(n, d), beyond(n, d));
  }

  private double beyond(double n, double d) {
    return Math.max(rangeA.factorBeyond(n, d), rangeB.factorBeyond(n, d));
  }

  /** The N and D that either recipe was fitted to. */
  public SurfaceRange range() {
    return rangeA.including(rangeB.lowN(), rangeB.lowD()).including(rangeB.highN(), rangeB.highD());
  }

  /**
   * Both losses on a grid even in ln N and ln D.
   *
   * @param range its corners
   * @param steps points along each side, at least 2
   */
  public List<Point> grid(SurfaceRange range, int steps) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      double n = between(range.lowN(), range.highN(), i, steps);
      for (int j = 0; j < steps; j++) {
        points.add(at(n, between(range.lowD(), range.highD(), j, steps)));
      }
    }
    return points;
  }

  private static double between(double low, double high, int i, int steps) {
    return low * Math.pow(high / low, (double) i / (steps - 1));
  }

  /**
   * The parity curve: for each of several N every D, up to a factor 1000 beyond the fitted ones, at
   * which the two losses are equal.
   *
   * @param sizes how many N, even in ln N over the range of both
   */
  public List<Crossing> parity(int sizes) {
    SurfaceRange range = range();
    List<Crossing> crossings = new ArrayList<>();
    for (int i = 0; i < sizes; i++) {
      crossings.addAll(crossings(between(range.lowN(), range.highN(), i, sizes)));
    }
    return crossings;
  }

  /** Every D at which the losses of models of N parameters are equal. */
  public List<Crossing> crossings(double n) {
    Line line = new Line(n);
    List<Crossing> crossings = new ArrayList<>();
    for (int cell = 0; cell < line.cells(); cell++) {
      if (line.crosses(cell)) {
        String winner = line.at(cell + 1) < 0 ? "A" : "B";
        line.root(cell)
            .ifPresent(root -> {
              double d = Math.exp(root);
              crossings.add(new Crossing(n, d, a.loss(n, d), winner, beyond(n, d)));
            });
      }
    }
    return crossings;
  }

  /**
   * The D, of those of {@link #crossings}, that is nearest to another in its logarithm. It is
   * searched from there, so that a near one is found soon.
   */
  public OptionalDouble nearestCrossing(double n, double near) {
    Line line = new Line(n);
    double from = Math.log(near);
    int start = Math.clamp((int) line.position(from), 0, line.cells() - 1);
    double best = Double.NaN;
    int left = start;
    int right = start + 1;
    while (left >= 0 || right < line.cells()) {
      double toLeft = left < 0 ? Double.POSITIVE_INFINITY : from - line.x(left + 1);
      double toRight = right >= line.cells() ? Double.POSITIVE_INFINITY : line.x(right) - from;
      if (Math.min(toLeft, toRight) > Math.abs(best - from)) {
        break;
      }
      int cell = toLeft <= toRight ? left-- : right++;
      if (line.crosses(cell)) {
        double root = line.root(cell).orElse(Double.NaN);
        best = Math.abs(root - from) < Math.abs(best - from) || Double.isNaN(best) ? root : best;
      }
    }
    return Double.isNaN(best) ? OptionalDouble.empty() : OptionalDouble.of(Math.exp(best));
  }

  /** ln L_A - ln L_B for models of one size, at points even in ln D; computed when asked for. */
  private final class Line {

    private final DoubleUnaryOperator gap;
    private final double low;
    private final double high;
    private final double[] values;
    private final boolean[] known;

    Line(double n) {
      SurfaceRange range = range();
      gap = y -> Math.log(a.loss(n, Math.exp(y)) / b.loss(n, Math.exp(y)));
      low = Math.log(range.lowD() / SEARCH_FACTOR);
      high = Math.log(range.highD() * SEARCH_FACTOR);
      values = new double[(int) Math.ceil((high - low) * SEARCH_DENSITY) + 1];
      known = new boolean[values.length];
    }

    int cells() {
      return values.length - 1;
    }

    double x(int i) {
      return low + (high - low) * i / cells();
    }

    double position(double x) {
      return (x - low) / (high - low) * cells();
    }

    double at(int i) {
      if (!known[i]) {
        double value = gap.applyAsDouble(x(i));
        values[i] = Math.abs(value) < EQUAL ? 0 : value;
        known[i] = true;
      }
      return values[i];
    }

    boolean crosses(int cell) {
      return at(cell) * at(cell + 1) < 0;
    }

    OptionalDouble root(int cell) {
      return Roots.between(gap, x(cell), x(cell + 1), ROOT, ROOT);
    }
  }

  /** How much more compute B needs to match the compute-optimal loss of A. */
  public Multiplier multiplier(double flops) {
    double loss =
        new Allocation(a, rangeA, compute)
            .at(flops)
            .best()
            .map(Allocation.Point::loss)
            .orElse(Double.NaN);
    OptionalDouble needed =
        Double.isNaN(loss)
            ? OptionalDouble.empty()
            : new Allocation(b, rangeB, compute).computeFor(loss);
    return new Multiplier(
        flops,
        loss,
        needed.isPresent()
            ? OptionalDouble.of(needed.getAsDouble() / flops)
            : OptionalDouble.empty());
  }
}
