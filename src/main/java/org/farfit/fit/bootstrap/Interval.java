package org.farfit.fit.bootstrap;

/** An interval; an end that is not known is NaN. */
public record Interval(double low, double high) {

  /** Nothing is known. */
  public static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);

  /** Whether both ends are known. */
  public boolean isKnown() {
    return !Double.isNaN(low) && !Double.isNaN(high);
  }

  /** Whether an interval of a scale has no end on a side: it reaches to 0 or to infinity. */
  public boolean isOpen() {
    return low == 0 || high == Double.POSITIVE_INFINITY;
  }

  /** Whether a value lies inside. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** The length. */
  public double width() {
    return high - low;
  }
}
