package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Jackknife;
import org.farfit.fit.bootstrap.ReplicateErrors;
import org.farfit.fit.bootstrap.ReplicateScatter;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.solver.Parallel;

/**
 * Intervals of estimands from the replicates of a fit.
 *
 * <pre>{@code
 * BootstrapInference inference = new BootstrapInference(engine, fit, runs, replicates);
 * inference.intervals(Estimands.losses(List.of(new Estimands.Point(25.1e9, 3.2e11))), 0.9,
 *     Set.of(IntervalType.DEFAULT));
 * }</pre>
 *
 * <p>Intervals that change with the scale (basic, studentised) are made for the logarithm of
 * estimands that are positive.
 */
public final class BootstrapInference {

  private final Engine engine;
  private final LawFit fit;
  private final RunSet runs;
  private final Replicates replicates;

  /** Inference on a fit. */
  public BootstrapInference(Engine engine, LawFit fit, RunSet runs, Replicates replicates) {
    this.engine = engine;
    this.fit = fit;
    this.runs = runs;
    this.replicates = replicates;
  }

  /**
   * What is known of one estimand.
   *
   * @param item the estimand
   * @param estimate its value on the fit
   * @param standardError standard deviation over replicates, of the logarithm if it is positive;
   *     NaN where {@link BootstrapIntervals#isDecidedByFew}
   * @param undefined in how many replicates it has no value
   * @param intervals by type; {@link Interval#UNKNOWN} where one cannot be made
   */
  public record Row(
      Estimands.Item item,
      double estimate,
      double standardError,
      int undefined,
      Map<IntervalType, Interval> intervals) {}

  /** The values of estimands on every usable replicate: one array per replicate. */
  public double[][] values(Estimands estimands) {
    return estimands.on(
        replicates.usable().mapToObj(replicates::surface).toList(), replicates.options().threads());
  }

  /**
   * Intervals.
   *
   * @param level probability that an interval should cover, in (0, 1)
   * @param types which intervals to make; studentised ones take the longest
   */
  public List<Row> intervals(Estimands estimands, double level, Set<IntervalType> types) {
    double[] estimate = estimands.values().apply(fit.surface());
    double[][] values = values(estimands);
    Optional<double[][]> leftOut =
        types.contains(IntervalType.BCA) ? Optional.of(leftOut(estimands)) : Optional.empty();
    Optional<Errors> errors =
        types.contains(IntervalType.STUDENTISED)
            ? Optional.of(errors(estimands))
            : Optional.empty();
    double[] degrees = degreesOfFreedom(estimands);
    List<Row> rows = new ArrayList<>();
    for (int k = 0; k < estimands.size(); k++) {
      Estimands.Item item = estimands.items().get(k);
      double[] scaled = column(values, k, item);
      double center = item.toScale(estimate[k]);
      Map<IntervalType, Interval> intervals = new EnumMap<>(IntervalType.class);
      for (IntervalType type : types) {
        Interval interval =
            switch (type) {
              case EXPANDED ->
                  isBySizes()
                      ? BootstrapIntervals.stretched(
                          center, scaled, level, scatter().atMost(degrees[k]))
                      : BootstrapIntervals.expanded(scaled, level, scatter());
              case PERCENTILE -> BootstrapIntervals.percentile(scaled, level);
              case BASIC -> BootstrapIntervals.basic(center, scaled, level);
              case BCA ->
                  BootstrapIntervals.accelerated(
                      center, scaled, column(leftOut.orElseThrow(), k, item), level);
              case STUDENTISED ->
                  BootstrapIntervals.studentised(
                      center,
                      errors.orElseThrow().ofFit()[k],
                      scaled,
                      column(errors.orElseThrow().ofReplicates(), k),
                      level);
            };
        intervals.put(
            type, new Interval(item.fromScale(interval.low()), item.fromScale(interval.high())));
      }
      rows.add(
          new Row(
              item,
              estimate[k],
              BootstrapIntervals.isDecidedByFew(scaled)
                  ? Double.NaN
                  : BootstrapIntervals.standardError(scaled),
              (int) Arrays.stream(scaled).filter(Double::isNaN).count(),
              intervals));
    }
    return rows;
  }

  private ReplicateScatter scatter() {
    return ReplicateScatter.of(List.of(fit), replicates.options().resampling(), runs);
  }

  private boolean isBySizes() {
    return fit.sharesNoiseBySize() && replicates.options().resampling() == Resampling.WILD;
  }

  /** Of each estimand, where residuals took signs by sizes; else as many as one likes. */
  private double[] degreesOfFreedom(Estimands estimands) {
    double[] degrees = new double[estimands.size()];
    Arrays.fill(degrees, Double.POSITIVE_INFINITY);
    if (isBySizes()) {
      double[][] gradient = estimands.gradient(fit.surface());
      ToDoubleFunction<double[]> of = fit.degreesOfFreedomOf(runs);
      Arrays.setAll(degrees, k -> of.applyAsDouble(column(gradient, k)));
    }
    return degrees;
  }

  private double[][] leftOut(Estimands estimands) {
    List<FittedSurface> surfaces =
        Jackknife.surfaces(
            engine, fit, runs, replicates.options().resampling(), replicates.options().threads());
    return estimands.on(surfaces, replicates.options().threads());
  }

  /** Standard errors, on the scale of each estimand. */
  private record Errors(double[] ofFit, double[][] ofReplicates) {}

  private Errors errors(Estimands estimands) {
    ReplicateErrors covariances = new ReplicateErrors(fit, runs, replicates);
    int[] usable = replicates.usable().toArray();
    double[][] errors = new double[usable.length][];
    Parallel.forEach(
        usable.length,
        replicates.options().threads(),
        i ->
            errors[i] = estimands.errors(replicates.surface(usable[i]), covariances.of(usable[i])));
    return new Errors(estimands.errors(fit.surface(), covariances.ofFit()), errors);
  }

  private static double[] column(double[][] values, int k, Estimands.Item item) {
    return Arrays.stream(values).mapToDouble(row -> item.toScale(row[k])).toArray();
  }

  private static double[] column(double[][] values, int k) {
    return Arrays.stream(values).mapToDouble(row -> row[k]).toArray();
  }
}
