package org.farfit.solver;

/** Small dense systems by Gaussian elimination with partial pivoting, in the solver's hot path. */
final class LinearSystem {

  private LinearSystem() {}

  /**
   * Solves A' x = b.
   *
   * @param a row-major, destroyed
   * @param b right-hand side; overwritten by x
   * @return whether A is regular
   */
  static boolean solveTransposed(double[] a, double[] b, int n) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double upper = a[j * n + i];
        a[j * n + i] = a[i * n + j];
        a[i * n + j] = upper;
      }
    }
    for (int i = 0; i < n; i++) {
      int pivot = i;
      for (int r = i + 1; r < n; r++) {
        if (Math.abs(a[r * n + i]) > Math.abs(a[pivot * n + i])) {
          pivot = r;
        }
      }
      if (!(Math.abs(a[pivot * n + i]) > 0)) {
        return false;
      }
      if (pivot != i) {
        for (int c = i; c < n; c++) {
          double swap = a[i * n + c];
          a[i * n + c] = a[pivot * n + c];
          a[pivot * n + c] = swap;
        }
        double swap = b[i];
        b[i] = b[pivot];
        b[pivot] = swap;
      }
      for (int r = i + 1; r < n; r++) {
        double share = a[r * n + i] / a[i * n + i];
        if (share != 0) {
          for (int c = i; c < n; c++) {
            a[r * n + c] -= share * a[i * n + c];
          }
          b[r] -= share * b[i];
        }
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int c = i + 1; c < n; c++) {
        b[i] -= a[i * n + c] * b[c];
      }
      b[i] /= a[i * n + i];
    }
    return true;
  }
}
