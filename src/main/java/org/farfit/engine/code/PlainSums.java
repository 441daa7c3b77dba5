package org.farfit.engine.code;

import java.lang.invoke.MethodHandles;
import org.farfit.engine.Objective;
import org.farfit.formula.Schedule;

/** Sums of plain doubles, one problem at a time: the reference. */
public final class PlainSums implements FormulaEvaluator.Sums {

  private static final KernelCache KERNELS =
      new KernelCache(schedule -> new PlainEmitter(schedule).make(MethodHandles.lookup()));

  @Override
  public int lanes() {
    return 1;
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
    double sum = 0;
    for (int i = 0; i < count; i++) {
      if (weight[i] == 0) {
        matrixWeight[i] = 0;
        gradientWeight[i] = 0;
        continue;
      }
      double residual = own[at + i] - target[i];
      sum += weight[i] * Objective.loss(residual, huberDelta);
      matrixWeight[i] = weight[i] * Objective.curvature(residual, huberDelta);
      gradientWeight[i] = matrixWeight[i] * Objective.workingResidual(residual, huberDelta);
    }
    cost[0] += sum;
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
    for (int a = 0; a < slots.length; a++) {
      int atA = slots[a];
      double sum = 0;
      for (int i = 0; i < count; i++) {
        // What has no weight need not be finite.
        boolean counts = matrixWeight[i] != 0;
        scratch[i] = counts ? matrixWeight[i] * own[atA + i] : 0;
        sum += counts ? gradientWeight[i] * own[atA + i] : 0;
      }
      gradient[a] += sum;
      int row = a * (a + 1) / 2;
      for (int b = 0; b <= a; b++) {
        int atB = slots[b];
        double product = 0;
        for (int i = 0; i < count; i++) {
          product += scratch[i] == 0 ? 0 : scratch[i] * own[atB + i];
        }
        matrix[row + b] += product;
      }
    }
  }
}
