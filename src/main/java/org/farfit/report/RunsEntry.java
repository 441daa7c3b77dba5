package org.farfit.report;

import java.util.Arrays;
import java.util.List;
import org.farfit.data.RunSet;

/**
 * The fitted runs as the fit file holds them, so that intervals and reports need nothing else.
 *
 * @param n parameters
 * @param d tokens
 * @param loss losses, in the unit of the input
 * @param weight weights
 * @param sizeTolerance how far the N of one model size may differ, as a share
 */
public record RunsEntry(
    List<Double> n, List<Double> d, List<Double> loss, List<Double> weight, double sizeTolerance) {

  static RunsEntry of(RunSet runs) {
    return new RunsEntry(
        boxed(runs.n()),
        boxed(runs.d()),
        boxed(runs.loss()),
        boxed(runs.weight()),
        runs.sizeTolerance());
  }

  /**
   * The runs.
   *
   * @throws IllegalArgumentException if the lists do not make runs
   */
  RunSet runs() {
    return new RunSet(array(n), array(d), array(loss), array(weight))
        .withSizeTolerance(sizeTolerance);
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static double[] array(List<Double> values) {
    if (values == null || values.contains(null)) {
      throw new IllegalArgumentException("data: a list of numbers is missing or has gaps");
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
