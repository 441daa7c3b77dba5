package org.farfit.engine.simd;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;

/**
 * The runs that a block of problems is evaluated on, with the weights that its problems give them.
 *
 * <p>Where all problems use one row of the weight table, there is one weight per run, and runs
 * without weight are left out; otherwise one per run and lane. Then kernels that need no runs of
 * one size together get, for each lane, only the runs that its problem weighs: a bootstrap
 * replicate draws 63% of them. They stay in their order, so that sums are the same to the last bit.
 * Arrays are allocated once, and only lanes whose row has changed are refilled.
 */
final class BlockRuns {

  private static final int LANES = VectorMath.LANES;
  private static final int NOTHING = -1;

  private final SurfaceProblem problem;
  private final boolean packs;
  private final int[] rows = new int[LANES];

  /** ln N - ln N0 by group. */
  final double[] x;

  /** First run of each group; one more entry closes the last. */
  final int[] start;

  /** Whether each group is the last of its size that is used. */
  final boolean[] endsSize;

  /** Weight of the size that ends with a group when it is there once, 0 if that is not known. */
  final double[] copiedWeight;

  private final int[] source;
  private final int[] sourceOf;

  /** ln D - ln D0 by run. */
  final double[] y;

  /** Which group each run belongs to. */
  final int[] groupOf;

  /** The value to compare with, by run, or if {@link #ownTargets} by run and lane. */
  double[] target;

  /** Weight by run if {@link #uniform}, else by run and lane. */
  double[] weight;

  /** By group and lane, 1 where the problem gives a run of the group weight; if careful. */
  double[] active;

  /** See {@link org.farfit.engine.NormalEquations#curvatureBeyond}, by lane. */
  final double[] curvatureBeyond = new double[LANES];

  /** Whether kernels must take care of runs and sizes without weight. */
  boolean careful;

  /** How many groups are used. */
  int groups;

  /** Whether all problems weigh runs alike. */
  boolean uniform;

  /** Whether each lane compares with values of its own. */
  boolean ownTargets;

  /** Whether each lane has runs of its own, and groups mean nothing. */
  boolean packed;

  /** How many runs the lane has that has most, if packed; those of others are filled up. */
  int packedRuns;

  /** -(ln N - ln N0) by run and lane, if packed. */
  double[] minusX = new double[0];

  /** -(ln D - ln D0) by run and lane, if packed. */
  double[] minusY = new double[0];

  private final int[] weighed = new int[LANES];
  private double[] minusRunX;
  private double[] minusRunY;
  private double[] runTarget;

  /**
   * Runs of a problem.
   *
   * @param packs whether lanes may have runs of their own
   */
  BlockRuns(SurfaceProblem problem, boolean packs) {
    this.problem = problem;
    this.packs = packs && !problem.hasLossRows();
    this.x = new double[problem.groups()];
    this.start = new int[problem.groups() + 1];
    this.endsSize = new boolean[problem.groups()];
    this.copiedWeight = new double[problem.groups()];
    this.source = new int[problem.groups()];
    this.groupOf = new int[problem.runs()];
    this.sourceOf = IntStream.range(0, problem.runs()).map(problem::sourceIndex).toArray();
    this.y = new double[problem.runs()];
    this.target = new double[problem.runs()];
    this.weight = new double[problem.runs()];
    this.active = new double[0];
    Arrays.fill(rows, NOTHING);
    this.uniform = true;
  }

  /** Makes this the runs of problems with the given rows, lanes past the end repeating the last. */
  void use(int[] weightRow, int from, int used) {
    boolean alike = true;
    boolean same = true;
    for (int lane = 0; lane < LANES; lane++) {
      int row = weightRow[from + Math.min(lane, used - 1)];
      alike &= row == weightRow[from];
      same &= row == rows[lane];
    }
    if (same) {
      return;
    }
    if (alike) {
      Arrays.fill(rows, weightRow[from]);
      fillUniform();
    } else {
      if (uniform || weight.length < problem.runs() * LANES) {
        layOutAll();
      }
      packedRuns = 0;
      for (int lane = 0; lane < LANES; lane++) {
        int row = weightRow[from + Math.min(lane, used - 1)];
        if (rows[lane] != row) {
          rows[lane] = row;
          fillLane(lane, row);
        }
        packedRuns = Math.max(packedRuns, weighed[lane]);
      }
    }
  }

  /** One weight per run; runs of weight 0 are left out, and with them whole sizes. */
  private void fillUniform() {
    uniform = true;
    ownTargets = false;
    packed = false;
    groups = 0;
    int kept = 0;
    start[0] = 0;
    for (int group = 0; group < problem.groups(); group++) {
      int first = kept;
      for (int run = problem.groupStart(group); run < problem.groupStart(group + 1); run++) {
        weight[kept] = problem.weights().weight(rows[0], problem.sourceIndex(run));
        if (weight[kept] > 0) {
          target[kept] = problem.target(rows[0], run);
          place(run, kept++);
        }
      }
      if (kept > first) {
        close(group, kept);
      }
    }
    endSizes();
  }

  /** Every run, for weights by lane. */
  private void layOutAll() {
    uniform = false;
    packed = packs;
    ownTargets = packed || problem.hasLossRows();
    if (weight.length < problem.runs() * LANES) {
      weight = new double[problem.runs() * LANES];
    }
    if (ownTargets && target.length < problem.runs() * LANES) {
      target = new double[problem.runs() * LANES];
    }
    Arrays.fill(rows, NOTHING);
    if (packed) {
      makeRoom();
      return;
    }
    groups = 0;
    for (int group = 0; group < problem.groups(); group++) {
      for (int run = problem.groupStart(group); run < problem.groupStart(group + 1); run++) {
        if (!ownTargets) {
          target[run] = problem.target(0, run);
        }
        place(run, run);
      }
      close(group, problem.groupStart(group + 1));
    }
    endSizes();
  }

  /** Room for one run more than there are, since packing writes beyond what it keeps. */
  private void makeRoom() {
    int room = (problem.runs() + 1) * LANES;
    if (minusX.length < room) {
      minusX = new double[room];
      minusY = new double[room];
      target = new double[room];
      weight = new double[room];
      minusRunX = new double[problem.runs()];
      minusRunY = new double[problem.runs()];
      runTarget = new double[problem.runs()];
      for (int group = 0; group < problem.groups(); group++) {
        for (int run = problem.groupStart(group); run < problem.groupStart(group + 1); run++) {
          minusRunX[run] = -problem.x(group);
          minusRunY[run] = -problem.y(run);
          runTarget[run] = problem.target(0, run);
        }
      }
    }
  }

  /** Takes over how much curvature each lane's runs beyond the threshold have. */
  void useCurvature(double[] shares, int from, int used) {
    for (int lane = 0; lane < LANES; lane++) {
      curvatureBeyond[lane] = shares[from + Math.min(lane, used - 1)];
    }
  }

  private void place(int run, int at) {
    groupOf[at] = groups;
    y[at] = problem.y(run);
  }

  private void close(int group, int end) {
    x[groups] = problem.x(group);
    source[groups] = group;
    groups++;
    start[groups] = end;
  }

  /** A size ends with the last of its groups that is used. */
  private void endSizes() {
    if (!problem.sharesErrors()) {
      return;
    }
    for (int group = 0; group < groups; group++) {
      int next = group + 1 < groups ? source[group + 1] : problem.groups();
      endsSize[group] = false;
      for (int skipped = source[group]; skipped < next && !endsSize[group]; skipped++) {
        endsSize[group] = problem.endsSize(skipped);
        copiedWeight[group] = problem.copiedWeight(skipped);
      }
    }
  }

  private void fillLane(int lane, int row) {
    if (packed) {
      pack(lane, row);
      return;
    }
    problem.weights().copyRow(row, sourceOf, weight, lane, LANES);
    for (int run = 0; ownTargets && run < problem.runs(); run++) {
      target[run * LANES + lane] = problem.target(row, run);
    }
  }

  /** The runs that a row weighs, without a branch for each; what stood beyond weighs nothing. */
  private void pack(int lane, int row) {
    WeightTable weights = problem.weights();
    int at = lane;
    for (int run = 0; run < sourceOf.length; run++) {
      double own = weights.weight(row, sourceOf[run]);
      weight[at] = own;
      minusX[at] = minusRunX[run];
      minusY[at] = minusRunY[run];
      target[at] = runTarget[run];
      at += LANES * (int) (-Double.doubleToRawLongBits(own) >>> 63);
    }
    int count = at / LANES;
    for (int beyond = count; beyond <= Math.max(count, weighed[lane]); beyond++) {
      weight[beyond * LANES + lane] = 0;
    }
    weighed[lane] = count;
  }

  /**
   * Makes kernels take care that what weighs nothing does not matter even where it is not finite.
   * It costs time, and is seldom needed: zero times a finite number is zero.
   */
  void maskWeightless() {
    careful = true;
    if (active.length == 0) {
      active = new double[problem.groups() * LANES];
    }
    for (int group = 0; group < groups; group++) {
      for (int lane = 0; lane < LANES; lane++) {
        boolean any = false;
        for (int run = start[group]; run < start[group + 1]; run++) {
          any |= weight[run * LANES + lane] > 0;
        }
        active[group * LANES + lane] = any ? 1 : 0;
      }
    }
  }
}
