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
  public boolean residuals(
      RunSums sums, int at, FormulaEvaluator.RunWeights runs, double huberDelta) {
    for (int run = sums.first; run < sums.end; run++) {
      int i = run - sums.first;
      double r = sums.own[at + i] - runs.target()[run];
      double w = runs.weight()[run];
      sums.cost[0] += w * Objective.loss(r, huberDelta);
      sums.weight[i] = w * Objective.curvature(r, huberDelta, sums.curvatureBeyond[0]);
      sums.residual[i] = Objective.workingResidual(r, huberDelta, sums.curvatureBeyond[0]);
    }
    return false;
  }

  @Override
  public void triangle(RunSums sums, int k, int factors) {
    for (int row = k; row < k + factors; row++) {
      int at = sums.slots[row];
      for (int value = sums.firstValue; value < sums.endValue; value++) {
        double sum = 0;
        for (int i = sums.begin(value); i < sums.finish(value); i++) {
          sum += sums.weight[i] * sums.own[at + i] * sums.residual[i];
        }
        sums.sums[sums.rightSide(row) + value] += sum;
      }
      products(sums, row, k, row + 1);
    }
  }

  @Override
  public void rectangle(RunSums sums, int k, int factors, int l) {
    for (int row = k; row < k + factors; row++) {
      products(sums, row, l, l + 3);
    }
  }

  private static void products(RunSums sums, int row, int from, int to) {
    int atRow = sums.slots[row];
    for (int column = from; column < to; column++) {
      int at = sums.slots[column];
      for (int value = sums.firstValue; value < sums.endValue; value++) {
        double sum = 0;
        for (int i = sums.begin(value); i < sums.finish(value); i++) {
          sum += sums.weight[i] * sums.own[atRow + i] * sums.own[at + i];
        }
        sums.sums[sums.product(row, column) + value] += sum;
      }
    }
  }

  @Override
  public void sum(int n, double[] a, int atA, double[] to, int at) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += a[atA + i];
    }
    to[at] += sum;
  }

  @Override
  public void dot(int n, double[] a, int atA, double[] b, int atB, double[] to, int at) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += a[atA + i] * b[atB + i];
    }
    to[at] += sum;
  }

  @Override
  public void dots(
      int n, double[] a, int atA, double[] b, int[] atB, int from, double[] to, int[] at) {
    for (int k = from; k < from + 3; k++) {
      dot(n, a, atA, b, atB[k], to, at[k]);
    }
  }

  @Override
  public void multiply(
      int n, double[] a, int atA, double[] b, int atB, double[] to, boolean first) {
    for (int i = 0; i < n; i++) {
      to[i] = first ? a[atA + i] * b[atB + i] : to[i] + a[atA + i] * b[atB + i];
    }
  }
}
