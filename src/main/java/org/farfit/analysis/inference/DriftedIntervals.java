package org.farfit.analysis.inference;

import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.extrapolation.Drift;
import org.hipparchus.distribution.continuous.NormalDistribution;

/** Intervals for losses that may drift from every law beyond the runs ({@link Drift}). */
final class DriftedIntervals {

  private static final NormalDistribution NORMAL = new NormalDistribution();

  private DriftedIntervals() {}

  /**
   * Standard deviations of estimands on their scales by drift alone: what a drift by one standard
   * deviation changes, in N, in D and in compute, which are independent. Where the estimand of a
   * drifted surface is not defined, as optima may not be, the other side of the drift tells, or
   * none.
   *
   * @param value of each estimand on the surface
   */
  static double[] deviations(Estimands estimands, Surface surface, double[] value, Drift drift) {
    double[] deviations = new double[value.length];
    for (int direction = 0; direction < Drift.DIRECTIONS; direction++) {
      double[] up = drifted(estimands, surface, drift, direction, 1);
      double[] down = drifted(estimands, surface, drift, direction, -1);
      for (int k = 0; k < deviations.length; k++) {
        double at = estimands.items().get(k).toScale(value[k]);
        double change =
            Double.isNaN(up[k])
                ? at - down[k]
                : Double.isNaN(down[k]) ? up[k] - at : (up[k] - down[k]) / 2;
        deviations[k] = Double.isNaN(change) ? deviations[k] : Math.hypot(deviations[k], change);
      }
    }
    return deviations;
  }

  private static double[] drifted(
      Estimands estimands, Surface surface, Drift drift, int direction, double by) {
    double[] values = estimands.scaled(drift.moved(surface, direction, by));
    if (estimands.items().stream().anyMatch(Estimands.Item::ofSlopes)) {
      double[] tilted = estimands.scaled(drift.tilted(surface, direction, by));
      for (int k = 0; k < values.length; k++) {
        values[k] = estimands.items().get(k).ofSlopes() ? tilted[k] : values[k];
      }
    }
    return values;
  }

  /**
   * The interval of a value that drifts, too: the errors are independent, so halves add as squares
   * do, on the scale of the estimand.
   *
   * @param deviation of the value on its scale by drift alone
   */
  static Interval widened(
      Estimands.Item item, double value, Interval interval, double deviation, double level) {
    if (!(deviation > 0) || !interval.isKnown()) {
      return interval;
    }
    double at = item.toScale(value);
    double half = NORMAL.inverseCumulativeProbability(0.5 + 0.5 * level) * deviation;
    double low = Math.min(0, item.toScale(interval.low()) - at);
    double high = Math.max(0, item.toScale(interval.high()) - at);
    return new Interval(
        item.fromScale(at - Math.hypot(low, half)), item.fromScale(at + Math.hypot(high, half)));
  }
}
