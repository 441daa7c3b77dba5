package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;
import static org.farfit.engine.simd.VectorMath.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions over slots of vectors, called by generated code: out of one slot into another. The
 * polynomials are those of {@link VectorMath}.
 */
final class VectorFunctions {

  private static final double SQRT_2 = 1.4142135623730951;
  private static final double LN_2 = 0.6931471805599453;
  private static final double SQRT_HALF = 0.7071067811865476;
  private static final double LN2_HIGH = 0.6931471803691238;
  private static final double LN2_LOW = 1.9082149292705877e-10;
  private static final long MANTISSA = 0x000F_FFFF_FFFF_FFFFL;
  private static final long HALF_BITS = 0x3FE0_0000_0000_0000L;

  /** Scratch that a function needs beside its slots; one per thread. */
  private static final ThreadLocal<double[][]> SCRATCH =
      ThreadLocal.withInitial(() -> new double[4][0]);

  private VectorFunctions() {}

  private static double[] scratch(int which, int count) {
    double[][] all = SCRATCH.get();
    if (all[which].length < count * LANES) {
      all[which] = new double[count * LANES];
    }
    return all[which];
  }

  static void exp(double[] own, int from, int to, int count) {
    VectorMath.exp(count, own, from, own, to);
  }

  /**
   * ln x = k ln 2 + ln(1 + f) with 1 + f in [sqrt 1/2, sqrt 2), by the polynomial of FDLIBM's
   * e_log.c; the slots are not the same. What is not a positive normal number is left to {@code
   * Math.log}.
   */
  static void ln(double[] own, int from, int to, int count) {
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, own, from + i);
      boolean usual =
          x.compare(VectorOperators.GE, Double.MIN_NORMAL)
              .and(x.compare(VectorOperators.LE, Double.MAX_VALUE))
              .allTrue();
      LongVector bits = x.reinterpretAsLongs();
      LongVector exponent = bits.lanewise(VectorOperators.LSHR, 52).sub(1022);
      DoubleVector m = bits.and(MANTISSA).or(HALF_BITS).reinterpretAsDoubles();
      VectorMask<Double> small = m.compare(VectorOperators.LT, SQRT_HALF);
      DoubleVector f = m.sub(1.0).blend(m.add(m).sub(1.0), small);
      DoubleVector k = (DoubleVector) exponent.convertShape(VectorOperators.L2D, SPECIES, 0);
      k = k.blend(k.sub(1.0), small);
      DoubleVector s = f.div(f.add(2.0));
      DoubleVector z = s.mul(s);
      DoubleVector r = DoubleVector.broadcast(SPECIES, 0.14798198605116586);
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.15313837699209373));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.1818357216161805));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.22222198432149784));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.2857142874366239));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.3999999999940942));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, 0.6666666666666735));
      DoubleVector log = f.sub(s.mul(f.sub(r.mul(z))));
      log = k.fma(DoubleVector.broadcast(SPECIES, LN2_LOW), log);
      k.fma(DoubleVector.broadcast(SPECIES, LN2_HIGH), log).intoArray(own, to + i);
      if (!usual) {
        replaceUnusual(own, from + i, to + i);
      }
    }
  }

  /** Lane by lane, so that no problem's digits depend on its neighbours. */
  private static void replaceUnusual(double[] own, int from, int to) {
    for (int lane = 0; lane < LANES; lane++) {
      double x = own[from + lane];
      if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
        own[to + lane] = Math.log(x);
      }
    }
  }

  /** tanh a = -t E / (1 + e^t) with the sign of a, t = -2 |a| and E = (e^t - 1) / t. */
  static void tanh(double[] own, int from, int to, int count) {
    double[] t = scratch(0, count);
    double[] exp = scratch(1, count);
    double[] slope = scratch(2, count);
    double[] growth = scratch(3, count);
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, own, from + i).abs().mul(-2.0).intoArray(t, i);
    }
    VectorMath.exp(count, t, exp);
    VectorMath.boxCox(count, t, exp, slope, growth);
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, own, from + i);
      DoubleVector size =
          DoubleVector.fromArray(SPECIES, t, i)
              .mul(DoubleVector.fromArray(SPECIES, growth, i))
              .div(DoubleVector.fromArray(SPECIES, exp, i).add(1.0));
      size.neg().blend(size, x.compare(VectorOperators.LT, 0.0)).intoArray(own, to + i);
    }
  }

  /** sigmoid(a) and sigmoid(-a), by t = e^-|a|. */
  static void sigmoid(double[] own, int from, int to, int turned, int count) {
    decay(own, from, to, count);
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, own, from + i);
      DoubleVector t = DoubleVector.fromArray(SPECIES, own, to + i);
      DoubleVector larger = DoubleVector.broadcast(SPECIES, 1.0).div(t.add(1.0));
      DoubleVector smaller = t.mul(larger);
      VectorMask<Double> isNegative = x.compare(VectorOperators.LT, 0.0);
      larger.blend(smaller, isNegative).intoArray(own, to + i);
      smaller.blend(larger, isNegative).intoArray(own, turned + i);
    }
  }

  /** e^-|x|. */
  private static void decay(double[] own, int from, int to, int count) {
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, own, from + i).abs().neg().intoArray(own, to + i);
    }
    VectorMath.exp(count, own, to, own, to);
  }

  /**
   * softplus(a), sigmoid(a) and sigmoid(-a), by t = e^-|a|; ln(1 + t) and 1 / (1 + t) as in {@link
   * VectorMath#logOnePlus}.
   */
  static void softplus(double[] own, int from, int to, int share, int turned, int count) {
    decay(own, from, to, count);
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector t = DoubleVector.fromArray(SPECIES, own, to + i);
      VectorMask<Double> halve = t.compare(VectorOperators.GT, SQRT_2 - 1.0);
      DoubleVector onePlus = t.add(1.0);
      DoubleVector f = t.blend(t.sub(1.0).mul(0.5), halve);
      DoubleVector twoPlus = f.add(2.0);
      DoubleVector quotient = DoubleVector.broadcast(SPECIES, 1.0).div(onePlus.mul(twoPlus));
      DoubleVector larger = quotient.mul(twoPlus);
      DoubleVector smaller = t.mul(larger);
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
      DoubleVector x = DoubleVector.fromArray(SPECIES, own, from + i);
      VectorMask<Double> isNegative = x.compare(VectorOperators.LT, 0.0);
      x.max(0.0).add(sum.blend(sum.add(LN_2), halve)).intoArray(own, to + i);
      larger.blend(smaller, isNegative).intoArray(own, share + i);
      smaller.blend(larger, isNegative).intoArray(own, turned + i);
    }
  }

  /** (e^a - 1) / a and its slope. */
  static void growth(double[] own, int from, int to, int slope, int count) {
    VectorMath.exp(count, own, from, own, to);
    VectorMath.boxCox(count, own, from, to, slope, to);
  }
}
