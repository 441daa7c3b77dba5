package org.farfit.analysis.design;

import java.util.Arrays;

/**
 * How much each run of a pool says of the runs to predict. No law is exact: what it misses of a run
 * far from these is not what it misses of them. So the variance of a run is that of one beside them
 * times 1 + (d / h)^2, its weight one over that, with d its distance from the nearest of them.
 */
final class Nearness {

  /** h, the distance at which a law's misfit is as large as the scatter of runs. */
  private static final double REACH = 0.5;

  private Nearness() {}

  /** Weights, of the pool's runs in their order, positive and at most 1. */
  static double[] weights(Places places) {
    return Arrays.stream(places.pool())
        .mapToDouble(at ->
            Arrays.stream(places.target()).mapToDouble(to -> Places.square(at, to)).min().orElse(0))
        .map(square -> 1 / (1 + square / (REACH * REACH)))
        .toArray();
  }
}
