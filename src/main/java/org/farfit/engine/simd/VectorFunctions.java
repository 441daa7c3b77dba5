package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;
import static org.farfit.engine.simd.VectorMath.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.farfit.formula.Scalars;

/**
 * Functions over slots of vectors, called by generated code: out of one slot into another. The
 * polynomials are those of {@link VectorMath}.
 */
final class VectorFunctions {

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
   * e_log.c. What is not a positive normal number is left to {@code Math.log}.
   */
  static void ln(double[] own, int from, int to, int count) {
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, own, from + i);
      boolean usual =
          x.compare(VectorOperators.GE, Double.MIN_NORMAL)
              .and(x.compare(VectorOperators.LE, Double.MAX_VALUE))
              .allTrue();
      if (!usual) {
        for (int lane = 0; lane < LANES; lane++) {
          own[to + i + lane] = Math.log(own[from + i + lane]);
        }
        continue;
      }
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
    }
  }

  static void tanh(double[] own, int from, int to, int count) {
    for (int i = 0; i < count * LANES; i++) {
      own[to + i] = Math.tanh(own[from + i]);
    }
  }

  /** e^-|x|, ln(1 + e^-|x|) and 1 / (1 + e^-|x|) in scratch 0, 1 and 2. */
  private static void decay(double[] own, int from, int count) {
    double[] t = scratch(0, count);
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, own, from + i).abs().neg().intoArray(t, i);
    }
    VectorMath.exp(count, t, t);
    VectorMath.logOnePlus(count, t, scratch(1, count), scratch(2, count));
  }

  static void sigmoid(double[] own, int from, int to, int count) {
    decay(own, from, count);
    double[] t = scratch(0, count);
    double[] inverse = scratch(2, count);
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, own, from + i);
      DoubleVector larger = DoubleVector.fromArray(SPECIES, inverse, i);
      DoubleVector smaller = DoubleVector.fromArray(SPECIES, t, i).mul(larger);
      larger.blend(smaller, x.compare(VectorOperators.LT, 0.0)).intoArray(own, to + i);
    }
  }

  static void softplus(double[] own, int from, int to, int count) {
    decay(own, from, count);
    double[] log = scratch(1, count);
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, own, from + i)
          .max(0.0)
          .add(DoubleVector.fromArray(SPECIES, log, i))
          .intoArray(own, to + i);
    }
  }

  static void growth(double[] own, int from, int to, int count) {
    for (int i = 0; i < count * LANES; i++) {
      own[to + i] = Scalars.growth(own[from + i]);
    }
  }

  static void growthSlope(double[] own, int from, int to, int count) {
    for (int i = 0; i < count * LANES; i++) {
      own[to + i] = Scalars.growthSlope(own[from + i]);
    }
  }
}
