package org.farfit.kernels;

import org.farfit.engine.Objective;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Kaplan;
import org.farfit.law.LogSum;
import org.farfit.law.Skaling;
import org.farfit.law.SumForm;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What kernels compute of one problem at one point: cost, J'Wr and J'WJ in fp64, one method per
 * law. The formulas are those of the law classes. Runs are sorted by N; within one N products are
 * summed in the law's q size terms and expanded to its p parameters once.
 *
 * <p>Kernels ({@link StepKernels}, {@link PlainKernels}) are launched on a one-dimensional grid of
 * at least as many threads as there are problems, in groups of {@link #GROUP_SIZE}; threads beyond
 * that do nothing. They bring the room for intermediate results, since an array is best allocated
 * once per thread.
 *
 * <p>Per problem, with n runs and m distinct N: reads n weight codes of 1 or 4 bytes and, shared by
 * all threads and hence from cache, 16 n + 8 m bytes of runs. Operations: n (1 exp + 1 log + about
 * q (q + 3) + 15 flops) and m (up to 7 exp + about 2 q p (p + q) flops); Skaling takes 2 exp and 2
 * log per run.
 */
final class SurfaceKernels {

  /** Threads per work-group. */
  static final int GROUP_SIZE = 64;

  /** Runs whose exponentials and logarithms are computed together. */
  static final int BLOCK = 8;

  // Which size term each parameter feeds, see expand: cN, cD, lnAlphaN, lnAlphaD;
  private static final int KAPLAN_TERMS = 0x2010;
  // lnE, cA, cB, alpha, beta;
  private static final int CHINCHILLA_TERMS = 0x20100;
  // lnE, cA, cB, sA, sB, lnk.
  private static final int SKALING_TERMS = 0x431210;

  private SurfaceKernels() {}

  /** Kaplan: p = 4, q = 3. The cost; NaN if anything is not finite. */
  static double kaplan(
      double[] point,
      int row,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      double[] terms,
      double[] termGradients,
      double[] local,
      double[] sums,
      double[] g,
      double[] h) {
    int groups = index.get(DeviceLayout.GROUPS);
    int runs = index.get(DeviceLayout.RUNS);
    int targets = targets(row, index);
    int bytes = index.get(DeviceLayout.CODE_BYTES);
    int weights = DeviceLayout.GROUP_X + groups + runs;
    clear(4, g, h);
    double cost = 0.0;
    for (int group = 0; group < groups; group++) {
      Kaplan.sizeTerms(point, data.get(DeviceLayout.GROUP_X + group), terms, termGradients);
      zero(10, sums);
      int end = index.get(DeviceLayout.GROUP_START + group + 1);
      for (int run = index.get(DeviceLayout.GROUP_START + group); run < end; run++) {
        double weight = weight(row * runs + run, bytes, weights, data, codes);
        if (weight != 0.0) {
          double y = data.get(DeviceLayout.GROUP_X + groups + run);
          double value = Kaplan.evaluate(terms, y, local);
          double target = data.get(targets + run);
          addRun3(value, target, weight, index, data, local, sums);
        }
      }
      cost += sums[0];
      expand(4, 3, KAPLAN_TERMS, termGradients, sums, g, h);
    }
    return checked(4, cost, g, h, index);
  }

  /** Chinchilla: p = 5, q = 3. The cost; NaN if anything is not finite. */
  static double chinchilla(
      double[] point,
      int row,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      double[] terms,
      double[] termGradients,
      double[] local,
      double[] w,
      double[] t,
      double[] log,
      double[] sums,
      double[] g,
      double[] h) {
    int groups = index.get(DeviceLayout.GROUPS);
    int targets = targets(row, index);
    clear(5, g, h);
    double cost = 0.0;
    for (int group = 0; group < groups; group++) {
      Chinchilla.sizeTerms(point, data.get(DeviceLayout.GROUP_X + group), terms, termGradients);
      zero(10, sums);
      sumGroup(group, row, targets, index, data, codes, terms, local, w, t, log, sums);
      cost += sums[0];
      expand(5, 3, CHINCHILLA_TERMS, termGradients, sums, g, h);
    }
    return checked(5, cost, g, h, index);
  }

  /** Skaling: p = 6, q = 5. The cost; NaN if anything is not finite. */
  static double skaling(
      double[] point,
      int row,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      double[] terms,
      double[] termGradients,
      double[] local,
      double[] sums,
      double[] g,
      double[] h) {
    int groups = index.get(DeviceLayout.GROUPS);
    int runs = index.get(DeviceLayout.RUNS);
    int targets = targets(row, index);
    int bytes = index.get(DeviceLayout.CODE_BYTES);
    int weights = DeviceLayout.GROUP_X + groups + runs;
    clear(6, g, h);
    double cost = 0.0;
    for (int group = 0; group < groups; group++) {
      Skaling.sizeTerms(point, data.get(DeviceLayout.GROUP_X + group), terms, termGradients);
      zero(21, sums);
      int end = index.get(DeviceLayout.GROUP_START + group + 1);
      for (int run = index.get(DeviceLayout.GROUP_START + group); run < end; run++) {
        double weight = weight(row * runs + run, bytes, weights, data, codes);
        if (weight != 0.0) {
          double y = data.get(DeviceLayout.GROUP_X + groups + run);
          double value = Skaling.evaluate(terms, y, local);
          double target = data.get(targets + run);
          addRun5(value, target, weight, index, data, local, sums);
        }
      }
      cost += sums[0];
      expand(6, 5, SKALING_TERMS, termGradients, sums, g, h);
    }
    return checked(6, cost, g, h, index);
  }

  /** Farseer: p = 9, q = 3. The cost; NaN if anything is not finite. */
  static double farseer(
      double[] point,
      int row,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      double[] terms,
      double[] termGradients,
      double[] local,
      double[] w,
      double[] t,
      double[] log,
      double[] sums,
      double[] g,
      double[] h) {
    int groups = index.get(DeviceLayout.GROUPS);
    int targets = targets(row, index);
    clear(9, g, h);
    double cost = 0.0;
    for (int group = 0; group < groups; group++) {
      Farseer.sizeTerms(
          data.get(DeviceLayout.LOG_D0),
          point,
          data.get(DeviceLayout.GROUP_X + group),
          terms,
          termGradients);
      zero(10, sums);
      sumGroup(group, row, targets, index, data, codes, terms, local, w, t, log, sums);
      cost += sums[0];
      // The two shares of a run add up to one, so both sums are 0 exactly where no run counts; the
      // derivatives there need not even be finite.
      if (sums[4] != 0.0 || sums[6] != 0.0) {
        expandFarseer(termGradients, sums, g, h);
      }
    }
    return checked(9, cost, g, h, index);
  }

  /** Sums the runs of one N for a law of the {@link SumForm}, a block at a time. */
  private static void sumGroup(
      int group,
      int row,
      int targets,
      IntArray index,
      DoubleArray data,
      ByteArray codes,
      double[] terms,
      double[] local,
      double[] w,
      double[] t,
      double[] log,
      double[] sums) {
    int groups = index.get(DeviceLayout.GROUPS);
    int runs = index.get(DeviceLayout.RUNS);
    int bytes = index.get(DeviceLayout.CODE_BYTES);
    int weights = DeviceLayout.GROUP_X + groups + runs;
    int begin = index.get(DeviceLayout.GROUP_START + group);
    int end = index.get(DeviceLayout.GROUP_START + group + 1);
    for (int start = begin; start < end; start += BLOCK) {
      sumBlock(start, end, groups, data, terms, w, t, log);
      for (int b = 0; b < BLOCK; b++) {
        int run = start + b;
        if (run < end) {
          double weight = weight(row * runs + run, bytes, weights, data, codes);
          if (weight != 0.0) {
            double y = data.get(DeviceLayout.GROUP_X + groups + run);
            double value = SumForm.logLoss(terms[0], w[b], t[b], log[b], y, local);
            double target = data.get(targets + run);
            addRun3(value, target, weight, index, data, local, sums);
          }
        }
      }
    }
  }

  /**
   * Data terms, ratios and logarithms of a block of runs, in loops of fixed length without
   * branches: a compiler can overlap or vectorise their exponentials. Past the end the last run is
   * repeated.
   */
  private static void sumBlock(
      int start,
      int end,
      int groups,
      DoubleArray data,
      double[] terms,
      double[] w,
      double[] t,
      double[] log) {
    double u = terms[0];
    for (int b = 0; b < BLOCK; b++) {
      int run = start + b < end ? start + b : end - 1;
      w[b] = SumForm.dataTerm(terms, data.get(DeviceLayout.GROUP_X + groups + run));
    }
    for (int b = 0; b < BLOCK; b++) {
      t[b] = LogSum.ratio(u, w[b]);
    }
    for (int b = 0; b < BLOCK; b++) {
      log[b] = LogSum.logOnePlus(t[b]);
    }
  }

  private static void clear(int p, double[] g, double[] h) {
    zero(p, g);
    zero(p * (p + 1) / 2, h);
  }

  private static void zero(int length, double[] values) {
    for (int i = 0; i < length; i++) {
      values[i] = 0.0;
    }
  }

  /**
   * The weight of a run: a code of one or four bytes leads to one of the distinct weights.
   *
   * @param weights where in the data they begin
   */
  private static double weight(
      int entry, int bytes, int weights, DoubleArray data, ByteArray codes) {
    int at = entry * bytes;
    int code = codes.get(at) & 0xff;
    if (bytes == 4) {
      code =
          code
              | ((codes.get(at + 1) & 0xff) << 8)
              | ((codes.get(at + 2) & 0xff) << 16)
              | ((codes.get(at + 3) & 0xff) << 24);
    }
    return data.get(weights + code);
  }

  /** The factor d L / d ln L of linear residuals, which is the prediction; 1 for log residuals. */
  private static double slope(double value, IntArray index) {
    return index.get(DeviceLayout.LOG_RESIDUALS) == 0 ? Math.exp(value) : 1.0;
  }

  /** Where the targets of a row of weights begin: the same place for all rows that share them. */
  private static int targets(int row, IntArray index) {
    return index.get(DeviceLayout.FIRST_TARGET) + row * index.get(DeviceLayout.TARGET_STRIDE);
  }

  private static double residual(double value, double slope, double target, IntArray index) {
    return (index.get(DeviceLayout.LOG_RESIDUALS) == 0 ? slope : value) - target;
  }

  /**
   * Adds one run to the sums of its group: cost, right-hand sides, packed products. Written out for
   * q = 3, so that the sums stay in registers.
   */
  private static void addRun3(
      double value,
      double target,
      double weight,
      IntArray index,
      DoubleArray data,
      double[] local,
      double[] sums) {
    double delta = data.get(DeviceLayout.HUBER_DELTA);
    double slope = slope(value, index);
    double r = residual(value, slope, target, index);
    double l0 = slope * local[0];
    double l1 = slope * local[1];
    double l2 = slope * local[2];
    double robust = weight * Objective.curvature(r, delta, Objective.MAJORISER_SHARE);
    double working = Objective.workingResidual(r, delta, Objective.MAJORISER_SHARE);
    double w0 = robust * l0;
    double w1 = robust * l1;
    double w2 = robust * l2;
    sums[0] = sums[0] + weight * Objective.loss(r, delta);
    sums[1] = sums[1] + w0 * working;
    sums[2] = sums[2] + w1 * working;
    sums[3] = sums[3] + w2 * working;
    sums[4] = sums[4] + w0 * l0;
    sums[5] = sums[5] + w1 * l0;
    sums[6] = sums[6] + w1 * l1;
    sums[7] = sums[7] + w2 * l0;
    sums[8] = sums[8] + w2 * l1;
    sums[9] = sums[9] + w2 * l2;
  }

  /** {@link #addRun3} for q = 5. */
  private static void addRun5(
      double value,
      double target,
      double weight,
      IntArray index,
      DoubleArray data,
      double[] local,
      double[] sums) {
    double delta = data.get(DeviceLayout.HUBER_DELTA);
    double slope = slope(value, index);
    double r = residual(value, slope, target, index);
    double robust = weight * Objective.curvature(r, delta, Objective.MAJORISER_SHARE) * slope;
    double working = Objective.workingResidual(r, delta, Objective.MAJORISER_SHARE);
    sums[0] = sums[0] + weight * Objective.loss(r, delta);
    int packed = 6;
    for (int a = 0; a < 5; a++) {
      double weighted = robust * local[a];
      sums[1 + a] = sums[1 + a] + weighted * working;
      for (int b = 0; b <= a; b++) {
        sums[packed] = sums[packed] + weighted * slope * local[b];
        packed++;
      }
    }
  }

  /**
   * Adds Z'm to g and Z'MZ to h for a law each of whose parameters feeds one term.
   *
   * @param termOf four bits per parameter, the first in the lowest: the term that it feeds
   * @param z the q x p size-term gradients
   */
  private static void expand(
      int p, int q, int termOf, double[] z, double[] sums, double[] g, double[] h) {
    int packed = 0;
    for (int i = 0; i < p; i++) {
      int a = (termOf >> (4 * i)) & 15;
      double zi = z[a * p + i];
      g[i] = g[i] + zi * sums[1 + a];
      for (int j = 0; j <= i; j++) {
        int b = (termOf >> (4 * j)) & 15;
        int high = a > b ? a : b;
        int low = a > b ? b : a;
        double m = sums[1 + q + high * (high + 1) / 2 + low];
        h[packed] = h[packed] + zi * m * z[b * p + j];
        packed++;
      }
    }
  }

  /**
   * {@link #expand} for Farseer: parameters 0 to 2 feed V and A, 3 to 5 feed V, 6 to 8 feed U. The
   * rows of MZ come first, then one or two products per entry.
   */
  private static void expandFarseer(double[] z, double[] sums, double[] g, double[] h) {
    double mUu = sums[4];
    double mUv = sums[5];
    double mVv = sums[6];
    double mUa = sums[7];
    double mVa = sums[8];
    double mAa = sums[9];
    for (int j = 0; j < 3; j++) {
      double v = z[9 + j];
      double a = z[18 + j];
      double rowU = mUv * v + mUa * a;
      double rowV = mVv * v + mVa * a;
      double rowA = mVa * v + mAa * a;
      g[j] = g[j] + v * sums[2] + a * sums[3];
      for (int i = j; i < 3; i++) {
        int e = i * (i + 1) / 2 + j;
        h[e] = h[e] + z[9 + i] * rowV + z[18 + i] * rowA;
      }
      for (int i = 3; i < 6; i++) {
        int e = i * (i + 1) / 2 + j;
        h[e] = h[e] + z[9 + i] * rowV;
      }
      for (int i = 6; i < 9; i++) {
        int e = i * (i + 1) / 2 + j;
        h[e] = h[e] + z[i] * rowU;
      }
    }
    for (int j = 3; j < 6; j++) {
      double v = z[9 + j];
      double rowU = mUv * v;
      double rowV = mVv * v;
      g[j] = g[j] + v * sums[2];
      for (int i = j; i < 6; i++) {
        int e = i * (i + 1) / 2 + j;
        h[e] = h[e] + z[9 + i] * rowV;
      }
      for (int i = 6; i < 9; i++) {
        int e = i * (i + 1) / 2 + j;
        h[e] = h[e] + z[i] * rowU;
      }
    }
    for (int j = 6; j < 9; j++) {
      double rowU = mUu * z[j];
      g[j] = g[j] + z[j] * sums[1];
      for (int i = j; i < 9; i++) {
        int e = i * (i + 1) / 2 + j;
        h[e] = h[e] + z[i] * rowU;
      }
    }
  }

  /** Gives held parameters no gradient, no products and a one on the diagonal. */
  private static void hold(int p, int mask, double[] g, double[] h) {
    for (int j = 0; j < p; j++) {
      if (((mask >> j) & 1) != 0) {
        g[j] = 0.0;
        for (int i = 0; i < p; i++) {
          int high = i > j ? i : j;
          int low = i > j ? j : i;
          h[high * (high + 1) / 2 + low] = i == j ? 1.0 : 0.0;
        }
      }
    }
  }

  /** Holds what is held; the cost, or NaN if anything is not finite. */
  private static double checked(int p, double cost, double[] g, double[] h, IntArray index) {
    hold(p, index.get(DeviceLayout.HELD_MASK), g, h);
    // Zero times a finite number is zero; one infinity or NaN makes the sum NaN.
    double probe = 0.0 * cost;
    for (int j = 0; j < p; j++) {
      probe += 0.0 * g[j];
    }
    for (int e = 0; e < p * (p + 1) / 2; e++) {
      probe += 0.0 * h[e];
    }
    return cost + probe;
  }
}
