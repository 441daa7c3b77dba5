package org.farfit.analysis.design;

import java.util.Arrays;
import java.util.List;

/**
 * How much each run of a pool says of the runs to predict. No law is exact: what it misses of a run
 * far from these is not what it misses of them. So the variance of a run is that of one beside them
 * times 1 + (d / h)^2, its weight one over that, with d its distance from the nearest of them.
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
    return Arrays.stream(Distances.squares(pool, columns, pool.runs(), pool.target()))
        .mapToDouble(row -> Arrays.stream(row).min().orElse(0))
        .map(square -> 1 / (1 + square / (REACH * REACH)))
        .toArray();
  }
}
