package org.farfit.law;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far each centred parameter may go: beyond its limit it could change no prediction that runs
 * can tell. A fit whose cost falls all the way there ends at the limit, and what is inferred about
 * the other parameters is conditional on it.
 *
 * @param low least values; minus infinity where there is no limit
 * @param high largest values; infinity where there is no limit
 */
public record Limits(double[] low, double[] high) {

  /**
   * The least share of the typical loss that a term is told from nothing by: losses are measured to
   * single precision at best.
   */
  private static final double LEAST_SHARE = 1e-8;

  /** Sizes nearer to each other than this, in ln N, are one size read twice. */
  private static final double ONE_SIZE = Math.log(1.1);

  /**
   * A bend that the next size sees by less than this share of what the last one sees is a spike.
   */
  private static final double LEAST_SHARED_BEND = 0.05;

  /** No limits on a number of parameters. */
  public static Limits none(int parameters) {
    double[] low = new double[parameters];
    double[] high = new double[parameters];
    Arrays.fill(low, Double.NEGATIVE_INFINITY);
    Arrays.fill(high, Double.POSITIVE_INFINITY);
    return new Limits(low, high);
  }

  /**
   * The limits of a law that is fitted to runs of some sizes.
   *
   * @param n parameters of each run
   */
  public static Limits of(Law law, Centre centre, double[] n) {
    return law.limits(centre, Arrays.stream(n).sorted().distinct().map(centre::x).toArray());
  }

  /** The same with a term, stated by its logarithm, that may vanish beside the typical loss. */
  Limits withVanishing(int j, Centre centre) {
    return withLow(j, centre.logLoss() + Math.log(LEAST_SHARE));
  }

  /** The same with a least value of a parameter. */
  Limits withLow(int j, double value) {
    double[] lower = low.clone();
    lower[j] = value;
    return new Limits(lower, high);
  }

  /**
   * The same with a curvature s of {@link BoxCox}. The slope of the curve changes by e^(s x) over a
   * distance x; where the last size alone sees it bend, any larger curvature does the same by a
   * spike at that size. So the next size must see a twentieth: |s| is at most ln 20 over the
   * distance from the last to the next size, the largest ones for positive s, the smallest ones for
   * negative s.
   *
   * @param x ln N of the sizes, ascending
   */
  Limits withCurvature(int j, double[] x) {
    double[] lower = low.clone();
    double[] upper = high.clone();
    double first = x[0];
    double last = x[x.length - 1];
    double most = -Math.log(LEAST_SHARED_BEND);
    double below = Arrays.stream(x).filter(v -> v - first > ONE_SIZE).min().orElse(first);
    double above = Arrays.stream(x).filter(v -> last - v > ONE_SIZE).max().orElse(last);
    lower[j] = below > first ? -most / (below - first) : lower[j];
    upper[j] = above < last ? most / (last - above) : upper[j];
    return new Limits(lower, upper);
  }

  /** Whether parameter j has a limit. */
  public boolean bounds(int j) {
    return low[j] > Double.NEGATIVE_INFINITY || high[j] < Double.POSITIVE_INFINITY;
  }

  /** Whether a value of parameter j is at a limit or beyond. */
  public boolean reached(int j, double value) {
    return value <= low[j] || value >= high[j];
  }

  /** The value of parameter j that is nearest to a given one. */
  public double nearest(int j, double value) {
    return Math.max(low[j], Math.min(high[j], value));
  }

  /** Moves parameters to where they may be. */
  public void restrict(double[] parameters) {
    for (int j = 0; j < parameters.length; j++) {
      parameters[j] = nearest(j, parameters[j]);
    }
  }

  /** The parameters that are at a limit. */
  public List<Integer> reachedBy(double[] parameters) {
    return IntStream.range(0, parameters.length)
        .filter(j -> reached(j, parameters[j]))
        .boxed()
        .toList();
  }
}
