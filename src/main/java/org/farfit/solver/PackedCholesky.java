package org.farfit.solver;

/**
 * Cholesky factorisation of a small symmetric matrix packed by its lower triangle, in place and
 * without allocation: the inner solve of the hot loop. Everything off it uses EJML.
 */
final class PackedCholesky {

  private PackedCholesky() {}

  /**
   * Factors A = L L'.
   *
   * @param a the lower triangle of A by rows, {@code p (p + 1) / 2} values; overwritten by L
   * @return whether every pivot is positive; if not, {@code a} is spoilt
   */
  static boolean factor(double[] a, int p) {
    for (int i = 0; i < p; i++) {
      int rowI = i * (i + 1) / 2;
      for (int j = 0; j < i; j++) {
        int rowJ = j * (j + 1) / 2;
        double sum = a[rowI + j];
        for (int k = 0; k < j; k++) {
          sum -= a[rowI + k] * a[rowJ + k];
        }
        a[rowI + j] = sum / a[rowJ + j];
      }
      double pivot = a[rowI + i];
      for (int k = 0; k < i; k++) {
        pivot -= a[rowI + k] * a[rowI + k];
      }
      if (!(pivot > 0)) {
        return false;
      }
      a[rowI + i] = Math.sqrt(pivot);
    }
    return true;
  }

  /**
   * Solves L L' x = b.
   *
   * @param l a factor from {@link #factor}
   * @param b the right-hand side; overwritten by x
   */
  static void solve(double[] l, int p, double[] b) {
    for (int i = 0; i < p; i++) {
      int row = i * (i + 1) / 2;
      double sum = b[i];
      for (int k = 0; k < i; k++) {
        sum -= l[row + k] * b[k];
      }
      b[i] = sum / l[row + i];
    }
    for (int i = p - 1; i >= 0; i--) {
      double sum = b[i];
      for (int k = i + 1; k < p; k++) {
        sum -= l[k * (k + 1) / 2 + i] * b[k];
      }
      b[i] = sum / l[i * (i + 1) / 2 + i];
    }
  }
}
