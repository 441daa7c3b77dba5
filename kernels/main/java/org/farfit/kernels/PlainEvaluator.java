package org.farfit.kernels;

import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;

/**
 * Normal equations from the device, for a solver that iterates on the host. A batch of any size is
 * cut into chunks of the plan's capacity.
 */
final class PlainEvaluator implements Evaluator {

  private final PlanPool pool;
  private final int p;
  private final DevicePlan plan;

  PlainEvaluator(PlanPool pool, SurfaceProblem problem, int count) {
    this.pool = pool;
    this.p = problem.law().parameterCount();
    this.plan = pool.plain(problem, count);
    DeviceArrays arrays = plan.arrays();
    for (int k = 0; k < arrays.capacity; k++) {
      // The trial side of a plan with one side is side 0.
      arrays.lanes.set(k, k);
      arrays.lanes.set(arrays.capacity + k, DeviceLayout.SIDE_FLAG);
    }
    plan.load();
  }

  @Override
  public int parameterCount() {
    return p;
  }

  @Override
  public void evaluate(NormalEquations batch, int count) {
    int chunk = plan.arrays().capacity;
    for (int from = 0; from < count; from += chunk) {
      int size = Math.min(chunk, count - from);
      upload(batch, from, size);
      plan.iterate(size);
      download(batch, from, size);
    }
  }

  private void upload(NormalEquations batch, int from, int size) {
    DeviceArrays arrays = plan.arrays();
    for (int k = 0; k < size; k++) {
      arrays.rows.set(k, batch.weightRow[from + k]);
    }
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < size; k++) {
        arrays.parameters.set(
            j * arrays.capacity + k, batch.parameters[j * batch.capacity() + from + k]);
      }
    }
  }

  private void download(NormalEquations batch, int from, int size) {
    DeviceArrays arrays = plan.arrays();
    for (int k = 0; k < size; k++) {
      batch.cost[from + k] = arrays.report.get(DeviceLayout.REPORT_COST * arrays.capacity + k);
    }
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < size; k++) {
        batch.gradient[j * batch.capacity() + from + k] =
            arrays.gradient.get(j * arrays.capacity + k);
      }
    }
    for (int e = 0; e < NormalEquations.packedSize(p); e++) {
      for (int k = 0; k < size; k++) {
        batch.matrix[e * batch.capacity() + from + k] = arrays.matrix.get(e * arrays.capacity + k);
      }
    }
  }

  @Override
  public void close() {
    pool.release(plan);
  }
}
