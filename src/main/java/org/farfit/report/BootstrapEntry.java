package org.farfit.report;

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
 */
public record BootstrapEntry(
    String resampling,
    int replicates,
    long seed,
    int restarts,
    double level,
    String interval,
    Map<String, IntervalEntry> parameters,
    List<Integer> failed,
    List<Integer> improved,
    List<List<Double>> samples) {

  /**
   * The interval of one parameter.
   *
   * @param standardError standard deviation over replicates; null where a few of them far out would
   *     decide it
   * @param low lower end
   * @param high upper end
   */
  public record IntervalEntry(Double standardError, Double low, Double high) {}

  /** The entry of some replicates with the intervals of the parameters. */
  public static BootstrapEntry of(
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
    return new BootstrapEntry(
        options.resampling().label(),
        count,
        options.seed(),
        options.restarts(),
        100 * level,
        type.label(),
        intervals,
        IntStream.range(0, count).filter(replicates::isFailed).boxed().toList(),
        IntStream.range(0, count).filter(replicates::isImproved).boxed().toList(),
        IntStream.range(0, count)
            .mapToObj(b -> Arrays.stream(replicates.centred(b)).boxed().toList())
            .toList());
  }

  /**
   * The replicates.
   *
   * @throws IllegalArgumentException if the entry does not fit together
   */
  Replicates replicates(FittedSurface surface) {
    int p = surface.law().parameterCount();
    if (samples.size() != replicates) {
      throw new IllegalArgumentException(
          "bootstrap has %d samples for %d replicates".formatted(samples.size(), replicates));
    }
    double[][] centred = new double[replicates][];
    for (int b = 0; b < replicates; b++) {
      List<Double> sample = samples.get(b);
      if (sample == null || sample.size() != p || sample.contains(null)) {
        throw new IllegalArgumentException("bootstrap sample %d is not %d numbers".formatted(b, p));
      }
      centred[b] = sample.stream().mapToDouble(Double::doubleValue).toArray();
    }
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
            hasIntervals() ? "" : "; too few for %.3g%% intervals".formatted(level));
  }

  private boolean hasIntervals() {
    return parameters.values().stream().anyMatch(entry -> entry.low() != null);
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
        : "no bootstrap s.e. of %s: a few replicates far out would decide it, such as those whose exponent is near 0; the quantiles low and high say what is known"
            .formatted(String.join(", ", names));
  }

  private static String share(int count, int total) {
    return count == 0 ? "none" : "%.2f%%".formatted(100.0 * count / total);
  }
}
