package org.farfit.kernels;

import org.farfit.kernels.made.DeviceLayout;
import org.farfit.law.Farseer;
import org.farfit.law.SumForm;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The farseer kernel as one would first write it, to measure the factorised one against: everything
 * is computed for each run, nothing is shared by the runs of one N. Arguments, layout and launch
 * shape are those of an {@code Evaluation}; it writes cost, gradient and matrix.
 */
final class NaiveKernel {

  /** Where x of each group begins. */
  private static final int FIRST = DeviceLayout.LIMITS + 18;

  private NaiveKernel() {}

  static void farseer(
      KernelContext context,
      IntArray control,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      IntArray rows,
      DoubleArray parameters,
      DoubleArray costs,
      DoubleArray gradient,
      DoubleArray matrix) {
    int slot = context.globalIdx;
    if (slot < control.get(DeviceLayout.ACTIVE)) {
      int capacity = index.get(DeviceLayout.CAPACITY);
      int groups = index.get(DeviceLayout.GROUPS);
      int runs = index.get(DeviceLayout.RUNS);
      int row = rows.get(slot);
      double[] point = new double[9];
      double[] terms = new double[3];
      double[] termGradients = new double[27];
      double[] local = new double[3];
      double[] jacobian = new double[9];
      double[] g = new double[9];
      double[] h = new double[45];
      for (int j = 0; j < 9; j++) {
        point[j] = parameters.get(j * capacity + slot);
        g[j] = 0.0;
      }
      for (int e = 0; e < 45; e++) {
        h[e] = 0.0;
      }
      double cost = 0.0;
      int group = 0;
      for (int run = 0; run < runs; run++) {
        // One flat loop over runs, each with its own N: a compiler must not share what we do not.
        if (run >= index.get(DeviceLayout.GROUP_START + group + 1)) {
          group++;
        }
        int code = codes.get(row * runs + run) & 0xff;
        double weight = data.get(FIRST + groups + runs + code);
        if (weight != 0.0) {
          Farseer.sizeTerms(
              data.get(DeviceLayout.LOG_D0), point, data.get(FIRST + group), terms, termGradients);
          double y = data.get(FIRST + groups + run);
          double value = SumForm.logLoss(terms, y, local);
          double residual = value - data.get(index.get(DeviceLayout.FIRST_TARGET) + run);
          cost += 0.5 * weight * residual * residual;
          int packed = 0;
          for (int i = 0; i < 9; i++) {
            double sum = 0.0;
            for (int t = 0; t < 3; t++) {
              sum += local[t] * termGradients[t * 9 + i];
            }
            jacobian[i] = sum;
            g[i] = g[i] + weight * residual * sum;
            for (int j = 0; j <= i; j++) {
              h[packed] = h[packed] + weight * sum * jacobian[j];
              packed++;
            }
          }
        }
      }
      for (int j = 0; j < 9; j++) {
        gradient.set(j * capacity + slot, g[j]);
      }
      for (int e = 0; e < 45; e++) {
        matrix.set(e * capacity + slot, h[e]);
      }
      costs.set(slot, cost);
    }
  }
}
