package org.farfit.engine;

import java.util.Arrays;

/**
 * Losses of runs that differ from problem to problem, such as simulated ones, one row per row of
 * the {@link WeightTable}: problem k is fitted to the losses of its row instead of the measured
 * ones. Immutable.
 */
public final class LossTable {

  private final double[][] rows;

  private LossTable(double[][] rows) {
    this.rows = rows;
  }

  /**
   * A table of losses.
   *
   * @param rows one array per row, each with one loss per run, positive and finite, in the order of
   *     the runs; not copied, and not to be changed
   * @throws IllegalArgumentException if there is no row, or rows differ in length, or a loss is not
   *     positive and finite
   */
  public static LossTable of(double[]... rows) {
    LossTable table = ofResponses(rows);
    if (!table.isPositive()) {
      throw new IllegalArgumentException("a loss is not positive");
    }
    return table;
  }

  /**
   * A table of responses, which need not be positive: those of a formula with residuals of plain
   * values.
   *
   * @param rows as for {@link #of}, finite
   * @throws IllegalArgumentException if there is no row, or rows differ in length, or a value is
   *     not finite
   */
  public static LossTable ofResponses(double[]... rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("a loss table needs a row");
    }
    for (double[] row : rows) {
      if (row.length != rows[0].length) {
        throw new IllegalArgumentException(
            "rows of %d and %d runs".formatted(rows[0].length, row.length));
      }
      for (double value : row) {
        if (!Double.isFinite(value)) {
          throw new IllegalArgumentException("loss %s is not finite".formatted(value));
        }
      }
    }
    return new LossTable(rows.clone());
  }

  /** Whether all losses are positive. */
  public boolean isPositive() {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).allMatch(loss -> loss > 0);
  }

  /** How many rows there are. */
  public int rows() {
    return rows.length;
  }

  /** How many runs each row covers. */
  public int runs() {
    return rows[0].length;
  }

  /** The loss of a run in a row. */
  public double loss(int row, int run) {
    return rows[row][run];
  }
}
