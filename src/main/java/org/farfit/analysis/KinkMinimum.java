package org.farfit.analysis;

import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.farfit.solver.GoldenSection;

/**
 * The minimum of a function with kinks beside a point, as {@code max}, {@code min} and {@code abs}
 * make them, where slopes tell nothing: golden sections (Kiefer 1953) in one variable, of the least
 * over the next, and so on. A valley along a kink is followed whatever its direction, since the
 * inner variables are at its bottom wherever the outer ones are.
 */
final class KinkMinimum {

  /** The first step of a search for an interval with a minimum; each further one is twice that. */
  private static final double FIRST_STEP = 0.05;

  /** Of the innermost variable; each one around it is told to a tenth of that. */
  private static final double ACCURACY = 1e-11;

  /** This near to an end of its range a variable has left it. */
  private static final double EDGE = 1e-6;

  /** So far aside of a minimum the function must be higher. */
  private static final double ASIDE = 1e-3;

  private final ToDoubleFunction<double[]> f;
  private final double[] low;
  private final double[] high;

  /**
   * A search in a box.
   *
   * @param f may be NaN
   */
  KinkMinimum(ToDoubleFunction<double[]> f, double[] low, double[] high) {
    this.f = f;
    this.low = low;
    this.high = high;
  }

  /** Goes downhill from a point; empty where it is flat, or not a number. */
  Optional<SmoothMinimum.End> from(double[] start) {
    double[] at = start.clone();
    double value = least(at, 0);
    if (!Double.isFinite(value)) {
      return Optional.empty();
    }
    for (int j = 0; j < at.length; j++) {
      boolean above = at[j] > high[j] - EDGE;
      if (above || at[j] < low[j] + EDGE) {
        at[j] = above ? high[j] + EDGE : low[j] - EDGE;
        return Optional.of(new SmoothMinimum.End(at, value, j));
      }
    }
    for (int j = 0; j < at.length; j++) {
      if (!(with(at, j, -ASIDE) > value && with(at, j, ASIDE) > value)) {
        return Optional.empty();
      }
    }
    return Optional.of(new SmoothMinimum.End(at, value, -1));
  }

  private double with(double[] at, int j, double aside) {
    double[] moved = at.clone();
    moved[j] += aside;
    return value(moved);
  }

  private double value(double[] at) {
    double value = f.applyAsDouble(at);
    return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
  }

  /** The least over the variables from {@code j} on, which are left where it is. */
  private double least(double[] at, int j) {
    if (j == at.length) {
      return value(at);
    }
    DoubleUnaryOperator along =
        x -> {
          at[j] = x;
          return least(at, j + 1);
        };
    double[] interval = bracket(along, at[j], j);
    double width = ACCURACY * Math.pow(10, at.length - j) * (1 + Math.abs(interval[0]));
    return along.applyAsDouble(
        GoldenSection.minimum(along, interval[0], interval[1], width).least());
  }

  /** An interval that has a minimum inside, or at an end of the range. */
  private double[] bracket(DoubleUnaryOperator along, double from, int j) {
    double middle = Math.clamp(from, low[j], high[j]);
    double value = along.applyAsDouble(middle);
    double step = FIRST_STEP;
    if (along.applyAsDouble(Math.min(middle + step, high[j])) > value) {
      step = -step;
    }
    double before = Math.clamp(middle - step, low[j], high[j]);
    while (true) {
      double next = Math.clamp(middle + step, low[j], high[j]);
      double there = along.applyAsDouble(next);
      if (next == middle || !(there < value)) {
        return new double[] {Math.min(before, next), Math.max(before, next)};
      }
      before = middle;
      middle = next;
      value = there;
      step *= 2;
    }
  }
}
