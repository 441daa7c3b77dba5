package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;
import static org.farfit.engine.simd.VectorMath.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;

/**
 * Residuals, weights and sums over the runs of one N, for any law: {@code local} holds d ln L / d
 * term of each run and lane, {@code value} ln L. One thread at a time.
 *
 * <p>Work is split into short loops over arrays that stay in the L1 cache, each of which keeps its
 * operands in registers.
 */
final class RunTerms {

  /** Where those of terms 0, 1 and 4 of five go. */
  private static final int[] WITHOUT_DATA = {0, 1, 4, 5, 6, 7, 15, 16, 19};

  private final boolean squared;
  private final boolean linear;
  private final boolean shares;
  private final double delta;

  /** ln L by run and lane. */
  final double[] value;

  /** d ln L / d term, by term, then run and lane. */
  final double[][] local;

  /** Residual by run and lane. */
  private final double[] residual;

  /** Weight of the squared residual by run and lane, the robust one included. */
  private final double[] weight;

  RunTerms(SurfaceProblem problem, int terms) {
    this(problem, terms, mostRuns(problem));
  }

  /**
   * Room for a number of runs at a time.
   *
   * @param terms how many derivatives each run has
   */
  RunTerms(SurfaceProblem problem, int terms, int most) {
    Objective objective = problem.objective();
    this.squared = objective.isSquared();
    this.linear = objective.residual() == Objective.Residual.LINEAR;
    this.delta = objective.huberDelta();
    this.shares = problem.sharesErrors();
    this.value = new double[most * LANES];
    this.local = new double[terms][most * LANES];
    this.residual = new double[most * LANES];
    this.weight = new double[most * LANES];
  }

  /** The most runs of one N. */
  static int mostRuns(SurfaceProblem problem) {
    int most = 0;
    for (int group = 0; group < problem.groups(); group++) {
      most = Math.max(most, problem.groupStart(group + 1) - problem.groupStart(group));
    }
    return most;
  }

  /** Residual by run and lane, after {@link #weigh}. */
  double[] residual() {
    return residual;
  }

  /** Weight by run and lane, after {@link #weigh}. */
  double[] weight() {
    return weight;
  }

  /**
   * Turns values into residuals and weights, adding up the cost.
   *
   * @param costs receives, at its beginning, the cost of each lane in addition to what it holds
   */
  void weigh(BlockRuns runs, int begin, int count, double[] costs) {
    if (linear) {
      exponentiate(count);
    }
    if (runs.careful) {
      dropUnweighted(runs, begin, count);
    }
    if (squared) {
      weighSquared(runs, begin, count, costs);
    } else {
      weighHuber(runs, begin, count, costs);
    }
  }

  /** Linear residuals: dL = L d ln L. */
  private void exponentiate(int count) {
    VectorMath.exp(count, value, value);
    for (double[] term : local) {
      LogSums.scale(count, value, term);
    }
  }

  /** What weighs nothing must not matter even where it is not finite. */
  private void dropUnweighted(BlockRuns runs, int begin, int count) {
    for (int at = 0; at < count * LANES; at++) {
      if (runs.weight[begin * LANES + at] == 0) {
        value[at] =
            runs.ownTargets ? runs.target[begin * LANES + at] : runs.target[begin + at / LANES];
        for (double[] term : local) {
          term[at] = 0;
        }
      }
    }
  }

  private void weighSquared(BlockRuns runs, int begin, int count, double[] costs) {
    DoubleVector sum = DoubleVector.fromArray(SPECIES, costs, 0);
    for (int run = 0; run < count; run++) {
      int at = run * LANES;
      DoubleVector r =
          DoubleVector.fromArray(SPECIES, value, at)
              .sub(
                  runs.ownTargets
                      ? DoubleVector.fromArray(SPECIES, runs.target, (begin + run) * LANES)
                      : DoubleVector.broadcast(SPECIES, runs.target[begin + run]));
      DoubleVector w =
          runs.uniform
              ? DoubleVector.broadcast(SPECIES, runs.weight[begin + run])
              : DoubleVector.fromArray(SPECIES, runs.weight, (begin + run) * LANES);
      sum = r.mul(r).mul(0.5).fma(w, sum);
      r.intoArray(residual, at);
      w.intoArray(weight, at);
    }
    sum.intoArray(costs, 0);
  }

  private void weighHuber(BlockRuns runs, int begin, int count, double[] costs) {
    DoubleVector share = DoubleVector.fromArray(SPECIES, runs.curvatureBeyond, 0);
    DoubleVector slope = share.mul(delta);
    DoubleVector perShare = DoubleVector.broadcast(SPECIES, 1.0).div(share);
    DoubleVector minusHalf = DoubleVector.broadcast(SPECIES, -0.5);
    DoubleVector sum = DoubleVector.fromArray(SPECIES, costs, 0);
    for (int run = 0; run < count; run++) {
      int at = run * LANES;
      DoubleVector r =
          DoubleVector.fromArray(SPECIES, value, at)
              .sub(
                  runs.ownTargets
                      ? DoubleVector.fromArray(SPECIES, runs.target, (begin + run) * LANES)
                      : DoubleVector.broadcast(SPECIES, runs.target[begin + run]));
      DoubleVector w =
          runs.uniform
              ? DoubleVector.broadcast(SPECIES, runs.weight[begin + run])
              : DoubleVector.fromArray(SPECIES, runs.weight, (begin + run) * LANES);
      DoubleVector size = r.abs();
      VectorMask<Double> beyond = size.compare(VectorOperators.GT, delta);
      // Objective.loss: c (|r| - c / 2), c being the smaller of |r| and delta
      DoubleVector clipped = size.blend(delta, beyond);
      sum = clipped.fma(minusHalf, size).mul(clipped).fma(w, sum);
      // Objective.curvature and workingResidual
      r.mul(perShare, beyond).intoArray(residual, at);
      w.mul(slope.div(size), beyond).intoArray(weight, at);
    }
    sum.intoArray(costs, 0);
  }

  /**
   * Cost, right-hand sides and products of the sum form, whose third derivative is -y times the
   * second.
   *
   * @param terms U, V, A from {@code term} on
   * @param scratch what {@link Scratch#exponentials} has made of its gaps
   * @param sums output from {@code at} on, 9 x lanes: m0 m1 m2, M00 M10 M11 M20 M21 M22
   * @param costs the cost of each lane is added to its beginning
   */
  void sumDataForm(
      BlockRuns runs,
      int group,
      double[] terms,
      int term,
      Scratch scratch,
      double[] sums,
      int at,
      double[] costs) {
    if (squared && !linear && runs.uniform && !shares) {
      sumSquaredUniform(runs, group, terms, term, scratch, sums, at, costs);
      return;
    }
    int count = runs.start[group + 1] - runs.start[group];
    LogSums.sums(
        count,
        terms,
        term,
        scratch.w,
        scratch.t,
        scratch.log,
        scratch.inverse,
        value,
        local[0],
        local[1]);
    weigh(runs, runs.start[group], count, costs);
    sumWeighted(runs, group, sums, at);
  }

  /** The usual case in one loop that stores nothing per run. */
  private static void sumSquaredUniform(
      BlockRuns runs,
      int group,
      double[] terms,
      int term,
      Scratch scratch,
      double[] sums,
      int at,
      double[] costs) {
    int begin = runs.start[group];
    int count = runs.start[group + 1] - begin;
    DoubleVector u = DoubleVector.fromArray(SPECIES, terms, term);
    DoubleVector cost = DoubleVector.fromArray(SPECIES, costs, 0);
    DoubleVector m0 = DoubleVector.broadcast(SPECIES, 0);
    DoubleVector m1 = m0;
    DoubleVector m2 = m0;
    DoubleVector m00 = m0;
    DoubleVector m10 = m0;
    DoubleVector m11 = m0;
    DoubleVector m20 = m0;
    DoubleVector m21 = m0;
    DoubleVector m22 = m0;
    for (int run = 0; run < count; run++) {
      int i = run * LANES;
      DoubleVector data = DoubleVector.fromArray(SPECIES, scratch.w, i);
      DoubleVector larger = DoubleVector.fromArray(SPECIES, scratch.inverse, i);
      DoubleVector smaller = DoubleVector.fromArray(SPECIES, scratch.t, i).mul(larger);
      VectorMask<Double> dataIsLarger = u.compare(VectorOperators.LT, data);
      DoubleVector r =
          u.blend(data, dataIsLarger)
              .add(DoubleVector.fromArray(SPECIES, scratch.log, i))
              .sub(
                  runs.ownTargets
                      ? DoubleVector.fromArray(SPECIES, runs.target, (begin + run) * LANES)
                      : DoubleVector.broadcast(SPECIES, runs.target[begin + run]));
      DoubleVector l0 = larger.blend(smaller, dataIsLarger);
      DoubleVector l1 = smaller.blend(larger, dataIsLarger);
      DoubleVector w = DoubleVector.broadcast(SPECIES, runs.weight[begin + run]);
      DoubleVector y = DoubleVector.broadcast(SPECIES, -runs.y[begin + run]);
      cost = r.mul(r).mul(0.5).fma(w, cost);
      DoubleVector w0 = w.mul(l0);
      DoubleVector w1 = w.mul(l1);
      DoubleVector p10 = w1.mul(l0);
      DoubleVector p11 = w1.mul(l1);
      DoubleVector r1 = w1.mul(r);
      m0 = w0.fma(r, m0);
      m1 = m1.add(r1);
      m2 = r1.fma(y, m2);
      m00 = w0.fma(l0, m00);
      m10 = m10.add(p10);
      m11 = m11.add(p11);
      m20 = p10.fma(y, m20);
      DoubleVector p21 = p11.mul(y);
      m21 = m21.add(p21);
      m22 = p21.fma(y, m22);
    }
    cost.intoArray(costs, 0);
    m0.intoArray(sums, at);
    m1.intoArray(sums, at + LANES);
    m2.intoArray(sums, at + 2 * LANES);
    m00.intoArray(sums, at + 3 * LANES);
    m10.intoArray(sums, at + 4 * LANES);
    m11.intoArray(sums, at + 5 * LANES);
    m20.intoArray(sums, at + 6 * LANES);
    m21.intoArray(sums, at + 7 * LANES);
    m22.intoArray(sums, at + 8 * LANES);
  }

  private void sumWeighted(BlockRuns runs, int group, double[] sums, int at) {
    int begin = runs.start[group];
    int count = runs.start[group + 1] - begin;
    DoubleVector m0 = DoubleVector.broadcast(SPECIES, 0);
    DoubleVector m1 = m0;
    DoubleVector m2 = m0;
    DoubleVector m00 = m0;
    DoubleVector m10 = m0;
    DoubleVector m11 = m0;
    DoubleVector m20 = m0;
    DoubleVector m21 = m0;
    DoubleVector m22 = m0;
    double[] first = local[0];
    double[] second = local[1];
    for (int run = 0; run < count; run++) {
      int i = run * LANES;
      DoubleVector r = DoubleVector.fromArray(SPECIES, residual, i);
      DoubleVector w = DoubleVector.fromArray(SPECIES, weight, i);
      DoubleVector l0 = DoubleVector.fromArray(SPECIES, first, i);
      DoubleVector l1 = DoubleVector.fromArray(SPECIES, second, i);
      DoubleVector y = DoubleVector.broadcast(SPECIES, -runs.y[begin + run]);
      DoubleVector w0 = w.mul(l0);
      DoubleVector w1 = w.mul(l1);
      DoubleVector p10 = w1.mul(l0);
      DoubleVector p11 = w1.mul(l1);
      DoubleVector r1 = w1.mul(r);
      m0 = w0.fma(r, m0);
      m1 = m1.add(r1);
      m2 = r1.fma(y, m2);
      m00 = w0.fma(l0, m00);
      m10 = m10.add(p10);
      m11 = m11.add(p11);
      m20 = p10.fma(y, m20);
      DoubleVector p21 = p11.mul(y);
      m21 = m21.add(p21);
      m22 = p21.fma(y, m22);
    }
    m0.intoArray(sums, at);
    m1.intoArray(sums, at + LANES);
    m2.intoArray(sums, at + 2 * LANES);
    m00.intoArray(sums, at + 3 * LANES);
    m10.intoArray(sums, at + 4 * LANES);
    m11.intoArray(sums, at + 5 * LANES);
    m20.intoArray(sums, at + 6 * LANES);
    m21.intoArray(sums, at + 7 * LANES);
    m22.intoArray(sums, at + 8 * LANES);
  }

  /**
   * Right-hand sides and products of three terms.
   *
   * @param to which vectors of {@code sums} receive m0 m1 m2 and M00 M10 M11 M20 M21 M22
   */
  private static void sumThree(
      int count,
      double[] residual,
      double[] weight,
      double[] first,
      double[] second,
      double[] third,
      double[] sums,
      int[] to) {
    DoubleVector m0 = DoubleVector.broadcast(SPECIES, 0);
    DoubleVector m1 = m0;
    DoubleVector m2 = m0;
    DoubleVector m00 = m0;
    DoubleVector m10 = m0;
    DoubleVector m11 = m0;
    DoubleVector m20 = m0;
    DoubleVector m21 = m0;
    DoubleVector m22 = m0;
    for (int i = 0; i < count * LANES; i += LANES) {
      DoubleVector r = DoubleVector.fromArray(SPECIES, residual, i);
      DoubleVector w = DoubleVector.fromArray(SPECIES, weight, i);
      DoubleVector l0 = DoubleVector.fromArray(SPECIES, first, i);
      DoubleVector l1 = DoubleVector.fromArray(SPECIES, second, i);
      DoubleVector l2 = DoubleVector.fromArray(SPECIES, third, i);
      DoubleVector w0 = w.mul(l0);
      DoubleVector w1 = w.mul(l1);
      DoubleVector w2 = w.mul(l2);
      m0 = w0.fma(r, m0);
      m1 = w1.fma(r, m1);
      m2 = w2.fma(r, m2);
      m00 = w0.fma(l0, m00);
      m10 = w1.fma(l0, m10);
      m11 = w1.fma(l1, m11);
      m20 = w2.fma(l0, m20);
      m21 = w2.fma(l1, m21);
      m22 = w2.fma(l2, m22);
    }
    m0.intoArray(sums, to[0] * LANES);
    m1.intoArray(sums, to[1] * LANES);
    m2.intoArray(sums, to[2] * LANES);
    m00.intoArray(sums, to[3] * LANES);
    m10.intoArray(sums, to[4] * LANES);
    m11.intoArray(sums, to[5] * LANES);
    m20.intoArray(sums, to[6] * LANES);
    m21.intoArray(sums, to[7] * LANES);
    m22.intoArray(sums, to[8] * LANES);
  }

  /**
   * Right-hand sides and products of a law of five terms, whose fourth derivative is -y times the
   * third; {@code local[3]} is not read.
   *
   * @param sums output, 20 x lanes: m by term, M packed by its lower triangle
   */
  void sumFive(BlockRuns runs, int group, double[] sums) {
    sumThree(
        runs.start[group + 1] - runs.start[group],
        residual,
        weight,
        local[0],
        local[1],
        local[4],
        sums,
        WITHOUT_DATA);
    sumData(runs, group, residual, weight, local, sums);
  }

  /** What involves the data term and its slope. */
  private static void sumData(
      BlockRuns runs,
      int group,
      double[] residual,
      double[] weight,
      double[][] local,
      double[] sums) {
    int begin = runs.start[group];
    int count = runs.start[group + 1] - begin;
    double[] first = local[0];
    double[] second = local[1];
    double[] third = local[2];
    double[] fifth = local[4];
    DoubleVector m2 = DoubleVector.broadcast(SPECIES, 0);
    DoubleVector m3 = m2;
    DoubleVector m20 = m2;
    DoubleVector m21 = m2;
    DoubleVector m22 = m2;
    DoubleVector m30 = m2;
    DoubleVector m31 = m2;
    DoubleVector m32 = m2;
    DoubleVector m33 = m2;
    DoubleVector m42 = m2;
    DoubleVector m43 = m2;
    for (int run = 0; run < count; run++) {
      int i = run * LANES;
      DoubleVector l2 = DoubleVector.fromArray(SPECIES, third, i);
      DoubleVector w = DoubleVector.fromArray(SPECIES, weight, i).mul(l2);
      DoubleVector y = DoubleVector.broadcast(SPECIES, -runs.y[begin + run]);
      DoubleVector p2 = w.mul(DoubleVector.fromArray(SPECIES, residual, i));
      DoubleVector p20 = w.mul(DoubleVector.fromArray(SPECIES, first, i));
      DoubleVector p21 = w.mul(DoubleVector.fromArray(SPECIES, second, i));
      DoubleVector p22 = w.mul(l2);
      DoubleVector p42 = w.mul(DoubleVector.fromArray(SPECIES, fifth, i));
      m2 = m2.add(p2);
      m3 = p2.fma(y, m3);
      m20 = m20.add(p20);
      m30 = p20.fma(y, m30);
      m21 = m21.add(p21);
      m31 = p21.fma(y, m31);
      m22 = m22.add(p22);
      DoubleVector p32 = p22.mul(y);
      m32 = m32.add(p32);
      m33 = p32.fma(y, m33);
      m42 = m42.add(p42);
      m43 = p42.fma(y, m43);
    }
    m2.intoArray(sums, 2 * LANES);
    m3.intoArray(sums, 3 * LANES);
    m20.intoArray(sums, 8 * LANES);
    m21.intoArray(sums, 9 * LANES);
    m22.intoArray(sums, 10 * LANES);
    m30.intoArray(sums, 11 * LANES);
    m31.intoArray(sums, 12 * LANES);
    m32.intoArray(sums, 13 * LANES);
    m33.intoArray(sums, 14 * LANES);
    m42.intoArray(sums, 17 * LANES);
    m43.intoArray(sums, 18 * LANES);
  }
}
