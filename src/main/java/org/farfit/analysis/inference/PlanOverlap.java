package org.farfit.analysis.inference;

import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;

/**
 * How much two sets of runs are of one plan: the share of the runs of either that have a run of the
 * other at nearly the same N and D, whichever share is less.
 */
final class PlanOverlap {

  /** N and D that differ by no more than this factor are nearly the same. */
  private static final double NEARLY = 1.1;

  private PlanOverlap() {}

  /** From 0, where the two have no run in common, to 1. */
  static double of(RunSet a, RunSet b) {
    return Math.min(share(a, b), share(b, a));
  }

  private static double share(RunSet runs, RunSet others) {
    NavigableMap<Double, NavigableSet<Double>> tokens = new TreeMap<>();
    for (int i = 0; i < others.size(); i++) {
      tokens.computeIfAbsent(others.n(i), n -> new TreeSet<>()).add(others.d(i));
    }
    long met = IntStream.range(0, runs.size()).filter(i -> meets(runs, i, tokens)).count();
    return (double) met / runs.size();
  }

  private static boolean meets(
      RunSet runs, int i, NavigableMap<Double, NavigableSet<Double>> tokens) {
    return tokens.subMap(runs.n(i) / NEARLY, true, runs.n(i) * NEARLY, true).values().stream()
        .map(ofSize -> ofSize.ceiling(runs.d(i) / NEARLY))
        .anyMatch(d -> d != null && d <= runs.d(i) * NEARLY);
  }
}
