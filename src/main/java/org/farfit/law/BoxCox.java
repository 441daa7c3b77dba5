package org.farfit.law;

/**
 * The Box-Cox curve phi(s, x) = (e^(s x) - 1) / s, with phi(0, x) = x, and its derivative by s.
 *
 * <p>It passes through the origin with slope 1 and second derivative s, and is smooth through s =
 * 0. With t = s x, phi = x E(t) and d phi / d s = x^2 E'(t), where E(t) = (e^t - 1) / t. A
 * stretched exponential exp(a N^s + b) is exp(c + m phi(s, ln N - ln N0)) in these terms (Box and
 * Cox 1964, eq. 1, applied to N / N0).
 *
 * <p>Only arithmetic and {@code Math.exp} are used, so that the same code compiles for a GPU.
 */
public final class BoxCox {

  /** Below this |t| the power series of E' is used; above it the closed form loses under 3 bits. */
  private static final double SERIES_LIMIT = 0.5;

  private BoxCox() {}

  /** phi(s, x). */
  public static double value(double s, double x) {
    return value(s, x, unitSlope(s * x));
  }

  /** phi(s, x), given {@code unitSlope(s * x)}: E = e^t - t E'. */
  public static double value(double s, double x, double unitSlope) {
    double t = s * x;
    return x * (Math.exp(t) - t * unitSlope);
  }

  /** d phi(s, x) / d s. */
  public static double slope(double s, double x) {
    return x * x * unitSlope(s * x);
  }

  /** E'(t), from which value and slope both follow. */
  public static double unitSlope(double t) {
    if (Math.abs(t) < SERIES_LIMIT) {
      return seriesSlope(t);
    }
    double exp = Math.exp(t);
    return (exp - (exp - 1.0) / t) / t;
  }

  /** E'(t) = sum of t^k / (k! (k + 2)), to double precision for |t| below the series limit. */
  private static double seriesSlope(double t) {
    double sum = 1.0 / (16.0 * 87178291200.0);
    sum = sum * t + 1.0 / (15.0 * 6227020800.0);
    sum = sum * t + 1.0 / (14.0 * 479001600.0);
    sum = sum * t + 1.0 / (13.0 * 39916800.0);
    sum = sum * t + 1.0 / (12.0 * 3628800.0);
    sum = sum * t + 1.0 / (11.0 * 362880.0);
    sum = sum * t + 1.0 / (10.0 * 40320.0);
    sum = sum * t + 1.0 / (9.0 * 5040.0);
    sum = sum * t + 1.0 / (8.0 * 720.0);
    sum = sum * t + 1.0 / (7.0 * 120.0);
    sum = sum * t + 1.0 / (6.0 * 24.0);
    sum = sum * t + 1.0 / (5.0 * 6.0);
    sum = sum * t + 1.0 / (4.0 * 2.0);
    sum = sum * t + 1.0 / 3.0;
    return sum * t + 0.5;
  }
}
