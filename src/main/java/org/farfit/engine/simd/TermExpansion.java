package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;
import static org.farfit.engine.simd.VectorMath.SPECIES;

import jdk.incubator.vector.DoubleVector;

/**
 * Adds the sums of one N to gradient and matrix for a law each of whose parameters feeds one size
 * term.
 */
final class TermExpansion {

  private final int[] termOf;
  private final int q;

  /**
   * An expansion.
   *
   * @param q how many size terms the law has
   * @param termOf the term that each parameter feeds
   */
  TermExpansion(int q, int... termOf) {
    this.q = q;
    this.termOf = termOf;
  }

  /**
   * Adds one N.
   *
   * @param slopes derivative of its term by each parameter, p x lanes
   * @param sums m by term, then M packed, x lanes
   */
  void add(double[] slopes, double[] sums, double[] result) {
    int p = termOf.length;
    int packed = (1 + p) * LANES;
    for (int i = 0; i < p; i++) {
      int a = termOf[i];
      addProduct(slopes, i * LANES, sums, a * LANES, result, (1 + i) * LANES);
      for (int j = 0; j <= i; j++) {
        int b = termOf[j];
        int high = Math.max(a, b);
        int m = (q + high * (high + 1) / 2 + Math.min(a, b)) * LANES;
        addTriple(slopes, i * LANES, j * LANES, sums, m, result, packed);
        packed += LANES;
      }
    }
  }

  /**
   * Adds the row of one N to what its size shares, and ends the size with its last N.
   *
   * @param sums as {@link SharedErrors#sum} gives them
   */
  void share(
      SharedErrors shared,
      BlockRuns runs,
      int group,
      double[] slopes,
      double[] sums,
      double[] result) {
    shared.addRuns(sums, 0);
    for (int i = 0; i < termOf.length; i++) {
      shared.addToRow(i, slopes, i * LANES, sums, SharedErrors.TERMS + termOf[i] * LANES);
    }
    if (runs.endsSize[group]) {
      shared.end(runs.copiedWeight[group], result);
    }
  }

  private static void addProduct(
      double[] slopes, int z, double[] sums, int m, double[] result, int at) {
    DoubleVector.fromArray(SPECIES, slopes, z)
        .fma(DoubleVector.fromArray(SPECIES, sums, m), DoubleVector.fromArray(SPECIES, result, at))
        .intoArray(result, at);
  }

  private static void addTriple(
      double[] slopes, int zi, int zj, double[] sums, int m, double[] result, int at) {
    DoubleVector.fromArray(SPECIES, sums, m)
        .mul(DoubleVector.fromArray(SPECIES, slopes, zi))
        .fma(
            DoubleVector.fromArray(SPECIES, slopes, zj),
            DoubleVector.fromArray(SPECIES, result, at))
        .intoArray(result, at);
  }

  /** Sets the slopes of problems that weigh no run of this N to zero. */
  void dropInactive(BlockRuns runs, int group, double[] slopes) {
    if (!runs.careful) {
      return;
    }
    for (int at = 0; at < termOf.length * LANES; at++) {
      if (runs.active[group * LANES + at % LANES] == 0) {
        slopes[at] = 0;
      }
    }
  }
}
