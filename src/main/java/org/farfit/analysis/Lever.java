package org.farfit.analysis;

import java.util.Arrays;
import org.farfit.data.RunSet;

/**
 * A column whose value is to be chosen, and where it is looked for. Columns that are positive in
 * all runs are looked for in their logarithm.
 *
 * @param column its name
 * @param low its least value in the fitted runs
 * @param high its largest
 */
public record Lever(String column, double low, double high) {

  /** How far outside of the fitted values a positive column is looked for. */
  private static final double SEARCH_FACTOR = 1e3;

  /** How far outside any other column is, in widths of the fitted values. */
  private static final double SEARCH_WIDTHS = 1;

  /**
   * A column of some runs.
   *
   * @throws IllegalArgumentException if they have no such column of numbers
   */
  public static Lever of(RunSet runs, String column) {
    if (!runs.columns().contains(column) || runs.categories().containsKey(column)) {
      throw new IllegalArgumentException("'%s' is no column of numbers".formatted(column));
    }
    double[] values = runs.column(column);
    return new Lever(
        column,
        Arrays.stream(values).min().orElseThrow(),
        Arrays.stream(values).max().orElseThrow());
  }

  /** Whether it is looked for in its logarithm. */
  public boolean isPositive() {
    return low > 0;
  }

  /** A value on the scale of the search, whose unit is a factor e or the width of the runs. */
  double toScale(double value) {
    return isPositive() ? Math.log(value) : value / width();
  }

  double fromScale(double scaled) {
    return isPositive() ? Math.exp(scaled) : scaled * width();
  }

  private double width() {
    return high > low ? high - low : 1;
  }

  double searchFrom() {
    return isPositive() ? Math.log(low / SEARCH_FACTOR) : toScale(low) - SEARCH_WIDTHS;
  }

  double searchTo() {
    return isPositive() ? Math.log(high * SEARCH_FACTOR) : toScale(high) + SEARCH_WIDTHS;
  }

  /** By which factor a value lies outside of the fitted ones, 1 inside; one more for each width. */
  public double factorBeyond(double value) {
    return isPositive()
        ? Math.max(1, Math.max(value / high, low / value))
        : 1 + Math.max(0, Math.max(value - high, low - value)) / width();
  }
}
