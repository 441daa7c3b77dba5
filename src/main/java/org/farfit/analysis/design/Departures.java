package org.farfit.analysis.design;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;

/**
 * What a law misses of losses, which it misses of neighbours, too: a normal departure whose
 * variance is a multiple of that of a run's scatter, correlated by exp(-d / l) with d the distance
 * of two runs (the exponential covariance of kriging; Rasmussen and Williams 2006, eq. 4.18). Runs
 * beside those to predict then tell more of them, and a neighbour of a run that is known tells
 * less.
 *
 * <p>Runs of the pool come first, those to predict after them. Variances are in units of the
 * scatter of a run of weight one.
 */
final class Departures {

  /** The variance of departures over that of scatter. */
  private static final double RATIO = 10;

  /** l, the distance at which correlations have fallen by a factor of e. */
  private static final double LENGTH = 2;

  private final double ratio;
  private final double[][] places;

  private Departures(double ratio, Places places) {
    this.ratio = ratio;
    this.places = new double[places.pool().length + places.target().length][];
    System.arraycopy(places.pool(), 0, this.places, 0, places.pool().length);
    System.arraycopy(places.target(), 0, this.places, places.pool().length, places.target().length);
  }

  /** Those of a law that is not exact. */
  static Departures of(Places places) {
    return new Departures(RATIO, places);
  }

  /** None: a law that is taken to be exact. */
  static Departures none(Places places) {
    return new Departures(0, places);
  }

  private double before(int i, int j) {
    return ratio == 0
        ? 0
        : ratio * Math.exp(-Math.sqrt(Places.square(places[i], places[j])) / LENGTH);
  }

  /**
   * What is known of them once some runs of the pool are trained.
   *
   * @param taken positions of these in the pool
   * @param weights of all runs of the pool, whose scatter has a variance of one over these
   */
  Known given(int[] taken, double[] weights) {
    return new Known(taken, weights);
  }

  /**
   * Departures given the sum of departure and scatter of k runs: with V = L L' the covariance of
   * these sums, e_i = L^-1 times the covariances of departure i with them.
   */
  final class Known {

    private final int k;
    private final double[] lower;
    private final double[][] e;

    private Known(int[] taken, double[] weights) {
      k = taken.length;
      DMatrixRMaj sums = new DMatrixRMaj(k, k);
      for (int a = 0; a < k; a++) {
        for (int b = 0; b < k; b++) {
          sums.set(a, b, before(taken[a], taken[b]) + (a == b ? 1 / weights[taken[a]] : 0));
        }
      }
      CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(k, true);
      if (!cholesky.decompose(sums)) {
        throw new IllegalStateException("covariance of %d runs is not positive".formatted(k));
      }
      lower = cholesky.getT(null).data;
      e = new double[places.length][k];
      for (int i = 0; i < e.length; i++) {
        for (int a = 0; a < k; a++) {
          e[i][a] = before(taken[a], i);
        }
        whiten(e[i]);
      }
    }

    /** The share of the variance of residuals that is scatter. */
    double scatter() {
      return 1 / (1 + ratio);
    }

    /** Replaces k values, one for each trained run, by L^-1 times these. */
    void whiten(double[] values) {
      TriangularSolver_DDRM.solveL(lower, values, k);
    }

    /** e_i, of length k. */
    double[] whitened(int i) {
      return e[i];
    }

    /** The covariance of two departures that is left. */
    double covariance(int i, int j) {
      double sum = before(i, j);
      for (int a = 0; a < k; a++) {
        sum -= e[i][a] * e[j][a];
      }
      return sum;
    }
  }
}
