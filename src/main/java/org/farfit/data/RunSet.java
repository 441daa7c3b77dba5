package org.farfit.data;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A set of training runs: for each, the columns that laws predict it from, its loss or whatever
 * else was measured, and a weight. Immutable.
 *
 * <p>Two columns have roles: parameters N and training tokens D, positive and finite. Most runs
 * have both; without one, {@link #n(int)} or {@link #d(int)} is NaN. Further columns have names;
 * those of categories hold the number of the category among its {@linkplain #categories labels}.
 * Runs keep the order of their source; the same (N, D) may occur more than once.
 */
public final class RunSet {

  /** The column of parameters. */
  public static final String N = "N";

  /** The column of training tokens. */
  public static final String D = "D";

  /** No runs. */
  public static final RunSet EMPTY = new RunSet(new double[0], new double[0], new double[0]);

  /** How far the N of one size may differ unless told, as a share. */
  public static final double SIZE_TOLERANCE = 0.01;

  private final double[] n;
  private final double[] d;
  private final double[] loss;
  private final double[] weight;
  private final double sizeTolerance;
  private final SequencedMap<String, double[]> further;
  private final Map<String, List<String>> categories;
  private final List<String> places;

  /**
   * Runs of equal weight 1.
   *
   * @param n parameters, counted alike for all runs: with embeddings or without
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
   * @param n parameters, as above
   * @param d training tokens
   * @param loss losses
   * @param weight how much the squared residual of each run counts
   * @throws IllegalArgumentException if the arrays differ in length or hold a value that is not
   *     positive and finite
   */
  public RunSet(double[] n, double[] d, double[] loss, double[] weight) {
    this(
        checked("N", n, n.length),
        checked("D", d, n.length),
        checked("loss", loss, n.length),
        checked("weight", weight, n.length),
        SIZE_TOLERANCE,
        new LinkedHashMap<>(),
        Map.of(),
        List.of());
  }

  private RunSet(
      double[] n,
      double[] d,
      double[] loss,
      double[] weight,
      double sizeTolerance,
      SequencedMap<String, double[]> further,
      Map<String, List<String>> categories,
      List<String> places) {
    this.n = n;
    this.d = d;
    this.loss = loss;
    this.weight = weight;
    this.sizeTolerance = sizeTolerance;
    this.further = further;
    this.categories = categories;
    this.places = places;
  }

  /**
   * Runs with columns of any names.
   *
   * @param columns numbers by column; N and D have the roles of these. Of a column of categories,
   *     the number of each run's category
   * @param categories the labels of the categories, by column
   * @param measured the loss of each run, or what else was measured; finite, of any sign
   * @param weight how much the squared residual of each run counts
   * @throws IllegalArgumentException if columns differ in length, or hold a value that may not be
   */
  public static RunSet of(
      SequencedMap<String, double[]> columns,
      Map<String, List<String>> categories,
      double[] measured,
      double[] weight) {
    int size = measured.length;
    SequencedMap<String, double[]> further = new LinkedHashMap<>();
    columns.forEach((name, values) -> {
      if (!name.equals(N) && !name.equals(D)) {
        further.put(name, finite(name, values, size));
      }
    });
    return new RunSet(
        columns.containsKey(N) ? checked(N, columns.get(N), size) : absent(size),
        columns.containsKey(D) ? checked(D, columns.get(D), size) : absent(size),
        finite("the loss", measured, size),
        checked("weight", weight, size),
        SIZE_TOLERANCE,
        further,
        Collections.unmodifiableMap(new LinkedHashMap<>(categories)),
        List.of());
  }

  /** The same runs, which messages name by where they are in their source. */
  public RunSet withPlaces(List<String> where) {
    if (where.size() != size()) {
      throw new IllegalArgumentException("%d places for %d runs".formatted(where.size(), size()));
    }
    return new RunSet(n, d, loss, weight, sizeTolerance, further, categories, List.copyOf(where));
  }

  /** Where a run is in its source, for messages. */
  public String place(int run) {
    return places.isEmpty() ? "run " + (run + 1) : places.get(run);
  }

  private static double[] absent(int size) {
    double[] absent = new double[size];
    Arrays.fill(absent, Double.NaN);
    return absent;
  }

  private static double[] finite(String what, double[] values, int length) {
    if (values.length != length) {
      throw new IllegalArgumentException(
          "%d values of %s for %d runs".formatted(values.length, what, length));
    }
    for (int i = 0; i < length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "%s of run %d is %s, expected a finite number".formatted(what, i, values[i]));
      }
    }
    return values.clone();
  }

  private RunSet with(double[] otherN, double[] losses, double[] weights, double tolerance) {
    return new RunSet(otherN, d, losses, weights, tolerance, further, categories, places);
  }

  /**
   * The same runs with other losses.
   *
   * @param losses one per run, of any sign
   * @throws IllegalArgumentException if one is not finite, or there are not as many as runs
   */
  public RunSet withLosses(double[] losses) {
    return with(n, finite("the loss", losses, size()), weight, sizeTolerance);
  }

  /**
   * Some of the runs, in the given order; each may be taken more than once.
   *
   * @param which positions of runs, from 0
   */
  public RunSet chosen(int[] which) {
    SequencedMap<String, double[]> chosen = new LinkedHashMap<>();
    further.forEach((name, values) -> chosen.put(name, chosen(values, which)));
    return new RunSet(
        chosen(n, which),
        chosen(d, which),
        chosen(loss, which),
        chosen(weight, which),
        sizeTolerance,
        chosen,
        categories,
        places.isEmpty() ? places : Arrays.stream(which).mapToObj(places::get).toList());
  }

  /**
   * These runs and others after them, which have the same columns and categories.
   *
   * @throws IllegalArgumentException if the others lack a column
   */
  public RunSet and(RunSet others) {
    SequencedMap<String, double[]> both = new LinkedHashMap<>();
    further.forEach((name, values) -> both.put(name, joined(values, others.column(name))));
    return new RunSet(
        joined(n, others.n),
        joined(d, others.d),
        joined(loss, others.loss),
        joined(weight, others.weight),
        sizeTolerance,
        both,
        categories,
        List.of());
  }

  private static double[] joined(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static double[] chosen(double[] values, int[] which) {
    return Arrays.stream(which).mapToDouble(i -> values[i]).toArray();
  }

  /** Whether the runs have a column: N, D, or a further one. */
  public boolean has(String column) {
    return switch (column) {
      case N -> size() > 0 && !Double.isNaN(n[0]);
      case D -> size() > 0 && !Double.isNaN(d[0]);
      default -> further.containsKey(column);
    };
  }

  /** Whether the runs have N and D, which whatever goes by size or compute needs. */
  public boolean hasSizesAndTokens() {
    return has(N) && has(D);
  }

  /**
   * The numbers of a column. Not to be changed.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  public double[] column(String name) {
    if (!has(name)) {
      throw new IllegalArgumentException("the runs have no column '%s'".formatted(name));
    }
    return switch (name) {
      case N -> n;
      case D -> d;
      default -> further.get(name);
    };
  }

  /** The columns: N and D, if there are, then the further ones. */
  public List<String> columns() {
    return Stream.concat(Stream.of(N, D).filter(this::has), further.keySet().stream()).toList();
  }

  /** The columns besides N and D, in the order of their source. */
  public List<String> furtherColumns() {
    return List.copyOf(further.keySet());
  }

  /** The labels of the categories, by column of categories. */
  public Map<String, List<String>> categories() {
    return categories;
  }

  /** The numbers of a run in some columns, in their order. */
  public double[] row(List<String> columns, int run) {
    double[] row = new double[columns.size()];
    for (int c = 0; c < row.length; c++) {
      row[c] = column(columns.get(c))[run];
    }
    return row;
  }

  /** Whether every loss is above 0, as residuals of logarithms need. */
  public boolean isPositive() {
    return Arrays.stream(loss).allMatch(value -> value > 0);
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
    return with(n, loss, weights.clone(), sizeTolerance).chosen(kept);
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
    return with(n, loss, weight, tolerance);
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
    return with(own, loss, weight, sizeTolerance);
  }

  /** Which size each run has, counted from the smallest, see {@link #bySize}. */
  public int[] sizeIndex() {
    double[] sizeOf = bySize().n();
    double[] sizes = Arrays.stream(sizeOf).distinct().sorted().toArray();
    return Arrays.stream(sizeOf).mapToInt(size -> Arrays.binarySearch(sizes, size)).toArray();
  }

  /** How many model sizes there are, see {@link #bySize}. */
  public int sizes() {
    return bySize().distinctN();
  }

  /**
   * How many of some weights are positive: the runs that take part.
   *
   * @param weights one per run
   */
  public static int countWeighted(double[] weights) {
    return (int) Arrays.stream(weights).filter(weight -> weight > 0).count();
  }

  /** How many runs there are. */
  public int size() {
    return n.length;
  }

  /** Parameters of run i. */
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

  /** How many runs repeat the (N, D), and what further columns they have, of an earlier one. */
  public int duplicates() {
    return repeats(run -> 0);
  }

  /** How many of these have the loss of such a run, too: they are that row once more. */
  public int copies() {
    return repeats(run -> loss[run]);
  }

  /**
   * How many runs repeat an earlier one.
   *
   * @param also what else they must repeat
   */
  private int repeats(IntToDoubleFunction also) {
    // An array, since a list makes an iterator at each run.
    double[][] columns = further.values().toArray(double[][]::new);
    long[] hashes = new long[n.length];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = pointHash(i, columns);
    }
    long[] repeated = repeated(hashes);
    if (repeated.length == 0) {
      return 0;
    }
    record Point(double n, double d, List<Double> further, double also) {}
    Set<Point> seen = new HashSet<>();
    int repeats = 0;
    for (int i = 0; i < n.length; i++) {
      int run = i;
      if (Arrays.binarySearch(repeated, hashes[i]) >= 0) {
        List<Double> others = further.values().stream().map(values -> values[run]).toList();
        repeats += seen.add(new Point(n[i], d[i], others, also.applyAsDouble(i))) ? 0 : 1;
      }
    }
    return repeats;
  }

  /** Those of some numbers that are there more than once, ascending. */
  private static long[] repeated(long[] values) {
    long[] sorted = values.clone();
    Arrays.parallelSort(sorted);
    return IntStream.range(1, sorted.length)
        .filter(i -> sorted[i] == sorted[i - 1] && (i == 1 || sorted[i] != sorted[i - 2]))
        .mapToLong(i -> sorted[i])
        .toArray();
  }

  /** Alike for runs at one point, hardly ever for others. */
  private long pointHash(int run, double[][] columns) {
    long hash = mixed(Double.doubleToLongBits(n[run]));
    hash = mixed(hash + Double.doubleToLongBits(d[run]));
    for (double[] values : columns) {
      hash = mixed(hash + Double.doubleToLongBits(values[run]));
    }
    return hash;
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014), which maps one to one. */
  private static long mixed(long bits) {
    long once = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    long twice = (once ^ (once >>> 27)) * 0x94d049bb133111ebL;
    return twice ^ (twice >>> 31);
  }

  private static int distinct(double[] values) {
    return (int) Arrays.stream(values).distinct().count();
  }
}
