package org.farfit.kernels.made;

import org.farfit.solver.Damping;
import org.farfit.solver.RobustCurvature;
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

  /** The limit that a step leads to, or where it stays. */
  public static double limitAhead(double from, double step, double low, double high) {
    return step < 0.0 ? low : step > 0.0 ? high : from;
  }

  /** Sets the curvature of runs beyond the threshold of a robust loss. */
  public static void curve(
      int capacity,
      int slot,
      int evaluations,
      boolean accepted,
      double cost,
      double before,
      double predicted,
      DoubleArray state) {
    double curvature = state.get(DeviceLayout.CURVATURE * capacity + slot);
    if (evaluations > 0) {
      double gain = (before - cost) / predicted;
      double promise =
          RobustCurvature.promise(
              state.get(DeviceLayout.PROMISE * capacity + slot),
              gain,
              state.get(DeviceLayout.CURVATURE_HERE * capacity + slot));
      state.set(DeviceLayout.PROMISE * capacity + slot, promise);
      state.set(
          DeviceLayout.CURVATURE * capacity + slot,
          RobustCurvature.next(curvature, gain, predicted / before, promise));
    }
    if (accepted) {
      state.set(DeviceLayout.CURVATURE_HERE * capacity + slot, curvature);
    }
  }

  /**
   * Counts an evaluation, sets damping and status.
   *
   * @param evaluations before this one
   * @param accepted whether the trial point has become the current one
   * @param before the cost of the current point until then
   * @param atLimit not 0 if a parameter of the current point is at a limit that the cost would fall
   *     beyond
   */
  public static void judge(
      int capacity,
      int slot,
      int evaluations,
      boolean accepted,
      double cost,
      double before,
      double predicted,
      int atLimit,
      int maxEvaluations,
      double costTolerance,
      double stepTolerance,
      double gradientTolerance,
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
      end = StepRules.afterStart(cost, cosine, effect, gradientTolerance);
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
              costTolerance,
              stepTolerance,
              gradientTolerance);
    } else {
      double increase = state.get(DeviceLayout.INCREASE * capacity + slot);
      double raised =
          raised(capacity, slot, Damping.factor(increase, reduction / predicted), state);
      state.set(DeviceLayout.DAMPING * capacity + slot, raised);
      end =
          StepRules.afterRejected(
              before, reduction, predicted, relativeStep, raised, cosine, effect, stepTolerance);
    }
    end = atLimit != 0 ? StepRules.atLimit(end) : end;
    if (end == StepRules.GOING_ON && evaluations + 1 >= maxEvaluations) {
      end = StepRules.EVALUATION_LIMIT;
    }
    words.set(DeviceLayout.STATUS * capacity + slot, end);
  }

  /** Raises the damping of a problem whose step could not be solved, and sets its status. */
  public static void repair(
      int capacity,
      int slot,
      int evaluations,
      int maxEvaluations,
      IntArray words,
      DoubleArray state) {
    double increase = state.get(DeviceLayout.INCREASE * capacity + slot);
    double damping = StepRules.repaired(raised(capacity, slot, increase, state));
    state.set(DeviceLayout.DAMPING * capacity + slot, damping);
    int end = StepRules.afterRepair(damping);
    if (end == StepRules.GOING_ON && evaluations >= maxEvaluations) {
      end = StepRules.EVALUATION_LIMIT;
    }
    words.set(DeviceLayout.STATUS * capacity + slot, end);
  }

  private static double raised(int capacity, int slot, double factor, DoubleArray state) {
    double increase = state.get(DeviceLayout.INCREASE * capacity + slot);
    state.set(DeviceLayout.INCREASE * capacity + slot, Damping.nextIncrease(increase));
    return Damping.afterRejected(state.get(DeviceLayout.DAMPING * capacity + slot), factor);
  }
}
