package org.farfit.kernels;

import org.farfit.kernels.made.DeviceLayout;
import org.farfit.kernels.made.Evaluation;
import org.farfit.law.Law;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Kernels that evaluate normal equations for a host that solves: one problem per thread, one kernel
 * per law. Layout as in {@link DeviceLayout}, launch shape and evaluation as in {@link
 * SurfaceKernels}. Per problem 8 p + 4 bytes are read and 8 (1 + p + p (p + 1) / 2) written.
 */
final class PlainKernels {

  private PlainKernels() {}

  /** The kernel of a law. */
  static Evaluation of(Law law) {
    return switch (law.name()) {
      case "kaplan" -> PlainKernels::kaplan;
      case "chinchilla" -> PlainKernels::chinchilla;
      case "skaling" -> PlainKernels::skaling;
      case "farseer" -> PlainKernels::farseer;
      default -> throw new UnsupportedOperationException("no kernel for the law " + law.name());
    };
  }

  static void kaplan(
      KernelContext context,
      IntArray control,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      IntArray rows,
      DoubleArray parameters,
      DoubleArray cost,
      DoubleArray gradient,
      DoubleArray matrix) {
    int k = context.globalIdx;
    if (k < control.get(DeviceLayout.ACTIVE)) {
      double[] point = new double[4];
      double[] terms = new double[3];
      double[] termGradients = new double[12];
      double[] local = new double[3];
      double[] sums = new double[10];
      double[] g = new double[4];
      double[] h = new double[10];
      read(4, k, index, parameters, point);
      double found =
          SurfaceKernels.kaplan(
              point, rows.get(k), index, data, codes, terms, termGradients, local, sums, g, h);
      cost.set(k, found);
      write(4, k, g, h, index, gradient, matrix);
    }
  }

  static void chinchilla(
      KernelContext context,
      IntArray control,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      IntArray rows,
      DoubleArray parameters,
      DoubleArray cost,
      DoubleArray gradient,
      DoubleArray matrix) {
    int k = context.globalIdx;
    if (k < control.get(DeviceLayout.ACTIVE)) {
      double[] point = new double[5];
      double[] terms = new double[3];
      double[] termGradients = new double[15];
      double[] local = new double[3];
      double[] w = new double[SurfaceKernels.BLOCK];
      double[] t = new double[SurfaceKernels.BLOCK];
      double[] log = new double[SurfaceKernels.BLOCK];
      double[] sums = new double[10];
      double[] g = new double[5];
      double[] h = new double[15];
      read(5, k, index, parameters, point);
      double found =
          SurfaceKernels.chinchilla(
              point,
              rows.get(k),
              index,
              data,
              codes,
              terms,
              termGradients,
              local,
              w,
              t,
              log,
              sums,
              g,
              h);
      cost.set(k, found);
      write(5, k, g, h, index, gradient, matrix);
    }
  }

  static void skaling(
      KernelContext context,
      IntArray control,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      IntArray rows,
      DoubleArray parameters,
      DoubleArray cost,
      DoubleArray gradient,
      DoubleArray matrix) {
    int k = context.globalIdx;
    if (k < control.get(DeviceLayout.ACTIVE)) {
      double[] point = new double[6];
      double[] terms = new double[5];
      double[] termGradients = new double[30];
      double[] local = new double[5];
      double[] sums = new double[21];
      double[] g = new double[6];
      double[] h = new double[21];
      read(6, k, index, parameters, point);
      double found =
          SurfaceKernels.skaling(
              point, rows.get(k), index, data, codes, terms, termGradients, local, sums, g, h);
      cost.set(k, found);
      write(6, k, g, h, index, gradient, matrix);
    }
  }

  static void farseer(
      KernelContext context,
      IntArray control,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      IntArray rows,
      DoubleArray parameters,
      DoubleArray cost,
      DoubleArray gradient,
      DoubleArray matrix) {
    int k = context.globalIdx;
    if (k < control.get(DeviceLayout.ACTIVE)) {
      double[] point = new double[9];
      double[] terms = new double[3];
      double[] termGradients = new double[27];
      double[] local = new double[3];
      double[] w = new double[SurfaceKernels.BLOCK];
      double[] t = new double[SurfaceKernels.BLOCK];
      double[] log = new double[SurfaceKernels.BLOCK];
      double[] sums = new double[10];
      double[] g = new double[9];
      double[] h = new double[45];
      read(9, k, index, parameters, point);
      double found =
          SurfaceKernels.farseer(
              point,
              rows.get(k),
              index,
              data,
              codes,
              terms,
              termGradients,
              local,
              w,
              t,
              log,
              sums,
              g,
              h);
      cost.set(k, found);
      write(9, k, g, h, index, gradient, matrix);
    }
  }

  private static void read(int p, int k, IntArray index, DoubleArray parameters, double[] point) {
    int capacity = index.get(DeviceLayout.CAPACITY);
    for (int j = 0; j < p; j++) {
      point[j] = parameters.get(j * capacity + k);
    }
  }

  private static void write(
      int p,
      int k,
      double[] g,
      double[] h,
      IntArray index,
      DoubleArray gradient,
      DoubleArray matrix) {
    int capacity = index.get(DeviceLayout.CAPACITY);
    for (int j = 0; j < p; j++) {
      gradient.set(j * capacity + k, g[j]);
    }
    for (int e = 0; e < p * (p + 1) / 2; e++) {
      matrix.set(e * capacity + k, h[e]);
    }
  }
}
