package org.farfit.analysis;

import org.farfit.data.RunSet;
import org.farfit.solver.NonNegativeLeastSquares;

/**
 * Chinchilla's law by variable projection (Golub and Pereyra 1973): for given exponents E, A and B
 * enter linearly and are found by non-negative least squares of the relative error, so that only
 * the two exponents are searched, on grids that close in on the best.
 */
public final class VariableProjection {

  private static final double LEAST_EXPONENT = 0.02;
  private static final double LARGEST_EXPONENT = 2.0;

  /** Points along each side of a grid. */
  private static final int SIDE = 21;

  /** Each grid reaches this many steps of the one before around its best point. */
  private static final double REACH = 2;

  private static final int LEVELS = 14;

  private VariableProjection() {}

  /**
   * A fit.
   *
   * @param published E, A, B, alpha, beta; E, A or B may be 0
   * @param cost half the weighted sum of squares of Lhat / L - 1
   */
  public record Found(double[] published, double cost) {}

  /** Fits all runs. */
  public static Found fit(RunSet runs) {
    double centreAlpha = 0.5 * (LEAST_EXPONENT + LARGEST_EXPONENT);
    double centreBeta = centreAlpha;
    double half = centreAlpha - LEAST_EXPONENT;
    Found best = null;
    for (int level = 0; level < LEVELS; level++) {
      double step = 2 * half / (SIDE - 1);
      double fromAlpha = centreAlpha - half;
      double fromBeta = centreBeta - half;
      for (int i = 0; i < SIDE; i++) {
        for (int j = 0; j < SIDE; j++) {
          double alpha = fromAlpha + i * step;
          double beta = fromBeta + j * step;
          if (alpha > 0 && beta > 0) {
            Found found = at(runs, alpha, beta);
            best = best == null || found.cost() < best.cost() ? found : best;
          }
        }
      }
      centreAlpha = best.published()[3];
      centreBeta = best.published()[4];
      half = REACH * step;
    }
    return best;
  }

  private static Found at(RunSet runs, double alpha, double beta) {
    int n = runs.size();
    double logN0 = Math.log(runs.n(0));
    double logD0 = Math.log(runs.d(0));
    double[][] columns = new double[3][n];
    double[] target = new double[n];
    for (int i = 0; i < n; i++) {
      double weight = Math.sqrt(runs.weight(i));
      columns[0][i] = weight / runs.loss(i);
      columns[1][i] = columns[0][i] * Math.exp(-alpha * (Math.log(runs.n(i)) - logN0));
      columns[2][i] = columns[0][i] * Math.exp(-beta * (Math.log(runs.d(i)) - logD0));
      target[i] = weight;
    }
    double[] terms = NonNegativeLeastSquares.solve(columns, target);
    double cost = 0;
    for (int i = 0; i < n; i++) {
      double residual =
          terms[0] * columns[0][i]
              + terms[1] * columns[1][i]
              + terms[2] * columns[2][i]
              - target[i];
      cost += 0.5 * residual * residual;
    }
    double[] published = {
      terms[0], terms[1] * Math.exp(alpha * logN0), terms[2] * Math.exp(beta * logD0), alpha, beta
    };
    return new Found(published, cost);
  }
}
