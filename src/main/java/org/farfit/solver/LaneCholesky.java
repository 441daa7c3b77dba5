package org.farfit.solver;

/**
 * Cholesky factorisation of many small symmetric matrices at once, without allocation: the inner
 * solve of the hot loop. Everything off it uses EJML.
 *
 * <p>Each matrix is packed by its lower triangle, entry e of lane k at {@code e * stride + k}, so
 * that every inner loop runs over lanes and a compiler can make vectors of it. What happens in a
 * lane does not depend on the others.
 */
final class LaneCholesky {

  private LaneCholesky() {}

  /**
   * Factors A = L L' in lanes 0 to {@code count - 1}.
   *
   * @param a lower triangles of A by rows, {@code p (p + 1) / 2} x stride; overwritten by L, with
   *     reciprocals on its diagonal
   * @param definite output: whether every pivot of a lane is positive; if not, the lane is spoilt
   */
  static void factor(double[] a, int p, int stride, int count, boolean[] definite) {
    for (int k = 0; k < count; k++) {
      definite[k] = true;
    }
    for (int i = 0; i < p; i++) {
      int rowI = i * (i + 1) / 2;
      for (int j = 0; j < i; j++) {
        int rowJ = j * (j + 1) / 2;
        for (int m = 0; m < j; m++) {
          subtract(a, (rowI + j) * stride, (rowI + m) * stride, (rowJ + m) * stride, count);
        }
        multiply(a, (rowI + j) * stride, (rowJ + j) * stride, count);
      }
      int diagonal = (rowI + i) * stride;
      for (int m = 0; m < i; m++) {
        subtract(a, diagonal, (rowI + m) * stride, (rowI + m) * stride, count);
      }
      for (int k = 0; k < count; k++) {
        definite[k] &= a[diagonal + k] > 0;
      }
      for (int k = 0; k < count; k++) {
        a[diagonal + k] = 1 / Math.sqrt(a[diagonal + k]);
      }
    }
  }

  /**
   * Solves L L' x = b in lanes 0 to {@code count - 1}.
   *
   * @param l factors from {@link #factor}
   * @param b right-hand sides, p x stride; overwritten by x
   */
  static void solve(double[] l, int p, int stride, int count, double[] b) {
    for (int i = 0; i < p; i++) {
      int row = i * (i + 1) / 2;
      for (int m = 0; m < i; m++) {
        subtract(b, i * stride, l, (row + m) * stride, m * stride, count);
      }
      multiply(b, i * stride, l, (row + i) * stride, count);
    }
    for (int i = p - 1; i >= 0; i--) {
      for (int m = i + 1; m < p; m++) {
        subtract(b, i * stride, l, (m * (m + 1) / 2 + i) * stride, m * stride, count);
      }
      multiply(b, i * stride, l, (i * (i + 3) / 2) * stride, count);
    }
  }

  private static void subtract(double[] a, int to, int left, int right, int count) {
    for (int k = 0; k < count; k++) {
      a[to + k] -= a[left + k] * a[right + k];
    }
  }

  private static void subtract(double[] b, int to, double[] l, int left, int right, int count) {
    for (int k = 0; k < count; k++) {
      b[to + k] -= l[left + k] * b[right + k];
    }
  }

  private static void multiply(double[] a, int to, int factor, int count) {
    multiply(a, to, a, factor, count);
  }

  private static void multiply(double[] b, int to, double[] l, int factor, int count) {
    for (int k = 0; k < count; k++) {
      b[to + k] *= l[factor + k];
    }
  }
}
