package org.farfit.kernels;

import java.util.HashMap;
import java.util.Map;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A surface problem as the arrays that kernels read: runs once, and one byte of weight per run and
 * row where there are at most 256 distinct weights (as for bootstrap multiplicities and hold-out
 * masks), four bytes otherwise.
 */
final class DeviceProblem {

  private final SurfaceProblem problem;
  private final Map<Double, Integer> codes = new HashMap<>();
  private final double[] weights;

  DeviceProblem(SurfaceProblem problem) {
    this.problem = problem;
    WeightTable table = problem.weights();
    for (int row = 0; row < table.rows(); row++) {
      for (int run = 0; run < problem.runs(); run++) {
        codes.putIfAbsent(table.weight(row, run), codes.size());
      }
    }
    this.weights = new double[codes.size()];
    codes.forEach((weight, code) -> weights[code] = weight);
  }

  int indexSize() {
    return DeviceLayout.GROUP_START + problem.groups() + 1;
  }

  /** How many numbers there are; beyond an int they do not fit one array. */
  long dataSize() {
    return dataSize(problem.groups(), problem.runs(), targetRows(), weights.length);
  }

  static long dataSize(int groups, int runs, int targetRows, int distinctWeights) {
    return (long) DeviceLayout.GROUP_X + groups + (1L + targetRows) * runs + distinctWeights;
  }

  /** Targets are stored once, or once per row of weights. */
  private int targetRows() {
    return problem.hasLossRows() ? problem.weights().rows() : 1;
  }

  private int codeBytes() {
    return weights.length <= 256 ? 1 : 4;
  }

  /** How many bytes the weight codes take; beyond an int they do not fit one array. */
  long codesSize() {
    return (long) problem.weights().rows() * problem.runs() * codeBytes();
  }

  /** Fills the arrays; they may be longer than needed. */
  void store(IntArray index, DoubleArray data, ByteArray codeBytes, int capacity) {
    int groups = problem.groups();
    int runs = problem.runs();
    Objective objective = problem.objective();
    index.set(DeviceLayout.CAPACITY, capacity);
    index.set(DeviceLayout.GROUPS, groups);
    index.set(DeviceLayout.RUNS, runs);
    index.set(DeviceLayout.CODE_BYTES, codeBytes());
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
    for (int code = 0; code < weights.length; code++) {
      data.set(firstWeight + code, weights[code]);
    }
    int firstTarget = firstWeight + weights.length;
    index.set(DeviceLayout.FIRST_TARGET, firstTarget);
    for (int row = 0; row < targetRows(); row++) {
      for (int run = 0; run < runs; run++) {
        data.set(firstTarget + row * runs + run, problem.target(row, run));
      }
    }
    storeCodes(codeBytes);
  }

  private void storeCodes(ByteArray bytes) {
    WeightTable table = problem.weights();
    int width = codeBytes();
    int at = 0;
    for (int row = 0; row < table.rows(); row++) {
      for (int run = 0; run < problem.runs(); run++) {
        int code = codes.get(table.weight(row, problem.sourceIndex(run)));
        for (int b = 0; b < width; b++) {
          bytes.set(at++, (byte) (code >>> (8 * b)));
        }
      }
    }
  }
}
