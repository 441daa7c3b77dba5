package org.farfit.law;

/**
 * ln(e^u + e^w) without overflow: the one operation from which every law's surface is put together.
 *
 * <p>With t = e^(-|u - w|) the sum is max(u, w) + ln(1 + t), and the share of the larger term,
 * which is the derivative of the sum by it, is 1 / (1 + t). One exponential and one logarithm serve
 * value and derivatives.
 */
public final class LogSum {

  private static final double SQRT_2 = 1.4142135623730951;
  private static final double LN_2 = 0.6931471805599453;

  private LogSum() {}

  /** e^(-|u - w|), which {@link #value} and {@link #share} are computed from. */
  public static double ratio(double u, double w) {
    return Math.exp(-Math.abs(u - w));
  }

  /** ln(e^u + e^w), given t = {@code ratio(u, w)}. */
  public static double value(double u, double w, double t) {
    return larger(u, w) + logOnePlus(t);
  }

  /**
   * The larger of two terms. Where one is NaN so is the ratio, and with it the sum, so this need
   * not care; devices take long to treat NaN as {@code Math.max} must.
   */
  static double larger(double u, double w) {
    return u >= w ? u : w;
  }

  /**
   * ln(1 + t) for t in [0, 1], with a relative error below 5e-16.
   *
   * <p>The argument is at most 2, so the general logarithm's handling of exponents is not needed;
   * on some devices it costs several times this. With f = t, or f = (1 + t) / 2 - 1 where 1 + t is
   * above sqrt 2, and s = f / (2 + f), ln(1 + f) = 2 atanh(s) = f - s (f - R(s^2)), R by the
   * minimax polynomial of FDLIBM's {@code e_log.c} (Sun Microsystems 1993; error below 2^-58).
   */
  public static double logOnePlus(double t) {
    boolean halve = t > SQRT_2 - 1.0;
    double f = halve ? 0.5 * t - 0.5 : t;
    double s = f / (2.0 + f);
    double z = s * s;
    double r = 0.14798198605116586;
    r = r * z + 0.15313837699209373;
    r = r * z + 0.1818357216161805;
    r = r * z + 0.22222198432149784;
    r = r * z + 0.2857142874366239;
    r = r * z + 0.3999999999940942;
    r = r * z + 0.6666666666666735;
    double log = f - s * (f - r * z);
    return halve ? LN_2 + log : log;
  }

  /** e^u / (e^u + e^w), the derivative of the sum by u, given t = {@code ratio(u, w)}. */
  public static double share(double u, double w, double t) {
    return (u >= w ? 1.0 : t) * (1.0 / (1.0 + t));
  }

  /** e^w / (e^u + e^w), without the cancellation of 1 - share. */
  public static double otherShare(double u, double w, double t) {
    return (u >= w ? t : 1.0) * (1.0 / (1.0 + t));
  }
}
