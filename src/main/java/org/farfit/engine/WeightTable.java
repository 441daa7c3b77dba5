package org.farfit.engine;

import java.util.Arrays;
import java.util.IdentityHashMap;

/**
 * Weights of runs: rows that problems refer to by number, so that any number of problems (starts,
 * bootstrap replicates, hold-outs) share one resident data set. Immutable.
 */
public final class WeightTable {

  private final double[][] rows;

  private WeightTable(double[][] rows) {
    this.rows = rows;
  }

  /**
   * A table of weights.
   *
   * @param rows one array per row, each with one weight per run, not negative and finite
   * @throws IllegalArgumentException if there is no row, or rows differ in length, or a weight is
   *     negative or not finite
   */
  public static WeightTable of(double[]... rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("a weight table needs a row");
    }
    double[][] copy = new double[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      copy[row] = checked(rows[row], rows[0].length);
    }
    return new WeightTable(copy);
  }

  /**
   * A table whose rows are all the same, which takes the memory of one.
   *
   * @param row one weight per run, not negative and finite
   * @param count how many rows, at least 1
   */
  public static WeightTable repeated(double[] row, int count) {
    double[][] rows = new double[count][];
    Arrays.fill(rows, checked(row, row.length));
    return new WeightTable(rows);
  }

  private static double[] checked(double[] row, int length) {
    if (row.length != length) {
      throw new IllegalArgumentException("rows of %d and %d runs".formatted(length, row.length));
    }
    for (double weight : row) {
      if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("weight %s is negative or not finite".formatted(weight));
      }
    }
    return row.clone();
  }

  /**
   * The same table with every weight of a run multiplied by a factor; rows that take the memory of
   * one still do.
   *
   * @param factor one per run
   */
  public WeightTable times(double[] factor) {
    IdentityHashMap<double[], double[]> made = new IdentityHashMap<>();
    double[][] product = new double[rows.length][];
    for (int row = 0; row < rows.length; row++) {
      product[row] =
          made.computeIfAbsent(
              rows[row],
              weights -> {
                double[] scaled = checked(weights, factor.length);
                for (int run = 0; run < scaled.length; run++) {
                  scaled[run] *= factor[run];
                }
                return scaled;
              });
    }
    return new WeightTable(product);
  }

  /** How many rows there are. */
  public int rows() {
    return rows.length;
  }

  /** How many runs each row covers. */
  public int runs() {
    return rows[0].length;
  }

  /**
   * Copies the weights of some runs of a row.
   *
   * @param runs which of them, in order
   * @param to receives them from {@code from} on, {@code stride} apart
   */
  public void copyRow(int row, int[] runs, double[] to, int from, int stride) {
    double[] weights = rows[row];
    int at = from;
    for (int run : runs) {
      to[at] = weights[run];
      at += stride;
    }
  }

  /**
   * Copies a row.
   *
   * @param to receives the weights of all runs from {@code from} on
   */
  public void copyRow(int row, double[] to, int from) {
    System.arraycopy(rows[row], 0, to, from, rows[row].length);
  }

  /** The weight of a run in a row. */
  public double weight(int row, int run) {
    return rows[row][run];
  }
}
