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
  public void residuals(
      int count,
      double[] own,
      int at,
      double[] target,
      double[] weight,
      double huberDelta,
      double[] matrixWeight,
      double[] gradientWeight,
      double[] cost) {
    DoubleVector sum = DoubleVector.fromArray(SPECIES, cost, 0);
    for (int i = 0; i < count; i++) {
      DoubleVector w = DoubleVector.fromArray(SPECIES, weight, i * LANES);
      DoubleVector value = DoubleVector.fromArray(SPECIES, own, at + i * LANES);
      DoubleVector residual =
          value
              .sub(DoubleVector.fromArray(SPECIES, target, i * LANES))
              .blend(0.0, w.compare(VectorOperators.EQ, 0.0));
      DoubleVector size = residual.abs();
      VectorMask<Double> beyond = size.compare(VectorOperators.GT, huberDelta);
      DoubleVector loss = residual.mul(residual).mul(0.5);
      DoubleVector curvature = w;
      DoubleVector working = residual;
      if (beyond.anyTrue()) {
        loss = loss.blend(size.sub(0.5 * huberDelta).mul(huberDelta), beyond);
        curvature = w.blend(w.mul(0.5 * huberDelta).div(size), beyond);
        working = residual.blend(residual.mul(2.0), beyond);
      }
      sum = w.fma(loss, sum);
      curvature.intoArray(matrixWeight, i * LANES);
      curvature.mul(working).intoArray(gradientWeight, i * LANES);
    }
    sum.intoArray(cost, 0);
  }

  @Override
  public void products(
      int count,
      double[] own,
      int[] slots,
      double[] matrixWeight,
      double[] gradientWeight,
      double[] scratch,
      double[] gradient,
      double[] matrix) {
    int length = count * LANES;
    dropWeightless(length, own, slots, matrixWeight);
    for (int a = 0; a < slots.length; a++) {
      weigh(length, own, slots[a], matrixWeight, gradientWeight, scratch, gradient, a * LANES);
      int row = a * (a + 1) / 2;
      int b = 0;
      for (; b + 3 <= a; b += 4) {
        four(length, scratch, own, slots, b, matrix, (row + b) * LANES);
      }
      for (; b <= a; b++) {
        one(length, scratch, own, slots[b], matrix, (row + b) * LANES);
      }
    }
  }

  /** What has no weight need not be finite: its derivatives become 0. */
  private static void dropWeightless(int length, double[] own, int[] slots, double[] weight) {
    for (int i = 0; i < length; i += LANES) {
      VectorMask<Double> none =
          DoubleVector.fromArray(SPECIES, weight, i).compare(VectorOperators.EQ, 0.0);
      if (none.anyTrue()) {
        for (int slot : slots) {
          DoubleVector.fromArray(SPECIES, own, slot + i).blend(0.0, none).intoArray(own, slot + i);
        }
      }
    }
  }

  private static void weigh(
      int length,
      double[] own,
      int slot,
      double[] matrixWeight,
      double[] gradientWeight,
      double[] scratch,
      double[] gradient,
      int to) {
    DoubleVector sum = DoubleVector.fromArray(SPECIES, gradient, to);
    for (int i = 0; i < length; i += LANES) {
      DoubleVector derivative = DoubleVector.fromArray(SPECIES, own, slot + i);
      sum = derivative.fma(DoubleVector.fromArray(SPECIES, gradientWeight, i), sum);
      derivative.mul(DoubleVector.fromArray(SPECIES, matrixWeight, i)).intoArray(scratch, i);
    }
    sum.intoArray(gradient, to);
  }

  private static void four(
      int length, double[] weighted, double[] own, int[] slots, int b, double[] matrix, int to) {
    int at0 = slots[b];
    int at1 = slots[b + 1];
    int at2 = slots[b + 2];
    int at3 = slots[b + 3];
    DoubleVector sum0 = DoubleVector.fromArray(SPECIES, matrix, to);
    DoubleVector sum1 = DoubleVector.fromArray(SPECIES, matrix, to + LANES);
    DoubleVector sum2 = DoubleVector.fromArray(SPECIES, matrix, to + 2 * LANES);
    DoubleVector sum3 = DoubleVector.fromArray(SPECIES, matrix, to + 3 * LANES);
    for (int i = 0; i < length; i += LANES) {
      DoubleVector w = DoubleVector.fromArray(SPECIES, weighted, i);
      sum0 = w.fma(DoubleVector.fromArray(SPECIES, own, at0 + i), sum0);
      sum1 = w.fma(DoubleVector.fromArray(SPECIES, own, at1 + i), sum1);
      sum2 = w.fma(DoubleVector.fromArray(SPECIES, own, at2 + i), sum2);
      sum3 = w.fma(DoubleVector.fromArray(SPECIES, own, at3 + i), sum3);
    }
    sum0.intoArray(matrix, to);
    sum1.intoArray(matrix, to + LANES);
    sum2.intoArray(matrix, to + 2 * LANES);
    sum3.intoArray(matrix, to + 3 * LANES);
  }

  private static void one(
      int length, double[] weighted, double[] own, int slot, double[] matrix, int to) {
    DoubleVector sum = DoubleVector.fromArray(SPECIES, matrix, to);
    for (int i = 0; i < length; i += LANES) {
      sum =
          DoubleVector.fromArray(SPECIES, weighted, i)
              .fma(DoubleVector.fromArray(SPECIES, own, slot + i), sum);
    }
    sum.intoArray(matrix, to);
  }
}
