package org.farfit.fit.extrapolation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.farfit.solver.NonNegativeLeastSquares;

/**
 * Weights of candidates in an average prediction, by stacking (Wolpert 1992; Breiman 1996): not
 * negative, summing to one, and such that the average would have predicted best at all origins.
 * They may be shrunk towards weights that are given, since few origins do not tell candidates
 * apart.
 *
 * <p>Errors grow with the distance from an origin, so each origin is measured in units of its best
 * candidate: what is minimised is the mean over origins of (mean squared error of the average) /
 * (least mean squared error of a candidate), plus a multiple of the squared distance of the weights
 * from those given.
 */
final class Stacking {

  /** Squared errors are told apart down to this: a hundredth of a percent of the loss. */
  private static final double FLOOR = 1e-8;

  /** The weight of the equation that weights sum to one; what it leaves is divided out. */
  private static final double SUM_TO_ONE = 1e3;

  private Stacking() {}

  /** One for each origin: all count alike. */
  static double[] alike(int origins) {
    double[] alike = new double[origins];
    Arrays.fill(alike, 1);
    return alike;
  }

  /** The same weight for each of some candidates. */
  static double[] equal(int candidates) {
    double[] equal = new double[candidates];
    Arrays.fill(equal, 1.0 / candidates);
    return equal;
  }

  /**
   * Weighs candidates where some origins count more than others.
   *
   * @param errors relative errors by origin, candidate and run; at least one origin
   * @param share of each origin; 1 in the mean
   * @param before the weights that these are shrunk towards
   * @param shrinkage how many origins' worth of evidence those have
   */
  static double[] weights(
      List<double[][]> errors, double[] share, double[] before, double shrinkage) {
    int candidates = before.length;
    List<double[]> rows = new ArrayList<>();
    double[] sums = new double[candidates];
    for (int o = 0; o < share.length; o++) {
      double[][] origin = errors.get(o);
      double[] squares =
          Arrays.stream(origin)
              .mapToDouble(Stacking::meanSquare)
              .map(each -> each + FLOOR)
              .toArray();
      double least = Arrays.stream(squares).min().orElseThrow();
      for (int k = 0; k < candidates; k++) {
        sums[k] += share[o] * squares[k] / least / errors.size();
      }
      double scale = Math.sqrt(share[o] / (least * origin[0].length * errors.size()));
      for (int i = 0; i < origin[0].length; i++) {
        double[] row = new double[candidates];
        for (int k = 0; k < candidates; k++) {
          row[k] = scale * origin[k][i];
        }
        rows.add(row);
      }
    }
    double best = Arrays.stream(sums).min().orElseThrow();
    double pull = Math.sqrt(shrinkage * candidates * best / errors.size());
    return solve(rows, pull, before);
  }

  private static double meanSquare(double[] errors) {
    return Arrays.stream(errors).map(error -> error * error).average().orElseThrow();
  }

  private static double[] solve(List<double[]> rows, double pull, double[] before) {
    int n = rows.size();
    int candidates = before.length;
    double[][] columns = new double[candidates][n + candidates + 1];
    double[] target = new double[n + candidates + 1];
    double largest = pull;
    for (int k = 0; k < candidates; k++) {
      for (int i = 0; i < n; i++) {
        columns[k][i] = rows.get(i)[k];
        largest = Math.max(largest, Math.abs(columns[k][i]));
      }
      columns[k][n + k] = pull;
      target[n + k] = pull * before[k];
    }
    double sum = SUM_TO_ONE * largest;
    for (double[] column : columns) {
      column[n + candidates] = sum;
    }
    target[n + candidates] = sum;
    double[] weights = NonNegativeLeastSquares.solve(columns, target);
    double total = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / total).toArray();
  }
}
