package org.farfit.kernels;

import org.farfit.engine.ProblemBlock;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The kernel that proposes steps: one problem per thread, any law. From the current side it factors
 * J'WJ + damping diag(scale), solves for the step and puts the trial point on the other side.
 *
 * <p>Layout as in {@link DeviceLayout}, launch shape as in {@link SurfaceKernels}. Per problem it
 * reads 8 (2 p + p (p + 1) / 2) bytes, writes 8 (2 p + 2), and takes about p^3 / 3 + 2 p^2
 * multiply-adds and p square roots.
 */
final class StepKernel {

  private static final int MAX_PARAMETERS = 9;

  private StepKernel() {}

  /**
   * Proposes the next trial point of each lane.
   *
   * @param damping per lane
   * @param scale per slot; running maxima of the diagonal of J'WJ, raised here
   */
  static void propose(
      KernelContext context,
      IntArray index,
      IntArray lanes,
      DoubleArray damping,
      DoubleArray parameters,
      DoubleArray gradient,
      DoubleArray matrix,
      DoubleArray scale,
      DoubleArray report) {
    int lane = context.globalIdx;
    if (lane < index.get(DeviceLayout.COUNT)) {
      int capacity = index.get(DeviceLayout.CAPACITY);
      int p = index.get(DeviceLayout.PARAMETERS);
      int slot = lanes.get(lane);
      int flags = lanes.get(capacity + lane);
      if ((flags & DeviceLayout.START_FLAG) != 0) {
        for (int j = 0; j < p; j++) {
          scale.set(j * capacity + slot, 0.0);
        }
      } else {
        double[] l = new double[MAX_PARAMETERS * (MAX_PARAMETERS + 1) / 2];
        double[] step = new double[MAX_PARAMETERS];
        int side = flags & DeviceLayout.SIDE_FLAG;
        double lambda = damping.get(lane);
        int heldMask = index.get(DeviceLayout.HELD_MASK);
        load(p, capacity, slot, side, heldMask, lambda, gradient, matrix, scale, l, step);
        double definite = factor(p, l);
        if (definite > 0.0) {
          solve(p, l, step);
        }
        place(
            p,
            capacity,
            slot,
            side,
            heldMask,
            lane,
            lambda,
            definite,
            parameters,
            gradient,
            scale,
            step,
            report);
      }
    }
  }

  /** Raises the scale, and loads the damped matrix and the negative gradient. */
  private static void load(
      int p,
      int capacity,
      int slot,
      int side,
      int heldMask,
      double lambda,
      DoubleArray gradient,
      DoubleArray matrix,
      DoubleArray scale,
      double[] l,
      double[] step) {
    int size = p * (p + 1) / 2;
    for (int e = 0; e < size; e++) {
      l[e] = matrix.get((side * size + e) * capacity + slot);
    }
    for (int j = 0; j < p; j++) {
      double diagonal = l[j * (j + 3) / 2];
      double known = scale.get(j * capacity + slot);
      scale.set(j * capacity + slot, diagonal > known ? diagonal : known);
    }
    double floor = floor(p, capacity, slot, heldMask, scale);
    for (int j = 0; j < p; j++) {
      int diagonal = j * (j + 3) / 2;
      l[diagonal] = l[diagonal] + lambda * damped(scale.get(j * capacity + slot), floor);
      step[j] = -gradient.get((side * p + j) * capacity + slot);
    }
  }

  /** The least scale: a share of the largest of those that are not held. */
  private static double floor(int p, int capacity, int slot, int heldMask, DoubleArray scale) {
    double largest = 0.0;
    for (int j = 0; j < p; j++) {
      double s = scale.get(j * capacity + slot);
      if (((heldMask >> j) & 1) == 0 && s > largest) {
        largest = s;
      }
    }
    return ProblemBlock.SCALE_FLOOR * largest;
  }

  private static double damped(double scale, double floor) {
    double bounded = scale > floor ? scale : floor;
    return bounded > 0.0 ? bounded : 1.0;
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
          l[rowI + j] = sum / l[rowJ + j];
        } else {
          if (!(sum > 0.0)) {
            definite = 0.0;
          }
          l[rowI + i] = Math.sqrt(sum);
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
      x[i] = sum / l[row + i];
    }
    for (int back = 0; back < p; back++) {
      int i = p - 1 - back;
      double sum = x[i];
      for (int k = i + 1; k < p; k++) {
        sum -= l[k * (k + 1) / 2 + i] * x[k];
      }
      x[i] = sum / l[i * (i + 3) / 2];
    }
  }

  /** Puts the trial point in place, at the current one if no step could be solved. */
  private static void place(
      int p,
      int capacity,
      int slot,
      int side,
      int heldMask,
      int lane,
      double lambda,
      double definite,
      DoubleArray parameters,
      DoubleArray gradient,
      DoubleArray scale,
      double[] step,
      DoubleArray report) {
    double reduction = 0.0;
    double stepSquared = 0.0;
    double pointSquared = 0.0;
    double floor = floor(p, capacity, slot, heldMask, scale);
    for (int j = 0; j < p; j++) {
      double s = damped(scale.get(j * capacity + slot), floor);
      double from = parameters.get((side * p + j) * capacity + slot);
      double move = definite > 0.0 ? step[j] : 0.0;
      double slope = gradient.get((side * p + j) * capacity + slot);
      reduction += 0.5 * move * (lambda * s * move - slope);
      stepSquared += s * move * move;
      pointSquared += s * from * from;
      parameters.set(((1 - side) * p + j) * capacity + slot, from + move);
    }
    // Without a step this is 0 / 0, the NaN that says so.
    report.set(DeviceLayout.REPORT_PREDICTED * capacity + lane, reduction / definite);
    report.set(
        DeviceLayout.REPORT_RELATIVE_STEP * capacity + lane,
        Math.sqrt(stepSquared) / Math.sqrt(pointSquared));
  }
}
