package org.farfit.kernels;

import org.farfit.kernels.made.DeviceLayout;
import org.farfit.kernels.made.Iteration;
import org.farfit.law.Law;
import org.farfit.solver.Damping;
import org.farfit.solver.StepRules;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Kernels that iterate: one problem per thread, several steps of Levenberg-Marquardt per launch,
 * one kernel per law. A step factors J'WJ + damping diag(scale), evaluates the trial point, and
 * decides by {@link StepRules} and {@link Damping}, as the host does. A problem that has ended is
 * left alone.
 *
 * <p>Layout as in {@link DeviceLayout}, launch shape and evaluation as in {@link SurfaceKernels}.
 * Beside the evaluation a step reads 8 (3 p + p (p + 1) / 2 + 7) bytes of its problem, writes as
 * many if it is accepted, and takes about p^3 / 3 + 2 p^2 multiply-adds and p square roots.
 */
final class StepKernels {

  private StepKernels() {}

  /** The kernel of a law. */
  static Iteration of(Law law) {
    return switch (law.name()) {
      case "kaplan" -> StepKernels::kaplan;
      case "chinchilla" -> StepKernels::chinchilla;
      case "skaling" -> StepKernels::skaling;
      case "farseer" -> StepKernels::farseer;
      default -> throw new UnsupportedOperationException("no kernel for the law " + law.name());
    };
  }

  static void kaplan(
      KernelContext context,
      IntArray control,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      IntArray words,
      IntArray lanes,
      DoubleArray parameters,
      DoubleArray gradient,
      DoubleArray matrix,
      DoubleArray scale,
      DoubleArray state) {
    int lane = context.globalIdx;
    if (lane < control.get(DeviceLayout.ACTIVE)) {
      double[] point = new double[4];
      double[] terms = new double[3];
      double[] termGradients = new double[12];
      double[] local = new double[3];
      double[] sums = new double[10];
      double[] g = new double[4];
      double[] h = new double[10];
      int capacity = index.get(DeviceLayout.CAPACITY);
      int slot = lanes.get(control.get(DeviceLayout.FIRST_LANE) + lane);
      int row = words.get(DeviceLayout.ROW * capacity + slot);
      int steps = control.get(DeviceLayout.STEPS);
      for (int step = 0; step < steps; step++) {
        if (goesOn(capacity, slot, words)) {
          double definite =
              propose(
                  4, slot, index, words, parameters, gradient, matrix, scale, state, h, g, point);
          double cost =
              SurfaceKernels.kaplan(
                  point, row, index, data, codes, terms, termGradients, local, sums, g, h);
          judge(
              4,
              slot,
              definite,
              cost,
              point,
              g,
              h,
              index,
              data,
              words,
              parameters,
              gradient,
              matrix,
              scale,
              state);
        }
      }
    }
  }

  static void chinchilla(
      KernelContext context,
      IntArray control,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      IntArray words,
      IntArray lanes,
      DoubleArray parameters,
      DoubleArray gradient,
      DoubleArray matrix,
      DoubleArray scale,
      DoubleArray state) {
    int lane = context.globalIdx;
    if (lane < control.get(DeviceLayout.ACTIVE)) {
      double[] point = new double[5];
      double[] terms = new double[3];
      double[] termGradients = new double[15];
      double[] local = new double[3];
      double[] w = new double[SurfaceKernels.BLOCK];
      double[] t = new double[SurfaceKernels.BLOCK];
      double[] log = new double[SurfaceKernels.BLOCK];
      double[] sums = new double[10];
      double[] g = new double[5];
      double[] h = new double[15];
      int capacity = index.get(DeviceLayout.CAPACITY);
      int slot = lanes.get(control.get(DeviceLayout.FIRST_LANE) + lane);
      int row = words.get(DeviceLayout.ROW * capacity + slot);
      int steps = control.get(DeviceLayout.STEPS);
      for (int step = 0; step < steps; step++) {
        if (goesOn(capacity, slot, words)) {
          double definite =
              propose(
                  5, slot, index, words, parameters, gradient, matrix, scale, state, h, g, point);
          double cost =
              SurfaceKernels.chinchilla(
                  point,
                  row,
                  index,
                  data,
                  codes,
                  terms,
                  termGradients,
                  local,
                  w,
                  t,
                  log,
                  sums,
                  g,
                  h);
          judge(
              5,
              slot,
              definite,
              cost,
              point,
              g,
              h,
              index,
              data,
              words,
              parameters,
              gradient,
              matrix,
              scale,
              state);
        }
      }
    }
  }

  static void skaling(
      KernelContext context,
      IntArray control,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      IntArray words,
      IntArray lanes,
      DoubleArray parameters,
      DoubleArray gradient,
      DoubleArray matrix,
      DoubleArray scale,
      DoubleArray state) {
    int lane = context.globalIdx;
    if (lane < control.get(DeviceLayout.ACTIVE)) {
      double[] point = new double[6];
      double[] terms = new double[5];
      double[] termGradients = new double[30];
      double[] local = new double[5];
      double[] sums = new double[21];
      double[] g = new double[6];
      double[] h = new double[21];
      int capacity = index.get(DeviceLayout.CAPACITY);
      int slot = lanes.get(control.get(DeviceLayout.FIRST_LANE) + lane);
      int row = words.get(DeviceLayout.ROW * capacity + slot);
      int steps = control.get(DeviceLayout.STEPS);
      for (int step = 0; step < steps; step++) {
        if (goesOn(capacity, slot, words)) {
          double definite =
              propose(
                  6, slot, index, words, parameters, gradient, matrix, scale, state, h, g, point);
          double cost =
              SurfaceKernels.skaling(
                  point, row, index, data, codes, terms, termGradients, local, sums, g, h);
          judge(
              6,
              slot,
              definite,
              cost,
              point,
              g,
              h,
              index,
              data,
              words,
              parameters,
              gradient,
              matrix,
              scale,
              state);
        }
      }
    }
  }

  static void farseer(
      KernelContext context,
      IntArray control,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      IntArray words,
      IntArray lanes,
      DoubleArray parameters,
      DoubleArray gradient,
      DoubleArray matrix,
      DoubleArray scale,
      DoubleArray state) {
    int lane = context.globalIdx;
    if (lane < control.get(DeviceLayout.ACTIVE)) {
      double[] point = new double[9];
      double[] terms = new double[3];
      double[] termGradients = new double[27];
      double[] local = new double[3];
      double[] w = new double[SurfaceKernels.BLOCK];
      double[] t = new double[SurfaceKernels.BLOCK];
      double[] log = new double[SurfaceKernels.BLOCK];
      double[] sums = new double[10];
      double[] g = new double[9];
      double[] h = new double[45];
      int capacity = index.get(DeviceLayout.CAPACITY);
      int slot = lanes.get(control.get(DeviceLayout.FIRST_LANE) + lane);
      int row = words.get(DeviceLayout.ROW * capacity + slot);
      int steps = control.get(DeviceLayout.STEPS);
      for (int step = 0; step < steps; step++) {
        if (goesOn(capacity, slot, words)) {
          double definite =
              propose(
                  9, slot, index, words, parameters, gradient, matrix, scale, state, h, g, point);
          double cost =
              SurfaceKernels.farseer(
                  point,
                  row,
                  index,
                  data,
                  codes,
                  terms,
                  termGradients,
                  local,
                  w,
                  t,
                  log,
                  sums,
                  g,
                  h);
          judge(
              9,
              slot,
              definite,
              cost,
              point,
              g,
              h,
              index,
              data,
              words,
              parameters,
              gradient,
              matrix,
              scale,
              state);
        }
      }
    }
  }

  private static boolean goesOn(int capacity, int slot, IntArray words) {
    return words.get(DeviceLayout.STATUS * capacity + slot) == StepRules.GOING_ON;
  }

  /**
   * Puts the trial point into {@code point}: the start of a problem that begins, a damped step away
   * from the current point of any other, or that point itself where no step can be solved.
   *
   * @param l room for the factor, p (p + 1) / 2 values
   * @param step room for the step, p values
   * @return 1, or 0 where no step can be solved
   */
  private static double propose(
      int p,
      int slot,
      IntArray index,
      IntArray words,
      DoubleArray parameters,
      DoubleArray gradient,
      DoubleArray matrix,
      DoubleArray scale,
      DoubleArray state,
      double[] l,
      double[] step,
      double[] point) {
    int capacity = index.get(DeviceLayout.CAPACITY);
    double definite = 1.0;
    for (int j = 0; j < p; j++) {
      point[j] = parameters.get(j * capacity + slot);
    }
    if (words.get(DeviceLayout.EVALUATIONS * capacity + slot) > 0) {
      double lambda = state.get(DeviceLayout.DAMPING * capacity + slot);
      double floor = floor(p, capacity, slot, index.get(DeviceLayout.HELD_MASK), scale);
      for (int e = 0; e < p * (p + 1) / 2; e++) {
        l[e] = matrix.get(e * capacity + slot);
      }
      for (int j = 0; j < p; j++) {
        int diagonal = j * (j + 3) / 2;
        l[diagonal] =
            l[diagonal] + lambda * StepRules.damped(scale.get(j * capacity + slot), floor);
        step[j] = -gradient.get(j * capacity + slot);
      }
      definite = factor(p, l);
      if (definite > 0.0) {
        solve(p, l, step);
        measure(p, capacity, slot, lambda, floor, gradient, scale, state, step, point);
      }
    }
    return definite;
  }

  /** Moves the point, and notes the predicted reduction and the relative length of the step. */
  private static void measure(
      int p,
      int capacity,
      int slot,
      double lambda,
      double floor,
      DoubleArray gradient,
      DoubleArray scale,
      DoubleArray state,
      double[] step,
      double[] point) {
    double reduction = 0.0;
    double stepSquared = 0.0;
    double pointSquared = 0.0;
    for (int j = 0; j < p; j++) {
      double s = StepRules.damped(scale.get(j * capacity + slot), floor);
      double move = step[j];
      double from = point[j];
      reduction += StepRules.predicted(move, lambda, s, gradient.get(j * capacity + slot));
      stepSquared += s * move * move;
      pointSquared += s * from * from;
      point[j] = from + move;
    }
    state.set(DeviceLayout.PREDICTED * capacity + slot, reduction);
    state.set(
        DeviceLayout.RELATIVE_STEP * capacity + slot,
        Math.sqrt(stepSquared) / Math.sqrt(pointSquared));
  }

  /** The least scale: a share of what is typical of those that are not held. */
  private static double floor(int p, int capacity, int slot, int heldMask, DoubleArray scale) {
    double largest = 0.0;
    double second = 0.0;
    for (int j = 0; j < p; j++) {
      double s = scale.get(j * capacity + slot);
      if (((heldMask >> j) & 1) == 0) {
        double lesser = s > largest ? largest : s;
        second = lesser > second ? lesser : second;
        largest = s > largest ? s : largest;
      }
    }
    return StepRules.SCALE_FLOOR * StepRules.typicalScale(largest, second);
  }

  /** Packed Cholesky in place; returns 1 if every pivot is positive, else 0. */
  private static double factor(int p, double[] l) {
    double definite = 1.0;
    for (int i = 0; i < p; i++) {
      int rowI = i * (i + 1) / 2;
      for (int j = 0; j <= i; j++) {
        int rowJ = j * (j + 1) / 2;
        double sum = l[rowI + j];
        for (int k = 0; k < j; k++) {
          sum -= l[rowI + k] * l[rowJ + k];
        }
        if (j < i) {
          l[rowI + j] = sum * l[rowJ + j];
        } else {
          if (!(sum > 0.0)) {
            definite = 0.0;
          }
          // The reciprocal: one division per row serves the factor and both triangular solves.
          l[rowI + i] = 1.0 / Math.sqrt(sum);
        }
      }
    }
    return definite;
  }

  private static void solve(int p, double[] l, double[] x) {
    for (int i = 0; i < p; i++) {
      int row = i * (i + 1) / 2;
      double sum = x[i];
      for (int k = 0; k < i; k++) {
        sum -= l[row + k] * x[k];
      }
      x[i] = sum * l[row + i];
    }
    for (int back = 0; back < p; back++) {
      int i = p - 1 - back;
      double sum = x[i];
      for (int k = i + 1; k < p; k++) {
        sum -= l[k * (k + 1) / 2 + i] * x[k];
      }
      x[i] = sum * l[i * (i + 3) / 2];
    }
  }

  /** Takes the trial point or leaves it, and decides how to go on. */
  private static void judge(
      int p,
      int slot,
      double definite,
      double cost,
      double[] point,
      double[] g,
      double[] h,
      IntArray index,
      DoubleArray data,
      IntArray words,
      DoubleArray parameters,
      DoubleArray gradient,
      DoubleArray matrix,
      DoubleArray scale,
      DoubleArray state) {
    int capacity = index.get(DeviceLayout.CAPACITY);
    int evaluations = words.get(DeviceLayout.EVALUATIONS * capacity + slot);
    int end = StepRules.GOING_ON;
    if (definite > 0.0) {
      evaluations = evaluations + 1;
      words.set(DeviceLayout.EVALUATIONS * capacity + slot, evaluations);
      double before = state.get(DeviceLayout.COST * capacity + slot);
      double predicted = state.get(DeviceLayout.PREDICTED * capacity + slot);
      double reduction = before - cost;
      boolean begins = evaluations == 1;
      boolean accepted =
          begins ? StepRules.isEvaluated(cost) : StepRules.isAccepted(reduction, predicted);
      if (accepted) {
        adopt(p, capacity, slot, cost, point, g, h, parameters, gradient, matrix, scale, state);
      }
      if (begins) {
        end =
            StepRules.afterStart(
                cost,
                state.get(DeviceLayout.COSINE * capacity + slot),
                state.get(DeviceLayout.EFFECT * capacity + slot),
                data.get(DeviceLayout.GRADIENT_TOLERANCE));
      } else if (accepted) {
        end = afterAccepted(capacity, slot, before, reduction, predicted, data, words, state);
      } else {
        end = afterRejected(capacity, slot, before, reduction, predicted, data, state);
      }
    } else {
      double damping = StepRules.repaired(raisedDamping(capacity, slot, state));
      state.set(DeviceLayout.DAMPING * capacity + slot, damping);
      end = StepRules.afterRepair(damping);
    }
    if (end == StepRules.GOING_ON && evaluations >= index.get(DeviceLayout.MAX_EVALUATIONS)) {
      end = StepRules.EVALUATION_LIMIT;
    }
    words.set(DeviceLayout.STATUS * capacity + slot, end);
  }

  /** Makes the trial point the current one; scales are running maxima from here on. */
  private static void adopt(
      int p,
      int capacity,
      int slot,
      double cost,
      double[] point,
      double[] g,
      double[] h,
      DoubleArray parameters,
      DoubleArray gradient,
      DoubleArray matrix,
      DoubleArray scale,
      DoubleArray state) {
    double cosine = 0.0;
    double effect = 1.0;
    for (int j = 0; j < p; j++) {
      double diagonal = h[j * (j + 3) / 2];
      double slope = Math.abs(g[j]);
      if (slope > 0.0) {
        double candidate = StepRules.cosine(slope, diagonal, cost);
        cosine = candidate > cosine ? candidate : cosine;
      }
      double known = scale.get(j * capacity + slot);
      double share = StepRules.effect(known, diagonal);
      effect = share < effect ? share : effect;
      scale.set(j * capacity + slot, diagonal > known ? diagonal : known);
      parameters.set(j * capacity + slot, point[j]);
      gradient.set(j * capacity + slot, g[j]);
    }
    for (int e = 0; e < p * (p + 1) / 2; e++) {
      matrix.set(e * capacity + slot, h[e]);
    }
    state.set(DeviceLayout.COST * capacity + slot, cost);
    state.set(DeviceLayout.COSINE * capacity + slot, cosine);
    state.set(DeviceLayout.EFFECT * capacity + slot, effect);
  }

  private static int afterAccepted(
      int capacity,
      int slot,
      double before,
      double reduction,
      double predicted,
      DoubleArray data,
      IntArray words,
      DoubleArray state) {
    int iterations = words.get(DeviceLayout.ITERATIONS * capacity + slot);
    words.set(DeviceLayout.ITERATIONS * capacity + slot, iterations + 1);
    double damping = state.get(DeviceLayout.DAMPING * capacity + slot);
    state.set(
        DeviceLayout.DAMPING * capacity + slot,
        Damping.afterAccepted(
            damping, reduction / predicted, state.get(DeviceLayout.INCREASE * capacity + slot)));
    state.set(DeviceLayout.INCREASE * capacity + slot, Damping.FIRST_INCREASE);
    return StepRules.afterAccepted(
        before,
        reduction,
        predicted,
        state.get(DeviceLayout.RELATIVE_STEP * capacity + slot),
        state.get(DeviceLayout.COSINE * capacity + slot),
        state.get(DeviceLayout.EFFECT * capacity + slot),
        data.get(DeviceLayout.COST_TOLERANCE),
        data.get(DeviceLayout.STEP_TOLERANCE),
        data.get(DeviceLayout.GRADIENT_TOLERANCE));
  }

  private static int afterRejected(
      int capacity,
      int slot,
      double before,
      double reduction,
      double predicted,
      DoubleArray data,
      DoubleArray state) {
    double damping = raisedDamping(capacity, slot, state);
    state.set(DeviceLayout.DAMPING * capacity + slot, damping);
    return StepRules.afterRejected(
        before,
        reduction,
        predicted,
        state.get(DeviceLayout.RELATIVE_STEP * capacity + slot),
        damping,
        state.get(DeviceLayout.COSINE * capacity + slot),
        state.get(DeviceLayout.EFFECT * capacity + slot),
        data.get(DeviceLayout.STEP_TOLERANCE));
  }

  private static double raisedDamping(int capacity, int slot, DoubleArray state) {
    double increase = state.get(DeviceLayout.INCREASE * capacity + slot);
    state.set(DeviceLayout.INCREASE * capacity + slot, Damping.nextIncrease(increase));
    return Damping.afterRejected(state.get(DeviceLayout.DAMPING * capacity + slot), increase);
  }
}
