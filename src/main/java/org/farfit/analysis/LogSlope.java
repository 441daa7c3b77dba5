package org.farfit.analysis;

import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/**
 * Central differences of sixth order of smooth functions of a logarithm. With the step below their
 * error on loss surfaces is near 1e-13: truncation is of order step^6, rounding of order 1e-16 /
 * step.
 */
final class LogSlope {

  private static final double STEP = 1e-2;
  private static final double[] WEIGHTS = {3.0 / 4, -3.0 / 20, 1.0 / 60};

  private LogSlope() {}

  static double of(DoubleUnaryOperator f, double at) {
    return of(x -> new double[] {f.applyAsDouble(x)}, 1, at)[0];
  }

  /** Of several functions at once. */
  static double[] of(DoubleFunction<double[]> f, int count, double at) {
    double[] slope = new double[count];
    for (int i = 0; i < WEIGHTS.length; i++) {
      double step = (i + 1) * STEP;
      double[] above = f.apply(at + step);
      double[] below = f.apply(at - step);
      for (int j = 0; j < count; j++) {
        slope[j] += WEIGHTS[i] * (above[j] - below[j]);
      }
    }
    for (int j = 0; j < count; j++) {
      slope[j] /= STEP;
    }
    return slope;
  }
}
