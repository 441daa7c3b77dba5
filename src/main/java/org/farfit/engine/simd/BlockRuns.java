package org.farfit.engine.simd;

import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;

/**
 * The runs that a block of problems is evaluated on, with the weights that its problems give them.
 * Runs that weigh nothing for every problem of the block are left out, and with them whole sizes.
 *
 * <p>Where all problems use one row of the weight table, there is one weight per run; otherwise one
 * per run and lane. Arrays are allocated once and refilled when the rows change.
 */
final class BlockRuns {

  private static final int LANES = VectorMath.LANES;
  private static final int NOTHING = -1;

  private final SurfaceProblem problem;
  private final int[] rows = new int[LANES];

  /** ln N - ln N0 by group. */
  final double[] x;

  /** First run of each group; one more entry closes the last. */
  final int[] start;

  /** ln D - ln D0 by run. */
  final double[] y;

  /** Which group each run belongs to. */
  final int[] groupOf;

  /** The measured value by run. */
  final double[] target;

  /** Weight by run if {@link #uniform}, else by run and lane. */
  double[] weight;

  /** By group and lane, 1 where the problem gives a run of the group weight; if not uniform. */
  double[] active;

  /** How many groups are used. */
  int groups;

  /** Whether all problems weigh runs alike. */
  boolean uniform;

  BlockRuns(SurfaceProblem problem) {
    this.problem = problem;
    this.x = new double[problem.groups()];
    this.start = new int[problem.groups() + 1];
    this.groupOf = new int[problem.runs()];
    this.y = new double[problem.runs()];
    this.target = new double[problem.runs()];
    this.weight = new double[problem.runs()];
    this.active = new double[0];
    rows[0] = NOTHING;
  }

  /** Makes this the runs of problems with the given rows, lanes past the end repeating the last. */
  void use(int[] weightRow, int from, int used) {
    boolean same = true;
    boolean alike = true;
    for (int lane = 0; lane < LANES; lane++) {
      int row = weightRow[from + Math.min(lane, used - 1)];
      same &= rows[lane] == row;
      rows[lane] = row;
      alike &= row == rows[0];
    }
    if (!same) {
      uniform = alike;
      fill();
    }
  }

  private void fill() {
    if (!uniform && weight.length < problem.runs() * LANES) {
      weight = new double[problem.runs() * LANES];
      active = new double[problem.groups() * LANES];
    }
    groups = 0;
    int kept = 0;
    start[0] = 0;
    for (int group = 0; group < problem.groups(); group++) {
      int first = kept;
      for (int run = problem.groupStart(group); run < problem.groupStart(group + 1); run++) {
        if (place(run, kept)) {
          kept++;
        }
      }
      if (kept > first) {
        x[groups] = problem.x(group);
        if (!uniform) {
          markActive(first, kept);
        }
        groups++;
        start[groups] = kept;
      }
    }
  }

  private boolean place(int run, int at) {
    WeightTable table = problem.weights();
    int source = problem.sourceIndex(run);
    boolean used;
    if (uniform) {
      weight[at] = table.weight(rows[0], source);
      used = weight[at] > 0;
    } else {
      used = false;
      for (int lane = 0; lane < LANES; lane++) {
        double laneWeight = table.weight(rows[lane], source);
        weight[at * LANES + lane] = laneWeight;
        used |= laneWeight > 0;
      }
    }
    groupOf[at] = groups;
    y[at] = problem.y(run);
    target[at] = problem.target(run);
    return used;
  }

  private void markActive(int first, int end) {
    for (int lane = 0; lane < LANES; lane++) {
      boolean any = false;
      for (int run = first; run < end; run++) {
        any |= weight[run * LANES + lane] > 0;
      }
      active[groups * LANES + lane] = any ? 1 : 0;
    }
  }
}
