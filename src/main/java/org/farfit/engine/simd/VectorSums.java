package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;
import static org.farfit.engine.simd.VectorMath.SPECIES;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.farfit.engine.code.FormulaEvaluator;
import org.farfit.engine.code.FormulaKernel;
import org.farfit.engine.code.KernelCache;
import org.farfit.engine.code.RunSums;
import org.farfit.formula.Schedule;

/** Sums of a formula's problems, a vector of problems at a time. */
final class VectorSums implements FormulaEvaluator.Sums {

  private static final KernelCache KERNELS =
      new KernelCache(schedule -> new VectorEmitter(schedule).make(MethodHandles.lookup()));

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public FormulaKernel kernel(Schedule schedule) {
    return KERNELS.of(schedule);
  }

  @Override
  public boolean residuals(
      RunSums sums, int at, FormulaEvaluator.RunWeights runs, double huberDelta) {
    if (huberDelta < Double.POSITIVE_INFINITY) {
      huber(sums, at, runs, huberDelta);
      return false;
    }
    if (sums.slots.length != 3 || sums.keepsResiduals) {
      squared(sums, at, runs);
      return false;
    }
    squaredThree(sums, at, runs);
    return true;
  }

  private static void squared(RunSums sums, int at, FormulaEvaluator.RunWeights runs) {
    boolean uniform = runs.uniform();
    boolean ownTargets = runs.ownTargets();
    double[] target = runs.target();
    double[] weight = runs.weight();
    int first = sums.first;
    int count = sums.end - first;
    DoubleVector cost = DoubleVector.fromArray(SPECIES, sums.cost, 0);
    for (int run = 0; run < count; run++) {
      int i = run * LANES;
      DoubleVector r =
          DoubleVector.fromArray(SPECIES, sums.own, at + i)
              .sub(
                  ownTargets
                      ? DoubleVector.fromArray(SPECIES, target, (first + run) * LANES)
                      : DoubleVector.broadcast(SPECIES, target[first + run]));
      DoubleVector w =
          uniform
              ? DoubleVector.broadcast(SPECIES, weight[first + run])
              : DoubleVector.fromArray(SPECIES, weight, (first + run) * LANES);
      cost = r.mul(r).mul(0.5).fma(w, cost);
      r.intoArray(sums.residual, i);
      w.intoArray(sums.weight, i);
    }
    cost.intoArray(sums.cost, 0);
  }

  private static void huber(RunSums sums, int at, FormulaEvaluator.RunWeights runs, double delta) {
    boolean uniform = runs.uniform();
    boolean ownTargets = runs.ownTargets();
    double[] target = runs.target();
    double[] weight = runs.weight();
    int first = sums.first;
    int count = sums.end - first;
    DoubleVector share = DoubleVector.fromArray(SPECIES, sums.curvatureBeyond, 0);
    DoubleVector slope = share.mul(delta);
    DoubleVector perShare = DoubleVector.broadcast(SPECIES, 1.0).div(share);
    DoubleVector cost = DoubleVector.fromArray(SPECIES, sums.cost, 0);
    for (int run = 0; run < count; run++) {
      int i = run * LANES;
      DoubleVector r =
          DoubleVector.fromArray(SPECIES, sums.own, at + i)
              .sub(
                  ownTargets
                      ? DoubleVector.fromArray(SPECIES, target, (first + run) * LANES)
                      : DoubleVector.broadcast(SPECIES, target[first + run]));
      DoubleVector w =
          uniform
              ? DoubleVector.broadcast(SPECIES, weight[first + run])
              : DoubleVector.fromArray(SPECIES, weight, (first + run) * LANES);
      DoubleVector size = r.abs();
      VectorMask<Double> inside = size.compare(VectorOperators.LE, delta);
      DoubleVector beyond = size.sub(0.5 * delta).mul(delta);
      cost = beyond.blend(r.mul(r).mul(0.5), inside).fma(w, cost);
      // Objective.curvature and workingResidual
      DoubleVector robust = slope.div(size).blend(1.0, inside);
      r.mul(perShare).blend(r, inside).intoArray(sums.residual, i);
      w.mul(robust).intoArray(sums.weight, i);
    }
    cost.intoArray(sums.cost, 0);
  }

  /** Residuals and the sums of three factors in one loop, where these are all. */
  private static void squaredThree(RunSums in, int at, FormulaEvaluator.RunWeights runs) {
    boolean uniform = runs.uniform();
    boolean ownTargets = runs.ownTargets();
    double[] target = runs.target();
    double[] weight = runs.weight();
    int first = in.first;
    DoubleVector cost = DoubleVector.fromArray(SPECIES, in.cost, 0);
    double[] own = in.own;
    double[] sums = in.sums;
    int at0 = in.slots[0];
    int at1 = in.slots[1];
    int at2 = in.slots[2];
    int toM0 = in.rightSide(0);
    int toM1 = in.rightSide(1);
    int toM2 = in.rightSide(2);
    int toM00 = in.product(0, 0);
    int toM10 = in.product(1, 0);
    int toM11 = in.product(1, 1);
    int toM20 = in.product(2, 0);
    int toM21 = in.product(2, 1);
    int toM22 = in.product(2, 2);
    for (int value = in.firstValue; value < in.endValue; value++) {
      int v = value * LANES;
      int end = in.finish(value);
      DoubleVector m0 = DoubleVector.fromArray(SPECIES, sums, toM0 + v);
      DoubleVector m1 = DoubleVector.fromArray(SPECIES, sums, toM1 + v);
      DoubleVector m2 = DoubleVector.fromArray(SPECIES, sums, toM2 + v);
      DoubleVector m00 = DoubleVector.fromArray(SPECIES, sums, toM00 + v);
      DoubleVector m10 = DoubleVector.fromArray(SPECIES, sums, toM10 + v);
      DoubleVector m11 = DoubleVector.fromArray(SPECIES, sums, toM11 + v);
      DoubleVector m20 = DoubleVector.fromArray(SPECIES, sums, toM20 + v);
      DoubleVector m21 = DoubleVector.fromArray(SPECIES, sums, toM21 + v);
      DoubleVector m22 = DoubleVector.fromArray(SPECIES, sums, toM22 + v);
      for (int run = in.begin(value); run < end; run++) {
        int i = run * LANES;
        DoubleVector r =
            DoubleVector.fromArray(SPECIES, own, at + i)
                .sub(
                    ownTargets
                        ? DoubleVector.fromArray(SPECIES, target, (first + run) * LANES)
                        : DoubleVector.broadcast(SPECIES, target[first + run]));
        DoubleVector w =
            uniform
                ? DoubleVector.broadcast(SPECIES, weight[first + run])
                : DoubleVector.fromArray(SPECIES, weight, (first + run) * LANES);
        cost = r.mul(r).mul(0.5).fma(w, cost);
        DoubleVector f0 = DoubleVector.fromArray(SPECIES, own, at0 + i);
        DoubleVector w0 = w.mul(f0);
        m0 = w0.fma(r, m0);
        m00 = w0.fma(f0, m00);
        DoubleVector f1 = DoubleVector.fromArray(SPECIES, own, at1 + i);
        DoubleVector w1 = w.mul(f1);
        m1 = w1.fma(r, m1);
        m10 = w1.fma(f0, m10);
        m11 = w1.fma(f1, m11);
        DoubleVector f2 = DoubleVector.fromArray(SPECIES, own, at2 + i);
        DoubleVector w2 = w.mul(f2);
        m2 = w2.fma(r, m2);
        m20 = w2.fma(f0, m20);
        m21 = w2.fma(f1, m21);
        m22 = w2.fma(f2, m22);
      }
      m0.intoArray(sums, toM0 + v);
      m1.intoArray(sums, toM1 + v);
      m2.intoArray(sums, toM2 + v);
      m00.intoArray(sums, toM00 + v);
      m10.intoArray(sums, toM10 + v);
      m11.intoArray(sums, toM11 + v);
      m20.intoArray(sums, toM20 + v);
      m21.intoArray(sums, toM21 + v);
      m22.intoArray(sums, toM22 + v);
    }
    cost.intoArray(in.cost, 0);
  }

  @Override
  public void triangle(RunSums sums, int k, int factors) {
    switch (factors) {
      case 1 -> triangle1(sums, k);
      case 2 -> triangle2(sums, k);
      default -> triangle3(sums, k);
    }
  }

  @Override
  public void rectangle(RunSums sums, int k, int factors, int l) {
    if (factors == 1) {
      rectangle1(sums, k, l);
    } else {
      rectangle3(sums, k, l);
    }
  }

  private static void triangle1(RunSums in, int k) {
    double[] own = in.own;
    double[] sums = in.sums;
    int at0 = in.slots[k];
    int toM0 = in.rightSide(k);
    int toM00 = in.product(k, k);
    for (int value = in.firstValue; value < in.endValue; value++) {
      int v = value * LANES;
      int end = in.finish(value) * LANES;
      DoubleVector m0 = DoubleVector.fromArray(SPECIES, sums, toM0 + v);
      DoubleVector m00 = DoubleVector.fromArray(SPECIES, sums, toM00 + v);
      for (int i = in.begin(value) * LANES; i < end; i += LANES) {
        DoubleVector w = DoubleVector.fromArray(SPECIES, in.weight, i);
        DoubleVector r = DoubleVector.fromArray(SPECIES, in.residual, i);
        DoubleVector f0 = DoubleVector.fromArray(SPECIES, own, at0 + i);
        DoubleVector w0 = w.mul(f0);
        m0 = w0.fma(r, m0);
        m00 = w0.fma(f0, m00);
      }
      m0.intoArray(sums, toM0 + v);
      m00.intoArray(sums, toM00 + v);
    }
  }

  private static void triangle2(RunSums in, int k) {
    double[] own = in.own;
    double[] sums = in.sums;
    int at0 = in.slots[k];
    int at1 = in.slots[k + 1];
    int toM0 = in.rightSide(k);
    int toM1 = in.rightSide(k + 1);
    int toM00 = in.product(k, k);
    int toM10 = in.product(k + 1, k);
    int toM11 = in.product(k + 1, k + 1);
    for (int value = in.firstValue; value < in.endValue; value++) {
      int v = value * LANES;
      int end = in.finish(value) * LANES;
      DoubleVector m0 = DoubleVector.fromArray(SPECIES, sums, toM0 + v);
      DoubleVector m1 = DoubleVector.fromArray(SPECIES, sums, toM1 + v);
      DoubleVector m00 = DoubleVector.fromArray(SPECIES, sums, toM00 + v);
      DoubleVector m10 = DoubleVector.fromArray(SPECIES, sums, toM10 + v);
      DoubleVector m11 = DoubleVector.fromArray(SPECIES, sums, toM11 + v);
      for (int i = in.begin(value) * LANES; i < end; i += LANES) {
        DoubleVector w = DoubleVector.fromArray(SPECIES, in.weight, i);
        DoubleVector r = DoubleVector.fromArray(SPECIES, in.residual, i);
        DoubleVector f0 = DoubleVector.fromArray(SPECIES, own, at0 + i);
        DoubleVector w0 = w.mul(f0);
        m0 = w0.fma(r, m0);
        m00 = w0.fma(f0, m00);
        DoubleVector f1 = DoubleVector.fromArray(SPECIES, own, at1 + i);
        DoubleVector w1 = w.mul(f1);
        m1 = w1.fma(r, m1);
        m10 = w1.fma(f0, m10);
        m11 = w1.fma(f1, m11);
      }
      m0.intoArray(sums, toM0 + v);
      m1.intoArray(sums, toM1 + v);
      m00.intoArray(sums, toM00 + v);
      m10.intoArray(sums, toM10 + v);
      m11.intoArray(sums, toM11 + v);
    }
  }

  private static void triangle3(RunSums in, int k) {
    double[] own = in.own;
    double[] sums = in.sums;
    int at0 = in.slots[k];
    int at1 = in.slots[k + 1];
    int at2 = in.slots[k + 2];
    int toM0 = in.rightSide(k);
    int toM1 = in.rightSide(k + 1);
    int toM2 = in.rightSide(k + 2);
    int toM00 = in.product(k, k);
    int toM10 = in.product(k + 1, k);
    int toM11 = in.product(k + 1, k + 1);
    int toM20 = in.product(k + 2, k);
    int toM21 = in.product(k + 2, k + 1);
    int toM22 = in.product(k + 2, k + 2);
    for (int value = in.firstValue; value < in.endValue; value++) {
      int v = value * LANES;
      int end = in.finish(value) * LANES;
      DoubleVector m0 = DoubleVector.fromArray(SPECIES, sums, toM0 + v);
      DoubleVector m1 = DoubleVector.fromArray(SPECIES, sums, toM1 + v);
      DoubleVector m2 = DoubleVector.fromArray(SPECIES, sums, toM2 + v);
      DoubleVector m00 = DoubleVector.fromArray(SPECIES, sums, toM00 + v);
      DoubleVector m10 = DoubleVector.fromArray(SPECIES, sums, toM10 + v);
      DoubleVector m11 = DoubleVector.fromArray(SPECIES, sums, toM11 + v);
      DoubleVector m20 = DoubleVector.fromArray(SPECIES, sums, toM20 + v);
      DoubleVector m21 = DoubleVector.fromArray(SPECIES, sums, toM21 + v);
      DoubleVector m22 = DoubleVector.fromArray(SPECIES, sums, toM22 + v);
      for (int i = in.begin(value) * LANES; i < end; i += LANES) {
        DoubleVector w = DoubleVector.fromArray(SPECIES, in.weight, i);
        DoubleVector r = DoubleVector.fromArray(SPECIES, in.residual, i);
        DoubleVector f0 = DoubleVector.fromArray(SPECIES, own, at0 + i);
        DoubleVector w0 = w.mul(f0);
        m0 = w0.fma(r, m0);
        m00 = w0.fma(f0, m00);
        DoubleVector f1 = DoubleVector.fromArray(SPECIES, own, at1 + i);
        DoubleVector w1 = w.mul(f1);
        m1 = w1.fma(r, m1);
        m10 = w1.fma(f0, m10);
        m11 = w1.fma(f1, m11);
        DoubleVector f2 = DoubleVector.fromArray(SPECIES, own, at2 + i);
        DoubleVector w2 = w.mul(f2);
        m2 = w2.fma(r, m2);
        m20 = w2.fma(f0, m20);
        m21 = w2.fma(f1, m21);
        m22 = w2.fma(f2, m22);
      }
      m0.intoArray(sums, toM0 + v);
      m1.intoArray(sums, toM1 + v);
      m2.intoArray(sums, toM2 + v);
      m00.intoArray(sums, toM00 + v);
      m10.intoArray(sums, toM10 + v);
      m11.intoArray(sums, toM11 + v);
      m20.intoArray(sums, toM20 + v);
      m21.intoArray(sums, toM21 + v);
      m22.intoArray(sums, toM22 + v);
    }
  }

  private static void rectangle1(RunSums in, int k, int l) {
    double[] own = in.own;
    double[] sums = in.sums;
    int at0 = in.slots[k];
    int column0 = in.slots[l];
    int column1 = in.slots[l + 1];
    int column2 = in.slots[l + 2];
    int toM00 = in.product(k, l);
    int toM01 = in.product(k, l + 1);
    int toM02 = in.product(k, l + 2);
    for (int value = in.firstValue; value < in.endValue; value++) {
      int v = value * LANES;
      int end = in.finish(value) * LANES;
      DoubleVector m00 = DoubleVector.fromArray(SPECIES, sums, toM00 + v);
      DoubleVector m01 = DoubleVector.fromArray(SPECIES, sums, toM01 + v);
      DoubleVector m02 = DoubleVector.fromArray(SPECIES, sums, toM02 + v);
      for (int i = in.begin(value) * LANES; i < end; i += LANES) {
        DoubleVector w = DoubleVector.fromArray(SPECIES, in.weight, i);
        DoubleVector f0 = DoubleVector.fromArray(SPECIES, own, column0 + i);
        DoubleVector f1 = DoubleVector.fromArray(SPECIES, own, column1 + i);
        DoubleVector f2 = DoubleVector.fromArray(SPECIES, own, column2 + i);
        DoubleVector w0 = w.mul(DoubleVector.fromArray(SPECIES, own, at0 + i));
        m00 = w0.fma(f0, m00);
        m01 = w0.fma(f1, m01);
        m02 = w0.fma(f2, m02);
      }
      m00.intoArray(sums, toM00 + v);
      m01.intoArray(sums, toM01 + v);
      m02.intoArray(sums, toM02 + v);
    }
  }

  private static void rectangle3(RunSums in, int k, int l) {
    double[] own = in.own;
    double[] sums = in.sums;
    int at0 = in.slots[k];
    int at1 = in.slots[k + 1];
    int at2 = in.slots[k + 2];
    int column0 = in.slots[l];
    int column1 = in.slots[l + 1];
    int column2 = in.slots[l + 2];
    int toM00 = in.product(k, l);
    int toM01 = in.product(k, l + 1);
    int toM02 = in.product(k, l + 2);
    int toM10 = in.product(k + 1, l);
    int toM11 = in.product(k + 1, l + 1);
    int toM12 = in.product(k + 1, l + 2);
    int toM20 = in.product(k + 2, l);
    int toM21 = in.product(k + 2, l + 1);
    int toM22 = in.product(k + 2, l + 2);
    for (int value = in.firstValue; value < in.endValue; value++) {
      int v = value * LANES;
      int end = in.finish(value) * LANES;
      DoubleVector m00 = DoubleVector.fromArray(SPECIES, sums, toM00 + v);
      DoubleVector m01 = DoubleVector.fromArray(SPECIES, sums, toM01 + v);
      DoubleVector m02 = DoubleVector.fromArray(SPECIES, sums, toM02 + v);
      DoubleVector m10 = DoubleVector.fromArray(SPECIES, sums, toM10 + v);
      DoubleVector m11 = DoubleVector.fromArray(SPECIES, sums, toM11 + v);
      DoubleVector m12 = DoubleVector.fromArray(SPECIES, sums, toM12 + v);
      DoubleVector m20 = DoubleVector.fromArray(SPECIES, sums, toM20 + v);
      DoubleVector m21 = DoubleVector.fromArray(SPECIES, sums, toM21 + v);
      DoubleVector m22 = DoubleVector.fromArray(SPECIES, sums, toM22 + v);
      for (int i = in.begin(value) * LANES; i < end; i += LANES) {
        DoubleVector w = DoubleVector.fromArray(SPECIES, in.weight, i);
        DoubleVector f0 = DoubleVector.fromArray(SPECIES, own, column0 + i);
        DoubleVector f1 = DoubleVector.fromArray(SPECIES, own, column1 + i);
        DoubleVector f2 = DoubleVector.fromArray(SPECIES, own, column2 + i);
        DoubleVector w0 = w.mul(DoubleVector.fromArray(SPECIES, own, at0 + i));
        m00 = w0.fma(f0, m00);
        m01 = w0.fma(f1, m01);
        m02 = w0.fma(f2, m02);
        DoubleVector w1 = w.mul(DoubleVector.fromArray(SPECIES, own, at1 + i));
        m10 = w1.fma(f0, m10);
        m11 = w1.fma(f1, m11);
        m12 = w1.fma(f2, m12);
        DoubleVector w2 = w.mul(DoubleVector.fromArray(SPECIES, own, at2 + i));
        m20 = w2.fma(f0, m20);
        m21 = w2.fma(f1, m21);
        m22 = w2.fma(f2, m22);
      }
      m00.intoArray(sums, toM00 + v);
      m01.intoArray(sums, toM01 + v);
      m02.intoArray(sums, toM02 + v);
      m10.intoArray(sums, toM10 + v);
      m11.intoArray(sums, toM11 + v);
      m12.intoArray(sums, toM12 + v);
      m20.intoArray(sums, toM20 + v);
      m21.intoArray(sums, toM21 + v);
      m22.intoArray(sums, toM22 + v);
    }
  }

  @Override
  public void sum(int n, double[] a, int atA, double[] to, int at) {
    DoubleVector sum = DoubleVector.fromArray(SPECIES, to, at);
    for (int i = 0; i < n; i += LANES) {
      sum = sum.add(DoubleVector.fromArray(SPECIES, a, atA + i));
    }
    sum.intoArray(to, at);
  }

  @Override
  public void dot(int n, double[] a, int atA, double[] b, int atB, double[] to, int at) {
    DoubleVector sum = DoubleVector.fromArray(SPECIES, to, at);
    for (int i = 0; i < n; i += LANES) {
      sum =
          DoubleVector.fromArray(SPECIES, a, atA + i)
              .fma(DoubleVector.fromArray(SPECIES, b, atB + i), sum);
    }
    sum.intoArray(to, at);
  }

  @Override
  public void dots(
      int n, double[] a, int atA, double[] b, int[] atB, int from, double[] to, int[] at) {
    int at0 = atB[from];
    int at1 = atB[from + 1];
    int at2 = atB[from + 2];
    DoubleVector sum0 = DoubleVector.fromArray(SPECIES, to, at[from]);
    DoubleVector sum1 = DoubleVector.fromArray(SPECIES, to, at[from + 1]);
    DoubleVector sum2 = DoubleVector.fromArray(SPECIES, to, at[from + 2]);
    for (int i = 0; i < n; i += LANES) {
      DoubleVector factor = DoubleVector.fromArray(SPECIES, a, atA + i);
      sum0 = factor.fma(DoubleVector.fromArray(SPECIES, b, at0 + i), sum0);
      sum1 = factor.fma(DoubleVector.fromArray(SPECIES, b, at1 + i), sum1);
      sum2 = factor.fma(DoubleVector.fromArray(SPECIES, b, at2 + i), sum2);
    }
    sum0.intoArray(to, at[from]);
    sum1.intoArray(to, at[from + 1]);
    sum2.intoArray(to, at[from + 2]);
  }

  @Override
  public void multiply(
      int n, double[] a, int atA, double[] b, int atB, double[] to, boolean first) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector product =
          DoubleVector.fromArray(SPECIES, a, atA + i)
              .mul(DoubleVector.fromArray(SPECIES, b, atB + i));
      (first ? product : product.add(DoubleVector.fromArray(SPECIES, to, i))).intoArray(to, i);
    }
  }
}
