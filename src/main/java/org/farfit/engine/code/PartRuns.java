package org.farfit.engine.code;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.farfit.engine.FormulaProblem.Part;
import org.farfit.engine.ScheduleInputs;
import org.farfit.engine.ScheduledProblem;

/**
 * The runs of a part as a block of problems sees them: with the weights and targets of the rows
 * that its problems refer to.
 *
 * <p>Where all problems of the block use one row, there is one weight and target per run, and runs
 * without weight are left out; otherwise one per run and lane. Arrays are kept, and only lanes
 * whose row has changed are filled again.
 */
final class PartRuns {

  private static final int NOTHING = -1;

  private final ScheduledProblem problem;
  private final Part part;
  private final int lanes;
  private final int[] rows;

  /** What the schedule reads of the runs that are used. */
  ScheduleInputs inputs;

  /** The size of each of them, where runs of a size share an error. */
  int[] sizeOf = new int[0];

  /** Weight by run if {@link #uniform}, else by run and lane. */
  double[] weight = new double[0];

  /** What responses are compared with, by run, or if {@link #ownTargets} by run and lane. */
  double[] target = new double[0];

  /** Whether all problems weigh runs alike. */
  boolean uniform;

  /** Whether each lane compares with responses of its own. */
  boolean ownTargets;

  PartRuns(ScheduledProblem problem, Part part, int lanes) {
    this.problem = problem;
    this.part = part;
    this.lanes = lanes;
    this.rows = new int[lanes];
    Arrays.fill(rows, NOTHING);
  }

  /** How many runs there are. */
  int count() {
    return inputs.start()[inputs.start().length - 1];
  }

  /** Makes these the runs of problems with the given rows, lanes past the end as the last. */
  void use(int[] weightRow, int from, int used) {
    boolean alike = true;
    boolean same = true;
    for (int lane = 0; lane < lanes; lane++) {
      int row = weightRow[from + Math.min(lane, used - 1)];
      alike &= row == weightRow[from];
      same &= row == rows[lane];
    }
    if (same) {
      return;
    }
    if (alike) {
      Arrays.fill(rows, weightRow[from]);
      fillUniform(weightRow[from]);
      return;
    }
    int n = part.runs().length;
    if (uniform || weight.length < n * lanes) {
      uniform = false;
      ownTargets = problem.hasLossRows();
      inputs = part.inputs();
      problem.sharedSizes().ifPresent(sizes -> sizeOf = sizes(sizes, IntStream.range(0, n)));
      weight = new double[n * lanes];
      target = ownTargets ? new double[n * lanes] : part.target();
      Arrays.fill(rows, NOTHING);
    }
    for (int lane = 0; lane < lanes; lane++) {
      int row = weightRow[from + Math.min(lane, used - 1)];
      if (rows[lane] != row) {
        rows[lane] = row;
        fillLane(lane, row);
      }
    }
  }

  private void fillUniform(int row) {
    uniform = true;
    ownTargets = false;
    int[] kept =
        IntStream.range(0, part.runs().length)
            .filter(i -> problem.weights().weight(row, part.runs()[i]) > 0)
            .toArray();
    inputs = kept.length == part.runs().length ? part.inputs() : part.inputs().of(kept);
    problem.sharedSizes().ifPresent(sizes -> sizeOf = sizes(sizes, Arrays.stream(kept)));
    weight = new double[kept.length];
    target = new double[kept.length];
    for (int i = 0; i < kept.length; i++) {
      weight[i] = problem.weights().weight(row, part.runs()[kept[i]]);
      target[i] = problem.target(part, row, kept[i]);
    }
  }

  private int[] sizes(ScheduledProblem.SharedSizes sizes, IntStream ofPart) {
    return ofPart.map(i -> sizes.sizeOf()[part.runs()[i]]).toArray();
  }

  private void fillLane(int lane, int row) {
    for (int i = 0; i < part.runs().length; i++) {
      weight[i * lanes + lane] = problem.weights().weight(row, part.runs()[i]);
      if (ownTargets) {
        target[i * lanes + lane] = problem.target(part, row, i);
      }
    }
  }
}
