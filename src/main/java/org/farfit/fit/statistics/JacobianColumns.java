package org.farfit.fit.statistics;

import java.util.Arrays;

/** Columns of a Jacobian: some of them, and all scaled to one length. */
public final class JacobianColumns {

  private JacobianColumns() {}

  /**
   * Some of the columns.
   *
   * @param jacobian a row per run
   * @param which positions of columns
   * @return as many rows, with these columns in this order
   */
  public static double[][] of(double[][] jacobian, int[] which) {
    return Arrays.stream(jacobian)
        .map(row -> Arrays.stream(which).mapToDouble(j -> row[j]).toArray())
        .toArray(double[][]::new);
  }

  /**
   * Scales each column to length one, except one of zeros.
   *
   * @param jacobian a row per run, at least one; is changed
   * @return the length that each column had, 1 for one of zeros
   */
  public static double[] scale(double[][] jacobian) {
    double[] norms = new double[jacobian[0].length];
    for (int j = 0; j < norms.length; j++) {
      double sum = 0;
      for (double[] row : jacobian) {
        sum += row[j] * row[j];
      }
      norms[j] = sum > 0 ? Math.sqrt(sum) : 1;
      for (double[] row : jacobian) {
        row[j] /= norms[j];
      }
    }
    return norms;
  }
}
