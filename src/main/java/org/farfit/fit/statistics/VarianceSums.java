package org.farfit.fit.statistics;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Sums over clusters that {@link VarianceKnowledge} consists of. What clusters g and h contribute
 * to a variance covaries by the quadratic form K_gh = [g = h] D_g - Z_g' R Z_h, D_g being q x q,
 * Z_g 2q x q and R 2q x 2q; so the sums over all pairs of clusters are sums over clusters: that of
 * K_gg, and of K_gh squared, which is that of D_g (D_g - 2 Z_g' R Z_g) plus the trace of R M R M, M
 * the sum of z z', z = Z_g times the derivatives.
 */
final class VarianceSums {

  private final int q;
  private final DMatrixRMaj r;
  private final double[] trace;
  private final double[][] squares;
  private final double[][][] m;

  /** No clusters yet. */
  VarianceSums(DMatrixRMaj r) {
    this.q = r.numRows / 2;
    this.r = r;
    int count = q * (q + 1) / 2;
    this.trace = new double[count];
    this.squares = new double[count][count];
    this.m = new double[2 * q][2 * q][count];
  }

  /**
   * Adds a cluster.
   *
   * @param d D_g
   * @param z Z_g
   */
  void add(DMatrixRMaj d, DMatrixRMaj z) {
    DMatrixRMaj right = new DMatrixRMaj(2 * q, q);
    DMatrixRMaj shared = new DMatrixRMaj(q, q);
    CommonOps_DDRM.mult(r, z, right);
    CommonOps_DDRM.multTransA(z, right, shared);
    double[] own = coefficients(d);
    double[] absorbed = coefficients(shared);
    for (int a = 0; a < own.length; a++) {
      trace[a] += own[a] - absorbed[a];
      for (int b = 0; b < own.length; b++) {
        squares[a][b] += own[a] * own[b] - own[a] * absorbed[b] - absorbed[a] * own[b];
      }
    }
    for (int i = 0; i < 2 * q; i++) {
      for (int j = i; j < 2 * q; j++) {
        int at = 0;
        for (int k = 0; k < q; k++) {
          m[i][j][at++] += z.get(i, k) * z.get(j, k);
          for (int l = k + 1; l < q; l++) {
            m[i][j][at++] += z.get(i, k) * z.get(j, l) + z.get(i, l) * z.get(j, k);
          }
        }
      }
    }
  }

  /** Coefficients of a quadratic form by {@link VarianceKnowledge#products}. */
  private double[] coefficients(DMatrixRMaj form) {
    double[] coefficients = new double[trace.length];
    int at = 0;
    for (int k = 0; k < q; k++) {
      coefficients[at++] = form.get(k, k);
      for (int l = k + 1; l < q; l++) {
        coefficients[at++] = form.get(k, l) + form.get(l, k);
      }
    }
    return coefficients;
  }

  /** What is known by the clusters that were added. */
  VarianceKnowledge knowledge(double[][] directions, double most) {
    double[][][] rm = new double[2 * q][2 * q][trace.length];
    for (int i = 0; i < 2 * q; i++) {
      for (int k = 0; k < 2 * q; k++) {
        for (int j = 0; j < 2 * q; j++) {
          double[] of = m[Math.min(j, k)][Math.max(j, k)];
          for (int a = 0; a < trace.length; a++) {
            rm[i][k][a] += r.get(i, j) * of[a];
          }
        }
      }
    }
    double[][] all = new double[trace.length][];
    for (int a = 0; a < trace.length; a++) {
      all[a] = squares[a].clone();
    }
    for (int i = 0; i < 2 * q; i++) {
      for (int k = 0; k < 2 * q; k++) {
        for (int a = 0; a < trace.length; a++) {
          for (int b = 0; b < trace.length; b++) {
            all[a][b] += 0.5 * (rm[i][k][a] * rm[k][i][b] + rm[k][i][a] * rm[i][k][b]);
          }
        }
      }
    }
    return new VarianceKnowledge(directions, trace.clone(), all, most);
  }
}
