package org.farfit.fit.piecewise;

import java.util.Arrays;
import org.farfit.law.BoxCox;

/**
 * A stretched exponential of N as a line: y = value + slope phi(exponent, x), with x = ln N - ln N0
 * and y the logarithm of the function, which is a N^exponent + b (see {@link BoxCox}).
 *
 * @param value at N0
 * @param slope at N0, by ln N
 * @param exponent curvature
 */
record StretchedCurve(double value, double slope, double exponent) {

  /** The least-squares line for a given exponent. */
  static StretchedCurve regress(double exponent, double[] x, double[] y) {
    double[] u = new double[x.length];
    double meanU = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      u[i] = BoxCox.value(exponent, x[i]);
      meanU += u[i] / x.length;
      meanY += y[i] / x.length;
    }
    double products = 0;
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      products += (u[i] - meanU) * (y[i] - meanY);
      squares += (u[i] - meanU) * (u[i] - meanU);
    }
    double slope = products / squares;
    return new StretchedCurve(meanY - slope * meanU, slope, exponent);
  }

  /** y at x. */
  double at(double x) {
    return value + slope * BoxCox.value(exponent, x);
  }

  /** Share of the variance of y that the line explains. */
  double r2(double[] x, double[] y) {
    double mean = Arrays.stream(y).average().orElseThrow();
    double residual = 0;
    double spread = 0;
    for (int i = 0; i < x.length; i++) {
      residual += Math.pow(at(x[i]) - y[i], 2);
      spread += Math.pow(y[i] - mean, 2);
    }
    return 1 - residual / spread;
  }
}
