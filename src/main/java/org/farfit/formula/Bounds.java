package org.farfit.formula;

import java.io.Serializable;

/**
 * Where a parameter may be.
 *
 * @param lower the least value, minus infinity for none
 * @param upper the largest value, infinity for none
 * @param positive whether it must be above 0, even where {@code lower} is 0
 */
public record Bounds(double lower, double upper, boolean positive) implements Serializable {

  /** No bounds. */
  public static final Bounds NONE =
      new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false);

  /** Above 0. */
  public static final Bounds POSITIVE = new Bounds(0, Double.POSITIVE_INFINITY, true);

  /** Checks the order. */
  public Bounds {
    if (!(lower < upper)) {
      throw new IllegalArgumentException("bounds %s to %s hold nothing".formatted(lower, upper));
    }
  }

  /** Between two numbers. */
  public static Bounds between(double lower, double upper) {
    return new Bounds(lower, upper, lower > 0);
  }

  /** The same, above 0. */
  Bounds madePositive() {
    return new Bounds(Math.max(0, lower), upper, true);
  }

  /** Some number inside. */
  double inside() {
    if (isBox()) {
      return lower + (upper - lower) / 2;
    }
    return Double.isFinite(lower) ? lower + 1 : Double.isFinite(upper) ? upper - 1 : 0.5;
  }

  /** Whether both ends are finite. */
  public boolean isBox() {
    return Double.isFinite(lower) && Double.isFinite(upper);
  }

  @Override
  public String toString() {
    if (equals(NONE)) {
      return "any";
    }
    if (equals(POSITIVE)) {
      return "positive";
    }
    return "%s to %s".formatted(number(lower), number(upper));
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
