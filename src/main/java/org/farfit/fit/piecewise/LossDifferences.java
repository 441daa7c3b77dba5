package org.farfit.fit.piecewise;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;

/**
 * The first stage of the differential piecewise procedure (Li et al. 2025, arXiv:2506.10972,
 * appendix C): differences R_N(D) = L(N, D) - L(N, lambda D) of neighbouring runs of one size, and
 * for each size the line ln R = ln Bhat - A ln D, with B = Bhat / (1 - lambda^-A).
 *
 * @param runs the runs that are used: duplicates averaged, small D left out as asked
 * @param spacing lambda
 * @param differences N, D and R
 * @param sizes the line of each size
 * @param leftOut what could not be used, in words
 */
record LossDifferences(
    RunSet runs, double spacing, RunSet differences, List<Line> sizes, List<String> leftOut) {

  /** A size needs this many runs (appendix C). */
  static final int FEWEST_RUNS = 5;

  /** A line that can be judged needs this many differences. */
  private static final int FEWEST_DIFFERENCES = 3;

  /**
   * The line of one size.
   *
   * @param n parameters
   * @param differences how many differences it rests on
   * @param exponent A
   * @param logFactor ln B
   * @param r2 share of the variance of ln R that it explains
   */
  record Line(double n, int differences, double exponent, double logFactor, double r2) {}

  /**
   * Forms differences.
   *
   * @throws InputException if fewer than three sizes can be used; the message says why
   */
  static LossDifferences of(RunSet all, PiecewiseSettings settings) {
    if (all.size() == 0) {
      throw new InputException("the piecewise procedure has no runs to fit");
    }
    List<String> leftOut = new ArrayList<>();
    Map<String, Integer> reasons = new TreeMap<>();
    RunSet runs = settings.averagesDuplicates() ? averaged(all.bySize()) : all.bySize();
    runs = atLeast(settings.smallestTokens(), runs, leftOut);
    Map<Double, List<Integer>> bySize = bySize(runs);
    double spacing = spacing(runs, bySize);
    List<double[]> differences = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    for (Map.Entry<Double, List<Integer>> size : bySize.entrySet()) {
      List<double[]> own =
          size.getValue().size() < FEWEST_RUNS
              ? List.of()
              : differences(runs, size.getValue(), spacing, settings.spacingTolerance());
      Line line = own.size() < FEWEST_DIFFERENCES ? null : line(size.getKey(), own, spacing);
      if (line == null || !(line.exponent() > 0)) {
        String reason = reason(size.getValue().size(), own.size());
        leftOut.add("N = %.4g: %s".formatted(size.getKey(), reason));
        reasons.merge(reason, 1, Integer::sum);
      } else {
        int pairs = size.getValue().size() - 1;
        if (own.size() < pairs) {
          leftOut.add(
              "N = %.4g: %d of %d differences (another ratio of D, or the loss does not fall)"
                  .formatted(size.getKey(), pairs - own.size(), pairs));
        }
        lines.add(line);
        differences.addAll(own);
      }
    }
    if (lines.size() < 3) {
      throw new InputException(
          "the piecewise procedure needs three sizes N with at least %d runs each, spaced evenly in"
                  .formatted(FEWEST_RUNS)
              + " ln D; %d of %d can be used%s; fit by the global method"
                  .formatted(
                      lines.size(),
                      bySize.size(),
                      reasons.isEmpty()
                          ? ""
                          : reasons.entrySet().stream()
                              .map(entry -> "%s: %d".formatted(entry.getKey(), entry.getValue()))
                              .collect(Collectors.joining("; ", " (", ")"))));
    }
    return new LossDifferences(runs, spacing, runSet(differences), lines, leftOut);
  }

  private static String reason(int runs, int differences) {
    if (runs < FEWEST_RUNS) {
      return "fewer than %d runs".formatted(FEWEST_RUNS);
    }
    return differences < FEWEST_DIFFERENCES
        ? "fewer than %d usable differences".formatted(FEWEST_DIFFERENCES)
        : "differences grow with D";
  }

  private static RunSet averaged(RunSet all) {
    record Point(double n, double d) {}
    Map<Point, double[]> sums = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      double[] sum = sums.computeIfAbsent(new Point(all.n(i), all.d(i)), point -> new double[2]);
      sum[0] += all.weight(i) * all.loss(i);
      sum[1] += all.weight(i);
    }
    List<double[]> rows = new ArrayList<>();
    sums.forEach((point, sum) -> rows.add(new double[] {point.n(), point.d(), sum[0] / sum[1]}));
    return runSet(rows);
  }

  private static RunSet atLeast(double tokens, RunSet runs, List<String> leftOut) {
    List<double[]> kept = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      if (runs.d(i) >= tokens) {
        kept.add(new double[] {runs.n(i), runs.d(i), runs.loss(i)});
      }
    }
    if (kept.size() < runs.size()) {
      leftOut.add("%d runs with D < %.4g".formatted(runs.size() - kept.size(), tokens));
    }
    if (kept.isEmpty()) {
      throw new InputException("no run has D >= %.4g tokens".formatted(tokens));
    }
    return runSet(kept);
  }

  private static RunSet runSet(List<double[]> rows) {
    return new RunSet(column(rows, 0), column(rows, 1), column(rows, 2));
  }

  private static double[] column(List<double[]> rows, int column) {
    return rows.stream().mapToDouble(row -> row[column]).toArray();
  }

  /** Runs by size, each list by D. */
  private static Map<Double, List<Integer>> bySize(RunSet runs) {
    Map<Double, List<Integer>> bySize = new TreeMap<>();
    for (int i = 0; i < runs.size(); i++) {
      bySize.computeIfAbsent(runs.n(i), size -> new ArrayList<>()).add(i);
    }
    bySize.values().forEach(list -> list.sort(Comparator.comparingDouble(runs::d)));
    return bySize;
  }

  /** The usual ratio of neighbouring D: the median over all sizes. */
  private static double spacing(RunSet runs, Map<Double, List<Integer>> bySize) {
    double[] ratios =
        bySize.values().stream()
            .flatMapToDouble(list ->
                IntStream.range(1, list.size())
                    .mapToDouble(i -> runs.d(list.get(i)) / runs.d(list.get(i - 1))))
            .filter(ratio -> ratio > 1)
            .sorted()
            .toArray();
    if (ratios.length == 0) {
      throw new InputException(
          "the piecewise procedure needs sizes N with several D each; fit by the global method");
    }
    return ratios[ratios.length / 2];
  }

  private static List<double[]> differences(
      RunSet runs, List<Integer> sorted, double spacing, double tolerance) {
    List<double[]> differences = new ArrayList<>();
    for (int i = 1; i < sorted.size(); i++) {
      int near = sorted.get(i - 1);
      int far = sorted.get(i);
      double ratio = runs.d(far) / runs.d(near);
      double fall = runs.loss(near) - runs.loss(far);
      if (Math.abs(ratio / spacing - 1) < tolerance && fall > 0) {
        differences.add(new double[] {runs.n(near), runs.d(near), fall});
      }
    }
    return differences;
  }

  private static Line line(double n, List<double[]> differences, double spacing) {
    double[] logD = differences.stream().mapToDouble(row -> Math.log(row[1])).toArray();
    double[] logR = differences.stream().mapToDouble(row -> Math.log(row[2])).toArray();
    StretchedCurve line = StretchedCurve.regress(0, logD, logR);
    double exponent = -line.slope();
    double logFactor = line.value() - Math.log(-Math.expm1(-exponent * Math.log(spacing)));
    return new Line(n, differences.size(), exponent, logFactor, line.r2(logD, logR));
  }
}
