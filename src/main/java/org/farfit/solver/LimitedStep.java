package org.farfit.solver;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.farfit.engine.NormalEquations;
import org.farfit.law.Limits;

/**
 * Damped steps of problems whose parameters may not go beyond their limits. A parameter at a limit
 * that the cost would fall beyond stays there; one whose step would cross its limit goes just as
 * far; the others make the best of it (an active-set method: Nocedal and Wright 2006, section
 * 16.5).
 */
final class LimitedStep {

  private final Limits limits;
  private final int p;
  private final int[] limited;
  private final double[][] factor;
  private final double[] step;
  private final boolean[] fixed;
  private final boolean[] definite = new boolean[1];

  /**
   * Steps within limits.
   *
   * @param fixedMask parameters that take no part: their limits do not count
   */
  LimitedStep(Limits limits, int fixedMask) {
    this.limits = limits;
    this.p = limits.low().length;
    this.limited =
        IntStream.range(0, p).filter(j -> limits.bounds(j) && (fixedMask >>> j & 1) == 0).toArray();
    this.factor = new double[NormalEquations.packedSize(p)][1];
    this.step = new double[p];
    this.fixed = new boolean[p];
  }

  /** The value nearest to one that parameter j may have. */
  double nearest(int j, double value) {
    return limits.nearest(j, value);
  }

  /** Moves a starting point to where it may be. */
  void restrict(double[] start) {
    for (int j : limited) {
      start[j] = limits.nearest(j, start[j]);
    }
  }

  /** Whether any parameter of problem k is at a limit that its cost would fall beyond. */
  boolean isActive(NormalEquations at, int k) {
    for (int j : limited) {
      if (isActive(at, j, k)) {
        return true;
      }
    }
    return false;
  }

  /** Whether parameter j of problem k is at a limit that its cost would fall beyond. */
  boolean isActive(NormalEquations at, int j, int k) {
    double value = at.parameters[j * at.capacity() + k];
    if (value > limits.low()[j] && value < limits.high()[j]) {
      return false;
    }
    double gradient = at.gradient[j * at.capacity() + k];
    return StepRules.isActive(value, gradient, limits.low()[j], limits.high()[j]);
  }

  /** Whether a step of problem k would cross a limit, or one keeps a parameter from moving. */
  boolean isNeeded(NormalEquations at, int k, double[][] steps) {
    int stride = at.capacity();
    for (int j : limited) {
      double to = at.parameters[j * stride + k] + steps[j][k];
      if (to < limits.low()[j] || to > limits.high()[j] || isActive(at, j, k)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Replaces the step of problem k by the one within the limits.
   *
   * @param damping what is added to the diagonal, p values
   * @param steps p x lanes
   * @return the reduction of the cost that the quadratic model predicts; NaN if no step can be
   *     solved
   */
  double solve(NormalEquations at, int k, double[] damping, double[][] steps) {
    int stride = at.capacity();
    Arrays.fill(step, 0);
    for (int j : limited) {
      fixed[j] = isActive(at, j, k);
    }
    boolean crosses = true;
    while (crosses) {
      if (!solveFree(at, k, damping)) {
        return Double.NaN;
      }
      crosses = false;
      for (int j : limited) {
        double from = at.parameters[j * stride + k];
        double to = limits.nearest(j, from + step[j]);
        if (!fixed[j] && to != from + step[j]) {
          fixed[j] = true;
          step[j] = to - from;
          crosses = true;
        }
      }
    }
    for (int j = 0; j < p; j++) {
      steps[j][k] = step[j];
    }
    return reduction(at, k);
  }

  /** Solves for the steps that are not fixed, given those that are. */
  private boolean solveFree(NormalEquations at, int k, double[] damping) {
    int stride = at.capacity();
    double[][] right = new double[p][1];
    for (int i = 0; i < p; i++) {
      right[i][0] = fixed[i] ? step[i] : -at.gradient[i * stride + k];
      for (int j = 0; j <= i; j++) {
        int entry = i * (i + 1) / 2 + j;
        double value = at.matrix[entry * stride + k];
        if (i == j) {
          factor[entry][0] = fixed[i] ? 1 : value + damping[i];
        } else {
          factor[entry][0] = fixed[i] || fixed[j] ? 0 : value;
        }
      }
    }
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        if (!fixed[i] && fixed[j]) {
          right[i][0] -= entry(at, i, j, k) * step[j];
        }
      }
    }
    LaneCholesky.factor(factor, p, 1, definite);
    LaneCholesky.solve(factor, p, 1, right);
    for (int j = 0; j < p; j++) {
      step[j] = right[j][0];
    }
    return definite[0];
  }

  private double reduction(NormalEquations at, int k) {
    double sum = 0;
    for (int i = 0; i < p; i++) {
      double product = 0;
      for (int j = 0; j < p; j++) {
        product += entry(at, i, j, k) * step[j];
      }
      sum += StepRules.predictedByModel(step[i], at.gradient[i * at.capacity() + k], product);
    }
    return sum > 0 ? sum : Double.NaN;
  }

  private static double entry(NormalEquations at, int i, int j, int k) {
    int row = Math.max(i, j);
    return at.matrix[(row * (row + 1) / 2 + Math.min(i, j)) * at.capacity() + k];
  }

  /** Where a limited step leads: a limit that it goes as far as is reached to the last digit. */
  double target(int j, double from, double to) {
    double low = limits.low()[j];
    double high = limits.high()[j];
    double rounding = 4 * Math.ulp(Math.max(Math.abs(from), Math.abs(to)));
    if (Math.abs(to - low) <= rounding) {
      return low;
    }
    return Math.abs(to - high) <= rounding ? high : to;
  }
}
