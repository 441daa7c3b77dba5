package org.farfit.kernels;

import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.kernels.made.Evaluation;
import org.farfit.kernels.made.Iteration;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A surface problem as the arrays that kernels read: runs once, and one byte of weight per run and
 * row where there are at most 256 distinct weights (as for bootstrap multiplicities and hold-out
 * masks), four bytes otherwise.
 */
final class DeviceProblem implements PlanSource {

  private final SurfaceProblem problem;
  private final WeightCodes codes;

  DeviceProblem(SurfaceProblem problem) {
    this.problem = problem;
    this.codes = new WeightCodes(problem.weights(), problem.runs());
  }

  @Override
  public Object kernelKey() {
    return problem.law().name();
  }

  @Override
  public int parameterCount() {
    return problem.law().parameterCount();
  }

  @Override
  public int derivativeCount() {
    return problem.law().parameterCount();
  }

  @Override
  public Evaluation evaluation() {
    return PlainKernels.of(problem.law());
  }

  @Override
  public Iteration iteration() {
    return StepKernels.of(problem.law());
  }

  @Override
  public int indexSize() {
    return DeviceLayout.GROUP_START + problem.groups() + 1;
  }

  @Override
  public long dataSize() {
    return dataSize(problem.groups(), problem.runs(), targetRows(), codes.distinct());
  }

  static long dataSize(int groups, int runs, int targetRows, int distinctWeights) {
    return (long) DeviceLayout.GROUP_X + groups + (1L + targetRows) * runs + distinctWeights;
  }

  /** Targets are stored once, or once per row of weights. */
  private int targetRows() {
    return problem.hasLossRows() ? problem.weights().rows() : 1;
  }

  @Override
  public long codesSize() {
    return codes.size(problem.runs());
  }

  @Override
  public void store(IntArray index, DoubleArray data, ByteArray codeBytes, int capacity) {
    int groups = problem.groups();
    int runs = problem.runs();
    Objective objective = problem.objective();
    index.set(DeviceLayout.CAPACITY, capacity);
    index.set(DeviceLayout.GROUPS, groups);
    index.set(DeviceLayout.RUNS, runs);
    index.set(DeviceLayout.CODE_BYTES, codes.bytes());
    index.set(DeviceLayout.LOG_RESIDUALS, objective.residual() == Objective.Residual.LOG ? 1 : 0);
    index.set(DeviceLayout.PARAMETERS, problem.law().parameterCount());
    index.set(DeviceLayout.HELD_MASK, problem.heldMask());
    index.set(DeviceLayout.TARGET_STRIDE, problem.hasLossRows() ? runs : 0);
    data.set(DeviceLayout.LOG_D0, problem.centre().logD());
    data.set(DeviceLayout.HUBER_DELTA, objective.huberDelta());
    for (int group = 0; group < groups; group++) {
      data.set(DeviceLayout.GROUP_X + group, problem.x(group));
    }
    for (int group = 0; group <= groups; group++) {
      index.set(DeviceLayout.GROUP_START + group, problem.groupStart(group));
    }
    int runY = DeviceLayout.GROUP_X + groups;
    for (int run = 0; run < runs; run++) {
      data.set(runY + run, problem.y(run));
    }
    int firstWeight = runY + runs;
    codes.storeWeights(data, firstWeight);
    int firstTarget = firstWeight + codes.distinct();
    index.set(DeviceLayout.FIRST_TARGET, firstTarget);
    for (int row = 0; row < targetRows(); row++) {
      for (int run = 0; run < runs; run++) {
        data.set(firstTarget + row * runs + run, problem.target(row, run));
      }
    }
    codes.store(codeBytes, runs, problem::sourceIndex);
  }
}
