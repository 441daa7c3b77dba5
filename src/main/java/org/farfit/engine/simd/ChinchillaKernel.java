package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;
import static org.farfit.engine.simd.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.farfit.engine.SurfaceProblem;

/**
 * {@link org.farfit.law.Chinchilla}. Runs of other people's data may have a size each, and then
 * sums by size would cost more than they save: here the runs of several sizes are one chunk, and
 * products of the three terms e (E), c (A / N^alpha) and d (B / D^beta) with x and y are added up
 * directly. Only ln(E + A / N^alpha) is computed once per size.
 */
final class ChinchillaKernel implements LawKernel {

  /** Runs of a chunk: its arrays stay in the L1 cache. */
  private static final int CHUNK = 32;

  private static final int P = 5;

  private final RunTerms runTerms;
  private final Scratch scratch;
  private final Scratch bySize;
  private final double[] capacity;
  private final double[] u;
  private final double[] shareLimit;
  private final double[] shareCapacity;
  private final boolean shares;
  private final SharedErrors shared;
  private final TermExpansion expansion = new TermExpansion(4, 0, 1, 2, 1, 3);
  private final double[] slopes = new double[P * LANES];
  private final double[] sharedSums = new double[6 * LANES];

  ChinchillaKernel(SurfaceProblem problem) {
    int most = Math.max(CHUNK, RunTerms.mostRuns(problem));
    this.runTerms = new RunTerms(problem, 3, most);
    this.scratch = new Scratch(most * LANES);
    this.bySize = new Scratch(most * LANES);
    this.capacity = new double[most * LANES];
    this.u = new double[most * LANES];
    this.shareLimit = new double[most * LANES];
    this.shareCapacity = new double[most * LANES];
    this.shares = problem.sharesErrors();
    this.shared = new SharedErrors(problem, P);
    Arrays.fill(slopes, 1);
  }

  @Override
  public void evaluate(BlockRuns runs, double[] parameters, double[] result) {
    Arrays.fill(result, 0);
    int first = 0;
    while (first < runs.groups) {
      int end = first + 1;
      while (end < runs.groups && runs.start[end + 1] - runs.start[first] <= CHUNK) {
        end++;
      }
      evaluate(runs, first, end, parameters, result);
      first = end;
    }
  }

  /** One chunk: the runs of groups {@code first} to {@code end - 1}. */
  private void evaluate(BlockRuns runs, int first, int end, double[] parameters, double[] result) {
    int sizes = end - first;
    int begin = runs.start[first];
    int count = runs.start[end] - begin;
    capacities(runs, first, sizes, parameters, capacity);
    LogSums.gaps(sizes, parameters, 0, capacity, bySize.x);
    bySize.exponentials(sizes);
    LogSums.sums(
        sizes,
        parameters,
        0,
        capacity,
        bySize.t,
        bySize.log,
        bySize.inverse,
        u,
        shareLimit,
        shareCapacity);
    gaps(runs, first, begin, count, parameters, u, scratch.w, scratch.x);
    scratch.exponentials(count);
    shares(runs, first, begin, count, u, shareLimit, shareCapacity, scratch, runTerms);
    runTerms.weigh(runs, begin, count, result);
    sumCapacity(runs, begin, count, runTerms, result);
    sumData(runs, begin, count, runTerms, result);
    if (shares) {
      share(runs, first, end, result);
    }
  }

  /** Takes off what runs of a size share, for the sizes of a chunk. */
  private void share(BlockRuns runs, int first, int end, double[] result) {
    for (int group = first; group < end; group++) {
      int offset = runs.start[group] - runs.start[first];
      int count = runs.start[group + 1] - runs.start[group];
      SharedErrors.sum(runTerms, offset, count, 3, sharedSums, 0);
      SharedErrors.sumTimesTokens(
          runs,
          runs.start[group],
          runTerms,
          2,
          offset,
          count,
          sharedSums,
          SharedErrors.TERMS + 3 * LANES);
      Arrays.fill(slopes, 3 * LANES, 4 * LANES, -runs.x[group]);
      expansion.share(shared, runs, group, slopes, sharedSums, result);
    }
  }

  /** cA - alpha x of each size. */
  private static void capacities(
      BlockRuns runs, int first, int sizes, double[] parameters, double[] out) {
    DoubleVector c = DoubleVector.fromArray(SPECIES, parameters, LANES);
    DoubleVector alpha = DoubleVector.fromArray(SPECIES, parameters, 3 * LANES);
    for (int i = 0; i < sizes; i++) {
      alpha.fma(DoubleVector.broadcast(SPECIES, -runs.x[first + i]), c).intoArray(out, i * LANES);
    }
  }

  /** w = cB - beta y and -|U - w| of each run. */
  private static void gaps(
      BlockRuns runs,
      int first,
      int begin,
      int count,
      double[] parameters,
      double[] u,
      double[] w,
      double[] x) {
    DoubleVector c = DoubleVector.fromArray(SPECIES, parameters, 2 * LANES);
    DoubleVector beta = DoubleVector.fromArray(SPECIES, parameters, 4 * LANES);
    for (int run = 0; run < count; run++) {
      DoubleVector data = beta.fma(DoubleVector.broadcast(SPECIES, -runs.y[begin + run]), c);
      int size = (runs.groupOf[begin + run] - first) * LANES;
      data.intoArray(w, run * LANES);
      DoubleVector.fromArray(SPECIES, u, size).sub(data).abs().neg().intoArray(x, run * LANES);
    }
  }

  /** ln L of each run, and its derivatives by the logarithms of the three terms. */
  private static void shares(
      BlockRuns runs,
      int first,
      int begin,
      int count,
      double[] u,
      double[] shareLimit,
      double[] shareCapacity,
      Scratch scratch,
      RunTerms out) {
    double[] limit = out.local[0];
    double[] capacity = out.local[1];
    double[] data = out.local[2];
    for (int run = 0; run < count; run++) {
      int i = run * LANES;
      int size = (runs.groupOf[begin + run] - first) * LANES;
      DoubleVector own = DoubleVector.fromArray(SPECIES, u, size);
      DoubleVector other = DoubleVector.fromArray(SPECIES, scratch.w, i);
      VectorMask<Double> dataIsLarger = own.compare(VectorOperators.LT, other);
      own.blend(other, dataIsLarger)
          .add(DoubleVector.fromArray(SPECIES, scratch.log, i))
          .intoArray(out.value, i);
      DoubleVector larger = DoubleVector.fromArray(SPECIES, scratch.inverse, i);
      DoubleVector smaller = DoubleVector.fromArray(SPECIES, scratch.t, i).mul(larger);
      DoubleVector share = larger.blend(smaller, dataIsLarger);
      share.mul(DoubleVector.fromArray(SPECIES, shareLimit, size)).intoArray(limit, i);
      share.mul(DoubleVector.fromArray(SPECIES, shareCapacity, size)).intoArray(capacity, i);
      smaller.blend(larger, dataIsLarger).intoArray(data, i);
    }
  }

  private static int gradient(int j) {
    return (1 + j) * LANES;
  }

  private static int entry(int i, int j) {
    return (1 + P + i * (i + 1) / 2 + j) * LANES;
  }

  /** The gradient, and what involves only lnE, cA and alpha of the matrix. */
  private static void sumCapacity(
      BlockRuns runs, int begin, int count, RunTerms in, double[] result) {
    double[] limits = in.local[0];
    double[] capacities = in.local[1];
    double[] datas = in.local[2];
    double[] residuals = in.residual();
    double[] weights = in.weight();
    DoubleVector g0 = DoubleVector.fromArray(SPECIES, result, gradient(0));
    DoubleVector g1 = DoubleVector.fromArray(SPECIES, result, gradient(1));
    DoubleVector g2 = DoubleVector.fromArray(SPECIES, result, gradient(2));
    DoubleVector g3 = DoubleVector.fromArray(SPECIES, result, gradient(3));
    DoubleVector g4 = DoubleVector.fromArray(SPECIES, result, gradient(4));
    DoubleVector h00 = DoubleVector.fromArray(SPECIES, result, entry(0, 0));
    DoubleVector h10 = DoubleVector.fromArray(SPECIES, result, entry(1, 0));
    DoubleVector h11 = DoubleVector.fromArray(SPECIES, result, entry(1, 1));
    DoubleVector h30 = DoubleVector.fromArray(SPECIES, result, entry(3, 0));
    DoubleVector h31 = DoubleVector.fromArray(SPECIES, result, entry(3, 1));
    DoubleVector h33 = DoubleVector.fromArray(SPECIES, result, entry(3, 3));
    for (int run = 0; run < count; run++) {
      int i = run * LANES;
      DoubleVector x = DoubleVector.broadcast(SPECIES, -runs.x[runs.groupOf[begin + run]]);
      DoubleVector y = DoubleVector.broadcast(SPECIES, -runs.y[begin + run]);
      DoubleVector r = DoubleVector.fromArray(SPECIES, residuals, i);
      DoubleVector w = DoubleVector.fromArray(SPECIES, weights, i);
      DoubleVector e = DoubleVector.fromArray(SPECIES, limits, i);
      DoubleVector c = DoubleVector.fromArray(SPECIES, capacities, i);
      DoubleVector d = DoubleVector.fromArray(SPECIES, datas, i).mul(w).mul(r);
      DoubleVector we = w.mul(e);
      DoubleVector wc = w.mul(c);
      DoubleVector cr = wc.mul(r);
      g0 = we.fma(r, g0);
      g1 = g1.add(cr);
      g2 = g2.add(d);
      g3 = cr.fma(x, g3);
      g4 = d.fma(y, g4);
      DoubleVector ce = wc.mul(e);
      DoubleVector cc = wc.mul(c);
      h00 = we.fma(e, h00);
      h10 = h10.add(ce);
      h11 = h11.add(cc);
      h30 = ce.fma(x, h30);
      DoubleVector ccx = cc.mul(x);
      h31 = h31.add(ccx);
      h33 = ccx.fma(x, h33);
    }
    g0.intoArray(result, gradient(0));
    g1.intoArray(result, gradient(1));
    g2.intoArray(result, gradient(2));
    g3.intoArray(result, gradient(3));
    g4.intoArray(result, gradient(4));
    h00.intoArray(result, entry(0, 0));
    h10.intoArray(result, entry(1, 0));
    h11.intoArray(result, entry(1, 1));
    h30.intoArray(result, entry(3, 0));
    h31.intoArray(result, entry(3, 1));
    h33.intoArray(result, entry(3, 3));
  }

  /** What involves cB and beta of the matrix. */
  private static void sumData(BlockRuns runs, int begin, int count, RunTerms in, double[] result) {
    double[] limits = in.local[0];
    double[] capacities = in.local[1];
    double[] datas = in.local[2];
    double[] weights = in.weight();
    DoubleVector h20 = DoubleVector.fromArray(SPECIES, result, entry(2, 0));
    DoubleVector h21 = DoubleVector.fromArray(SPECIES, result, entry(2, 1));
    DoubleVector h22 = DoubleVector.fromArray(SPECIES, result, entry(2, 2));
    DoubleVector h32 = DoubleVector.fromArray(SPECIES, result, entry(3, 2));
    DoubleVector h40 = DoubleVector.fromArray(SPECIES, result, entry(4, 0));
    DoubleVector h41 = DoubleVector.fromArray(SPECIES, result, entry(4, 1));
    DoubleVector h42 = DoubleVector.fromArray(SPECIES, result, entry(4, 2));
    DoubleVector h43 = DoubleVector.fromArray(SPECIES, result, entry(4, 3));
    DoubleVector h44 = DoubleVector.fromArray(SPECIES, result, entry(4, 4));
    for (int run = 0; run < count; run++) {
      int i = run * LANES;
      DoubleVector x = DoubleVector.broadcast(SPECIES, -runs.x[runs.groupOf[begin + run]]);
      DoubleVector y = DoubleVector.broadcast(SPECIES, -runs.y[begin + run]);
      DoubleVector d = DoubleVector.fromArray(SPECIES, datas, i);
      DoubleVector wd = DoubleVector.fromArray(SPECIES, weights, i).mul(d);
      DoubleVector de = wd.mul(DoubleVector.fromArray(SPECIES, limits, i));
      DoubleVector dc = wd.mul(DoubleVector.fromArray(SPECIES, capacities, i));
      DoubleVector dd = wd.mul(d);
      h20 = h20.add(de);
      h40 = de.fma(y, h40);
      h21 = h21.add(dc);
      h41 = dc.fma(y, h41);
      DoubleVector dcx = dc.mul(x);
      h32 = h32.add(dcx);
      h43 = dcx.fma(y, h43);
      h22 = h22.add(dd);
      DoubleVector ddy = dd.mul(y);
      h42 = h42.add(ddy);
      h44 = ddy.fma(y, h44);
    }
    h20.intoArray(result, entry(2, 0));
    h21.intoArray(result, entry(2, 1));
    h22.intoArray(result, entry(2, 2));
    h32.intoArray(result, entry(3, 2));
    h40.intoArray(result, entry(4, 0));
    h41.intoArray(result, entry(4, 1));
    h42.intoArray(result, entry(4, 2));
    h43.intoArray(result, entry(4, 3));
    h44.intoArray(result, entry(4, 4));
  }
}
