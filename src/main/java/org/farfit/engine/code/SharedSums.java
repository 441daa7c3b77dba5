package org.farfit.engine.code;

import java.util.Arrays;
import java.util.List;
import org.farfit.engine.FormulaProblem;
import org.farfit.formula.Schedule;

/**
 * What the runs of a part add to the {@link SharedRows} of their sizes: sums of weights, of
 * weighted residuals and of weighted factors over cells, neighbouring runs of one size and one
 * value of the column by which shares change; those of a size make its row of the Jacobian.
 */
final class SharedSums {

  /** Sums by cell: of w, of w r, and of w f for each factor. */
  private static final int WEIGHT = 0;

  private static final int RIGHT = 1;
  private static final int FACTORS = 2;

  private final List<Schedule.Share> shares;

  /** Which parameter of the problem each share belongs to. */
  private final int[] parameters;

  private final int factors;
  private final int lanes;
  private int[] sizeOf;
  private int[] start;
  private int cells;
  private int[] cellStart = {0};
  private int[] cellValue = new int[0];
  private int[] cellSize = new int[0];
  private double[] sums = new double[0];

  SharedSums(FormulaProblem.Part part, Schedule schedule, int lanes) {
    this.shares = schedule.shares();
    int[] used = schedule.parameters();
    this.parameters =
        shares.stream().mapToInt(share -> part.parameters()[used[share.parameter()]]).toArray();
    this.factors = schedule.factors().length;
    this.lanes = lanes;
  }

  /** Begins the sums of a part. */
  void begin(PartRuns runs) {
    if (!Arrays.equals(runs.sizeOf, sizeOf) || !Arrays.equals(runs.inputs.start(), start)) {
      layOut(runs.sizeOf, runs.inputs.start());
    }
    Arrays.fill(sums, 0);
  }

  private void layOut(int[] of, int[] startOfValues) {
    sizeOf = of;
    start = startOfValues;
    cellStart = new int[of.length + 1];
    cellValue = new int[of.length];
    cellSize = new int[of.length];
    cells = 0;
    int value = 0;
    for (int run = 0; run < of.length; run++) {
      boolean begins = run == start[value + 1];
      value += begins ? 1 : 0;
      if (run == 0 || begins || of[run] != of[run - 1]) {
        cellStart[cells] = run;
        cellValue[cells] = value;
        cellSize[cells++] = of[run];
      }
    }
    cellStart[cells] = of.length;
    sums = new double[(FACTORS + factors) * cells * lanes];
  }

  private int at(int sum, int cell) {
    return (sum * cells + cell) * lanes;
  }

  /** Adds the runs of a chunk that have been weighed. */
  void add(FormulaEvaluator.Sums loops, RunSums chunk) {
    int found = Arrays.binarySearch(cellStart, 0, cells, chunk.first);
    for (int cell = found >= 0 ? found : -found - 2;
        cell < cells && cellStart[cell] < chunk.end;
        cell++) {
      int from = Math.max(cellStart[cell], chunk.first) - chunk.first;
      int n = (Math.min(cellStart[cell + 1], chunk.end) - chunk.first - from) * lanes;
      int begin = from * lanes;
      loops.sum(n, chunk.weight, begin, sums, at(WEIGHT, cell));
      loops.dot(n, chunk.weight, begin, chunk.residual, begin, sums, at(RIGHT, cell));
      for (int k = 0; k < factors; k++) {
        int slot = chunk.slots[k] + begin;
        loops.dot(n, chunk.weight, begin, chunk.own, slot, sums, at(FACTORS + k, cell));
      }
    }
  }

  /**
   * Adds what was summed to the rows of sizes.
   *
   * @param shareSlots slots of shares
   * @param stride the distance between two of them
   */
  void addRows(SharedRows rows, double[] shareSlots, int stride) {
    for (int cell = 0; cell < cells; cell++) {
      int size = cellSize[cell];
      rows.add(size, sums, at(WEIGHT, cell), at(RIGHT, cell));
      for (int s = 0; s < parameters.length; s++) {
        Schedule.Share share = shares.get(s);
        int to = rows.at(size, parameters[s]);
        int from = at(FACTORS + share.factor(), cell);
        int slot = share.slot() * stride + cellValue[cell] * lanes;
        for (int lane = 0; lane < lanes; lane++) {
          double times = share.slot() < 0 ? 1 : shareSlots[slot + lane];
          rows.row[to + lane] += times * sums[from + lane];
        }
      }
    }
  }
}
