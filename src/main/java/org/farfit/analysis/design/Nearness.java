package org.farfit.analysis.design;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How much each run of a pool says of the runs to predict. No law is exact: what it misses of a run
 * far from these is not what it misses of them. So the variance of a run is that of one beside them
 * times 1 + (d / h)^2, its weight one over that, with d its distance from the nearest of them:
 * columns in logarithms where all are positive, on the scale of their standard deviations in the
 * pool.
 */
final class Nearness {

  /** h, the distance at which a law's misfit is as large as the scatter of runs. */
  private static final double REACH = 0.5;

  private Nearness() {}

  /**
   * Weights, of the pool's runs in their order, positive and at most 1.
   *
   * @param columns those of the law
   */
  static double[] weights(RunPool pool, List<String> columns) {
    double[][] squares = new double[pool.runs().size()][pool.target().size()];
    for (String name : columns) {
      addSquares(pool.runs().column(name), pool.target().column(name), squares);
    }
    return Arrays.stream(squares)
        .mapToDouble(row -> Arrays.stream(row).min().orElse(0))
        .map(square -> 1 / (1 + square / (REACH * REACH)))
        .toArray();
  }

  /** Adds the squared distances along one column; one that is the same throughout has none. */
  private static void addSquares(double[] pool, double[] target, double[][] squares) {
    boolean logs =
        DoubleStream.concat(Arrays.stream(pool), Arrays.stream(target)).allMatch(x -> x > 0);
    double[] from = logs ? Arrays.stream(pool).map(Math::log).toArray() : pool;
    double[] to = logs ? Arrays.stream(target).map(Math::log).toArray() : target;
    double mean = Arrays.stream(from).average().orElse(0);
    double variance = Arrays.stream(from).map(x -> (x - mean) * (x - mean)).average().orElse(0);
    for (int i = 0; i < from.length && variance > 0; i++) {
      for (int t = 0; t < to.length; t++) {
        squares[i][t] += (from[i] - to[t]) * (from[i] - to[t]) / variance;
      }
    }
  }
}
