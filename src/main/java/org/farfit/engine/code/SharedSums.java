package org.farfit.engine.code;

import java.util.Arrays;
import java.util.List;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.ScheduledProblem.SharedSizes;
import org.farfit.formula.Schedule;

/**
 * What runs of a size share, taken off the normal equations of a part ({@link
 * org.farfit.engine.SurfaceProblem#sharing}). Sums of weights, of weighted residuals and of
 * weighted factors are taken over cells, neighbouring runs of one size and one value of the column
 * by which shares change; those of a size make one row of the Jacobian.
 */
final class SharedSums {

  /** Sums by cell: of w, of w r, and of w f for each factor. */
  private static final int WEIGHT = 0;

  private static final int RIGHT = 1;
  private static final int FACTORS = 2;

  private final SharedSizes sizes;
  private final List<Schedule.Share> shares;
  private final int[] local;
  private final int factors;
  private final int lanes;
  private final int p;
  private int[] sizeOf;
  private int[] start;
  private int cells;
  private int[] cellStart = {0};
  private int[] cellValue = new int[0];
  private int[] cellSize = new int[0];
  private double[] sums = new double[0];
  private final double[] row;
  private final double[] right;
  private final double[] weight;

  SharedSums(SharedSizes sizes, Schedule schedule, int lanes) {
    this.sizes = sizes;
    this.shares = schedule.shares();
    this.factors = schedule.factors().length;
    this.lanes = lanes;
    int[] parameters = schedule.parameters();
    this.local =
        shares.stream()
            .mapToInt(share -> Arrays.binarySearch(parameters, share.parameter()))
            .toArray();
    int all = sizes.once().length;
    this.p = parameters.length;
    this.row = new double[all * p * lanes];
    this.right = new double[all * lanes];
    this.weight = new double[all * lanes];
  }

  /** Begins the sums of a part. */
  void begin(PartRuns runs) {
    if (!Arrays.equals(runs.sizeOf, sizeOf) || !Arrays.equals(runs.bound.start(), start)) {
      layOut(runs.sizeOf, runs.bound.start());
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
   * Takes off what sizes share, c = ratio / (copies + ratio w) for each.
   *
   * @param shareSlots slots of shares
   * @param stride the distance between two of them
   */
  void takeOff(double[] shareSlots, int stride, double[] cost, double[] gradient, double[] matrix) {
    Arrays.fill(row, 0);
    Arrays.fill(right, 0);
    Arrays.fill(weight, 0);
    for (int cell = 0; cell < cells; cell++) {
      addCell(cell, shareSlots, stride);
    }
    for (int size = 0; size < sizes.once().length; size++) {
      takeOff(size, cost, gradient, matrix);
    }
  }

  private void addCell(int cell, double[] shareSlots, int stride) {
    int size = cellSize[cell] * lanes;
    for (int lane = 0; lane < lanes; lane++) {
      right[size + lane] += sums[at(RIGHT, cell) + lane];
      weight[size + lane] += sums[at(WEIGHT, cell) + lane];
    }
    for (int s = 0; s < local.length; s++) {
      Schedule.Share share = shares.get(s);
      int to = size * p + local[s] * lanes;
      int from = at(FACTORS + share.factor(), cell);
      int slot = share.slot() * stride + cellValue[cell] * lanes;
      for (int lane = 0; lane < lanes; lane++) {
        double times = share.slot() < 0 ? 1 : shareSlots[slot + lane];
        row[to + lane] += times * sums[from + lane];
      }
    }
  }

  private void takeOff(int size, double[] cost, double[] gradient, double[] matrix) {
    double once = sizes.once()[size];
    int own = size * p * lanes;
    for (int lane = 0; lane < lanes; lane++) {
      double w = weight[size * lanes + lane];
      double r = right[size * lanes + lane];
      // A size that is not there has neither weight nor copies.
      double c = w == 0 ? 0 : sizes.ratio() / ((once == 0 ? 1 : w / once) + sizes.ratio() * w);
      cost[lane] -= 0.5 * c * r * r;
      for (int i = 0; i < p; i++) {
        double scaled = c * row[own + i * lanes + lane];
        gradient[i * lanes + lane] -= scaled * r;
        int packed = NormalEquations.packedSize(i);
        for (int j = 0; j <= i; j++) {
          matrix[(packed + j) * lanes + lane] -= scaled * row[own + j * lanes + lane];
        }
      }
    }
  }
}
