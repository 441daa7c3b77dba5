package org.farfit.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.farfit.engine.ProblemBlock;
import org.farfit.engine.SurfaceProblem;

/**
 * A block of problems that stays on the device: parameters, damping, normal equations,
 * factorisation and trial steps. The host sees five numbers per problem and step, decides, and
 * keeps the list of lanes that are still active.
 *
 * <p>A lane is an entry in that list; the slot it names is where the problem's numbers are. Moving
 * a problem to another lane moves no numbers. New problems come only when all slots are free, since
 * starting points travel to the device in one piece.
 */
final class ResidentBlock implements ProblemBlock {

  /** An answer that waits on the device. */
  private record Due(int slot, int side, Consumer<double[]> answer) {}

  private final PlanPool pool;
  private final DevicePlan plan;
  private final DeviceArrays arrays;
  private final int p;
  private final int capacity;
  private final int[] slot;
  private final int[] side;
  private final Report report;
  private final List<Due> due = new ArrayList<>();
  private boolean loaded;

  ResidentBlock(PlanPool pool, SurfaceProblem problem, int count) {
    this.pool = pool;
    this.plan = pool.resident(problem, count);
    this.arrays = plan.arrays();
    this.p = arrays.parameterCount;
    this.capacity = arrays.capacity;
    this.slot = new int[capacity];
    this.side = new int[capacity];
    this.report = new Report(capacity);
    for (int lane = 0; lane < capacity; lane++) {
      slot[lane] = lane;
    }
  }

  @Override
  public int parameterCount() {
    return p;
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public boolean refillsAtOnce() {
    return false;
  }

  @Override
  public Report report() {
    return report;
  }

  @Override
  public void place(int lane, double[] start, int weightRow) {
    int to = slot[lane];
    // The current side is 0, so the start goes to side 1, the trial side.
    side[lane] = 0;
    for (int j = 0; j < p; j++) {
      arrays.parameters.set((p + j) * capacity + to, start[j]);
    }
    arrays.rows.set(to, weightRow);
    loaded = false;
  }

  @Override
  public void advance(int count, Command[] commands, double[] damping) {
    if (!loaded) {
      plan.load();
      loaded = true;
    }
    for (int lane = 0; lane < count; lane++) {
      if (commands[lane] == Command.ACCEPT) {
        side[lane] = 1 - side[lane];
      }
      int flags = side[lane] | (commands[lane] == Command.START ? DeviceLayout.START_FLAG : 0);
      arrays.lanes.set(lane, slot[lane]);
      arrays.lanes.set(capacity + lane, flags);
      arrays.damping.set(lane, damping[lane]);
    }
    plan.iterate(count);
    for (int lane = 0; lane < count; lane++) {
      report.cost[lane] = reported(DeviceLayout.REPORT_COST, lane);
      report.predicted[lane] = reported(DeviceLayout.REPORT_PREDICTED, lane);
      report.relativeStep[lane] = reported(DeviceLayout.REPORT_RELATIVE_STEP, lane);
      report.gradientCosine[lane] = reported(DeviceLayout.REPORT_COSINE, lane);
      report.remainingEffect[lane] = reported(DeviceLayout.REPORT_EFFECT, lane);
    }
  }

  private double reported(int what, int lane) {
    return arrays.report.get(what * capacity + lane);
  }

  @Override
  public void move(int from, int to) {
    int freed = slot[to];
    slot[to] = slot[from];
    side[to] = side[from];
    slot[from] = freed;
  }

  @Override
  public void retire(int lane, boolean atTrial, Consumer<double[]> answer) {
    due.add(new Due(slot[lane], atTrial ? 1 - side[lane] : side[lane], answer));
  }

  @Override
  public void flush() {
    if (due.isEmpty()) {
      return;
    }
    plan.collect();
    for (Due one : due) {
      double[] parameters = new double[p];
      for (int j = 0; j < p; j++) {
        parameters[j] = arrays.parameters.get((one.side() * p + j) * capacity + one.slot());
      }
      one.answer().accept(parameters);
    }
    due.clear();
  }

  @Override
  public void close() {
    pool.release(plan);
  }
}
