package org.farfit.engine;

import java.util.Arrays;

/**
 * Gaussian priors on centred parameters, one row per row of the {@link WeightTable}: problem k adds
 * half of precision (c - mean)^2, summed over parameters, to its cost. A precision of 0 is no
 * prior. Immutable.
 */
public final class PriorTable {

  private final double[] mean;
  private final double[][] precision;

  private PriorTable(double[] mean, double[][] precision) {
    this.mean = mean;
    this.precision = precision;
  }

  /**
   * A table of priors.
   *
   * @param mean where the priors are centred, p values
   * @param precision one array of p values per row, in the unit of the cost per squared parameter:
   *     the variance of a residual over the variance of the parameter; not negative and finite
   * @throws IllegalArgumentException if a row has another length or a value is negative or not
   *     finite
   */
  public static PriorTable of(double[] mean, double[]... precision) {
    double[][] copy = new double[precision.length][];
    for (int row = 0; row < precision.length; row++) {
      if (precision[row].length != mean.length) {
        throw new IllegalArgumentException(
            "%d precisions for %d parameters".formatted(precision[row].length, mean.length));
      }
      for (double value : precision[row]) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "precision %s is negative or not finite".formatted(value));
        }
      }
      copy[row] = precision[row].clone();
    }
    return new PriorTable(mean.clone(), copy);
  }

  /** A table whose rows are all the same, which takes the memory of one. */
  public static PriorTable repeated(double[] mean, double[] precision, int rows) {
    PriorTable one = of(mean, precision);
    double[][] copies = new double[rows][];
    Arrays.fill(copies, one.precision[0]);
    return new PriorTable(one.mean, copies);
  }

  /** Whether no row has a precision above 0: no prior at all. */
  boolean isFlat() {
    return Arrays.stream(precision).flatMapToDouble(Arrays::stream).allMatch(value -> value == 0);
  }

  /** How many rows there are. */
  public int rows() {
    return precision.length;
  }

  /** Where the prior of parameter j is centred. */
  public double mean(int j) {
    return mean[j];
  }

  /** The precision of the prior of parameter j in a row. */
  public double precision(int row, int j) {
    return precision[row][j];
  }
}
