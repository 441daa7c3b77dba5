package org.farfit.report.archive;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.farfit.data.RunSet;

/**
 * The fitted runs as the fit file holds them, so that intervals and reports need nothing else.
 *
 * @param n parameters; null for runs without N
 * @param d tokens
 * @param loss losses, in the unit of the input
 * @param weight weights
 * @param sizeTolerance how far the N of one model size may differ, as a share
 * @param further further columns; of categories, the number of each among its labels
 * @param categories the labels of categories, by column
 * @param sha256 hash of all these, see {@link NumberHash}; null in files of the first format
 */
record RunsEntry(
    List<Double> n,
    List<Double> d,
    List<Double> loss,
    List<Double> weight,
    double sizeTolerance,
    Map<String, List<Double>> further,
    Map<String, List<String>> categories,
    String sha256) {

  static RunsEntry of(RunSet runs) {
    Map<String, List<Double>> further = new LinkedHashMap<>();
    runs.furtherColumns().forEach(name -> further.put(name, boxed(runs.column(name))));
    RunsEntry entry =
        new RunsEntry(
            runs.has(RunSet.N) ? boxed(runs.n()) : null,
            runs.has(RunSet.D) ? boxed(runs.d()) : null,
            boxed(runs.loss()),
            boxed(runs.weight()),
            runs.sizeTolerance(),
            further,
            runs.categories(),
            null);
    return new RunsEntry(
        entry.n(),
        entry.d(),
        entry.loss(),
        entry.weight(),
        entry.sizeTolerance(),
        further,
        entry.categories(),
        entry.hash());
  }

  /** The hash of the numbers as they are. */
  String hash() {
    NumberHash hash = new NumberHash();
    Stream.of(n, d, loss, weight).filter(Objects::nonNull).forEach(hash::add);
    hash.add(List.of(sizeTolerance));
    further.values().forEach(hash::add);
    return hash.text();
  }

  /** The runs. */
  RunSet runs() {
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    if (n != null) {
      columns.put(RunSet.N, array(n));
    }
    if (d != null) {
      columns.put(RunSet.D, array(d));
    }
    further.forEach((name, values) -> columns.put(name, array(values)));
    return RunSet.of(columns, categories, array(loss), array(weight))
        .withSizeTolerance(sizeTolerance);
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
