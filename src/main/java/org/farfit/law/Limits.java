package org.farfit.law;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
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
   * A bend, or a term, that the next size sees by less than this share of what the last one sees is
   * a spike.
   */
  private static final double LEAST_SHARED = 0.05;

  /** Exponents up to this are none, however far sizes are apart: published ones are below one. */
  private static final double ORDINARY_EXPONENT = 3;

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
   * @param d tokens of each run
   */
  public static Limits of(Law law, Centre centre, double[] n, double[] d) {
    return law.limits(centre, distinct(n, centre::x), distinct(d, centre::y));
  }

  private static double[] distinct(double[] values, DoubleUnaryOperator centred) {
    return Arrays.stream(values).sorted().distinct().map(centred).toArray();
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

  /** The same with a largest value of a parameter. */
  Limits withHigh(int j, double value) {
    double[] upper = high.clone();
    upper[j] = value;
    return new Limits(low, upper);
  }

  /**
   * The same with the exponent s of a term e^(-s v). Where s is large only the least v sees the
   * term, where it is far below zero only the largest; as for {@link #withCurvature} the next one
   * must see a twentieth.
   *
   * @param v ln N or ln D of the runs, ascending and distinct
   */
  Limits withExponent(int j, double[] v) {
    return withLow(j, -steepest(v[v.length - 1] - below(v))).withHigh(j, steepest(above(v) - v[0]));
  }

  /** The same with the logarithm of an exponent, which is positive. */
  Limits withLogExponent(int j, double[] v) {
    return withHigh(j, Math.log(steepest(above(v) - v[0])));
  }

  private static double steepest(double distance) {
    return Math.max(ORDINARY_EXPONENT, -Math.log(LEAST_SHARED) / distance);
  }

  /** The next value above the least, the least itself if there is none. */
  private static double above(double[] v) {
    return Arrays.stream(v).filter(each -> each - v[0] > ONE_SIZE).min().orElse(v[0]);
  }

  /** The next value below the largest. */
  private static double below(double[] v) {
    double last = v[v.length - 1];
    return Arrays.stream(v).filter(each -> last - each > ONE_SIZE).max().orElse(last);
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
    double most = -Math.log(LEAST_SHARED);
    double fromFirst = above(x) - x[0];
    double toLast = x[x.length - 1] - below(x);
    lower[j] = fromFirst > 0 ? -most / fromFirst : lower[j];
    upper[j] = toLast > 0 ? most / toLast : upper[j];
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
    boolean within = value >= low[j] && value <= high[j];
    return within ? value : Math.max(low[j], Math.min(high[j], value));
  }

  /**
   * The parameters that are at a limit.
   *
   * @param parameters p centred values
   */
  public List<Integer> reachedBy(double[] parameters) {
    return IntStream.range(0, parameters.length)
        .filter(j -> reached(j, parameters[j]))
        .boxed()
        .toList();
  }
}
