package org.farfit.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;

/**
 * Which runs of an isoFLOP sweep were trained with the same budget.
 *
 * @param budgets at least four sizes each, the least compute first
 * @param leftOut how many runs are in none
 * @param how the budgets were told, in words
 */
record IsoFlopBudgets(List<Budget> budgets, int leftOut, String how) {

  /** Sizes that a parabola needs to be overdetermined. */
  static final int FEWEST_SIZES = 4;

  /** Budgets whose compute, as stated, differs by no more are one. */
  private static final double SAME_STATED = 0.01;

  /**
   * How far 6 N D may vary within a budget: sweeps count FLOPs of attention and embeddings, too, so
   * that small models have more of 6 N D than large ones, by up to 1.43 in the sweeps of Marin.
   */
  private static final double WIDEST = Math.log(2);

  /** The share of the runs that budgets hold in a sweep by budget. */
  private static final double MOST = 0.9;

  /** N and D that differ by no more are those of a repeated run. */
  private static final double SAME_RUN = 1e-6;

  /**
   * The runs of one budget.
   *
   * @param logCompute mean of ln C, C being the budget as stated or else 6 N D
   * @param runs positions
   */
  record Budget(double logCompute, int[] runs) {}

  /**
   * Budgets that are stated.
   *
   * @param compute FLOPs of each run
   */
  static IsoFlopBudgets stated(RunSet runs, double[] compute) {
    double[] logC = Arrays.stream(compute).map(Math::log).toArray();
    return of(runs, logC, clusters(logC, SAME_STATED), "as stated");
  }

  /**
   * Budgets found by gaps in ln(6 N D): of all partitions at gaps wider than a threshold in which
   * no size has two runs of one budget and no budget varies by more than a factor of 2, the one
   * that uses most runs; of equals the finest. None if these are less than nine tenths of the runs:
   * such are not a sweep by budget.
   */
  static IsoFlopBudgets found(RunSet runs) {
    double[] logC =
        IntStream.range(0, runs.size())
            .mapToDouble(i -> Math.log(ComputeModel.USUAL.flops(runs.n(i), runs.d(i))))
            .toArray();
    RunSet sized = runs.bySize();
    List<List<Integer>> best = List.of();
    int most = 0;
    double[] sorted = Arrays.stream(logC).sorted().toArray();
    double[] gaps =
        IntStream.range(1, sorted.length)
            .mapToDouble(i -> sorted[i] - sorted[i - 1])
            .distinct()
            .sorted()
            .toArray();
    for (double threshold : gaps) {
      List<List<Integer>> clusters = clusters(logC, threshold);
      int used =
          clusters.stream()
              .filter(cluster -> isBudget(sized, logC, cluster))
              .mapToInt(List::size)
              .sum();
      if (used > most) {
        most = used;
        best = clusters;
      }
    }
    if (most < MOST * runs.size()) {
      return new IsoFlopBudgets(List.of(), runs.size(), "found in 6 N D");
    }
    return of(
        runs,
        logC,
        best.stream().filter(cluster -> isBudget(sized, logC, cluster)).toList(),
        "found in 6 N D");
  }

  /** Runs in order of ln C, divided at gaps wider than a threshold. */
  private static List<List<Integer>> clusters(double[] logC, double threshold) {
    int[] order =
        IntStream.range(0, logC.length)
            .boxed()
            .sorted(Comparator.<Integer>comparingDouble(i -> logC[i]).thenComparingInt(i -> i))
            .mapToInt(Integer::intValue)
            .toArray();
    List<List<Integer>> clusters = new ArrayList<>();
    for (int k = 0; k < order.length; k++) {
      if (k == 0 || logC[order[k]] - logC[order[k - 1]] > threshold) {
        clusters.add(new ArrayList<>());
      }
      clusters.getLast().add(order[k]);
    }
    return clusters;
  }

  private static boolean isBudget(RunSet sized, double[] logC, List<Integer> cluster) {
    Map<Double, Double> tokens = new HashMap<>();
    for (int i : cluster) {
      double d = sized.d(i);
      Double other = tokens.putIfAbsent(sized.n(i), d);
      if (other != null && Math.abs(Math.log(d / other)) > sized.sizeTolerance() + SAME_RUN) {
        return false;
      }
    }
    return tokens.size() >= FEWEST_SIZES
        && logC[cluster.getLast()] - logC[cluster.getFirst()] <= WIDEST;
  }

  private static IsoFlopBudgets of(
      RunSet runs, double[] logC, List<List<Integer>> clusters, String how) {
    RunSet sized = runs.bySize();
    List<Budget> budgets = new ArrayList<>();
    int used = 0;
    for (List<Integer> cluster : clusters) {
      if (cluster.stream().map(sized::n).distinct().count() >= FEWEST_SIZES) {
        int[] own = cluster.stream().mapToInt(Integer::intValue).toArray();
        used += own.length;
        budgets.add(
            new Budget(Arrays.stream(own).mapToDouble(i -> logC[i]).average().orElseThrow(), own));
      }
    }
    return new IsoFlopBudgets(budgets, runs.size() - used, how);
  }
}
