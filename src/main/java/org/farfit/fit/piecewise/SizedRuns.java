package org.farfit.fit.piecewise;

import java.util.Arrays;
import org.farfit.data.RunSet;

/**
 * Runs by size, for searches of curves in N: what depends on N alone is computed once per size, and
 * what a search leaves as it is once in all. Errors are mean relative errors |Lhat / L - 1|.
 */
final class SizedRuns {

  private final double[] n;
  private final int[] sizeOf;
  private final double[] logD;
  private final double[] loss;

  private SizedRuns(double[] n, int[] sizeOf, double[] logD, double[] loss) {
    this.n = n;
    this.sizeOf = sizeOf;
    this.logD = logD;
    this.loss = loss;
  }

  static SizedRuns of(RunSet runs) {
    double[] n = Arrays.stream(runs.n()).distinct().sorted().toArray();
    return new SizedRuns(
        n,
        Arrays.stream(runs.n()).mapToInt(size -> Arrays.binarySearch(n, size)).toArray(),
        Arrays.stream(runs.d()).map(Math::log).toArray(),
        runs.loss());
  }

  /** The sizes, ascending. */
  double[] n() {
    return n.clone();
  }

  /** 1 / L of each run. */
  double[] inverses() {
    return Arrays.stream(loss).map(value -> 1 / value).toArray();
  }

  /** A power law in D over L, exp(intercept - exponent ln D) / L, of each run. */
  double[] ratios(double[] intercepts, double[] exponents) {
    double[] ratios = new double[loss.length];
    for (int i = 0; i < ratios.length; i++) {
      int size = sizeOf[i];
      ratios[i] = Math.exp(intercepts[size] - exponents[size] * logD[i]) / loss[i];
    }
    return ratios;
  }

  /** The error of predictions that are a multiple for each size: scale ratio, over L. */
  double error(double[] scales, double[] ratios) {
    double sum = 0;
    for (int i = 0; i < loss.length; i++) {
      sum += Math.abs(scales[sizeOf[i]] * ratios[i] - 1);
    }
    return sum / loss.length;
  }

  /** The error of predictions that are a multiple and more: scale ratio + offset, over L. */
  double error(double[] scales, double[] ratios, double[] offsets) {
    double sum = 0;
    for (int i = 0; i < loss.length; i++) {
      sum += Math.abs(scales[sizeOf[i]] * ratios[i] + offsets[i] - 1);
    }
    return sum / loss.length;
  }
}
