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
 * @param sha256 hash of all these, see {@link NumberHash}; null in files of the first format
 */
public record RunsEntry(
    List<Double> n,
    List<Double> d,
    List<Double> loss,
    List<Double> weight,
    double sizeTolerance,
    String sha256) {

  static RunsEntry of(RunSet runs) {
    RunsEntry entry =
        new RunsEntry(
            boxed(runs.n()),
            boxed(runs.d()),
            boxed(runs.loss()),
            boxed(runs.weight()),
            runs.sizeTolerance(),
            null);
    return new RunsEntry(
        entry.n(), entry.d(), entry.loss(), entry.weight(), entry.sizeTolerance(), entry.hash());
  }

  /** The hash of the numbers as they are. */
  String hash() {
    return new NumberHash().add(n).add(d).add(loss).add(weight).add(List.of(sizeTolerance)).text();
  }

  /** The runs. */
  RunSet runs() {
    return new RunSet(array(n), array(d), array(loss), array(weight))
        .withSizeTolerance(sizeTolerance);
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
