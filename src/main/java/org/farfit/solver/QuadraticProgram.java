package org.farfit.solver;

import java.util.Arrays;

/**
 * The least of x'Hx / 2 + g'x under bounds low &lt;= Ax &lt;= high, by active sets in the dual: the
 * unconstrained solution, then the most violated bound is taken in and those whose multiplier has
 * the wrong sign are let go, until neither is left (Goldfarb and Idnani 1983). Matrices are small
 * and dense, row-major.
 */
public final class QuadraticProgram {

  /** A bound that is missed by less than this share of its scale holds. */
  private static final double TOLERANCE = 1e-12;

  private final int p;
  private final double[] factor;
  private final double[] free;
  private final double[] whitened;
  private final double[] gram;
  private final double[] small;
  private final double[] multipliers;
  private final int[] active;
  private final boolean[] isActive;
  private final boolean[] atUpper;
  private int activeCount;

  /** Room for a number of unknowns. */
  public QuadraticProgram(int p) {
    this.p = p;
    factor = new double[p * p];
    free = new double[p];
    whitened = new double[p * p];
    gram = new double[p * p];
    small = new double[p * p];
    multipliers = new double[p];
    active = new int[p];
    isActive = new boolean[p];
    atUpper = new boolean[p];
  }

  /**
   * Factors H; only the lower triangle is read.
   *
   * @param h row-major, p x p
   * @return whether it is positive definite
   */
  public boolean factor(double[] h) {
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = h[i * p + j];
        for (int m = 0; m < j; m++) {
          sum -= factor[i * p + m] * factor[j * p + m];
        }
        if (j < i) {
          factor[i * p + j] = sum / factor[j * p + j];
        } else if (sum > 0) {
          factor[i * p + i] = Math.sqrt(sum);
        } else {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The unconstrained minimum, after {@link #factor}.
   *
   * @param g gradient at 0, p values
   * @param x output, p values
   */
  public void solve(double[] g, double[] x) {
    for (int i = 0; i < p; i++) {
      free[i] = -g[i];
    }
    forward(free, 0);
    System.arraycopy(free, 0, x, 0, p);
    backward(x);
  }

  /**
   * The constrained minimum, after {@link #solve} has put the unconstrained one in x.
   *
   * @param a rows of constraints, p x p
   * @param low lower bounds of Ax
   * @param high upper bounds of Ax
   * @param x input and output, p values
   */
  public void constrain(double[] a, double[] low, double[] high, double[] x) {
    activeCount = 0;
    Arrays.fill(isActive, false);
    for (int round = 0; round < 6 * p + 20; round++) {
      int worst = mostViolated(a, low, high, x);
      if (worst < 0) {
        return;
      }
      add(a, worst);
      while (true) {
        solveActive(low, high, x);
        int wrong = wrongSign();
        if (wrong < 0) {
          break;
        }
        remove(wrong);
      }
    }
  }

  private int mostViolated(double[] a, double[] low, double[] high, double[] x) {
    int worst = -1;
    double most = TOLERANCE;
    for (int j = 0; j < p; j++) {
      boolean isFree = low[j] == Double.NEGATIVE_INFINITY && high[j] == Double.POSITIVE_INFINITY;
      if (isActive[j] || isFree) {
        continue;
      }
      double value = 0;
      double scale = 0;
      for (int m = 0; m < p; m++) {
        double term = a[j * p + m] * x[m];
        value += term;
        scale = Math.max(scale, Math.abs(term));
      }
      double violation = Math.max(low[j] - value, value - high[j]) / (scale + Double.MIN_NORMAL);
      if (violation > most) {
        most = violation;
        worst = j;
        atUpper[j] = value > high[j];
      }
    }
    return activeCount < p ? worst : -1;
  }

  private void add(double[] a, int row) {
    isActive[row] = true;
    active[activeCount] = row;
    System.arraycopy(a, row * p, whitened, activeCount * p, p);
    forward(whitened, activeCount * p);
    for (int j = 0; j <= activeCount; j++) {
      gram[activeCount * p + j] = dot(whitened, activeCount * p, whitened, j * p);
    }
    activeCount++;
  }

  private void remove(int position) {
    isActive[active[position]] = false;
    for (int i = position; i + 1 < activeCount; i++) {
      active[i] = active[i + 1];
      System.arraycopy(whitened, (i + 1) * p, whitened, i * p, p);
      for (int j = 0; j <= i; j++) {
        gram[i * p + j] = gram[(i + 1) * p + (j < position ? j : j + 1)];
      }
    }
    activeCount--;
  }

  /** x with the active bounds fixed; multipliers mu in x = x0 + H^-1 A' mu. */
  private void solveActive(double[] low, double[] high, double[] x) {
    int n = activeCount;
    for (int i = 0; i < n; i++) {
      int row = active[i];
      multipliers[i] = (atUpper[row] ? high[row] : low[row]) - dot(whitened, i * p, free, 0);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = gram[i * p + j];
        for (int m = 0; m < j; m++) {
          sum -= small[i * p + m] * small[j * p + m];
        }
        small[i * p + j] =
            j < i ? sum / small[j * p + j] : Math.sqrt(Math.max(sum, Double.MIN_NORMAL));
      }
    }
    for (int i = 0; i < n; i++) {
      double sum = multipliers[i];
      for (int m = 0; m < i; m++) {
        sum -= small[i * p + m] * multipliers[m];
      }
      multipliers[i] = sum / small[i * p + i];
    }
    for (int i = n - 1; i >= 0; i--) {
      double sum = multipliers[i];
      for (int m = i + 1; m < n; m++) {
        sum -= small[m * p + i] * multipliers[m];
      }
      multipliers[i] = sum / small[i * p + i];
    }
    System.arraycopy(free, 0, x, 0, p);
    for (int i = 0; i < n; i++) {
      for (int m = 0; m < p; m++) {
        x[m] += multipliers[i] * whitened[i * p + m];
      }
    }
    backward(x);
  }

  private int wrongSign() {
    int worst = -1;
    double most = 0;
    for (int i = 0; i < activeCount; i++) {
      double wrong = atUpper[active[i]] ? multipliers[i] : -multipliers[i];
      if (wrong > most) {
        most = wrong;
        worst = i;
      }
    }
    return worst;
  }

  private double dot(double[] u, int atU, double[] w, int atW) {
    double sum = 0;
    for (int m = 0; m < p; m++) {
      sum += u[atU + m] * w[atW + m];
    }
    return sum;
  }

  /** Solves L y = b in place. */
  private void forward(double[] b, int at) {
    int first = 0;
    while (first < p && b[at + first] == 0) {
      first++;
    }
    for (int i = first; i < p; i++) {
      double sum = b[at + i];
      for (int m = first; m < i; m++) {
        sum -= factor[i * p + m] * b[at + m];
      }
      b[at + i] = sum / factor[i * p + i];
    }
  }

  /** Solves L' x = y in place. */
  private void backward(double[] y) {
    for (int i = p - 1; i >= 0; i--) {
      y[i] /= factor[i * p + i];
      for (int m = 0; m < i; m++) {
        y[m] -= factor[i * p + m] * y[i];
      }
    }
  }
}
