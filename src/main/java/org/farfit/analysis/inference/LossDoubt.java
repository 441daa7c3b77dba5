package org.farfit.analysis.inference;

import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * How far the estimate of ln L of a recipe at a point may be off, for a comparison with another.
 *
 * @param own standard deviation by how the recipe's runs scatter, at the estimate
 * @param degreesOfFreedom of its square
 * @param slope by how much the logarithm of it falls for each unit by which ln L rises
 * @param laws how far the laws of an average lie apart, as a standard deviation; 0 of one law
 * @param drift standard deviation by what losses may drift from every law
 */
record LossDoubt(double own, double degreesOfFreedom, double slope, double laws, double drift) {

  /** A standard deviation is followed by its slope as far as it changes by a factor of e^3. */
  private static final double FARTHEST = 3;

  /** A probability is at least that, so that it has a quantile. */
  private static final double LEAST = 1e-12;

  private static final NormalDistribution NORMAL = new NormalDistribution();

  /** The scale on which a standard deviation of some slope does not change. */
  static SteadyScale scale(double slope) {
    return new SteadyScale(slope, FARTHEST);
  }

  /**
   * How many standard deviations of a normal error two estimates differ by. What laws lie apart and
   * may drift by is the same for both as far as it is common; the scale is that on which the
   * deviations of both change the least, from the middle on; their variances are unlike (Welch
   * 1947).
   *
   * @param gap ln L of the second recipe less that of the first
   * @param common correlation of what laws lie apart, and of drifts
   */
  static double deviations(LossDoubt a, LossDoubt b, double gap, double common) {
    SteadyScale scale = scale(0.5 * (a.slope + b.slope));
    double half = 0.5 * gap;
    double stretched = scale.steady(half) - scale.steady(-half);
    double reached = scale.followed(half);
    double ofA = square(a.own * Math.exp(-reached));
    double ofB = square(b.own * Math.exp(reached));
    double variance = ofA + ofB + difference(a.laws, b.laws, common);
    if (Double.isNaN(gap) || Double.isNaN(variance)) {
      return Double.NaN;
    }
    if (variance == 0) {
      double drift = difference(a.drift, b.drift, common);
      return gap == 0 ? 0 : gap / Math.sqrt(drift);
    }
    double t = stretched / Math.sqrt(variance);
    double degrees =
        square(variance) / (square(ofA) / a.degreesOfFreedom + square(ofB) / b.degreesOfFreedom);
    double z =
        NORMAL.inverseCumulativeProbability(
            Math.clamp(new TDistribution(degrees).cumulativeProbability(t), LEAST, 1 - LEAST));
    double deviation = t == 0 ? Math.sqrt(variance) : gap / t;
    return z * deviation / Math.sqrt(square(deviation) + difference(a.drift, b.drift, common));
  }

  /** The variance of the difference of two errors that correlate. */
  static double difference(double a, double b, double correlation) {
    return a * a + b * b - 2 * correlation * a * b;
  }

  private static double square(double value) {
    return value * value;
  }
}
