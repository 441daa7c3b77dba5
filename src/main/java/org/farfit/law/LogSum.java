package org.farfit.law;

/**
 * ln(e^u + e^w) without overflow: the one operation from which every law's surface is put together.
 *
 * <p>With t = e^(-|u - w|) the sum is max(u, w) + ln(1 + t), and the share of the larger term,
 * which is the derivative of the sum by it, is 1 / (1 + t). One exponential and one logarithm serve
 * value and derivatives.
 */
public final class LogSum {

  private LogSum() {}

  /** e^(-|u - w|), which {@link #value} and {@link #share} are computed from. */
  public static double ratio(double u, double w) {
    return Math.exp(-Math.abs(u - w));
  }

  /** ln(e^u + e^w), given t = {@code ratio(u, w)}. */
  public static double value(double u, double w, double t) {
    return Math.max(u, w) + Math.log(1.0 + t);
  }

  /** e^u / (e^u + e^w), the derivative of the sum by u, given t = {@code ratio(u, w)}. */
  public static double share(double u, double w, double t) {
    return (u >= w ? 1.0 : t) / (1.0 + t);
  }

  /** e^w / (e^u + e^w), without the cancellation of 1 - share. */
  public static double otherShare(double u, double w, double t) {
    return (u >= w ? t : 1.0) / (1.0 + t);
  }
}
