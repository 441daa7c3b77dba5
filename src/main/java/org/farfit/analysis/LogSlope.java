package org.farfit.analysis;

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
    double sum = 0;
    for (int i = 0; i < WEIGHTS.length; i++) {
      double step = (i + 1) * STEP;
      sum += WEIGHTS[i] * (f.applyAsDouble(at + step) - f.applyAsDouble(at - step));
    }
    return sum / STEP;
  }
}
