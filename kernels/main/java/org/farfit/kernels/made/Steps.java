package org.farfit.kernels.made;

import org.farfit.solver.Damping;
import org.farfit.solver.StepRules;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What a made kernel that iterates decides about one problem, by {@link StepRules} and {@link
 * Damping}, as the host does. Layout of the arrays as in {@link DeviceLayout}.
 */
public final class Steps {

  private Steps() {}

  /**
   * Whether the trial point becomes the current one.
   *
   * @param evaluations before this one
   */
  public static boolean accepts(int evaluations, double cost, double before, double predicted) {
    return evaluations == 0
        ? StepRules.isEvaluated(cost)
        : StepRules.isAccepted(before - cost, predicted);
  }

  /**
   * Counts an evaluation, sets damping and status.
   *
   * @param evaluations before this one
   * @param accepted whether the trial point has become the current one
   * @param before the cost of the current point until then
   */
  public static void judge(
      int capacity,
      int slot,
      int evaluations,
      boolean accepted,
      double cost,
      double before,
      double predicted,
      IntArray index,
      DoubleArray data,
      IntArray words,
      DoubleArray state) {
    words.set(DeviceLayout.EVALUATIONS * capacity + slot, evaluations + 1);
    double cosine = state.get(DeviceLayout.COSINE * capacity + slot);
    double effect = state.get(DeviceLayout.EFFECT * capacity + slot);
    double damping = state.get(DeviceLayout.DAMPING * capacity + slot);
    double relativeStep = state.get(DeviceLayout.RELATIVE_STEP * capacity + slot);
    double reduction = before - cost;
    int end = StepRules.GOING_ON;
    if (evaluations == 0) {
      end = StepRules.afterStart(cost, cosine, effect, data.get(DeviceLayout.GRADIENT_TOLERANCE));
    } else if (accepted) {
      int iterations = words.get(DeviceLayout.ITERATIONS * capacity + slot);
      words.set(DeviceLayout.ITERATIONS * capacity + slot, iterations + 1);
      state.set(
          DeviceLayout.DAMPING * capacity + slot,
          Damping.afterAccepted(
              damping, reduction / predicted, state.get(DeviceLayout.INCREASE * capacity + slot)));
      state.set(DeviceLayout.INCREASE * capacity + slot, Damping.FIRST_INCREASE);
      end =
          StepRules.afterAccepted(
              before,
              reduction,
              predicted,
              relativeStep,
              cosine,
              effect,
              data.get(DeviceLayout.COST_TOLERANCE),
              data.get(DeviceLayout.STEP_TOLERANCE),
              data.get(DeviceLayout.GRADIENT_TOLERANCE));
    } else {
      double raised = raised(capacity, slot, state);
      state.set(DeviceLayout.DAMPING * capacity + slot, raised);
      end =
          StepRules.afterRejected(
              before,
              reduction,
              predicted,
              relativeStep,
              raised,
              cosine,
              effect,
              data.get(DeviceLayout.STEP_TOLERANCE));
    }
    if (end == StepRules.GOING_ON && evaluations + 1 >= index.get(DeviceLayout.MAX_EVALUATIONS)) {
      end = StepRules.EVALUATION_LIMIT;
    }
    words.set(DeviceLayout.STATUS * capacity + slot, end);
  }

  /** Raises the damping of a problem whose step could not be solved, and sets its status. */
  public static void repair(
      int capacity, int slot, int evaluations, IntArray index, IntArray words, DoubleArray state) {
    double damping = StepRules.repaired(raised(capacity, slot, state));
    state.set(DeviceLayout.DAMPING * capacity + slot, damping);
    int end = StepRules.afterRepair(damping);
    if (end == StepRules.GOING_ON && evaluations >= index.get(DeviceLayout.MAX_EVALUATIONS)) {
      end = StepRules.EVALUATION_LIMIT;
    }
    words.set(DeviceLayout.STATUS * capacity + slot, end);
  }

  private static double raised(int capacity, int slot, DoubleArray state) {
    double increase = state.get(DeviceLayout.INCREASE * capacity + slot);
    state.set(DeviceLayout.INCREASE * capacity + slot, Damping.nextIncrease(increase));
    return Damping.afterRejected(state.get(DeviceLayout.DAMPING * capacity + slot), increase);
  }
}
