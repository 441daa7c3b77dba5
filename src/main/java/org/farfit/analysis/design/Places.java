package org.farfit.analysis.design;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Where the runs of a pool and those to predict lie: columns in logarithms where all are positive,
 * on the scale of their standard deviations in the pool; one that is the same throughout the pool
 * does not count.
 */
final class Places {

  private final double[][] pool;
  private final double[][] target;

  /**
   * Places along some columns.
   *
   * @param columns those of the law
   */
  Places(RunPool pool, List<String> columns) {
    this.pool = new double[pool.runs().size()][columns.size()];
    this.target = new double[pool.target().size()][columns.size()];
    for (int k = 0; k < columns.size(); k++) {
      place(pool.runs().column(columns.get(k)), pool.target().column(columns.get(k)), k);
    }
  }

  private void place(double[] ofPool, double[] ofTarget, int k) {
    boolean logs =
        DoubleStream.concat(Arrays.stream(ofPool), Arrays.stream(ofTarget)).allMatch(x -> x > 0);
    double[] from = logs ? Arrays.stream(ofPool).map(Math::log).toArray() : ofPool;
    double[] to = logs ? Arrays.stream(ofTarget).map(Math::log).toArray() : ofTarget;
    double mean = Arrays.stream(from).average().orElse(0);
    double variance = Arrays.stream(from).map(x -> (x - mean) * (x - mean)).average().orElse(0);
    double deviation = variance > 0 ? Math.sqrt(variance) : Double.POSITIVE_INFINITY;
    for (int i = 0; i < from.length; i++) {
      pool[i][k] = from[i] / deviation;
    }
    for (int t = 0; t < to.length; t++) {
      target[t][k] = to[t] / deviation;
    }
  }

  /** Of each run of the pool, shape [runs][columns]. */
  double[][] pool() {
    return pool;
  }

  /** Of each run to predict, shape [runs][columns]. */
  double[][] target() {
    return target;
  }

  /** The squared distance between two places. */
  static double square(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (a[k] - b[k]) * (a[k] - b[k]);
    }
    return sum;
  }
}
