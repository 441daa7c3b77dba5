package org.farfit.fit.extrapolation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.farfit.solver.NonNegativeLeastSquares;

/**
 * Weights of candidates in an average prediction, by stacking (Wolpert 1992; Breiman 1996): not
 * negative, summing to one, and such that the average would have predicted best at all origins.
 * They may be shrunk towards equal weights, since few origins do not tell candidates apart.
 *
 * <p>Errors grow with the distance from an origin, so each origin is measured in units of its best
 * candidate: what is minimised is the mean over origins of (mean squared error of the average) /
 * (least mean squared error of a candidate), plus a multiple of the squared distance of the weights
 * from equal ones.
 */
final class Stacking {

  /**
   * How many origins' worth of evidence equal weights have in what is to be extrapolated. Between 3
   * and 12 it hardly matters on public collections of runs (docs/decisions.md).
   */
  static final double SHRINKAGE = 6;

  /** Squared errors are told apart down to this: a hundredth of a percent of the loss. */
  private static final double FLOOR = 1e-8;

  /** The weight of the equation that weights sum to one; what it leaves is divided out. */
  private static final double SUM_TO_ONE = 1e3;

  private Stacking() {}

  /**
   * Weighs candidates.
   *
   * @param errors relative errors by origin, candidate and run
   * @param candidates how many there are
   * @param shrinkage how many origins' worth of evidence equal weights have
   * @return one weight per candidate; equal ones where there is no origin
   */
  static double[] weights(List<double[][]> errors, int candidates, double shrinkage) {
    double[] equal = new double[candidates];
    Arrays.fill(equal, 1.0 / candidates);
    if (errors.isEmpty()) {
      return equal;
    }
    List<double[]> rows = new ArrayList<>();
    double[] sums = new double[candidates];
    for (double[][] origin : errors) {
      double[] squares =
          Arrays.stream(origin)
              .mapToDouble(Stacking::meanSquare)
              .map(each -> each + FLOOR)
              .toArray();
      double least = Arrays.stream(squares).min().orElseThrow();
      for (int k = 0; k < candidates; k++) {
        sums[k] += squares[k] / least / errors.size();
      }
      double scale = 1 / Math.sqrt(least * origin[0].length * errors.size());
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
    return solve(rows, pull, candidates);
  }

  private static double meanSquare(double[] errors) {
    return Arrays.stream(errors).map(error -> error * error).average().orElseThrow();
  }

  private static double[] solve(List<double[]> rows, double pull, int candidates) {
    int n = rows.size();
    double[][] columns = new double[candidates][n + candidates + 1];
    double[] target = new double[n + candidates + 1];
    double largest = pull;
    for (int k = 0; k < candidates; k++) {
      for (int i = 0; i < n; i++) {
        columns[k][i] = rows.get(i)[k];
        largest = Math.max(largest, Math.abs(columns[k][i]));
      }
      columns[k][n + k] = pull;
      target[n + k] = pull / candidates;
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
