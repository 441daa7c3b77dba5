package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;
import static org.farfit.engine.simd.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import org.farfit.engine.SurfaceProblem;

/**
 * {@link org.farfit.law.Farseer}.
 *
 * <p>Parameters 0 to 2 feed V and A, 3 to 5 feed V, 6 to 8 feed U. The twelve derivatives of size
 * terms and the nine sums of some N are kept until these are done; then the 45 + 9 results are
 * added up in blocks small enough that their sums stay in registers. How many N are taken at a time
 * does not change the order of any sum.
 */
final class FarseerKernel implements LawKernel {

  private static final int P = 9;

  /** N that are taken at a time: what is kept of them, two kilobytes each, stays in the cache. */
  private static final int CHUNK = 32;

  /** Derivatives: V by parameters 0 to 5, A by 0 to 2, U by 6 to 8. */
  private static final int SLOPES = 12;

  private static final int V = 0;
  private static final int A = 6;
  private static final int U = 9;

  /** Sums: m of U, V, A; M of UU, VU, VV, AU, AV, AA. */
  private static final int SUMS = 9;

  /** Sums of w r, w, and w by each of U, V, A. */
  private static final int SHARED_SUMS = 5;

  private static final int GRADIENT = 1;
  private static final int MATRIX = 1 + P;

  private final double logD0;
  private final RunTerms runTerms;
  private final double[] terms;
  private final Scratch scratch;
  private final double[] slopes;
  private final double[] sums;
  private final Curves curves;
  private final boolean shares;
  private final SharedErrors shared;
  private final double[] sharedSums;

  FarseerKernel(SurfaceProblem problem) {
    this.logD0 = problem.centre().logD();
    this.runTerms = new RunTerms(problem, 2);
    int groups = Math.min(CHUNK, problem.groups());
    this.terms = new double[3 * groups * LANES];
    this.scratch = new Scratch(runTerms.value.length);
    this.slopes = new double[groups * SLOPES * LANES];
    this.sums = new double[groups * SUMS * LANES];
    this.curves = new Curves(groups);
    this.shares = problem.sharesErrors();
    this.shared = new SharedErrors(problem, P);
    this.sharedSums = new double[shares ? groups * SHARED_SUMS * LANES : 0];
  }

  @Override
  public void evaluate(BlockRuns runs, double[] parameters, double[] result) {
    Arrays.fill(result, 0);
    curves.atCentre(parameters);
    for (int first = 0; first < runs.groups; first += CHUNK) {
      evaluate(runs, first, Math.min(CHUNK, runs.groups - first), parameters, result);
    }
  }

  /** Some N: {@code count} of them, from {@code first} on. */
  private void evaluate(
      BlockRuns runs, int first, int count, double[] parameters, double[] result) {
    curves.compute(runs, first, count, parameters);
    capacityTerms(runs, first, count, parameters, curves, terms, slopes);
    dataTerms(runs, first, count, logD0, parameters, curves, terms, slopes);
    for (int i = 0; i < count; i++) {
      sumRuns(runs, first + i, i, result);
    }
    expandA(count, slopes, sums, result);
    expandBA(count, slopes, sums, result);
    expandOwn(count, slopes, sums, 3, V + 3, 1, 5, result);
    expandGB(count, slopes, sums, result);
    expandOwn(count, slopes, sums, 6, U, 0, 3, result);
    if (shares) {
      share(runs, first, count, result);
    }
  }

  /** The sums over the runs of a group, the one at {@code i} of those that are taken. */
  private void sumRuns(BlockRuns runs, int group, int i, double[] result) {
    int term = 3 * i * LANES;
    if (runs.careful) {
      dropInactive(runs, group, i * SLOPES * LANES);
    }
    int count = runs.start[group + 1] - runs.start[group];
    LogSums.gaps(runs, group, terms, term, term + LANES, term + 2 * LANES, scratch.w, scratch.x);
    scratch.exponentials(count);
    runTerms.sumDataForm(runs, group, terms, term, scratch, sums, i * SUMS * LANES, result);
    if (shares) {
      SharedErrors.sumGroup(runTerms, runs, group, 2, 1, 2, sharedSums, i * SHARED_SUMS * LANES);
    }
  }

  /** Takes off what runs of a size share. */
  private void share(BlockRuns runs, int first, int count, double[] result) {
    for (int i = 0; i < count; i++) {
      int group = first + i;
      int z = i * SLOPES * LANES;
      int m = i * SHARED_SUMS * LANES;
      int byU = m + SharedErrors.TERMS;
      shared.addRuns(sharedSums, m);
      for (int j = 0; j < 3; j++) {
        shared.addToRow(j, slopes, z + (V + j) * LANES, sharedSums, byU + LANES);
        shared.addToRow(j, slopes, z + (A + j) * LANES, sharedSums, byU + 2 * LANES);
        shared.addToRow(3 + j, slopes, z + (V + 3 + j) * LANES, sharedSums, byU + LANES);
        shared.addToRow(6 + j, slopes, z + (U + j) * LANES, sharedSums, byU);
      }
      if (runs.endsSize[group]) {
        shared.end(runs.copiedWeight[group], result);
      }
    }
  }

  /** {@link org.farfit.law.Farseer#sizeTerms} for a vector of problems: U and A of each N. */
  private static void capacityTerms(
      BlockRuns runs,
      int first,
      int count,
      double[] parameters,
      Curves curves,
      double[] terms,
      double[] slopes) {
    DoubleVector cG = DoubleVector.fromArray(SPECIES, parameters, 6 * LANES);
    DoubleVector mG = DoubleVector.fromArray(SPECIES, parameters, 7 * LANES);
    DoubleVector mA = DoubleVector.fromArray(SPECIES, parameters, 1 * LANES);
    DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
    for (int i = 0; i < count; i++) {
      int at = i * SLOPES * LANES;
      int curve = i * LANES;
      DoubleVector x = DoubleVector.broadcast(SPECIES, runs.x[first + i]);
      DoubleVector phiG = DoubleVector.fromArray(SPECIES, curves.valueG, curve).mul(x);
      DoubleVector bendG = DoubleVector.fromArray(SPECIES, curves.slopeG, curve).mul(x).mul(x);
      mG.fma(phiG, cG).intoArray(terms, 3 * curve);
      one.intoArray(slopes, at + U * LANES);
      phiG.intoArray(slopes, at + (U + 1) * LANES);
      mG.mul(bendG).intoArray(slopes, at + (U + 2) * LANES);
      DoubleVector a = DoubleVector.fromArray(SPECIES, curves.exponent, curve);
      DoubleVector phiA = DoubleVector.fromArray(SPECIES, curves.valueA, curve).mul(x);
      DoubleVector bendA = DoubleVector.fromArray(SPECIES, curves.slopeA, curve).mul(x).mul(x);
      a.intoArray(terms, 3 * curve + 2 * LANES);
      a.intoArray(slopes, at + A * LANES);
      a.mul(phiA).intoArray(slopes, at + (A + 1) * LANES);
      a.mul(mA).mul(bendA).intoArray(slopes, at + (A + 2) * LANES);
    }
  }

  /** V of every N, after {@link #capacityTerms}. */
  private static void dataTerms(
      BlockRuns runs,
      int first,
      int count,
      double logD0,
      double[] parameters,
      Curves curves,
      double[] terms,
      double[] slopes) {
    DoubleVector mA = DoubleVector.fromArray(SPECIES, parameters, 1 * LANES);
    DoubleVector h = DoubleVector.fromArray(SPECIES, parameters, 3 * LANES);
    DoubleVector mH = DoubleVector.fromArray(SPECIES, parameters, 4 * LANES);
    DoubleVector scale = DoubleVector.broadcast(SPECIES, logD0);
    DoubleVector atCentre = DoubleVector.fromArray(SPECIES, curves.centreExponent, 0);
    DoubleVector mB = atCentre.mul(scale).fma(mA, mH);
    DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
    for (int i = 0; i < count; i++) {
      int at = i * SLOPES * LANES;
      int curve = i * LANES;
      DoubleVector x = DoubleVector.broadcast(SPECIES, runs.x[first + i]);
      DoubleVector phiB = DoubleVector.fromArray(SPECIES, curves.valueB, curve).mul(x);
      DoubleVector bendB = DoubleVector.fromArray(SPECIES, curves.slopeB, curve).mul(x).mul(x);
      DoubleVector a = DoubleVector.fromArray(SPECIES, slopes, at + A * LANES);
      DoubleVector shift = mA.fma(phiB, one).mul(atCentre).sub(a).mul(scale);
      mH.fma(phiB, h).add(shift).intoArray(terms, 3 * curve + LANES);
      shift.intoArray(slopes, at + V * LANES);
      atCentre
          .mul(phiB)
          .sub(DoubleVector.fromArray(SPECIES, slopes, at + (A + 1) * LANES))
          .mul(scale)
          .intoArray(slopes, at + (V + 1) * LANES);
      DoubleVector.fromArray(SPECIES, slopes, at + (A + 2) * LANES)
          .mul(scale)
          .neg()
          .intoArray(slopes, at + (V + 2) * LANES);
      one.intoArray(slopes, at + (V + 3) * LANES);
      phiB.intoArray(slopes, at + (V + 4) * LANES);
      mB.mul(bendB).intoArray(slopes, at + (V + 5) * LANES);
    }
  }

  /** A size none of whose runs a problem weighs must not matter to it. */
  private void dropInactive(BlockRuns runs, int group, int at) {
    for (int i = 0; i < SLOPES * LANES; i++) {
      if (runs.active[group * LANES + i % LANES] == 0) {
        slopes[at + i] = 0;
      }
    }
  }

  private static int entry(int i, int j) {
    return MATRIX + i * (i + 1) / 2 + j;
  }

  /** Parameters 0 to 2 with themselves. */
  private static void expandA(int groups, double[] slopes, double[] sums, double[] result) {
    DoubleVector g0 = DoubleVector.fromArray(SPECIES, result, GRADIENT * LANES);
    DoubleVector g1 = DoubleVector.fromArray(SPECIES, result, (GRADIENT + 1) * LANES);
    DoubleVector g2 = DoubleVector.fromArray(SPECIES, result, (GRADIENT + 2) * LANES);
    DoubleVector h00 = DoubleVector.fromArray(SPECIES, result, entry(0, 0) * LANES);
    DoubleVector h10 = DoubleVector.fromArray(SPECIES, result, entry(1, 0) * LANES);
    DoubleVector h11 = DoubleVector.fromArray(SPECIES, result, entry(1, 1) * LANES);
    DoubleVector h20 = DoubleVector.fromArray(SPECIES, result, entry(2, 0) * LANES);
    DoubleVector h21 = DoubleVector.fromArray(SPECIES, result, entry(2, 1) * LANES);
    DoubleVector h22 = DoubleVector.fromArray(SPECIES, result, entry(2, 2) * LANES);
    for (int group = 0; group < groups; group++) {
      int z = group * SLOPES * LANES;
      int m = group * SUMS * LANES;
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, slopes, z + V * LANES);
      DoubleVector v1 = DoubleVector.fromArray(SPECIES, slopes, z + (V + 1) * LANES);
      DoubleVector v2 = DoubleVector.fromArray(SPECIES, slopes, z + (V + 2) * LANES);
      DoubleVector a0 = DoubleVector.fromArray(SPECIES, slopes, z + A * LANES);
      DoubleVector a1 = DoubleVector.fromArray(SPECIES, slopes, z + (A + 1) * LANES);
      DoubleVector a2 = DoubleVector.fromArray(SPECIES, slopes, z + (A + 2) * LANES);
      DoubleVector mv = DoubleVector.fromArray(SPECIES, sums, m + 1 * LANES);
      DoubleVector ma = DoubleVector.fromArray(SPECIES, sums, m + 2 * LANES);
      g0 = a0.fma(ma, v0.fma(mv, g0));
      g1 = a1.fma(ma, v1.fma(mv, g1));
      g2 = a2.fma(ma, v2.fma(mv, g2));
      DoubleVector vv = DoubleVector.fromArray(SPECIES, sums, m + 5 * LANES);
      DoubleVector av = DoubleVector.fromArray(SPECIES, sums, m + 7 * LANES);
      DoubleVector aa = DoubleVector.fromArray(SPECIES, sums, m + 8 * LANES);
      DoubleVector rowV = vv.mul(v0).add(av.mul(a0));
      DoubleVector rowA = av.mul(v0).add(aa.mul(a0));
      h00 = a0.fma(rowA, v0.fma(rowV, h00));
      h10 = a1.fma(rowA, v1.fma(rowV, h10));
      h20 = a2.fma(rowA, v2.fma(rowV, h20));
      rowV = vv.mul(v1).add(av.mul(a1));
      rowA = av.mul(v1).add(aa.mul(a1));
      h11 = a1.fma(rowA, v1.fma(rowV, h11));
      h21 = a2.fma(rowA, v2.fma(rowV, h21));
      rowV = vv.mul(v2).add(av.mul(a2));
      rowA = av.mul(v2).add(aa.mul(a2));
      h22 = a2.fma(rowA, v2.fma(rowV, h22));
    }
    g0.intoArray(result, GRADIENT * LANES);
    g1.intoArray(result, (GRADIENT + 1) * LANES);
    g2.intoArray(result, (GRADIENT + 2) * LANES);
    h00.intoArray(result, entry(0, 0) * LANES);
    h10.intoArray(result, entry(1, 0) * LANES);
    h11.intoArray(result, entry(1, 1) * LANES);
    h20.intoArray(result, entry(2, 0) * LANES);
    h21.intoArray(result, entry(2, 1) * LANES);
    h22.intoArray(result, entry(2, 2) * LANES);
  }

  /** Parameters 3 to 5 and 6 to 8 with 0 to 2. */
  private static void expandBA(int groups, double[] slopes, double[] sums, double[] result) {
    for (int j = 0; j < 3; j++) {
      DoubleVector h3 = DoubleVector.fromArray(SPECIES, result, entry(3, j) * LANES);
      DoubleVector h4 = DoubleVector.fromArray(SPECIES, result, entry(4, j) * LANES);
      DoubleVector h5 = DoubleVector.fromArray(SPECIES, result, entry(5, j) * LANES);
      DoubleVector h6 = DoubleVector.fromArray(SPECIES, result, entry(6, j) * LANES);
      DoubleVector h7 = DoubleVector.fromArray(SPECIES, result, entry(7, j) * LANES);
      DoubleVector h8 = DoubleVector.fromArray(SPECIES, result, entry(8, j) * LANES);
      for (int group = 0; group < groups; group++) {
        int z = group * SLOPES * LANES;
        int m = group * SUMS * LANES;
        DoubleVector v = DoubleVector.fromArray(SPECIES, slopes, z + (V + j) * LANES);
        DoubleVector a = DoubleVector.fromArray(SPECIES, slopes, z + (A + j) * LANES);
        DoubleVector rowV =
            DoubleVector.fromArray(SPECIES, sums, m + 5 * LANES)
                .mul(v)
                .add(DoubleVector.fromArray(SPECIES, sums, m + 7 * LANES).mul(a));
        DoubleVector rowU =
            DoubleVector.fromArray(SPECIES, sums, m + 4 * LANES)
                .mul(v)
                .add(DoubleVector.fromArray(SPECIES, sums, m + 6 * LANES).mul(a));
        h3 = h3.add(rowV);
        h4 = DoubleVector.fromArray(SPECIES, slopes, z + (V + 4) * LANES).fma(rowV, h4);
        h5 = DoubleVector.fromArray(SPECIES, slopes, z + (V + 5) * LANES).fma(rowV, h5);
        h6 = DoubleVector.fromArray(SPECIES, slopes, z + U * LANES).fma(rowU, h6);
        h7 = DoubleVector.fromArray(SPECIES, slopes, z + (U + 1) * LANES).fma(rowU, h7);
        h8 = DoubleVector.fromArray(SPECIES, slopes, z + (U + 2) * LANES).fma(rowU, h8);
      }
      h3.intoArray(result, entry(3, j) * LANES);
      h4.intoArray(result, entry(4, j) * LANES);
      h5.intoArray(result, entry(5, j) * LANES);
      h6.intoArray(result, entry(6, j) * LANES);
      h7.intoArray(result, entry(7, j) * LANES);
      h8.intoArray(result, entry(8, j) * LANES);
    }
  }

  /** Parameters 6 to 8 with 3 to 5. */
  private static void expandGB(int groups, double[] slopes, double[] sums, double[] result) {
    for (int j = 3; j < 6; j++) {
      DoubleVector h6 = DoubleVector.fromArray(SPECIES, result, entry(6, j) * LANES);
      DoubleVector h7 = DoubleVector.fromArray(SPECIES, result, entry(7, j) * LANES);
      DoubleVector h8 = DoubleVector.fromArray(SPECIES, result, entry(8, j) * LANES);
      for (int group = 0; group < groups; group++) {
        int z = group * SLOPES * LANES;
        DoubleVector row =
            DoubleVector.fromArray(SPECIES, sums, group * SUMS * LANES + 4 * LANES)
                .mul(DoubleVector.fromArray(SPECIES, slopes, z + (V + j) * LANES));
        h6 = DoubleVector.fromArray(SPECIES, slopes, z + U * LANES).fma(row, h6);
        h7 = DoubleVector.fromArray(SPECIES, slopes, z + (U + 1) * LANES).fma(row, h7);
        h8 = DoubleVector.fromArray(SPECIES, slopes, z + (U + 2) * LANES).fma(row, h8);
      }
      h6.intoArray(result, entry(6, j) * LANES);
      h7.intoArray(result, entry(7, j) * LANES);
      h8.intoArray(result, entry(8, j) * LANES);
    }
  }

  /**
   * Three parameters that feed one term alone, with themselves.
   *
   * @param first the first of them
   * @param slope where the slopes of that term by them begin
   * @param right which sum is m of that term
   * @param square which sum is M of that term with itself
   */
  private static void expandOwn(
      int groups,
      double[] slopes,
      double[] sums,
      int first,
      int slope,
      int right,
      int square,
      double[] result) {
    DoubleVector g0 = DoubleVector.fromArray(SPECIES, result, (GRADIENT + first) * LANES);
    DoubleVector g1 = DoubleVector.fromArray(SPECIES, result, (GRADIENT + first + 1) * LANES);
    DoubleVector g2 = DoubleVector.fromArray(SPECIES, result, (GRADIENT + first + 2) * LANES);
    DoubleVector h00 = DoubleVector.fromArray(SPECIES, result, entry(first, first) * LANES);
    DoubleVector h10 = DoubleVector.fromArray(SPECIES, result, entry(first + 1, first) * LANES);
    DoubleVector h11 = DoubleVector.fromArray(SPECIES, result, entry(first + 1, first + 1) * LANES);
    DoubleVector h20 = DoubleVector.fromArray(SPECIES, result, entry(first + 2, first) * LANES);
    DoubleVector h21 = DoubleVector.fromArray(SPECIES, result, entry(first + 2, first + 1) * LANES);
    DoubleVector h22 = DoubleVector.fromArray(SPECIES, result, entry(first + 2, first + 2) * LANES);
    for (int group = 0; group < groups; group++) {
      int z = (group * SLOPES + slope) * LANES;
      int m = group * SUMS * LANES;
      DoubleVector z0 = DoubleVector.fromArray(SPECIES, slopes, z);
      DoubleVector z1 = DoubleVector.fromArray(SPECIES, slopes, z + LANES);
      DoubleVector z2 = DoubleVector.fromArray(SPECIES, slopes, z + 2 * LANES);
      DoubleVector mr = DoubleVector.fromArray(SPECIES, sums, m + right * LANES);
      DoubleVector mm = DoubleVector.fromArray(SPECIES, sums, m + square * LANES);
      g0 = z0.fma(mr, g0);
      g1 = z1.fma(mr, g1);
      g2 = z2.fma(mr, g2);
      DoubleVector row = mm.mul(z0);
      h00 = z0.fma(row, h00);
      h10 = z1.fma(row, h10);
      h20 = z2.fma(row, h20);
      row = mm.mul(z1);
      h11 = z1.fma(row, h11);
      h21 = z2.fma(row, h21);
      h22 = z2.fma(mm.mul(z2), h22);
    }
    g0.intoArray(result, (GRADIENT + first) * LANES);
    g1.intoArray(result, (GRADIENT + first + 1) * LANES);
    g2.intoArray(result, (GRADIENT + first + 2) * LANES);
    h00.intoArray(result, entry(first, first) * LANES);
    h10.intoArray(result, entry(first + 1, first) * LANES);
    h11.intoArray(result, entry(first + 1, first + 1) * LANES);
    h20.intoArray(result, entry(first + 2, first) * LANES);
    h21.intoArray(result, entry(first + 2, first + 1) * LANES);
    h22.intoArray(result, entry(first + 2, first + 2) * LANES);
  }

  /** The Box-Cox curves of some N, and with them every exponential of the size terms. */
  private static final class Curves {

    final double[] valueA;
    final double[] valueB;
    final double[] valueG;
    final double[] slopeA;
    final double[] slopeB;
    final double[] slopeG;

    /** A(N). */
    final double[] exponent;

    /** A at the centre. */
    final double[] centreExponent = new double[LANES];

    private final double[] arguments;
    private final double[] exponentials;

    Curves(int groups) {
      int length = groups * LANES;
      valueA = new double[length];
      valueB = new double[length];
      valueG = new double[length];
      slopeA = new double[length];
      slopeB = new double[length];
      slopeG = new double[length];
      exponent = new double[length];
      arguments = new double[length];
      exponentials = new double[length];
    }

    void atCentre(double[] parameters) {
      System.arraycopy(parameters, 0, centreExponent, 0, LANES);
      VectorMath.exp(1, centreExponent, centreExponent);
    }

    void compute(BlockRuns runs, int first, int count, double[] parameters) {
      curve(runs, first, count, parameters, 2, slopeA, valueA);
      curve(runs, first, count, parameters, 5, slopeB, valueB);
      curve(runs, first, count, parameters, 8, slopeG, valueG);
      exponents(runs, first, count, parameters, valueA, arguments);
      VectorMath.exp(count, arguments, exponent);
    }

    private void curve(
        BlockRuns runs,
        int first,
        int count,
        double[] parameters,
        int j,
        double[] unitSlope,
        double[] unitValue) {
      times(runs, first, count, parameters, j, arguments);
      VectorMath.exp(count, arguments, exponentials);
      VectorMath.boxCox(count, arguments, exponentials, unitSlope, unitValue);
    }

    /** t = s x of each N. */
    private static void times(
        BlockRuns runs, int first, int count, double[] parameters, int j, double[] out) {
      DoubleVector s = DoubleVector.fromArray(SPECIES, parameters, j * LANES);
      for (int i = 0; i < count; i++) {
        s.mul(DoubleVector.broadcast(SPECIES, runs.x[first + i])).intoArray(out, i * LANES);
      }
    }

    /** ln A = cA + mA x E of each N. */
    private static void exponents(
        BlockRuns runs,
        int first,
        int count,
        double[] parameters,
        double[] unitValue,
        double[] out) {
      DoubleVector cA = DoubleVector.fromArray(SPECIES, parameters, 0);
      DoubleVector mA = DoubleVector.fromArray(SPECIES, parameters, 1 * LANES);
      for (int i = 0; i < count; i++) {
        mA.mul(DoubleVector.broadcast(SPECIES, runs.x[first + i]))
            .fma(DoubleVector.fromArray(SPECIES, unitValue, i * LANES), cA)
            .intoArray(out, i * LANES);
      }
    }
  }
}
