package org.farfit.analysis;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;

/**
 * The minimum of a smooth function of a few variables beside a point, by Newton's method with
 * derivatives from differences ({@link LogSlope}). Eigenvalues of the Hessian are taken by their
 * size, so that every step goes downhill (Nocedal and Wright 2006, section 3.4).
 */
final class SmoothMinimum {

  private static final int MOST_STEPS = 100;

  private static final double LONGEST_STEP = 1;

  /** Of the variables: what slopes by differences can tell. */
  private static final double ACCURACY = 1e-11;

  /** Steps this short are made without a look at the function, which cannot tell them apart. */
  private static final double UNTOLD = 1e-5;

  private static final double CURVATURE_STEP = 1e-2;

  /** So far aside of a minimum the function is not lower, but for its own rounding. */
  private static final double[] ASIDE = {1e-4, 1e-6};

  private static final double ROUNDING = 1e-12;

  /** Slopes by differences are noise below this, and so are curvatures below the next. */
  private static final double NOISE = 1e-12;

  private static final double FLAT = 1e-10;

  private final ToDoubleFunction<double[]> f;
  private final double[] low;
  private final double[] high;

  /**
   * A search in a box.
   *
   * @param f may be NaN
   */
  SmoothMinimum(ToDoubleFunction<double[]> f, double[] low, double[] high) {
    this.f = f;
    this.low = low;
    this.high = high;
  }

  /**
   * Where a search ended.
   *
   * @param at the point
   * @param value the function there
   * @param left the variable whose range it left, -1 if it found a minimum inside
   */
  record End(double[] at, double value, int left) {}

  /** Goes downhill from a point; empty where it is flat, not smooth, or not a number. */
  Optional<End> from(double[] start) {
    double[] at = start.clone();
    double value = f.applyAsDouble(at);
    for (int i = 0; i < MOST_STEPS && !Double.isNaN(value); i++) {
      double[] step = new double[at.length];
      double curvature;
      try {
        curvature = newton(at, step);
      } catch (MathRuntimeException e) {
        return Optional.empty();
      }
      double length = length(step);
      if (!(length < Double.POSITIVE_INFINITY)) {
        return Optional.empty();
      }
      if (length <= UNTOLD) {
        at = moved(at, step, 1);
        if (length <= ACCURACY * (1 + length(at))) {
          return curvature > FLAT && isLeast(at)
              ? Optional.of(new End(at, f.applyAsDouble(at), -1))
              : Optional.empty();
        }
        value = f.applyAsDouble(at);
      } else {
        double share = Math.min(1, LONGEST_STEP / length);
        double[] next = moved(at, step, share);
        double there = f.applyAsDouble(next);
        while (!(there < value) && share * length > UNTOLD) {
          share /= 4;
          next = moved(at, step, share);
          there = f.applyAsDouble(next);
        }
        at = next;
        value = there;
      }
      for (int j = 0; j < at.length; j++) {
        if (at[j] < low[j] || at[j] > high[j]) {
          return Optional.of(new End(at, value, j));
        }
      }
    }
    return Optional.empty();
  }

  /** Whether no point beside is lower: slopes across a kink may vanish in the mean beside it. */
  private boolean isLeast(double[] at) {
    double value = f.applyAsDouble(at);
    double told = value - ROUNDING * (1 + Math.abs(value));
    for (double aside : ASIDE) {
      for (int j = 0; j < at.length; j++) {
        if (f.applyAsDouble(with(at, j, at[j] - aside)) < told
            || f.applyAsDouble(with(at, j, at[j] + aside)) < told) {
          return false;
        }
      }
    }
    return true;
  }

  /** Newton's step downhill, and the least curvature. */
  private double newton(double[] at, double[] step) {
    int m = at.length;
    double[] gradient = new double[m];
    for (int j = 0; j < m; j++) {
      int k = j;
      gradient[j] = LogSlope.of(x -> f.applyAsDouble(with(at, k, x)), at[j]);
    }
    EigenDecompositionSymmetric modes =
        new EigenDecompositionSymmetric(MatrixUtils.createRealMatrix(hessian(at)));
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < m; k++) {
      least = Math.min(least, modes.getEigenvalue(k));
      double[] mode = modes.getEigenvector(k).toArray();
      double along = new ArrayRealVector(mode).dotProduct(new ArrayRealVector(gradient));
      double curvature = Math.max(Math.abs(modes.getEigenvalue(k)), NOISE);
      for (int j = 0; j < m; j++) {
        step[j] -= along / curvature * mode[j];
      }
    }
    return least;
  }

  private double[][] hessian(double[] at) {
    int m = at.length;
    double[][] hessian = new double[m][m];
    double centre = f.applyAsDouble(at);
    for (int j = 0; j < m; j++) {
      for (int k = 0; k <= j; k++) {
        double[] sum = at.clone();
        double[] difference = at.clone();
        sum[j] += CURVATURE_STEP;
        sum[k] += CURVATURE_STEP;
        difference[j] += CURVATURE_STEP;
        difference[k] -= CURVATURE_STEP;
        double second;
        if (j == k) {
          double above = f.applyAsDouble(with(at, j, at[j] + CURVATURE_STEP));
          double below = f.applyAsDouble(with(at, j, at[j] - CURVATURE_STEP));
          second = above - 2 * centre + below;
        } else {
          second =
              (f.applyAsDouble(sum)
                      - f.applyAsDouble(difference)
                      - f.applyAsDouble(mirrored(at, difference))
                      + f.applyAsDouble(mirrored(at, sum)))
                  / 4;
        }
        hessian[j][k] = second / (CURVATURE_STEP * CURVATURE_STEP);
        hessian[k][j] = hessian[j][k];
      }
    }
    return hessian;
  }

  private static double[] mirrored(double[] centre, double[] point) {
    double[] mirrored = new double[centre.length];
    Arrays.setAll(mirrored, j -> 2 * centre[j] - point[j]);
    return mirrored;
  }

  private static double[] with(double[] at, int j, double value) {
    double[] changed = at.clone();
    changed[j] = value;
    return changed;
  }

  private static double[] moved(double[] at, double[] step, double share) {
    double[] moved = new double[at.length];
    Arrays.setAll(moved, j -> at[j] + share * step[j]);
    return moved;
  }

  private static double length(double[] step) {
    return new ArrayRealVector(step).getNorm();
  }
}
