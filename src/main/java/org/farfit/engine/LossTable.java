package org.farfit.engine;

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
    if (rows.length == 0) {
      throw new IllegalArgumentException("a loss table needs a row");
    }
    for (double[] row : rows) {
      if (row.length != rows[0].length) {
        throw new IllegalArgumentException(
            "rows of %d and %d runs".formatted(rows[0].length, row.length));
      }
      for (double loss : row) {
        if (!(loss > 0 && loss < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException("loss %s is not positive and finite".formatted(loss));
        }
      }
    }
    return new LossTable(rows.clone());
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
