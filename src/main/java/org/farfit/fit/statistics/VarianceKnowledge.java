package org.farfit.fit.statistics;

/**
 * How well variances by {@link ClusteredErrors} are known, for combinations of parameters of any
 * gradient: the degrees of freedom are a square of a quadratic form over a form of fourth degree in
 * the derivatives along some directions.
 *
 * @param directions in which the centred parameters may move, q x p, each of them as far as a
 *     standard error reaches if errors are independent and alike
 * @param trace coefficients of the {@link #products}: the sum of the eigenvalues of the variance
 * @param squares coefficients of their products, symmetric: the sum of the squared eigenvalues;
 *     none where that sum would be too long
 * @param most degrees of freedom at most, and where there are no sums
 */
public record VarianceKnowledge(
    double[][] directions, double[] trace, double[][] squares, double most) {

  /**
   * Degrees of freedom of the variance of a combination, at least 1.
   *
   * @param gradient by the centred parameters
   */
  public double degreesOfFreedom(double[] gradient) {
    double[] along = new double[directions.length];
    for (int k = 0; k < along.length; k++) {
      for (int j = 0; j < gradient.length; j++) {
        along[k] += directions[k][j] * gradient[j];
      }
    }
    double[] x = products(along);
    double sum = 0;
    double ofSquares = 0;
    for (int a = 0; a < squares.length; a++) {
      sum += trace[a] * x[a];
      double row = 0;
      for (int b = 0; b < squares.length; b++) {
        row += squares[a][b] * x[b];
      }
      ofSquares += row * x[a];
    }
    return ofSquares > 0 ? Math.clamp(sum * sum / ofSquares, 1, most) : most;
  }

  /** Products of derivatives along the directions k and l, k from 0, l from k on. */
  static double[] products(double[] along) {
    double[] products = new double[along.length * (along.length + 1) / 2];
    int at = 0;
    for (int k = 0; k < along.length; k++) {
      for (int l = k; l < along.length; l++) {
        products[at++] = along[k] * along[l];
      }
    }
    return products;
  }
}
