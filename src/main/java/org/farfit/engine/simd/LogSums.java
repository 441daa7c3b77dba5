package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;
import static org.farfit.engine.simd.VectorMath.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link org.farfit.law.LogSum} and {@link org.farfit.law.PowerForm} over arrays of runs and lanes,
 * in short loops around {@link VectorMath#exp} and {@link VectorMath#logOnePlus}.
 */
final class LogSums {

  private LogSums() {}

  /** w = v - a y of each run, the data term, and x = -|u - w|, whose exponential is wanted. */
  static void gaps(
      BlockRuns runs,
      int group,
      double[] terms,
      int atU,
      int atV,
      int atA,
      double[] w,
      double[] x) {
    int begin = runs.start[group];
    int count = runs.start[group + 1] - begin;
    DoubleVector u = DoubleVector.fromArray(SPECIES, terms, atU);
    DoubleVector v = DoubleVector.fromArray(SPECIES, terms, atV);
    DoubleVector a = DoubleVector.fromArray(SPECIES, terms, atA);
    for (int run = 0; run < count; run++) {
      DoubleVector data = a.fma(DoubleVector.broadcast(SPECIES, -runs.y[begin + run]), v);
      data.intoArray(w, run * LANES);
      u.sub(data).abs().neg().intoArray(x, run * LANES);
    }
  }

  /** x = -|u - w|, u being one vector of {@code terms}. */
  static void gaps(int count, double[] terms, int atU, double[] w, double[] x) {
    DoubleVector u = DoubleVector.fromArray(SPECIES, terms, atU);
    for (int i = 0; i < count * LANES; i += LANES) {
      u.sub(DoubleVector.fromArray(SPECIES, w, i)).abs().neg().intoArray(x, i);
    }
  }

  /** Divides by one vector of {@code terms}. */
  static void divide(int count, double[] terms, int atK, double[] values) {
    DoubleVector k = DoubleVector.fromArray(SPECIES, terms, atK);
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, values, i).div(k).intoArray(values, i);
    }
  }

  /**
   * ln(e^u + e^w) and its derivatives by u and w, given t = e^-|u - w|, ln(1 + t) and 1 / (1 + t).
   */
  static void sums(
      int count,
      double[] terms,
      int atU,
      double[] w,
      double[] t,
      double[] log,
      double[] inverse,
      double[] value,
      double[] shareU,
      double[] shareW) {
    DoubleVector u = DoubleVector.fromArray(SPECIES, terms, atU);
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector other = DoubleVector.fromArray(SPECIES, w, i);
      VectorMask<Double> wIsLarger = u.compare(VectorOperators.LT, other);
      u.blend(other, wIsLarger).add(DoubleVector.fromArray(SPECIES, log, i)).intoArray(value, i);
      DoubleVector larger = DoubleVector.fromArray(SPECIES, inverse, i);
      DoubleVector smaller = DoubleVector.fromArray(SPECIES, t, i).mul(larger);
      larger.blend(smaller, wIsLarger).intoArray(shareU, i);
      smaller.blend(larger, wIsLarger).intoArray(shareW, i);
    }
  }

  /**
   * The soft sum k ln(e^(u/k) + e^(w/k)), its derivatives by u and w, and that by k, the entropy,
   * given x = -|u - w| / k and t, ln(1 + t) and 1 / (1 + t).
   */
  static void powerSums(
      int count,
      double[] terms,
      int atU,
      int atK,
      double[] w,
      double[] x,
      double[] t,
      double[] log,
      double[] inverse,
      double[] value,
      double[] shareU,
      double[] shareW,
      double[] entropy) {
    DoubleVector u = DoubleVector.fromArray(SPECIES, terms, atU);
    DoubleVector k = DoubleVector.fromArray(SPECIES, terms, atK);
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector other = DoubleVector.fromArray(SPECIES, w, i);
      DoubleVector ratio = DoubleVector.fromArray(SPECIES, t, i);
      DoubleVector reduced = DoubleVector.fromArray(SPECIES, log, i);
      VectorMask<Double> wIsLarger = u.compare(VectorOperators.LT, other);
      reduced.fma(k, u.blend(other, wIsLarger)).intoArray(value, i);
      DoubleVector larger = DoubleVector.fromArray(SPECIES, inverse, i);
      DoubleVector smaller = ratio.mul(larger);
      larger.blend(smaller, wIsLarger).intoArray(shareU, i);
      smaller.blend(larger, wIsLarger).intoArray(shareW, i);
      // A share that vanishes adds nothing, however large the gap.
      VectorMask<Double> vanishes = ratio.compare(VectorOperators.EQ, 0.0);
      DoubleVector gap = DoubleVector.fromArray(SPECIES, x, i).neg();
      reduced.add(smaller.mul(gap).blend(0.0, vanishes)).intoArray(entropy, i);
    }
  }

  /** Multiplies by a factor per run and lane. */
  static void scale(int count, double[] factor, double[] values) {
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, values, i)
          .mul(DoubleVector.fromArray(SPECIES, factor, i))
          .intoArray(values, i);
    }
  }
}
