package org.farfit.kernels.made;

import org.farfit.law.BoxCox;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;

/**
 * Functions of numbers as kernels compute them: without branches where that is cheaper on a device,
 * with parts that several of them share, and with comparisons that treat NaN alike on every back
 * end. Called by made kernels and inlined into them.
 */
public final class DeviceMath {

  private static final double SQRT_2 = 1.4142135623730951;
  private static final double LN_2 = 0.6931471805599453;

  private DeviceMath() {}

  /**
   * A code of one or four bytes.
   *
   * @param entry which code
   * @param bytes how many bytes a code has
   */
  public static int code(ByteArray codes, int entry, int bytes) {
    int at = entry * bytes;
    int code = codes.get(at) & 0xff;
    if (bytes == 4) {
      code =
          code
              | ((codes.get(at + 1) & 0xff) << 8)
              | ((codes.get(at + 2) & 0xff) << 16)
              | ((codes.get(at + 3) & 0xff) << 24);
    }
    return code;
  }

  /** The larger of two numbers that are no NaN. */
  public static double larger(double a, double b) {
    return a > b ? a : b;
  }

  /** The smaller of two numbers that are no NaN. */
  public static double smaller(double a, double b) {
    return a < b ? a : b;
  }

  /** The number between two others that is nearest to a third. */
  public static double nearest(double value, double low, double high) {
    return value < low ? low : value > high ? high : value;
  }

  /** The smaller; NaN if one is NaN. */
  public static double min(double a, double b) {
    return a < b ? a : b < a ? b : a == b ? a : a + b;
  }

  /** The larger; NaN if one is NaN. */
  public static double max(double a, double b) {
    return a > b ? a : b > a ? b : a == b ? a : a + b;
  }

  /** 1 where a is larger than b, else 0. */
  public static double greater(double a, double b) {
    return a > b ? 1.0 : 0.0;
  }

  /** -1, 0 or 1; NaN of NaN. */
  public static double sign(double a) {
    return a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a;
  }

  /** tanh a by e^(-2|a|), and by its series where that would cancel. */
  public static double tanh(double a) {
    double size = Math.abs(a);
    double t = Math.exp(-2.0 * size);
    double z = a * a;
    double series =
        a * (1.0 + z * (-1.0 / 3.0 + z * (2.0 / 15.0 + z * (-17.0 / 315.0 + z * (62.0 / 2835.0)))));
    double closed = (1.0 - t) / (1.0 + t);
    return size < 0.01 ? series : a < 0.0 ? -closed : closed;
  }

  /** e^(-|a|), from which {@link #softplus} and {@link #sigmoid} are computed. */
  public static double ratio(double a) {
    return Math.exp(-Math.abs(a));
  }

  /** The denominator of the logarithm's argument s = f / (2 + f), times 2 where f is halved. */
  private static double denominator(double t) {
    return t > SQRT_2 - 1.0 ? 3.0 + t : 2.0 + t;
  }

  /** The one division that logarithm and shares have in common. */
  public static double reciprocal(double t) {
    return 1.0 / ((1.0 + t) * denominator(t));
  }

  /**
   * ln(1 + e^a), as {@code LogSum.logOnePlus} computes it.
   *
   * @param t {@code ratio(a)}
   * @param reciprocal {@code reciprocal(t)}
   */
  public static double softplus(double a, double t, double reciprocal) {
    boolean halve = t > SQRT_2 - 1.0;
    double f = halve ? 0.5 * t - 0.5 : t;
    double numerator = halve ? t - 1.0 : t;
    double s = numerator * (1.0 + t) * reciprocal;
    double z = s * s;
    double r = 0.14798198605116586;
    r = r * z + 0.15313837699209373;
    r = r * z + 0.1818357216161805;
    r = r * z + 0.22222198432149784;
    r = r * z + 0.2857142874366239;
    r = r * z + 0.3999999999940942;
    r = r * z + 0.6666666666666735;
    double log = f - s * (f - r * z);
    double sum = halve ? LN_2 + log : log;
    return a > 0.0 ? a + sum : sum;
  }

  /** 1 / (1 + e^-a), from the same parts. */
  public static double sigmoid(double a, double t, double reciprocal) {
    return (a >= 0.0 ? 1.0 : t) * (denominator(t) * reciprocal);
  }

  /**
   * The weight by which a residual enters the matrix, as {@code Objective.curvature} has it. A
   * reciprocal root, squared, stands for the division, which in the loop of runs takes a GPU a
   * fifth of its registers.
   */
  public static double curvature(double r, double delta, double share) {
    double size = Math.abs(r);
    double root = 1.0 / Math.sqrt(size);
    return size <= delta ? 1.0 : share * delta * root * root;
  }

  /** The derivative of (e^a - 1) / a by a. */
  public static double growthSlope(double a) {
    return BoxCox.unitSlope(a);
  }

  /**
   * (e^a - 1) / a.
   *
   * @param slope {@code growthSlope(a)}
   */
  public static double growth(double a, double slope) {
    return Math.exp(a) - a * slope;
  }
}
