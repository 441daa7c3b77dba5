package org.farfit.solver;

/**
 * Cholesky factorisation of many small symmetric matrices at once, without allocation: the inner
 * solve of the hot loop. Everything off it uses EJML.
 *
 * <p>Each matrix is packed by its lower triangle, and every entry is an array over lanes: loops run
 * over lanes of arrays at one index, of which a compiler can make vectors (of places in one array
 * it cannot tell that they do not overlap). What happens in a lane does not depend on the others.
 */
final class LaneCholesky {

  private LaneCholesky() {}

  /**
   * Factors A = L L' in lanes 0 to {@code count - 1}.
   *
   * @param a lower triangles of A by rows, {@code p (p + 1) / 2} x lanes; overwritten by L, with
   *     reciprocals on its diagonal
   * @param definite output: whether every pivot of a lane is positive; if not, the lane is spoilt
   */
  static void factor(double[][] a, int p, int count, boolean[] definite) {
    for (int k = 0; k < count; k++) {
      definite[k] = true;
    }
    for (int i = 0; i < p; i++) {
      int rowI = i * (i + 1) / 2;
      for (int j = 0; j < i; j++) {
        int rowJ = j * (j + 1) / 2;
        for (int m = 0; m < j; m++) {
          subtract(a[rowI + j], a[rowI + m], a[rowJ + m], count);
        }
        multiply(a[rowI + j], a[rowJ + j], count);
      }
      double[] diagonal = a[rowI + i];
      for (int m = 0; m < i; m++) {
        subtract(diagonal, a[rowI + m], a[rowI + m], count);
      }
      for (int k = 0; k < count; k++) {
        definite[k] &= diagonal[k] > 0;
      }
      for (int k = 0; k < count; k++) {
        diagonal[k] = 1 / Math.sqrt(diagonal[k]);
      }
    }
  }

  /**
   * Solves L L' x = b in lanes 0 to {@code count - 1}.
   *
   * @param l factors from {@link #factor}
   * @param b right-hand sides, p x lanes; overwritten by x
   */
  static void solve(double[][] l, int p, int count, double[][] b) {
    for (int i = 0; i < p; i++) {
      int row = i * (i + 1) / 2;
      for (int m = 0; m < i; m++) {
        subtract(b[i], l[row + m], b[m], count);
      }
      multiply(b[i], l[row + i], count);
    }
    for (int i = p - 1; i >= 0; i--) {
      for (int m = i + 1; m < p; m++) {
        subtract(b[i], l[m * (m + 1) / 2 + i], b[m], count);
      }
      multiply(b[i], l[i * (i + 3) / 2], count);
    }
  }

  private static void subtract(double[] from, double[] left, double[] right, int count) {
    for (int k = 0; k < count; k++) {
      from[k] -= left[k] * right[k];
    }
  }

  private static void multiply(double[] by, double[] factor, int count) {
    for (int k = 0; k < count; k++) {
      by[k] *= factor[k];
    }
  }
}
