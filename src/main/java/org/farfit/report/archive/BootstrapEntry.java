package org.farfit.report.archive;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.farfit.analysis.inference.BootstrapInference;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.report.output.Json;

/**
 * The replicates of a fit as the fit file holds them.
 *
 * @param resampling how they were drawn
 * @param replicates how many
 * @param seed which ones
 * @param restarts starts per replicate besides the fitted optimum
 * @param level of the intervals, percent
 * @param interval type of the intervals
 * @param parameters intervals of the published parameters
 * @param failed positions of replicates whose fit did not converge
 * @param improved positions of replicates where another start than the fitted optimum was better
 * @param samples centred parameters of each replicate, in the order of the fit's centred parameters
 * @param sha256 hash of samples, failed and improved, see {@link NumberHash}; null in files of the
 *     first format
 */
record BootstrapEntry(
    String resampling,
    int replicates,
    long seed,
    int restarts,
    double level,
    String interval,
    Map<String, IntervalEntry> parameters,
    List<Integer> failed,
    List<Integer> improved,
    List<List<Double>> samples,
    String sha256) {

  /** Why a parameter has no standard deviation over replicates. */
  static final String DECIDED_BY_FEW =
      "a few replicates far out would decide it, such as those whose exponent is near 0; the quantiles low and high say what is known";

  /**
   * The interval of one parameter.
   *
   * @param standardError standard deviation over replicates; null where a few of them far out would
   *     decide it
   * @param low lower end
   * @param high upper end
   */
  record IntervalEntry(Double standardError, Double low, Double high) {}

  /** The entry of some replicates with the intervals of the parameters. */
  static BootstrapEntry of(
      Replicates replicates,
      List<BootstrapInference.Row> parameters,
      double level,
      IntervalType type) {
    BootstrapOptions options = replicates.options();
    Map<String, IntervalEntry> intervals = new LinkedHashMap<>();
    for (BootstrapInference.Row row : parameters) {
      Interval interval = row.intervals().get(type);
      intervals.put(
          row.item().name(),
          new IntervalEntry(
              Json.finite(row.standardError()),
              Json.finite(interval.low()),
              Json.finite(interval.high())));
    }
    int count = replicates.count();
    List<List<Double>> samples =
        IntStream.range(0, count)
            .mapToObj(b -> Arrays.stream(replicates.centred(b)).boxed().toList())
            .toList();
    List<Integer> failed = IntStream.range(0, count).filter(replicates::isFailed).boxed().toList();
    List<Integer> improved =
        IntStream.range(0, count).filter(replicates::isImproved).boxed().toList();
    return new BootstrapEntry(
        options.resampling().label(),
        count,
        options.seed(),
        options.restarts(),
        100 * level,
        type.label(),
        intervals,
        failed,
        improved,
        samples,
        hash(samples, failed, improved));
  }

  /** The hash of the numbers as they are. */
  String hash() {
    return hash(samples, failed, improved);
  }

  private static String hash(
      List<List<Double>> samples, List<Integer> failed, List<Integer> improved) {
    NumberHash hash = new NumberHash();
    samples.forEach(hash::add);
    return hash.add(failed).add(improved).text();
  }

  /** The replicates. */
  Replicates replicates(FittedSurface surface) {
    double[][] centred =
        samples.stream()
            .map(sample -> sample.stream().mapToDouble(Double::doubleValue).toArray())
            .toArray(double[][]::new);
    BootstrapOptions options =
        new BootstrapOptions(
            Resampling.named(resampling),
            replicates,
            seed,
            restarts,
            Runtime.getRuntime().availableProcessors());
    return new Replicates(
        surface.law(),
        surface.centre(),
        surface.runs(),
        options,
        centred,
        bits(failed),
        bits(improved));
  }

  private static BitSet bits(List<Integer> positions) {
    BitSet bits = new BitSet();
    positions.forEach(bits::set);
    return bits;
  }

  /** What to say about the replicates, in words. */
  String text() {
    return "%,d replicates (%s, seed %d): %d did not converge; %s found a better optimum from another start%s"
        .formatted(
            replicates,
            resampling,
            seed,
            failed.size(),
            share(improved.size(), replicates),
            withoutIntervals().isEmpty() ? "" : "; " + withoutIntervals());
  }

  /** Why no parameter has an interval, in words; empty if one has. */
  String withoutIntervals() {
    return parameters.values().stream().anyMatch(entry -> entry.low() != null)
        ? ""
        : "too few for %.3g%% intervals".formatted(level);
  }

  /** Why parameters have no standard error, in words; empty if all have. */
  String withoutErrors() {
    List<String> names =
        parameters.entrySet().stream()
            .filter(entry -> entry.getValue().standardError() == null)
            .map(Map.Entry::getKey)
            .toList();
    return names.isEmpty()
        ? ""
        : "no bootstrap s.e. of %s: %s".formatted(String.join(", ", names), DECIDED_BY_FEW);
  }

  private static String share(int count, int total) {
    return count == 0 ? "none" : "%.2f%%".formatted(100.0 * count / total);
  }
}
