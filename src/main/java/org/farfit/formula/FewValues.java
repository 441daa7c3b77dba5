package org.farfit.formula;

/**
 * A column that has fewer distinct values than there are runs.
 *
 * @param column its name
 * @param share distinct values by runs, in sixteenths, at least 1
 */
public record FewValues(String column, int share) {

  /** As many values as {@link #share} says there are to a run. */
  public static final int RUN = 16;

  /** A column with a number of values in a number of runs. */
  public static FewValues of(String column, long values, int runs) {
    return new FewValues(column, (int) Math.max(1, Math.ceilDiv(RUN * values, runs)));
  }

  /** A column taken to have as few values as in a grid. */
  public static FewValues grid(String column) {
    return new FewValues(column, 1);
  }
}
