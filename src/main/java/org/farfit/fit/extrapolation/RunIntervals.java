package org.farfit.fit.extrapolation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.statistics.ErrorQuantile;
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
  private final boolean isKnownOfAll;
  private final double noise;

  /** Of the fitted runs, in their standard deviations. */
  private final double[] errors;

  private final Map<Double, Double> besideNormal = new HashMap<>();

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
    int count = RunSet.countWeighted(fitted);
    this.isKnownOfAll = count > parameters(k -> true).orElse(0);
    this.freedom = count - parameters(k -> members.get(k).covariance().isPresent()).orElse(count);
    double[] residuals =
        IntStream.range(0, runs.size())
            .filter(i -> fitted[i] > 0)
            .mapToDouble(i -> Math.log(runs.loss(i) / average.loss(runs.n(i), runs.d(i))))
            .toArray();
    this.errors = ErrorQuantile.inDeviations(residuals, residuals);
    this.noise = Arrays.stream(residuals).map(residual -> residual * residual).sum() / freedom;
    this.drift = drift;
  }

  /** The most parameters of those members that are probable at all. */
  private OptionalInt parameters(IntPredicate counts) {
    return IntStream.range(0, doubt.length)
        .filter(k -> doubt[k] > 0)
        .filter(counts)
        .map(k -> members.get(k).law().parameterCount())
        .max();
  }

  /** Whether there are more runs than parameters of some member; it goes by these. */
  boolean isKnown() {
    return freedom > 0;
  }

  /** Whether there are more runs than parameters of every member. */
  boolean isKnownOfAll() {
    return isKnown() && isKnownOfAll;
  }

  /** The predicted loss. */
  double loss(double n, double d) {
    return average.loss(n, d);
  }

  /** Variance of ln L of a run around the prediction, without drift; NaN if it is not known. */
  double logVariance(double n, double d) {
    return surfaceVariance(n, d) + noise;
  }

  private double surfaceVariance(double n, double d) {
    return BackTest.logVariance(members, doubt, n, d, loss(n, d));
  }

  /** By what few runs enlarge intervals: Student's t beside the normal distribution. */
  double few(double level) {
    return new TDistribution(freedom).inverseCumulativeProbability(0.5 + 0.5 * level)
        / normal(level);
  }

  /**
   * Whether the interval of a run holds its loss; false if there is none. Runs scatter as far out
   * as the fitted ones do.
   *
   * @param level probability that it should
   */
  boolean contains(double level, double n, double d, double loss) {
    double drifted = drift.map(by -> by.deviation(n, d)).orElse(0.0);
    double scattered =
        besideNormal.computeIfAbsent(level, at -> ErrorQuantile.besideNormal(errors, at))
            * Math.sqrt(noise);
    double known = few(level) * Math.hypot(Math.sqrt(surfaceVariance(n, d)), scattered);
    double half = normal(level) * Math.hypot(known, drifted);
    return Math.abs(Math.log(loss / loss(n, d))) <= half;
  }

  static double normal(double level) {
    return NORMAL.inverseCumulativeProbability(0.5 + 0.5 * level);
  }
}
