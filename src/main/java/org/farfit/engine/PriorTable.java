package org.farfit.engine;

import java.util.Arrays;

/**
 * Gaussian priors on centred parameters, one row per row of the {@link WeightTable}: problem k adds
 * half of precision (c - mean)^2, summed over parameters, to its cost. A precision of 0 is no
 * prior. Immutable.
 */
public final class PriorTable {

  private final double[][] mean;
  private final double[][] precision;

  private PriorTable(double[][] mean, double[][] precision) {
    this.mean = mean;
    this.precision = precision;
  }

  /**
   * A table of priors, all centred at the same point.
   *
   * @param mean where the priors are centred, p values
   * @param precision one array of p values per row, see {@link #of(double[][], double[][])}
   */
  public static PriorTable of(double[] mean, double[]... precision) {
    double[][] means = new double[precision.length][];
    Arrays.fill(means, mean);
    return of(means, precision);
  }

  /**
   * A table of priors.
   *
   * @param mean where the prior of each row is centred, p values per row
   * @param precision p values per row, in the unit of the cost per squared parameter: the variance
   *     of a residual over the variance of the parameter; not negative and finite
   * @throws IllegalArgumentException if a row has another length or a value is negative or not
   *     finite
   */
  public static PriorTable of(double[][] mean, double[][] precision) {
    if (mean.length != precision.length) {
      throw new IllegalArgumentException(
          "%d rows of means, %d of precisions".formatted(mean.length, precision.length));
    }
    double[][] means = new double[mean.length][];
    double[][] copy = new double[precision.length][];
    for (int row = 0; row < precision.length; row++) {
      if (precision[row].length != mean[row].length) {
        throw new IllegalArgumentException(
            "%d precisions for %d parameters".formatted(precision[row].length, mean[row].length));
      }
      for (double value : precision[row]) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "precision %s is negative or not finite".formatted(value));
        }
      }
      means[row] = mean[row].clone();
      copy[row] = precision[row].clone();
    }
    return new PriorTable(means, copy);
  }

  /**
   * A table whose rows are all the same, which takes the memory of one.
   *
   * @param mean by parameter
   * @param precision by parameter, 0 for none
   */
  public static PriorTable repeated(double[] mean, double[] precision, int rows) {
    PriorTable one = of(mean, precision);
    double[][] means = new double[rows][];
    double[][] copies = new double[rows][];
    Arrays.fill(means, one.mean[0]);
    Arrays.fill(copies, one.precision[0]);
    return new PriorTable(means, copies);
  }

  /**
   * The priors of some parameters alone, in the given order.
   *
   * @param parameters positions of these parameters
   */
  public PriorTable of(int[] parameters) {
    double[][] means = new double[mean.length][];
    double[][] precisions = new double[mean.length][];
    for (int row = 0; row < mean.length; row++) {
      double[] ownMean = mean[row];
      double[] ownPrecision = precision[row];
      means[row] = Arrays.stream(parameters).mapToDouble(j -> ownMean[j]).toArray();
      precisions[row] = Arrays.stream(parameters).mapToDouble(j -> ownPrecision[j]).toArray();
    }
    return new PriorTable(means, precisions);
  }

  /** Whether no row has a precision above 0: no prior at all. */
  public boolean isFlat() {
    return Arrays.stream(precision).flatMapToDouble(Arrays::stream).allMatch(value -> value == 0);
  }

  /** How many rows there are. */
  public int rows() {
    return precision.length;
  }

  /** How many parameters each row covers. */
  public int parameters() {
    return mean.length == 0 ? 0 : mean[0].length;
  }

  /** Where the prior of parameter j is centred in a row. */
  public double mean(int row, int j) {
    return mean[row][j];
  }

  /** The precision of the prior of parameter j in a row. */
  public double precision(int row, int j) {
    return precision[row][j];
  }
}
