package org.farfit.fit.bootstrap;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.stat.descriptive.rank.Percentile;
import org.hipparchus.stat.descriptive.rank.Percentile.EstimationType;

/**
 * Intervals from the values of an estimate on bootstrap replicates. Values that are NaN, where a
 * replicate has none, are left out. Pure functions.
 */
public final class BootstrapIntervals {

  private static final NormalDistribution NORMAL = new NormalDistribution();

  /** Probability within a standard deviation of a normal mean. */
  private static final double ONE_SIGMA = 0.6827;

  /**
   * By so much a standard deviation may exceed its robust counterpart; 1.8 where logs are normal.
   */
  private static final double FAR_OUT = 3;

  /** What stands for infinity where quantiles are interpolated, and what is still finite. */
  private static final double INFINITE = 1e300;

  private static final double LARGEST = 1e250;

  private BootstrapIntervals() {}

  /**
   * How many replicates percentile, basic and studentised intervals need: as many as have an order
   * statistic at both ends, (B + 1) (1 - level) / 2 of at least 1 (Davison and Hinkley 1997,
   * section 5.2). Below, quantiles would be the extremes, whatever the level.
   */
  public static double percentileNeeds(double level) {
    return needed(0.5 - 0.5 * level);
  }

  /**
   * How many replicates {@link #expanded} intervals need, which lie farther out; infinite if there
   * are not more runs, or groups, than were fitted.
   */
  public static double expandedNeeds(double level, ReplicateScatter scatter) {
    return scatter.isKnown() ? needed(scatter.tail(level)) : Double.POSITIVE_INFINITY;
  }

  /** How many replicates have an order statistic so far out, see {@link #percentileNeeds}. */
  public static double needed(double tail) {
    return Math.ceil(1 / tail - 1 - 1e-9);
  }

  /**
   * Quantiles of the replicates (Davison and Hinkley 1997, eq. 5.18).
   *
   * @param replicates the quantity on each replicate, in any order; those that are NaN are left out
   * @param level probability that the interval should cover, between 0 and 1
   */
  public static Interval percentile(double[] replicates, double level) {
    return quantiles(replicates, 0.5 - 0.5 * level, 0.5 + 0.5 * level);
  }

  /**
   * {@link #expanded(double[], double, ReplicateScatter)} for n drawn runs, or groups of runs.
   *
   * @param replicates as in {@link #percentile}
   * @param n how many runs, or groups of runs, were drawn
   * @param p how many parameters were fitted to them
   */
  public static Interval expanded(double[] replicates, double level, int n, int p) {
    return expanded(replicates, level, ReplicateScatter.drawn(n, p));
  }

  /**
   * Quantiles at the levels that make an interval of normal replicates as long as one by Student's
   * t with the variance of estimates (Hesterberg 2015, section 4.3).
   *
   * @param replicates as in {@link #percentile}
   * @param scatter how replicates scatter beside estimates
   */
  public static Interval expanded(double[] replicates, double level, ReplicateScatter scatter) {
    if (!scatter.isKnown()) {
      return Interval.UNKNOWN;
    }
    double tail = scatter.tail(level);
    return quantiles(replicates, tail, 1 - tail);
  }

  /**
   * The distances of {@link #percentile} intervals from the middle of the replicates, laid off from
   * the estimate and stretched as far as Student's t and the variance of estimates lie out: for few
   * degrees of freedom, where quantiles so far out would need thousands of replicates. Replicates
   * of a curved law err to one side of the fit, as the fit does of the truth; quantiles count that
   * on the wrong side, and to stretch it would make it more. So it is left out.
   *
   * @param replicates as in {@link #percentile}; where half of them are beyond every bound, they
   *     have no middle, and distances are those from the estimate
   */
  public static Interval stretched(
      double estimate, double[] replicates, double level, ReplicateScatter scatter) {
    Interval quantiles = percentile(replicates, level);
    double median = quantiles(replicates, 0.5, 0.5).low();
    double middle = Double.isFinite(median) ? median : estimate;
    double factor = scatter.stretch(level);
    return new Interval(
        estimate + factor * (quantiles.low() - middle),
        estimate + factor * (quantiles.high() - middle));
  }

  /**
   * Quantiles mirrored at the estimate (Davison and Hinkley 1997, eq. 5.6).
   *
   * @param replicates as in {@link #percentile}
   */
  public static Interval basic(double estimate, double[] replicates, double level) {
    Interval quantiles = percentile(replicates, level);
    return new Interval(2 * estimate - quantiles.high(), 2 * estimate - quantiles.low());
  }

  /**
   * Bias-corrected and accelerated (Efron 1987; Davison and Hinkley 1997, eq. 5.21).
   *
   * @param replicates as in {@link #percentile}
   * @param leftOut the estimate with each run, or group of runs, left out; those that are NaN do
   *     not count
   */
  public static Interval accelerated(
      double estimate, double[] replicates, double[] leftOut, double level) {
    double[] known = known(replicates);
    double below = Arrays.stream(known).filter(value -> value < estimate).count();
    double ties = Arrays.stream(known).filter(value -> value == estimate).count();
    double share = (below + 0.5 * ties) / known.length;
    double acceleration = acceleration(known(leftOut));
    if (!(share > 0 && share < 1) || Double.isNaN(acceleration)) {
      return Interval.UNKNOWN;
    }
    double bias = NORMAL.inverseCumulativeProbability(share);
    return quantiles(
        known,
        corrected(bias, acceleration, 0.5 - 0.5 * level),
        corrected(bias, acceleration, 0.5 + 0.5 * level));
  }

  private static double corrected(double bias, double acceleration, double probability) {
    double z = bias + NORMAL.inverseCumulativeProbability(probability);
    return NORMAL.cumulativeProbability(bias + z / (1 - acceleration * z));
  }

  /** A sixth of the skewness of the influence of each unit (Efron 1987, eq. 6.6). */
  static double acceleration(double[] leftOut) {
    double mean = Arrays.stream(leftOut).average().orElse(Double.NaN);
    double squares = 0;
    double cubes = 0;
    for (double value : leftOut) {
      double influence = mean - value;
      squares += influence * influence;
      cubes += influence * influence * influence;
    }
    if (leftOut.length == 0) {
      return Double.NaN;
    }
    return squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
  }

  /**
   * Studentised (Davison and Hinkley 1997, eq. 5.7).
   *
   * @param error standard error of the estimate
   * @param replicates the quantity on each replicate; those that are NaN are left out
   * @param errors standard error of each replicate, from the replicate itself, in the same order
   */
  public static Interval studentised(
      double estimate, double error, double[] replicates, double[] errors, double level) {
    double[] t = new double[replicates.length];
    for (int b = 0; b < t.length; b++) {
      t[b] = errors[b] > 0 ? (replicates[b] - estimate) / errors[b] : Double.NaN;
    }
    Interval quantiles = percentile(t, level);
    return new Interval(estimate - quantiles.high() * error, estimate - quantiles.low() * error);
  }

  /**
   * Standard deviation of the replicates: the bootstrap standard error; NaN of fewer than two.
   *
   * @param replicates as in {@link #percentile}
   */
  public static double standardError(double[] replicates) {
    double[] known = known(replicates);
    double mean = Arrays.stream(known).average().orElse(Double.NaN);
    double squares = 0;
    for (double value : known) {
      squares += (value - mean) * (value - mean);
    }
    return known.length < 2 ? Double.NaN : Math.sqrt(squares / (known.length - 1));
  }

  /**
   * Standard deviation of the replicates; where one of them is infinite, half the distance between
   * the quantiles that a standard deviation to either side of a normal mean reaches.
   *
   * @param replicates as in {@link #percentile}
   */
  public static double scatter(double[] replicates) {
    double error = standardError(replicates);
    return Double.isFinite(error) ? error : oneSigma(replicates);
  }

  /**
   * Whether a few replicates far out decide the standard error, so that it says nothing: it exceeds
   * by far half the distance between the quantiles that a standard deviation to either side of a
   * normal mean reaches. So it is with ratios whose denominator may be 0, which have no moments.
   *
   * @param replicates as in {@link #percentile}
   */
  public static boolean isDecidedByFew(double[] replicates) {
    return standardError(replicates) > FAR_OUT * oneSigma(replicates);
  }

  private static double oneSigma(double[] replicates) {
    return 0.5 * percentile(replicates, ONE_SIGMA).width();
  }

  /**
   * Order statistic (B + 1) q, interpolated (Hyndman and Fan 1996, type 6); unknown where there is
   * none so far out.
   */
  private static Interval quantiles(double[] values, double low, double high) {
    double[] known = known(values);
    if (!(known.length >= needed(Math.min(low, 1 - high)))) {
      return Interval.UNKNOWN;
    }
    Percentile percentile = new Percentile().withEstimationType(EstimationType.R_6);
    percentile.setData(
        Arrays.stream(known).map(value -> Math.clamp(value, -INFINITE, INFINITE)).toArray());
    return new Interval(quantile(percentile, low), quantile(percentile, high));
  }

  /** Infinite where an order statistic that it lies between is. */
  private static double quantile(Percentile percentile, double probability) {
    double value = percentile.evaluate(Math.clamp(100 * probability, 1e-9, 100));
    return Math.abs(value) < LARGEST ? value : Math.copySign(Double.POSITIVE_INFINITY, value);
  }

  private static double[] known(double[] values) {
    return Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
  }
}
