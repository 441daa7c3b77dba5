package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;
import static org.farfit.engine.simd.VectorMath.SPECIES;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;

/**
 * {@link org.farfit.law.Chinchilla}. Runs of other people's data may have a size each, and then
 * sums by size would cost more than they save: here the runs of several sizes are one chunk, and
 * products of the three terms e (E), c (A / N^alpha) and d (B / D^beta) with x and y are added up
 * directly. Terms are added as they are, which takes one exponential per size and per run and one
 * logarithm per run; where one of them might overflow, {@link #serves} says no.
 */
final class ChinchillaKernel implements LawKernel {

  /** Runs of a chunk: its arrays stay in the L1 cache. */
  private static final int CHUNK = 32;

  private static final int P = 5;

  /** Terms between e^-340 and e^340 can be added, divided and multiplied as they are. */
  private static final double LARGEST_EXPONENT = 340.0;

  private static final int MANTISSA_BITS = 52;
  private static final long EXPONENT = 0x7ffL << MANTISSA_BITS;

  /** The bits of 1. */
  private static final long ONE = 0x3ffL << MANTISSA_BITS;

  /** The bits of sqrt(1/2). */
  private static final long ROOT_OF_HALF = 0x3fe6a09e667f3bcdL;

  /** The bits of 2^52, into whose low ones an integer is put to make it a double. */
  private static final long INTEGER = 0x433L << MANTISSA_BITS;

  /** 2^52 and the exponent's bias of 1023. */
  private static final double INTEGER_ZERO = 0x1p52 + 1023;

  private final RunTerms runTerms;
  private final double[] capacity;
  private final double[] data;
  private final double[] limit = new double[LANES];
  private final double[] x;
  private final double[] y;
  private final boolean shares;
  private final double delta;

  /** Whether residuals are weighed where they are summed. */
  private final boolean robust;

  private final SharedErrors shared;
  private final TermExpansion expansion = new TermExpansion(4, 0, 1, 2, 1, 3);
  private final double[] slopes = new double[P * LANES];
  private final double[] sharedSums = new double[6 * LANES];

  ChinchillaKernel(SurfaceProblem problem) {
    int most = Math.max(CHUNK, RunTerms.mostRuns(problem));
    this.runTerms = new RunTerms(problem, 3, most);
    this.capacity = new double[most * LANES];
    this.data = new double[most * LANES];
    this.x = ends(problem.groups(), problem::x);
    this.y = ends(problem.runs(), problem::y);
    this.shares = problem.sharesErrors();
    Objective objective = problem.objective();
    this.delta = objective.huberDelta();
    this.robust =
        !objective.isSquared() && objective.residual() == Objective.Residual.LOG && !shares;
    this.shared = new SharedErrors(problem, P);
    Arrays.fill(slopes, 1);
  }

  /** The least and the largest of some numbers. */
  private static double[] ends(int count, IntToDoubleFunction number) {
    DoubleSummaryStatistics all = IntStream.range(0, count).mapToDouble(number).summaryStatistics();
    return new double[] {all.getMin(), all.getMax()};
  }

  @Override
  public boolean takesPackedRuns() {
    return !shares;
  }

  /** Whether no term is too large or too small to be added without its logarithm. */
  @Override
  public boolean serves(double[] parameters, int lane) {
    return isModerate(parameters[lane], 0, y)
        && isModerate(parameters[LANES + lane], parameters[3 * LANES + lane], x)
        && isModerate(parameters[2 * LANES + lane], parameters[4 * LANES + lane], y);
  }

  private static boolean isModerate(double coefficient, double exponent, double[] ends) {
    return Math.abs(coefficient - exponent * ends[0]) <= LARGEST_EXPONENT
        && Math.abs(coefficient - exponent * ends[1]) <= LARGEST_EXPONENT;
  }

  @Override
  public void evaluate(BlockRuns runs, double[] parameters, double[] result) {
    Arrays.fill(result, 0);
    VectorMath.exp(1, parameters, limit);
    if (runs.packed) {
      for (int begin = 0; begin < runs.packedRuns; begin += CHUNK) {
        evaluatePacked(runs, begin, Math.min(CHUNK, runs.packedRuns - begin), parameters, result);
      }
      return;
    }
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
    powers(sizes, runs.x, false, first, parameters, 1, 3, capacity);
    powers(count, runs.y, false, begin, parameters, 2, 4, data);
    addUp(runs, first, begin, count, result);
    if (shares) {
      share(runs, first, end, result);
    }
  }

  /** One chunk of runs that each lane has for itself. */
  private void evaluatePacked(
      BlockRuns runs, int begin, int count, double[] parameters, double[] result) {
    powers(count, runs.minusX, true, begin, parameters, 1, 3, capacity);
    powers(count, runs.minusY, true, begin, parameters, 2, 4, data);
    addUp(runs, 0, begin, count, result);
  }

  private void addUp(BlockRuns runs, int first, int begin, int count, double[] result) {
    logs(runs, first, begin, count);
    boolean weighed = !robust || runs.careful;
    if (weighed) {
      runTerms.weigh(runs, begin, count, result);
    }
    sum(runs, begin, count, weighed, result);
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

  /**
   * e^(c - a x), the arithmetic of {@link VectorMath#exp} without its care for exponents beyond
   * {@link #LARGEST_EXPONENT}.
   *
   * @param byLane whether x is given by lane, and then as -x
   * @param c which parameter is c, as {@code a} says which is a
   */
  private static void powers(
      int count,
      double[] x,
      boolean byLane,
      int from,
      double[] parameters,
      int c,
      int a,
      double[] out) {
    DoubleVector constant = DoubleVector.fromArray(SPECIES, parameters, c * LANES);
    DoubleVector exponent = DoubleVector.fromArray(SPECIES, parameters, a * LANES);
    for (int i = 0; i < count; i++) {
      DoubleVector minus =
          byLane
              ? DoubleVector.fromArray(SPECIES, x, (from + i) * LANES)
              : DoubleVector.broadcast(SPECIES, -x[from + i]);
      DoubleVector at = exponent.fma(minus, constant);
      DoubleVector shifted =
          at.fma(
              DoubleVector.broadcast(SPECIES, VectorMath.LOG2_E),
              DoubleVector.broadcast(SPECIES, VectorMath.ROUNDING));
      DoubleVector k = shifted.sub(VectorMath.ROUNDING);
      DoubleVector r = k.fma(DoubleVector.broadcast(SPECIES, -VectorMath.LN2_HIGH), at);
      r = k.fma(DoubleVector.broadcast(SPECIES, -VectorMath.LN2_LOW), r);
      DoubleVector p = DoubleVector.broadcast(SPECIES, VectorMath.EXP_11);
      p = p.fma(r, DoubleVector.broadcast(SPECIES, VectorMath.EXP_10));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, VectorMath.EXP_9));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, VectorMath.EXP_8));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, VectorMath.EXP_7));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, VectorMath.EXP_6));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, VectorMath.EXP_5));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, VectorMath.EXP_4));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, VectorMath.EXP_3));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, VectorMath.EXP_2));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0));
      p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0));
      // k is in the low bits of what was rounded; added to those of the exponent it is 2^k.
      p.reinterpretAsLongs()
          .add(shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, MANTISSA_BITS))
          .reinterpretAsDoubles()
          .intoArray(out, i * LANES);
    }
  }

  /**
   * ln L of each run, and its derivatives by the logarithms of the three terms: their shares of L.
   *
   * <p>L = 2^k m with m between sqrt(1/2) and sqrt(2), and ln m is FDLIBM's as in {@link
   * VectorMath#logOnePlus}, with 1 / m from the same division.
   */
  private void logs(BlockRuns runs, int first, int begin, int count) {
    double[] value = runTerms.value;
    double[] limitShare = runTerms.local[0];
    double[] capacityShare = runTerms.local[1];
    double[] dataShare = runTerms.local[2];
    boolean packed = runs.packed;
    DoubleVector e = DoubleVector.fromArray(SPECIES, limit, 0);
    for (int run = 0; run < count; run++) {
      int i = run * LANES;
      int size = packed ? i : (runs.groupOf[begin + run] - first) * LANES;
      DoubleVector c = DoubleVector.fromArray(SPECIES, capacity, size);
      DoubleVector b = DoubleVector.fromArray(SPECIES, data, i);
      LongVector bits = c.add(e).add(b).reinterpretAsLongs();
      LongVector biased = bits.add(ONE - ROOT_OF_HALF).and(EXPONENT);
      LongVector scale = biased.sub(ONE);
      DoubleVector m = bits.sub(scale).reinterpretAsDoubles();
      DoubleVector k =
          biased
              .lanewise(VectorOperators.LSHR, MANTISSA_BITS)
              .or(INTEGER)
              .reinterpretAsDoubles()
              .sub(INTEGER_ZERO);
      DoubleVector f = m.sub(1.0);
      DoubleVector twoPlus = m.add(1.0);
      DoubleVector quotient = DoubleVector.broadcast(SPECIES, 1.0).div(m.mul(twoPlus));
      DoubleVector inverse =
          quotient.mul(twoPlus).reinterpretAsLongs().sub(scale).reinterpretAsDoubles();
      e.mul(inverse).intoArray(limitShare, i);
      c.mul(inverse).intoArray(capacityShare, i);
      b.mul(inverse).intoArray(dataShare, i);
      DoubleVector s = m.mul(quotient).mul(f);
      DoubleVector z = s.mul(s);
      DoubleVector r = DoubleVector.broadcast(SPECIES, -0.14798198605116586);
      r = r.fma(z, DoubleVector.broadcast(SPECIES, -0.15313837699209373));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, -0.1818357216161805));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, -0.22222198432149784));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, -0.2857142874366239));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, -0.3999999999940942));
      r = r.fma(z, DoubleVector.broadcast(SPECIES, -0.6666666666666735));
      DoubleVector log = f.sub(s.mul(r.fma(z, f)));
      log = k.fma(DoubleVector.broadcast(SPECIES, VectorMath.LN2_LOW), log);
      k.fma(DoubleVector.broadcast(SPECIES, VectorMath.LN2_HIGH), log).intoArray(value, i);
    }
  }

  private static int gradient(int j) {
    return (1 + j) * LANES;
  }

  private static int entry(int i, int j) {
    return (1 + P + i * (i + 1) / 2 + j) * LANES;
  }

  /**
   * Cost, gradient and matrix. Residuals of a robust loss are weighed as by {@link RunTerms#weigh},
   * here since the division for each takes as long as half of these sums, and runs beside them.
   *
   * @param weighed whether they have been, and the cost is there
   */
  private void sum(BlockRuns runs, int begin, int count, boolean weighed, double[] result) {
    boolean packed = runs.packed;
    boolean ownTargets = runs.ownTargets;
    boolean uniform = runs.uniform;
    double[] residuals = runTerms.residual();
    double[] weights = runTerms.weight();
    double[] values = runTerms.value;
    double[] limits = runTerms.local[0];
    double[] capacities = runTerms.local[1];
    double[] datas = runTerms.local[2];
    DoubleVector share = DoubleVector.fromArray(SPECIES, runs.curvatureBeyond, 0);
    DoubleVector slope = share.mul(delta);
    DoubleVector perShare = DoubleVector.broadcast(SPECIES, 1.0).div(share);
    DoubleVector cost = DoubleVector.fromArray(SPECIES, result, 0);
    DoubleVector g0 = DoubleVector.fromArray(SPECIES, result, gradient(0));
    DoubleVector g1 = DoubleVector.fromArray(SPECIES, result, gradient(1));
    DoubleVector g2 = DoubleVector.fromArray(SPECIES, result, gradient(2));
    DoubleVector g3 = DoubleVector.fromArray(SPECIES, result, gradient(3));
    DoubleVector g4 = DoubleVector.fromArray(SPECIES, result, gradient(4));
    DoubleVector h00 = DoubleVector.fromArray(SPECIES, result, entry(0, 0));
    DoubleVector h10 = DoubleVector.fromArray(SPECIES, result, entry(1, 0));
    DoubleVector h11 = DoubleVector.fromArray(SPECIES, result, entry(1, 1));
    DoubleVector h20 = DoubleVector.fromArray(SPECIES, result, entry(2, 0));
    DoubleVector h21 = DoubleVector.fromArray(SPECIES, result, entry(2, 1));
    DoubleVector h22 = DoubleVector.fromArray(SPECIES, result, entry(2, 2));
    DoubleVector h30 = DoubleVector.fromArray(SPECIES, result, entry(3, 0));
    DoubleVector h31 = DoubleVector.fromArray(SPECIES, result, entry(3, 1));
    DoubleVector h32 = DoubleVector.fromArray(SPECIES, result, entry(3, 2));
    DoubleVector h33 = DoubleVector.fromArray(SPECIES, result, entry(3, 3));
    DoubleVector h40 = DoubleVector.fromArray(SPECIES, result, entry(4, 0));
    DoubleVector h41 = DoubleVector.fromArray(SPECIES, result, entry(4, 1));
    DoubleVector h42 = DoubleVector.fromArray(SPECIES, result, entry(4, 2));
    DoubleVector h43 = DoubleVector.fromArray(SPECIES, result, entry(4, 3));
    DoubleVector h44 = DoubleVector.fromArray(SPECIES, result, entry(4, 4));
    for (int run = 0; run < count; run++) {
      int i = run * LANES;
      DoubleVector w;
      DoubleVector wr;
      if (weighed) {
        w = DoubleVector.fromArray(SPECIES, weights, i);
        wr = w.mul(DoubleVector.fromArray(SPECIES, residuals, i));
      } else {
        DoubleVector r =
            DoubleVector.fromArray(SPECIES, values, i)
                .sub(
                    ownTargets
                        ? DoubleVector.fromArray(SPECIES, runs.target, (begin + run) * LANES)
                        : DoubleVector.broadcast(SPECIES, runs.target[begin + run]));
        DoubleVector own =
            uniform
                ? DoubleVector.broadcast(SPECIES, runs.weight[begin + run])
                : DoubleVector.fromArray(SPECIES, runs.weight, (begin + run) * LANES);
        DoubleVector size = r.abs();
        VectorMask<Double> beyond = size.compare(VectorOperators.GT, delta);
        DoubleVector clipped = size.blend(delta, beyond);
        cost = clipped.fma(DoubleVector.broadcast(SPECIES, -0.5), size).mul(clipped).fma(own, cost);
        w = own.mul(slope.div(size), beyond);
        wr = w.mul(r.mul(perShare, beyond));
      }
      DoubleVector x =
          packed
              ? DoubleVector.fromArray(SPECIES, runs.minusX, (begin + run) * LANES)
              : DoubleVector.broadcast(SPECIES, -runs.x[runs.groupOf[begin + run]]);
      DoubleVector y =
          packed
              ? DoubleVector.fromArray(SPECIES, runs.minusY, (begin + run) * LANES)
              : DoubleVector.broadcast(SPECIES, -runs.y[begin + run]);
      DoubleVector e = DoubleVector.fromArray(SPECIES, limits, i);
      DoubleVector c = DoubleVector.fromArray(SPECIES, capacities, i);
      DoubleVector d = DoubleVector.fromArray(SPECIES, datas, i);
      DoubleVector cr = c.mul(wr);
      DoubleVector dr = d.mul(wr);
      g0 = e.fma(wr, g0);
      g1 = g1.add(cr);
      g2 = g2.add(dr);
      g3 = cr.fma(x, g3);
      g4 = dr.fma(y, g4);
      DoubleVector we = w.mul(e);
      h00 = we.fma(e, h00);
      DoubleVector wc = w.mul(c);
      DoubleVector ce = wc.mul(e);
      h10 = h10.add(ce);
      h30 = ce.fma(x, h30);
      DoubleVector cc = wc.mul(c);
      h11 = h11.add(cc);
      DoubleVector ccx = cc.mul(x);
      h31 = h31.add(ccx);
      h33 = ccx.fma(x, h33);
      DoubleVector wd = w.mul(d);
      DoubleVector de = wd.mul(e);
      h20 = h20.add(de);
      h40 = de.fma(y, h40);
      DoubleVector dc = wd.mul(c);
      h21 = h21.add(dc);
      h41 = dc.fma(y, h41);
      DoubleVector dcx = dc.mul(x);
      h32 = h32.add(dcx);
      h43 = dcx.fma(y, h43);
      DoubleVector dd = wd.mul(d);
      h22 = h22.add(dd);
      DoubleVector ddy = dd.mul(y);
      h42 = h42.add(ddy);
      h44 = ddy.fma(y, h44);
    }
    cost.intoArray(result, 0);
    g0.intoArray(result, gradient(0));
    g1.intoArray(result, gradient(1));
    g2.intoArray(result, gradient(2));
    g3.intoArray(result, gradient(3));
    g4.intoArray(result, gradient(4));
    h00.intoArray(result, entry(0, 0));
    h10.intoArray(result, entry(1, 0));
    h11.intoArray(result, entry(1, 1));
    h20.intoArray(result, entry(2, 0));
    h21.intoArray(result, entry(2, 1));
    h22.intoArray(result, entry(2, 2));
    h30.intoArray(result, entry(3, 0));
    h31.intoArray(result, entry(3, 1));
    h32.intoArray(result, entry(3, 2));
    h33.intoArray(result, entry(3, 3));
    h40.intoArray(result, entry(4, 0));
    h41.intoArray(result, entry(4, 1));
    h42.intoArray(result, entry(4, 2));
    h43.intoArray(result, entry(4, 3));
    h44.intoArray(result, entry(4, 4));
  }
}
