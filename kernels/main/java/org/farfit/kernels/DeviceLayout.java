package org.farfit.kernels;

/**
 * Where things are in the arrays that kernels and host share. Kernels can read static constants but
 * no objects, hence plain numbers.
 *
 * <p>With K the capacity, p parameters and s = p (p + 1) / 2, every per-problem array is
 * parameter-major, so that neighbouring threads read neighbouring numbers:
 *
 * <ul>
 *   <li>{@code parameters} and {@code gradient}: value j of slot k on side i at {@code (i p + j) K
 *       + k};
 *   <li>{@code matrix}: entry e of the packed lower triangle at {@code (i s + e) K + k};
 *   <li>{@code scale}: value j at {@code j K + k};
 *   <li>{@code report}: number r of lane l at {@code r K + l}.
 * </ul>
 *
 * <p>A lane is a thread, a slot is where a problem's numbers are: {@code lanes[l]} is the slot of
 * lane l and {@code lanes[K + l]} its flags. Each slot has two sides, the current and the trial
 * point; accepting a step swaps them instead of copying.
 */
final class DeviceLayout {

  // The array of integers: sizes, then the first run of each group.
  static final int COUNT = 0;
  static final int CAPACITY = 1;
  static final int GROUPS = 2;
  static final int RUNS = 3;
  static final int CODE_BYTES = 4;
  static final int LOG_RESIDUALS = 5;
  static final int PARAMETERS = 6;
  static final int HELD_MASK = 7;
  static final int TARGET_STRIDE = 8;
  static final int FIRST_TARGET = 9;
  static final int GROUP_START = 10;

  // The array of numbers: constants, then x of each group, y of each run, weights, and targets: one
  // per
  // run, or with a stride one per row of weights and run.
  static final int LOG_D0 = 0;
  static final int HUBER_DELTA = 1;
  static final int GROUP_X = 2;

  // Flags of a lane.
  static final int SIDE_FLAG = 1;
  static final int START_FLAG = 2;

  // The report of a lane.
  static final int REPORT_COST = 0;
  static final int REPORT_PREDICTED = 1;
  static final int REPORT_RELATIVE_STEP = 2;
  static final int REPORT_COSINE = 3;
  static final int REPORT_EFFECT = 4;
  static final int REPORT_SIZE = 5;

  private DeviceLayout() {}
}
