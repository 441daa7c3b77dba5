package org.farfit.fit.extrapolation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Intervals for single runs that a fit, or an average of several, predicts: what each law is
 * uncertain by, what they differ by, how the fitted runs scatter and, of an average, what losses
 * may drift by beyond these.
 */
final class RunIntervals {

  private static final NormalDistribution NORMAL = new NormalDistribution();

  private final List<FittedSurface> members;
  private final double[] doubt;
  private final AverageSurface average;
  private final int freedom;
  private final double noise;
  private final Optional<Drift> drift;

  /**
   * Intervals of an average.
   *
   * @param fitted weight of each run in the fit, 0 for the others
   * @param weights of the members in the average
   * @param doubt how probable each member is
   */
  RunIntervals(
      RunSet runs,
      double[] fitted,
      List<FittedSurface> members,
      double[] weights,
      double[] doubt,
      Optional<Drift> drift) {
    this.members = members;
    this.doubt = doubt;
    this.average = new AverageSurface(members, Arrays.stream(weights).boxed().toList());
    this.freedom =
        RunSet.countWeighted(fitted)
            - IntStream.range(0, doubt.length)
                .filter(k -> doubt[k] > 0)
                .map(k -> members.get(k).law().parameterCount())
                .max()
                .orElse(0);
    double squares = 0;
    for (int i = 0; i < runs.size(); i++) {
      if (fitted[i] > 0) {
        double residual = Math.log(runs.loss(i) / average.loss(runs.n(i), runs.d(i)));
        squares += residual * residual;
      }
    }
    this.noise = squares / freedom;
    this.drift = drift;
  }

  /** Whether there are more runs than parameters. */
  boolean isKnown() {
    return freedom > 0;
  }

  /** The predicted loss. */
  double loss(double n, double d) {
    return average.loss(n, d);
  }

  /** Variance of ln L of a run around the prediction, without drift; NaN if it is not known. */
  double logVariance(double n, double d) {
    return BackTest.logVariance(members, doubt, n, d, loss(n, d)) + noise;
  }

  /** By what few runs enlarge intervals: Student's t beside the normal distribution. */
  double few(double level) {
    return new TDistribution(freedom).inverseCumulativeProbability(0.5 + 0.5 * level)
        / normal(level);
  }

  /**
   * Whether the interval of a run holds its loss; false if there is none.
   *
   * @param level probability that it should
   */
  boolean contains(double level, double n, double d, double loss) {
    double drifted = drift.map(by -> by.deviation(n, d)).orElse(0.0);
    double half = normal(level) * Math.hypot(few(level) * Math.sqrt(logVariance(n, d)), drifted);
    return Math.abs(Math.log(loss / loss(n, d))) <= half;
  }

  static double normal(double level) {
    return NORMAL.inverseCumulativeProbability(0.5 + 0.5 * level);
  }
}
