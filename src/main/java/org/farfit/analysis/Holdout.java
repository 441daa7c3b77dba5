package org.farfit.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;

/**
 * A hold-out: which runs are fitted and which are predicted, as weights over all runs, so that all
 * fits of a protocol are one batch.
 *
 * @param name what tables call it
 * @param fit weight of each run in the fit, 0 for those held out
 * @param tests sets of runs to predict, by name; weight 0 for runs that are not in the set
 */
public record Holdout(String name, double[] fit, SequencedMap<String, double[]> tests) {

  /**
   * Checks that there is something to fit and to predict.
   *
   * @throws InputException if every run would be held out, or a set to predict has none
   */
  public Holdout {
    if (RunSet.countWeighted(fit) == 0) {
      throw new InputException(
          "%s hold-out: every run would be held out, none is left to fit; %s"
              .formatted(name, FEWER));
    }
    tests.forEach((test, weights) -> {
      if (RunSet.countWeighted(weights) == 0) {
        throw new InputException("%s hold-out: no run is held out as %s".formatted(name, test));
      }
    });
  }

  /** What to do about a hold-out that leaves too little to fit. */
  public static final String FEWER =
      "hold out fewer, such as top:0.25, the quarter of most compute";

  /** How many of the largest N, and of the largest D of each N, the edge hold-out keeps back. */
  private static final int EDGE = 3;

  /** The share of the largest N from which size hold-outs begin unless told. */
  private static final double DEFAULT_FROM = 0.3;

  /** How many runs each slice of the compute hold-out keeps back. */
  private static final int PER_SLICE = 8;

  /** Compute that differs by no more, as a share, is the same. */
  private static final double SAME_COMPUTE = 1e-6;

  /** The half octaves of D/N of the compute hold-out, k = round(2 log2(D/N)). */
  private static final int FIRST_SLICE = 2;

  private static final int LAST_SLICE = 15;

  /** A hold-out that goes by columns which runs of a law of other columns do not have. */
  private static void require(String name, RunSet runs, String... columns) {
    for (String column : columns) {
      if (!runs.has(column)) {
        throw new InputException(
            "%s hold-out: goes by %s, but the law has no %s; hold out by a column of the runs instead"
                .formatted(name, String.join(" and ", columns), column));
      }
    }
  }

  /** {@link #size(RunSet, double)} from three tenths of the largest N up. */
  public static List<Holdout> size(RunSet runs) {
    require("size", runs, RunSet.N);
    return size(runs, DEFAULT_FROM * Arrays.stream(runs.bySize().n()).max().orElseThrow());
  }

  /**
   * The size hold-outs with the largest fitted N: those of the last sizes below the largest.
   *
   * @param count how many
   * @throws InputException if there are not as many sizes below the largest
   */
  public static List<Holdout> lastSizes(RunSet runs, int count) {
    require("size", runs, RunSet.N);
    double[] sizes = sizes(runs.bySize());
    if (sizes.length <= count) {
      throw new InputException(
          "size hold-out: %d sizes, expected more than %d; %s"
              .formatted(sizes.length, count, FEWER));
    }
    return size(runs, sizes[sizes.length - 1 - count]);
  }

  /**
   * Size hold-outs (Li et al. 2025, figure 6a): fit up to a largest N, predict the runs of the
   * largest N of all; one for every largest N from a given one up.
   *
   * @param from the smallest of the largest N
   * @throws InputException if no N lies between {@code from} and the largest
   */
  public static List<Holdout> size(RunSet all, double from) {
    require("size", all, RunSet.N);
    RunSet runs = all.bySize();
    double[] sizes = sizes(runs);
    double largest = sizes[sizes.length - 1];
    List<Holdout> holdouts = new ArrayList<>();
    for (double cut : sizes) {
      if (cut >= from && cut < largest) {
        holdouts.add(
            new Holdout(
                "N <= %.4g".formatted(cut),
                weights(runs, i -> runs.n(i) <= cut),
                tests("N = %.4g".formatted(largest), weights(runs, i -> runs.n(i) == largest))));
      }
    }
    if (holdouts.isEmpty()) {
      throw new InputException(
          "size hold-out: no size from %.4g up to below the largest, %.4g"
              .formatted(from, largest));
    }
    return holdouts;
  }

  /**
   * The edge hold-out (Videau et al. 2026, table 1): the three largest N, and the three runs of
   * largest D of every other N.
   *
   * @throws InputException if there are not more than three sizes, or no run would be left to fit
   */
  public static List<Holdout> edge(RunSet all) {
    require("edge", all, RunSet.N, RunSet.D);
    RunSet runs = all.bySize();
    double[] sizes = sizes(runs);
    if (sizes.length <= EDGE) {
      throw new InputException(
          "edge hold-out: %d sizes, expected more than %d; %s"
              .formatted(sizes.length, EDGE, FEWER));
    }
    double firstHeldOut = sizes[sizes.length - EDGE];
    boolean[] longest = new boolean[runs.size()];
    for (double size : Arrays.copyOf(sizes, sizes.length - EDGE)) {
      int[] byTokens =
          IntStream.range(0, runs.size())
              .filter(i -> runs.n(i) == size)
              .boxed()
              .sorted(Comparator.comparingDouble(runs::d))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int i = Math.max(0, byTokens.length - EDGE); i < byTokens.length; i++) {
        longest[byTokens[i]] = true;
      }
    }
    SequencedMap<String, double[]> tests = new LinkedHashMap<>();
    tests.put("ext N", weights(runs, i -> runs.n(i) >= firstHeldOut));
    tests.put("ext D", weights(runs, i -> longest[i]));
    return List.of(
        new Holdout("edge", weights(runs, i -> runs.n(i) < firstHeldOut && !longest[i]), tests));
  }

  /**
   * The compute hold-out (Videau et al. 2026, table 3): in each slice of D/N on a half-octave grid,
   * from about 1.8 to 160, the eight runs of highest N D.
   *
   * @throws InputException if every run would be held out, or none is in a slice
   */
  public static List<Holdout> compute(RunSet runs) {
    require("compute", runs, RunSet.N, RunSet.D);
    Map<Long, List<Integer>> slices = new TreeMap<>();
    for (int i = 0; i < runs.size(); i++) {
      long slice = Math.round(2 * Math.log(runs.d(i) / runs.n(i)) / Math.log(2));
      if (slice >= FIRST_SLICE && slice <= LAST_SLICE) {
        slices.computeIfAbsent(slice, k -> new ArrayList<>()).add(i);
      }
    }
    boolean[] heldOut = new boolean[runs.size()];
    for (List<Integer> slice : slices.values()) {
      slice.sort(
          Comparator.<Integer>comparingDouble(i -> runs.n(i) * runs.d(i))
              .reversed()
              .thenComparingInt(i -> i));
      slice.stream().limit(PER_SLICE).forEach(i -> heldOut[i] = true);
    }
    return List.of(
        new Holdout(
            "compute",
            weights(runs, i -> !heldOut[i]),
            tests("largest compute", weights(runs, i -> heldOut[i]))));
  }

  /**
   * The top of compute: the runs of most N D, as many as a share of all; those of the same compute,
   * to rounding, go together.
   *
   * @param share between 0 and 1
   * @throws InputException if every run would be held out
   */
  public static List<Holdout> top(RunSet runs, double share) {
    require("top:" + share, runs, RunSet.N, RunSet.D);
    double[] compute = new double[runs.size()];
    Arrays.setAll(compute, i -> runs.n(i) * runs.d(i));
    double[] sorted = Arrays.stream(compute).sorted().toArray();
    int count = Math.clamp(Math.round(share * sorted.length), 1, sorted.length);
    double least = sorted[sorted.length - count] * (1 - SAME_COMPUTE);
    return List.of(
        new Holdout(
            "top:" + share,
            weights(runs, i -> compute[i] < least),
            tests("most compute", weights(runs, i -> compute[i] >= least))));
  }

  /**
   * Hold-outs by what runs have in common, such as an experiment: each value is held out in turn.
   *
   * @param what they have in common
   * @param values which runs have each value, by value
   * @throws InputException if there is only one
   */
  public static List<Holdout> by(String what, RunSet runs, SequencedMap<String, boolean[]> values) {
    if (values.size() < 2) {
      throw new InputException(
          "hold-out by %s: only one value, %s; expected at least two, to fit the others"
              .formatted(what, String.join("", values.keySet())));
    }
    List<Holdout> holdouts = new ArrayList<>();
    values.forEach((value, heldOut) ->
        holdouts.addAll(
            of("%s = %s".formatted(what, value.isEmpty() ? "empty" : value), runs, heldOut)));
    return holdouts;
  }

  /**
   * A hold-out of given runs.
   *
   * @param heldOut whether each run is held out
   * @throws InputException if none is, or all are
   */
  public static List<Holdout> of(String name, RunSet runs, boolean[] heldOut) {
    double[] fit = weights(runs, i -> !heldOut[i]);
    double[] test = weights(runs, i -> heldOut[i]);
    if (Arrays.stream(fit).sum() == 0 || Arrays.stream(test).sum() == 0) {
      throw new InputException(
          "hold-out %s: %s held out; choose some but not all"
              .formatted(name, Arrays.stream(fit).sum() == 0 ? "every run is" : "no run is"));
    }
    return List.of(new Holdout(name, fit, tests("held out", test)));
  }

  private static SequencedMap<String, double[]> tests(String name, double[] weights) {
    SequencedMap<String, double[]> tests = new LinkedHashMap<>();
    tests.put(name, weights);
    return tests;
  }

  private static double[] sizes(RunSet runs) {
    return Arrays.stream(runs.n()).distinct().sorted().toArray();
  }

  private static double[] weights(RunSet runs, IntPredicate chosen) {
    return IntStream.range(0, runs.size())
        .mapToDouble(i -> chosen.test(i) ? runs.weight(i) : 0)
        .toArray();
  }
}
