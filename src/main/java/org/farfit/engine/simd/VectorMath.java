package org.farfit.engine.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exponentials, logarithms and the Box-Cox curve on arrays of vectors, by arithmetic alone: a call
 * into a library of vector mathematics would spill every live register. Each is one loop with its
 * polynomial written out: a method that returned a vector would have to be inlined everywhere,
 * which a compiler stops doing once it has grown, and vectors would then be boxed.
 *
 * <p>e^x = 2^k e^r with k = round(x / ln 2) and |r| &lt;= ln 2 / 2; e^r is the polynomial 1 + r +
 * ... of degree 11 whose largest relative error there is least (Remez 1934), 2.7e-17.
 */
final class VectorMath {

  static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** Below this e^x is no normal number. */
  private static final double LOWEST = -708.0;

  /** Above this e^x is infinite. */
  private static final double HIGHEST = 710.0;

  /** Below this e^x is zero. */
  private static final double VANISHING = -745.2;

  static final double LOG2_E = 1.4426950408889634;

  /** ln 2 in two parts, the first with zeros at its end (FDLIBM's e_exp.c). */
  static final double LN2_HIGH = 0.6931471803691238;

  static final double LN2_LOW = 1.9082149292705877e-10;

  /** Adding 1.5 x 2^52 rounds to an integer, which then is in the low bits. */
  static final double ROUNDING = 6755399441055744.0;

  /** Coefficient of r^11 in e^r, as the class describes it; those of the other powers follow. */
  static final double EXP_11 = 2.460984197908413e-8;

  static final double EXP_10 = 2.762078907617774e-7;
  static final double EXP_9 = 2.7558727115949788e-6;
  static final double EXP_8 = 2.4801520726261053e-5;
  static final double EXP_7 = 1.9841268391095784e-4;
  static final double EXP_6 = 0.0013888888916797192;
  static final double EXP_5 = 0.008333333333899509;
  static final double EXP_4 = 0.04166666666662582;
  static final double EXP_3 = 0.16666666666665997;
  static final double EXP_2 = 0.5000000000000001;

  private static final long EXPONENT_BIAS = 1023;
  private static final int MANTISSA_BITS = 52;

  /** Below this |t| the Box-Cox curve's series is used; see {@link org.farfit.law.BoxCox}. */
  private static final double SERIES_LIMIT = 0.5;

  private static final double SQRT_2 = 1.4142135623730951;
  private static final double LN_2 = 0.6931471805599453;

  private VectorMath() {}

  /**
   * out = e^x for the first {@code count} vectors: infinite where it overflows, 0 where it
   * vanishes, NaN where x is. Both may be one array.
   */
  static void exp(int count, double[] x, double[] out) {
    exp(count, x, 0, out, 0);
  }

  /** {@link #exp(int, double[], double[])} from and to places within arrays. */
  static void exp(int count, double[] x, int from, double[] out, int to) {
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector at = DoubleVector.fromArray(SPECIES, x, from + i);
      DoubleVector bounded =
          at.blend(LOWEST, at.compare(VectorOperators.LT, LOWEST))
              .blend(HIGHEST, at.compare(VectorOperators.GT, HIGHEST));
      DoubleVector shifted =
          bounded.fma(
              DoubleVector.broadcast(SPECIES, LOG2_E), DoubleVector.broadcast(SPECIES, ROUNDING));
      DoubleVector k = shifted.sub(ROUNDING);
      DoubleVector r = k.fma(DoubleVector.broadcast(SPECIES, -LN2_HIGH), bounded);
      r = k.fma(DoubleVector.broadcast(SPECIES, -LN2_LOW), r);
      DoubleVector p = DoubleVector.broadcast(SPECIES, EXP_11);
      p = p.fma(r, DoubleVector.broadcast(SPECIES, EXP_10));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, EXP_9));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, EXP_8));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, EXP_7));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, EXP_6));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, EXP_5));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, EXP_4));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, EXP_3));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, EXP_2));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0));
      DoubleVector scale =
          shifted
              .reinterpretAsLongs()
              .add(EXPONENT_BIAS)
              .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
              .reinterpretAsDoubles();
      p.mul(scale).blend(0.0, at.compare(VectorOperators.LT, VANISHING)).intoArray(out, to + i);
    }
  }

  /**
   * ln(1 + t) and 1 / (1 + t) for the first {@code count} vectors of t in [0, 1], by the polynomial
   * of {@link org.farfit.law.LogSum}: ln(1 + f) = f - s (f - R(s^2)), s = f / (2 + f). Both
   * quotients come from one division.
   */
  static void logOnePlus(int count, double[] t, double[] log, double[] inverse) {
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector ratio = DoubleVector.fromArray(SPECIES, t, i);
      VectorMask<Double> halve = ratio.compare(VectorOperators.GT, SQRT_2 - 1.0);
      DoubleVector onePlus = ratio.add(1.0);
      DoubleVector f = ratio.blend(ratio.sub(1.0).mul(0.5), halve);
      DoubleVector twoPlus = f.add(2.0);
      DoubleVector quotient = DoubleVector.broadcast(SPECIES, 1.0).div(onePlus.mul(twoPlus));
      quotient.mul(twoPlus).intoArray(inverse, i);
      DoubleVector s = f.mul(onePlus).mul(quotient);
      DoubleVector z = s.mul(s);
      DoubleVector r = DoubleVector.broadcast(SPECIES, 0.14798198605116586);
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.15313837699209373));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.1818357216161805));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.22222198432149784));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.2857142874366239));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.3999999999940942));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.6666666666666735));
      DoubleVector sum = f.sub(s.mul(f.sub(r.mul(z))));
      sum.blend(sum.add(LN_2), halve).intoArray(log, i);
    }
  }

  /**
   * The Box-Cox curve and its bend for the first {@code count} vectors of t = s x: E' and E = e^t -
   * t E' (see {@link org.farfit.law.BoxCox}).
   *
   * @param exp e^t
   * @param unitSlope output: E'
   * @param unitValue output: E
   */
  static void boxCox(int count, double[] t, double[] exp, double[] unitSlope, double[] unitValue) {
    boxCox(count, t, 0, exp, 0, unitSlope, 0, unitValue, 0);
  }

  /** The same from and to places within one array. */
  static void boxCox(int count, double[] own, int t, int exp, int unitSlope, int unitValue) {
    boxCox(count, own, t, own, exp, own, unitSlope, own, unitValue);
  }

  private static void boxCox(
      int count,
      double[] t,
      int from,
      double[] exp,
      int fromExp,
      double[] unitSlope,
      int toSlope,
      double[] unitValue,
      int toValue) {
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector at = DoubleVector.fromArray(SPECIES, t, from + i);
      DoubleVector e = DoubleVector.fromArray(SPECIES, exp, fromExp + i);
      DoubleVector sum = DoubleVector.broadcast(SPECIES, 1.0 / (16.0 * 87178291200.0));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (15.0 * 6227020800.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (14.0 * 479001600.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (13.0 * 39916800.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (12.0 * 3628800.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (11.0 * 362880.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (10.0 * 40320.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (9.0 * 5040.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (8.0 * 720.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (7.0 * 120.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (6.0 * 24.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (5.0 * 6.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / (4.0 * 2.0)));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 1.0 / 3.0));
      sum = sum.fma(at, DoubleVector.broadcast(SPECIES, 0.5));
      VectorMask<Double> small = at.abs().compare(VectorOperators.LT, SERIES_LIMIT);
      DoubleVector over = DoubleVector.broadcast(SPECIES, 1.0).div(at);
      DoubleVector closed = e.sub(e.sub(1.0).mul(over)).mul(over);
      DoubleVector slope = closed.blend(sum, small);
      slope.intoArray(unitSlope, toSlope + i);
      e.sub(at.mul(slope)).intoArray(unitValue, toValue + i);
    }
  }
}
