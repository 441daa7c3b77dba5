package org.farfit.kernels.made;

/**
 * Where things are in the arrays that kernels and host share. Kernels can read static constants but
 * no objects, hence plain numbers.
 *
 * <p>With K the capacity, p parameters and s = p (p + 1) / 2, every array of problems is
 * parameter-major, so that neighbouring threads read neighbouring numbers:
 *
 * <ul>
 *   <li>{@code parameters}, {@code gradient} and {@code scale}: value j of slot k at {@code j K +
 *       k};
 *   <li>{@code matrix}: entry e of the packed lower triangle at {@code e K + k};
 *   <li>{@code words} and {@code state}: what w of slot k at {@code w K + k}.
 * </ul>
 *
 * <p>A slot is where a problem's numbers are, a lane is a thread. {@code lanes} has three parts of
 * K: two lists of the slots of active lanes, which take turns, and one of the slots whose problems
 * have ended.
 */
public final class DeviceLayout {

  // The array of integers: sizes, then the first run of each group.
  public static final int CAPACITY = 0;
  public static final int GROUPS = 1;
  public static final int RUNS = 2;
  public static final int CODE_BYTES = 3;
  public static final int FIXED_MASK = 4;
  public static final int TARGET_STRIDE = 5;
  public static final int FIRST_TARGET = 6;
  public static final int MAX_EVALUATIONS = 7;
  public static final int PARAMETERS = 8;
  public static final int GROUP_START = 9;

  // The array of numbers: constants, the least and the largest value of each parameter, columns of
  // each group, columns of each run, weights, and targets: one per run, or with a stride one per
  // row of weights and run.
  public static final int LOG_D0 = 0;
  public static final int HUBER_DELTA = 1;
  public static final int COST_TOLERANCE = 2;
  public static final int STEP_TOLERANCE = 3;
  public static final int GRADIENT_TOLERANCE = 4;
  public static final int INITIAL_DAMPING = 5;
  public static final int LIMITS = 6;

  // What the host tells with every launch.
  public static final int ACTIVE = 0;
  public static final int FIRST_LANE = 1;
  public static final int ENDED = 2;
  public static final int STEPS = 3;
  public static final int LETTERS = 4;
  public static final int FIRST_LETTER = 5;

  /** What the device tells in the same place: not 0 if a lane has not ended. */
  public static final int GOES_ON = 6;

  public static final int CONTROL_SIZE = 7;

  // What the device tells when it has packed the lanes.
  public static final int STILL_ACTIVE = 0;
  public static final int NOW_ENDED = 1;
  public static final int HEADER_SIZE = 2;

  // The integers of a slot.
  public static final int ROW = 0;
  public static final int STATUS = 1;
  public static final int ITERATIONS = 2;
  public static final int EVALUATIONS = 3;
  public static final int WORDS_SIZE = 4;

  // The numbers of a slot beside parameters, normal equations and scale.
  public static final int DAMPING = 0;
  public static final int INCREASE = 1;
  public static final int COST = 2;
  public static final int COSINE = 3;
  public static final int EFFECT = 4;
  public static final int PREDICTED = 5;
  public static final int RELATIVE_STEP = 6;
  public static final int CURVATURE = 7;
  public static final int CURVATURE_HERE = 8;
  public static final int PROMISE = 9;
  public static final int STATE_SIZE = 10;

  // Letters: a start has slot and row beside its parameters, an answer slot, status, iterations and
  // evaluations beside its parameters and cost.
  public static final int START_WORDS = 2;
  public static final int ANSWER_WORDS = 4;

  private DeviceLayout() {}

  /** Where columns begin among the numbers, given how many parameters have limits before them. */
  public static int firstColumn(int parameters) {
    return LIMITS + 2 * parameters;
  }
}
