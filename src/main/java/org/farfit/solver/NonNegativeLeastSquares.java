package org.farfit.solver;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Linear least squares with coefficients that are not negative, for the few linear coefficients of
 * a scaling law. Every subset of columns is solved without constraint; the best whose coefficients
 * are all positive is the answer, since the optimum is the unconstrained one of its own support
 * (Lawson and Hanson 1974, section 23.2).
 */
public final class NonNegativeLeastSquares {

  private static final int MOST_COLUMNS = 10;

  private NonNegativeLeastSquares() {}

  /**
   * Minimises |sum of x_j columns_j - target|^2 over x &gt;= 0.
   *
   * @param columns at most ten columns of equal length
   * @param target right-hand side, same length
   * @return the coefficients; all zero where no column helps
   * @throws IllegalArgumentException if there are more columns
   */
  public static double[] solve(double[][] columns, double[] target) {
    int q = columns.length;
    if (q > MOST_COLUMNS) {
      throw new IllegalArgumentException("%d columns".formatted(q));
    }
    double[] best = new double[q];
    double least = squares(columns, best, target);
    for (int support = 1; support < 1 << q; support++) {
      double[] candidate = onSupport(columns, target, support);
      if (candidate != null) {
        double cost = squares(columns, candidate, target);
        if (cost < least) {
          least = cost;
          best = candidate;
        }
      }
    }
    return best;
  }

  private static double[] onSupport(double[][] columns, double[] target, int support) {
    int used = Integer.bitCount(support);
    int n = target.length;
    if (used > n) {
      return null;
    }
    DMatrixRMaj matrix = new DMatrixRMaj(n, used);
    int at = 0;
    for (int j = 0; j < columns.length; j++) {
      if ((support >>> j & 1) != 0) {
        for (int i = 0; i < n; i++) {
          matrix.set(i, at, columns[j][i]);
        }
        at++;
      }
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.leastSquares(n, used);
    DMatrixRMaj solution = new DMatrixRMaj(used, 1);
    if (!solver.setA(matrix)) {
      return null;
    }
    solver.solve(new DMatrixRMaj(n, 1, true, target.clone()), solution);
    double[] coefficients = new double[columns.length];
    at = 0;
    for (int j = 0; j < columns.length; j++) {
      if ((support >>> j & 1) != 0) {
        coefficients[j] = solution.get(at++);
        if (!(coefficients[j] > 0)) {
          return null;
        }
      }
    }
    return coefficients;
  }

  private static double squares(double[][] columns, double[] x, double[] target) {
    double sum = 0;
    for (int i = 0; i < target.length; i++) {
      double residual = -target[i];
      for (int j = 0; j < x.length; j++) {
        residual += x[j] * columns[j][i];
      }
      sum += residual * residual;
    }
    return sum;
  }
}
