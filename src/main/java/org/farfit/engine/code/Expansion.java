package org.farfit.engine.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.farfit.formula.Schedule;

/**
 * How sums of products of factors become gradient and matrix: with shares Z, g = Z'm and H = Z'MZ,
 * added up over values. For each parameter i and factor l, T = sum over k of Z_ki M_kl is made once
 * and multiplied by the shares in l of the parameters up to i.
 */
final class Expansion {

  /**
   * What a row of T is multiplied by.
   *
   * @param alike parameters whose share is 1
   * @param others other parameters
   * @param slots the slots of their shares
   */
  private record Targets(int factor, int[] alike, int[] others, int[] slots) {}

  private final int p;
  private final int[][] factors;
  private final int[][] slots;
  private final List<List<Targets>> targets = new ArrayList<>();
  private final int[] at;
  private final int[] entries;
  private double[] row = new double[0];

  Expansion(Schedule schedule) {
    p = schedule.parameters().length;
    at = new int[p];
    entries = new int[p];
    factors = new int[p][];
    slots = new int[p][];
    for (int i = 0; i < p; i++) {
      int parameter = i;
      List<Schedule.Share> own =
          schedule.shares().stream().filter(share -> share.parameter() == parameter).toList();
      factors[i] = own.stream().mapToInt(Schedule.Share::factor).toArray();
      slots[i] = own.stream().mapToInt(Schedule.Share::slot).toArray();
      targets.add(targets(schedule, i));
    }
  }

  private static List<Targets> targets(Schedule schedule, int i) {
    List<Targets> list = new ArrayList<>();
    for (int l = 0; l < schedule.factors().length; l++) {
      int factor = l;
      List<Schedule.Share> found =
          schedule.shares().stream()
              .filter(share -> share.factor() == factor && share.parameter() <= i)
              .toList();
      if (!found.isEmpty()) {
        list.add(
            new Targets(
                l,
                found.stream().filter(s -> s.slot() < 0).mapToInt(s -> s.parameter()).toArray(),
                found.stream().filter(s -> s.slot() >= 0).mapToInt(s -> s.parameter()).toArray(),
                found.stream().filter(s -> s.slot() >= 0).mapToInt(s -> s.slot()).toArray()));
      }
    }
    return list;
  }

  /**
   * Adds the sums of all values to gradient and matrix of a part.
   *
   * @param shares slots of shares, each of {@code sums.stride} numbers
   * @param gradient parameters x lanes
   * @param matrix packed, x lanes
   */
  void add(
      FormulaEvaluator.Sums lanes,
      RunSums sums,
      double[] shares,
      double[] gradient,
      double[] matrix) {
    int n = sums.stride;
    int w = lanes.lanes();
    if (row.length < n) {
      row = new double[n];
    }
    for (int i = 0; i < p; i++) {
      for (int s = 0; s < factors[i].length; s++) {
        int m = sums.rightSide(factors[i][s]);
        if (slots[i][s] < 0) {
          lanes.sum(n, sums.sums, m, gradient, i * w);
        } else {
          lanes.dot(n, sums.sums, m, shares, slots[i][s] * n, gradient, i * w);
        }
      }
      for (Targets to : targets.get(i)) {
        boolean alike = factors[i].length == 1 && slots[i][0] < 0;
        double[] t = alike ? sums.sums : row;
        int atT = alike ? product(sums, factors[i][0], to.factor()) : 0;
        if (!alike) {
          makeRow(lanes, sums, i, to.factor(), shares);
        }
        for (int j : to.alike()) {
          lanes.sum(n, t, atT, matrix, (i * (i + 1) / 2 + j) * w);
        }
        multiply(lanes, n, t, atT, to, shares, matrix, i * (i + 1) / 2);
      }
    }
  }

  /** Adds a row of T times the shares of its factor to a row of the matrix. */
  private void multiply(
      FormulaEvaluator.Sums lanes,
      int n,
      double[] t,
      int atT,
      Targets to,
      double[] shares,
      double[] matrix,
      int entry) {
    int count = to.others().length;
    for (int b = 0; b < count; b++) {
      at[b] = to.slots()[b] * n;
      entries[b] = (entry + to.others()[b]) * lanes.lanes();
    }
    int b = 0;
    for (; b + 3 <= count; b += 3) {
      lanes.dots(n, t, atT, shares, at, b, matrix, entries);
    }
    for (; b < count; b++) {
      lanes.dot(n, t, atT, shares, at[b], matrix, entries[b]);
    }
  }

  private void makeRow(FormulaEvaluator.Sums lanes, RunSums sums, int i, int l, double[] shares) {
    int n = sums.stride;
    for (int s = 0; s < factors[i].length; s++) {
      int m = product(sums, factors[i][s], l);
      boolean first = s == 0;
      if (slots[i][s] >= 0) {
        lanes.multiply(n, sums.sums, m, shares, slots[i][s] * n, row, first);
      } else if (first) {
        System.arraycopy(sums.sums, m, row, 0, n);
      } else {
        for (int x = 0; x < n; x++) {
          row[x] += sums.sums[m + x];
        }
      }
    }
  }

  private static int product(RunSums sums, int k, int l) {
    return sums.product(Math.max(k, l), Math.min(k, l));
  }

  /** Of a direct schedule, which factor each parameter is. */
  int[] factorOf() {
    return Arrays.stream(factors).mapToInt(own -> own[0]).toArray();
  }
}
