package org.farfit.analysis.coverage;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.SimulatedNoise;
import org.farfit.analysis.SimulatedTruth;
import org.farfit.fit.Surface;
import org.farfit.law.Law;

/**
 * Data sets to simulate, whose intervals are judged.
 *
 * @param truth the surface that runs scatter around
 * @param grid the N and D of each data set
 * @param noise how runs scatter
 * @param deviation standard deviation of the errors of ln L that are a run's own, at the centre
 * @param sets how many data sets
 * @param level of the intervals
 */
public record CoverageStudy(
    Surface truth,
    DesignGrid grid,
    SimulatedNoise noise,
    double deviation,
    int sets,
    long seed,
    double level) {

  /** Data sets around a law at its example parameters. */
  public static CoverageStudy of(
      Law law,
      DesignGrid grid,
      SimulatedNoise noise,
      double deviation,
      int sets,
      long seed,
      double level) {
    return new CoverageStudy(SimulatedTruth.of(law), grid, noise, deviation, sets, seed, level);
  }

  /** The random numbers of a data set, or, of negative numbers, of what it is tried on. */
  static RandomGenerator random(long seed, int set) {
    return new SplittableRandom(new SplittableRandom(seed ^ ((long) set << 20)).nextLong());
  }

  /** What is asked of each data set, at multiples of its largest N. */
  CoverageTargets targets(double... factors) {
    return new CoverageTargets(truth, grid, noise, deviation, factors);
  }
}
