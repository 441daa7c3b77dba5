package org.farfit.fit.extrapolation;

import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.fit.Surface;

/**
 * How far losses may drift from every law beyond the fitted runs, which no standard error of a law
 * tells: by an error of ln L that grows in proportion to the distance, in N, in D and in compute,
 * each by itself. Amid the runs a law that was fitted to them leaves {@link #AMID} of it.
 *
 * @param perFold standard deviation of ln L for each factor of e in one of the three
 * @param n the largest N of the runs
 * @param d the largest D
 * @param compute the largest N D
 */
public record Drift(double perFold, double n, double d, double compute) {

  /**
   * The usual drift, where the runs themselves tell of none: what public collections of runs and
   * laws whose exponents change amid the runs need (docs/coverage.md).
   */
  public static final double USUAL = 0.0025;

  /**
   * By how much more slopes drift at a distance than losses do on the way there, whose drift is the
   * mean of that of slopes: so it is where slopes walk at random, as under a cubic smoothing spline
   * (Wahba 1978).
   */
  private static final double OF_SLOPES = Math.sqrt(3);

  /**
   * Amid the runs a law misses losses by what they drift over so many factors of e: the least that
   * lets averages hold laws whose exponents change amid the runs (docs/decisions/intervals.md). It
   * is less than slopes that walk at random would leave between the runs of the usual plans, 0.2 to
   * 0.4.
   */
  public static final double AMID = 0.25;

  /** In how many directions losses drift: N, D, compute, and all together, amid the runs. */
  public static final int DIRECTIONS = 4;

  private static final int ALL = 3;

  /** The drift beyond some runs. */
  public static Drift beyond(RunSet runs, double perFold) {
    return new Drift(
        perFold,
        largest(runs, runs.weight(), runs::n),
        largest(runs, runs.weight(), runs::d),
        largest(runs, runs.weight(), i -> runs.n(i) * runs.d(i)));
  }

  /** The drift of one per factor of e, beyond some of the runs: those of positive weight. */
  static Drift unit(RunSet runs, double[] weights) {
    return new Drift(
        1,
        largest(runs, weights, runs::n),
        largest(runs, weights, runs::d),
        largest(runs, weights, i -> runs.n(i) * runs.d(i)));
  }

  private static double largest(RunSet runs, double[] weights, IntToDoubleFunction size) {
    return IntStream.range(0, runs.size())
        .filter(i -> weights[i] > 0)
        .mapToDouble(size)
        .max()
        .orElse(Double.NaN);
  }

  /** Standard deviation of ln L at a point. */
  public double deviation(double atN, double atD) {
    return Math.hypot(beyond(atN, atD), perFold * AMID);
  }

  /** The same of what lies beyond the runs alone; 0 amid them. */
  double beyond(double atN, double atD) {
    double sum = 0;
    for (int k = 0; k < ALL; k++) {
      sum += Math.pow(distance(k, atN, atD), 2);
    }
    return perFold * Math.sqrt(sum);
  }

  /**
   * How many factors of e beyond the runs a point lies in a direction; 0 if it does not, {@link
   * #AMID} of all directions together.
   */
  private double distance(int direction, double atN, double atD) {
    return Math.max(0, factors(direction, atN, atD));
  }

  /** The same, negative before the largest of the runs. */
  private double factors(int direction, double atN, double atD) {
    return switch (direction) {
      case 0 -> Math.log(atN / n);
      case 1 -> Math.log(atD / d);
      case 2 -> Math.log(atN * atD / compute);
      default -> AMID;
    };
  }

  /**
   * A surface that has drifted in one direction.
   *
   * @param by how many standard deviations
   */
  public Surface moved(Surface surface, int direction, double by) {
    return drifted(surface, (atN, atD) -> by * perFold * distance(direction, atN, atD));
  }

  /**
   * The same for what slopes decide: beyond the largest compute slopes in N and D may have drifted
   * everywhere, since a budget is split among values of which most are amid those of the runs.
   * Slopes drift by more than losses: by the square root of 3.
   *
   * @param by how many standard deviations
   */
  public Surface tilted(Surface surface, int direction, double by) {
    return drifted(
        surface,
        (atN, atD) ->
            by
                * OF_SLOPES
                * perFold
                * (atN * atD > compute
                    ? factors(direction, atN, atD)
                    : distance(direction, atN, atD)));
  }

  private static Surface drifted(Surface surface, DoubleBinaryOperator drift) {
    return new Surface() {
      @Override
      public String name() {
        return surface.name();
      }

      @Override
      public double loss(double atN, double atD) {
        return surface.loss(atN, atD) * Math.exp(drift.applyAsDouble(atN, atD));
      }

      @Override
      public Surface fixing(Map<String, Double> values) {
        return drifted(surface.fixing(values), drift);
      }
    };
  }
}
