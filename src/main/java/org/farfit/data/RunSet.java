package org.farfit.data;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A set of training runs: for each, parameters N, tokens D, loss L and a weight. Immutable.
 *
 * <p>All values are positive and finite. Runs keep the order of their source; the same (N, D) may
 * occur more than once.
 */
public final class RunSet {

  /** No runs. */
  public static final RunSet EMPTY = new RunSet(new double[0], new double[0], new double[0]);

  /** How far the N of one size may differ unless told, as a share. */
  public static final double SIZE_TOLERANCE = 0.01;

  private final double[] n;
  private final double[] d;
  private final double[] loss;
  private final double[] weight;
  private final double sizeTolerance;

  /**
   * Runs of equal weight 1.
   *
   * @param n parameters without embeddings
   * @param d training tokens
   * @param loss losses, nats per token or bits per character
   * @throws IllegalArgumentException if the arrays differ in length or hold a value that is not
   *     positive and finite
   */
  public RunSet(double[] n, double[] d, double[] loss) {
    this(n, d, loss, ones(n.length));
  }

  /**
   * Weighted runs.
   *
   * @param weight how much the squared residual of each run counts
   * @throws IllegalArgumentException if the arrays differ in length or hold a value that is not
   *     positive and finite
   */
  public RunSet(double[] n, double[] d, double[] loss, double[] weight) {
    this(n, d, loss, weight, SIZE_TOLERANCE);
  }

  private RunSet(double[] n, double[] d, double[] loss, double[] weight, double sizeTolerance) {
    this.n = checked("N", n, n.length);
    this.d = checked("D", d, n.length);
    this.loss = checked("loss", loss, n.length);
    this.weight = checked("weight", weight, n.length);
    this.sizeTolerance = sizeTolerance;
  }

  private static double[] ones(int length) {
    double[] ones = new double[length];
    Arrays.fill(ones, 1.0);
    return ones;
  }

  private static double[] checked(String what, double[] values, int length) {
    if (values.length != length) {
      throw new IllegalArgumentException(
          "%d values of %s for %d runs".formatted(values.length, what, length));
    }
    for (int i = 0; i < length; i++) {
      if (!(values[i] > 0 && values[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "%s of run %d is %s, expected a positive number".formatted(what, i, values[i]));
      }
    }
    return values.clone();
  }

  /**
   * The runs of positive weight, with these weights.
   *
   * @param weights one per run, not negative
   * @throws IllegalArgumentException if there are not as many weights as runs
   */
  public RunSet weighted(double[] weights) {
    if (weights.length != size()) {
      throw new IllegalArgumentException(
          "%d weights for %d runs".formatted(weights.length, size()));
    }
    int[] kept = IntStream.range(0, size()).filter(i -> weights[i] > 0).toArray();
    return new RunSet(
        Arrays.stream(kept).mapToDouble(this::n).toArray(),
        Arrays.stream(kept).mapToDouble(this::d).toArray(),
        Arrays.stream(kept).mapToDouble(this::loss).toArray(),
        Arrays.stream(kept).mapToDouble(i -> weights[i]).toArray(),
        sizeTolerance);
  }

  /**
   * The same runs with another tolerance of sizes.
   *
   * @param tolerance how far the N of one size may differ, as a share; 0 for exact sizes
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public RunSet withSizeTolerance(double tolerance) {
    if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("tolerance %s of sizes".formatted(tolerance));
    }
    return new RunSet(n, d, loss, weight, tolerance);
  }

  /** How far the N of one size may differ, as a share. */
  public double sizeTolerance() {
    return sizeTolerance;
  }

  /**
   * The same runs, each with the N of its model size: N that differ by no more than the tolerance,
   * such as by rounding or by reading off a figure, are one size, whose N is that of its middle
   * run. For whatever goes by size: groups of a bootstrap, origins and hold-outs, curves of one
   * size. Fits use N as it is.
   *
   * <p>Sizes are told apart from the smallest N up: one begins where N exceeds the first of the
   * last by more than the tolerance, so that a size is never wider than that.
   */
  public RunSet bySize() {
    double[] sorted = Arrays.stream(n).sorted().toArray();
    double[] size = new double[sorted.length];
    int first = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || sorted[i] > sorted[first] * (1 + sizeTolerance)) {
        Arrays.fill(size, first, i, sorted[(first + i - 1) / 2]);
        first = i;
      }
    }
    double[] own =
        Arrays.stream(n).map(value -> size[Arrays.binarySearch(sorted, value)]).toArray();
    return new RunSet(own, d, loss, weight, sizeTolerance);
  }

  /** How many model sizes there are, see {@link #bySize}. */
  public int sizes() {
    return bySize().distinctN();
  }

  /** How many of some weights are positive: the runs that take part. */
  public static int countWeighted(double[] weights) {
    return (int) Arrays.stream(weights).filter(weight -> weight > 0).count();
  }

  /** How many runs there are. */
  public int size() {
    return n.length;
  }

  /** Parameters without embeddings of run i. */
  public double n(int i) {
    return n[i];
  }

  /** Training tokens of run i. */
  public double d(int i) {
    return d[i];
  }

  /** Loss of run i, in the unit of the source. */
  public double loss(int i) {
    return loss[i];
  }

  /** Weight of run i. */
  public double weight(int i) {
    return weight[i];
  }

  /** A copy of the parameters of every run. */
  public double[] n() {
    return n.clone();
  }

  /** A copy of the tokens of every run. */
  public double[] d() {
    return d.clone();
  }

  /** A copy of the loss of every run. */
  public double[] loss() {
    return loss.clone();
  }

  /** A copy of the weight of every run. */
  public double[] weight() {
    return weight.clone();
  }

  /** How many different N there are. */
  public int distinctN() {
    return distinct(n);
  }

  /** How many different D there are. */
  public int distinctD() {
    return distinct(d);
  }

  /** How many runs repeat the (N, D) of an earlier one. */
  public int duplicates() {
    record Point(double n, double d) {}
    Set<Point> seen = new HashSet<>();
    int repeats = 0;
    for (int i = 0; i < n.length; i++) {
      if (!seen.add(new Point(n[i], d[i]))) {
        repeats++;
      }
    }
    return repeats;
  }

  private static int distinct(double[] values) {
    return (int) Arrays.stream(values).distinct().count();
  }
}
