package org.farfit.analysis;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.farfit.law.Centre;

/**
 * Noise of simulated runs, in ways that real runs scatter: errors of ln L in units of a standard
 * deviation.
 */
public enum SimulatedNoise {

  /** Every run has an error of its own, all alike. */
  INDEPENDENT,

  /** The variance falls with D, as {@link #SLOPE} of its power. */
  VARIANCE,

  /** Runs of a size share an error as large as each has of its own. */
  SIZE,

  /** Both: shared errors, and variance of their own that falls with D. */
  BOTH,

  /** Neighbours in D of one size correlate by {@link #ALONG}. */
  ALONG_D,

  /** Independent, alike and heavy-tailed: Student's t of three degrees of freedom. */
  HEAVY;

  /** d ln variance / d ln D where it falls: noise of SGD falls about so. */
  public static final double SLOPE = -0.7;

  /** Correlation of neighbours in D, as among the Farseer runs. */
  public static final double ALONG = 0.8;

  private static final int DEGREES = 3;

  /** The name in commands. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether runs of a size share an error. */
  public boolean sharesBySize() {
    return this == SIZE || this == BOTH;
  }

  /**
   * Errors of the runs of a plan.
   *
   * @param points runs of a size one after the other, by D
   * @param centre where the variance is one
   */
  public double[] errors(List<DesignGrid.Point> points, Centre centre, RandomGenerator random) {
    double[] errors = new double[points.size()];
    Map<Double, Double> ofSize = new HashMap<>();
    for (int i = 0; i < errors.length; i++) {
      DesignGrid.Point point = points.get(i);
      double own = standard(random);
      if (this == ALONG_D && i > 0 && points.get(i - 1).n() == point.n()) {
        own = ALONG * errors[i - 1] + Math.sqrt(1 - ALONG * ALONG) * own;
      }
      errors[i] = scale(centre, point.d()) * own;
      if (sharesBySize()) {
        errors[i] += ofSize.computeIfAbsent(point.n(), n -> random.nextGaussian());
      }
    }
    return errors;
  }

  private double scale(Centre centre, double d) {
    return this == VARIANCE || this == BOTH ? Math.exp(0.5 * SLOPE * centre.y(d)) : 1;
  }

  /** Of mean 0 and variance 1. */
  private double standard(RandomGenerator random) {
    double z = random.nextGaussian();
    if (this != HEAVY) {
      return z;
    }
    double squares = 0;
    for (int k = 0; k < DEGREES; k++) {
      squares += Math.pow(random.nextGaussian(), 2);
    }
    // t of m degrees of freedom has the variance m / (m - 2).
    return z / Math.sqrt(squares / DEGREES) * Math.sqrt((DEGREES - 2.0) / DEGREES);
  }
}
