package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;
import static org.farfit.engine.simd.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;

/**
 * What runs of a size share, taken off normal equations ({@link SurfaceProblem#sharing}): the sums
 * of weights, weighted residuals and weighted rows of the Jacobian over a size, and the product
 * that they make at its end. One thread at a time.
 */
final class SharedErrors {

  /** Where the sum of w r of an N is, then the sum of w; sums by term follow. */
  private static final int RIGHT = 0;

  private static final int WEIGHT = LANES;

  /** Where sums by term begin. */
  static final int TERMS = 2 * LANES;

  private final double ratio;
  private final int p;
  private final double[] row;
  private final double[] right = new double[LANES];
  private final double[] weight = new double[LANES];

  /**
   * Sums for a problem.
   *
   * @param p how many parameters its law has
   */
  SharedErrors(SurfaceProblem problem, int p) {
    this.ratio = problem.sharedRatio();
    this.p = p;
    this.row = new double[p * LANES];
  }

  /**
   * Sums of w r, w, and w l for the first terms, over runs that have been weighed.
   *
   * @param offset where they begin in the arrays of {@code terms}
   * @param count how many there are
   * @param local how many terms
   * @param sums output from {@code at} on
   */
  static void sum(RunTerms terms, int offset, int count, int local, double[] sums, int at) {
    double[] weights = terms.weight();
    sum(weights, terms.residual(), offset, count, sums, at + RIGHT);
    DoubleVector total = DoubleVector.zero(SPECIES);
    for (int i = offset * LANES; i < (offset + count) * LANES; i += LANES) {
      total = total.add(DoubleVector.fromArray(SPECIES, weights, i));
    }
    total.intoArray(sums, at + WEIGHT);
    for (int term = 0; term < local; term++) {
      sum(weights, terms.local[term], offset, count, sums, at + TERMS + term * LANES);
    }
  }

  private static void sum(
      double[] weights, double[] values, int offset, int count, double[] sums, int at) {
    DoubleVector total = DoubleVector.zero(SPECIES);
    for (int i = offset * LANES; i < (offset + count) * LANES; i += LANES) {
      total =
          DoubleVector.fromArray(SPECIES, weights, i)
              .fma(DoubleVector.fromArray(SPECIES, values, i), total);
    }
    total.intoArray(sums, at);
  }

  /**
   * Sums over the runs of one N that have been weighed: those of {@link #sum}, and that of -y w l.
   *
   * @param local how many terms
   * @param data the term whose exponent in D is fitted
   * @param slope where its sum of -y w l goes among the sums by term
   * @param sums output from {@code at} on
   */
  static void sumGroup(
      RunTerms terms,
      BlockRuns runs,
      int group,
      int local,
      int data,
      int slope,
      double[] sums,
      int at) {
    int begin = runs.start[group];
    int count = runs.start[group + 1] - begin;
    sum(terms, 0, count, local, sums, at);
    sumTimesTokens(runs, begin, terms, data, 0, count, sums, at + TERMS + slope * LANES);
  }

  /** The sum of -y w l for one term. */
  static void sumTimesTokens(
      BlockRuns runs,
      int begin,
      RunTerms terms,
      int term,
      int offset,
      int count,
      double[] sums,
      int at) {
    double[] weights = terms.weight();
    double[] values = terms.local[term];
    DoubleVector total = DoubleVector.zero(SPECIES);
    for (int run = 0; run < count; run++) {
      int i = (offset + run) * LANES;
      total =
          DoubleVector.fromArray(SPECIES, weights, i)
              .mul(-runs.y[begin + run])
              .fma(DoubleVector.fromArray(SPECIES, values, i), total);
    }
    total.intoArray(sums, at);
  }

  /** Adds the sums of w r and w of an N. */
  void addRuns(double[] sums, int at) {
    add(sums, at + RIGHT, right);
    add(sums, at + WEIGHT, weight);
  }

  private static void add(double[] from, int at, double[] to) {
    DoubleVector.fromArray(SPECIES, to, 0)
        .add(DoubleVector.fromArray(SPECIES, from, at))
        .intoArray(to, 0);
  }

  /** Adds slope times sum to the row of a parameter. */
  void addToRow(int parameter, double[] slopes, int slope, double[] sums, int sum) {
    int at = parameter * LANES;
    DoubleVector.fromArray(SPECIES, slopes, slope)
        .fma(DoubleVector.fromArray(SPECIES, sums, sum), DoubleVector.fromArray(SPECIES, row, at))
        .intoArray(row, at);
  }

  /**
   * Takes off what the size shares, by {@link SurfaceProblem#sharedFactor} of each problem, and
   * begins the next one.
   *
   * @param once weight of the size when it is there once, 0 if it is
   */
  void end(double once, double[] result) {
    DoubleVector r = DoubleVector.fromArray(SPECIES, right, 0);
    DoubleVector w = DoubleVector.fromArray(SPECIES, weight, 0);
    DoubleVector copies = once == 0 ? DoubleVector.broadcast(SPECIES, 1) : w.div(once);
    // A size that is not there has neither weight nor copies.
    DoubleVector c =
        DoubleVector.broadcast(SPECIES, ratio).div(w.mul(ratio).add(copies).max(Double.MIN_NORMAL));
    c = c.blend(0, w.compare(VectorOperators.EQ, 0));
    subtract(result, 0, c.mul(r).mul(0.5), r);
    int entry = (1 + p) * LANES;
    for (int i = 0; i < p; i++) {
      DoubleVector own = c.mul(DoubleVector.fromArray(SPECIES, row, i * LANES));
      subtract(result, (1 + i) * LANES, own, r);
      for (int j = 0; j <= i; j++) {
        subtract(result, entry, own, DoubleVector.fromArray(SPECIES, row, j * LANES));
        entry += LANES;
      }
    }
    assert entry == (1 + p + NormalEquations.packedSize(p)) * LANES;
    Arrays.fill(row, 0);
    Arrays.fill(right, 0);
    Arrays.fill(weight, 0);
  }

  private static void subtract(double[] result, int at, DoubleVector a, DoubleVector b) {
    DoubleVector.fromArray(SPECIES, result, at).sub(a.mul(b)).intoArray(result, at);
  }
}
