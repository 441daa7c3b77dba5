package org.farfit.fit.piecewise;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.law.Centre;

/**
 * The third stage of the differential piecewise procedure: G_N, the mean over D of the loss less
 * the data term, for each size.
 *
 * @param bySize G_N by N, positive
 * @param leftOut sizes at which it is not positive, in words
 */
record CapacityMeans(TreeMap<Double, Double> bySize, List<String> leftOut) {

  /**
   * Computes the means.
   *
   * @param dataTerm B D^-A as a function of N and D
   * @throws InputException if they are positive at fewer than three sizes
   */
  static CapacityMeans of(RunSet runs, DoubleBinaryOperator dataTerm) {
    Map<Double, double[]> sums = new TreeMap<>();
    for (int i = 0; i < runs.size(); i++) {
      double[] sum = sums.computeIfAbsent(runs.n(i), n -> new double[2]);
      sum[0] += runs.loss(i) - dataTerm.applyAsDouble(runs.n(i), runs.d(i));
      sum[1]++;
    }
    TreeMap<Double, Double> means = new TreeMap<>();
    List<String> leftOut = new ArrayList<>();
    sums.forEach((n, sum) -> {
      if (sum[0] > 0) {
        means.put(n, sum[0] / sum[1]);
      } else {
        leftOut.add("N = %.4g: the data term exceeds the loss".formatted(n));
      }
    });
    if (means.size() < 3) {
      throw new InputException(
          "the piecewise procedure leaves a positive capacity term at only %d sizes; fit by the"
                  .formatted(means.size())
              + " global method");
    }
    return new CapacityMeans(means, leftOut);
  }

  double[] x(Centre centre) {
    return bySize.keySet().stream().mapToDouble(centre::x).toArray();
  }

  double[] values() {
    return bySize.values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  double[] logs() {
    return bySize.values().stream().mapToDouble(Math::log).toArray();
  }

  /** G_N; NaN where it was left out. */
  double of(double n) {
    return bySize.getOrDefault(n, Double.NaN);
  }
}
