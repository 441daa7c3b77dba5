package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.statistics.LinearPropagation;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Intervals by the delta method: the estimate, on its scale, plus and minus a quantile of Student's
 * t times the standard error that the covariance of the fit gives. Where that is known to change
 * with the estimate ({@link ErrorTrend}), standard errors are counted on the scale on which they do
 * not ({@link SteadyScale}). Those of an optimum's N and D are by the delta method for the slopes
 * that balance there ({@link OptimalSize}).
 */
public final class AsymptoticInference {

  /** A standard error is followed by its slope as far as it changes by a factor of e^0.5. */
  private static final double FARTHEST = 0.5;

  private final FittedSurface surface;

  private final ToDoubleFunction<double[]> degreesOfFreedom;
  private final Optional<ErrorTrend> trend;

  /** Inference on a surface whose errors do not change with estimates. */
  AsymptoticInference(FittedSurface surface) {
    this(surface, gradient -> surface.degreesOfFreedom(), Optional.empty());
  }

  /**
   * Inference on a surface whose errors are known as well as the degrees of freedom say, and may
   * change with estimates: then intervals end so many of them from the estimate on the scale on
   * which they do not change.
   *
   * @param degreesOfFreedom of Student's t for an estimand of some gradient by the centred
   *     parameters
   * @param trend how errors change; empty where that is not known
   */
  AsymptoticInference(
      FittedSurface surface,
      ToDoubleFunction<double[]> degreesOfFreedom,
      Optional<ErrorTrend> trend) {
    this.surface = surface;
    this.degreesOfFreedom = degreesOfFreedom;
    this.trend = trend;
  }

  /**
   * Inference on a fit, which must know its covariance to give intervals.
   *
   * @param runs the runs that were fitted
   */
  public static AsymptoticInference of(LawFit fit, RunSet runs) {
    return new AsymptoticInference(
        fit.surface(), fit.degreesOfFreedomOf(runs), ErrorTrend.of(fit, runs));
  }

  /** One interval per estimand; {@link Interval#UNKNOWN} where there is none. */
  public List<Interval> intervals(Estimands estimands, double level) {
    List<Interval> intervals = new ArrayList<>();
    if (surface.covariance().isEmpty()) {
      estimands.items().forEach(item -> intervals.add(Interval.UNKNOWN));
      return intervals;
    }
    double[] estimate = estimands.values().apply(surface);
    double[][] gradient = estimands.gradient(surface);
    double[] errors = LinearPropagation.errors(gradient, surface.covariance().get());
    double[] slopes =
        trend
            .map(each -> each.slopes(estimands.atOptimaOf(surface), gradient))
            .orElseGet(() -> new double[errors.length]);
    Map<Double, Double> quantiles = new HashMap<>();
    for (int k = 0; k < estimate.length; k++) {
      Estimands.Item item = estimands.items().get(k);
      int at = k;
      double[] own = Arrays.stream(gradient).mapToDouble(row -> row[at]).toArray();
      double t =
          quantiles.computeIfAbsent(
              degreesOfFreedom.applyAsDouble(own), degrees -> quantile(degrees, level));
      double center = item.toScale(estimate[k]);
      SteadyScale scale = scale(slopes[k]);
      intervals.add(
          new Interval(
              item.fromScale(center + scale.distance(-t * errors[k])),
              item.fromScale(center + scale.distance(t * errors[k]))));
    }
    estimands.replaceOptima(
        intervals, (size, others) -> size.intervals(surface, degreesOfFreedom, level));
    return intervals;
  }

  /**
   * The scale that intervals' standard errors are counted on.
   *
   * @param slope as {@link ErrorTrend#slopes}
   */
  public static SteadyScale scale(double slope) {
    return new SteadyScale(slope, FARTHEST);
  }

  /** The two-sided quantile of Student's t. */
  public static double quantile(double degreesOfFreedom, double level) {
    return new TDistribution(degreesOfFreedom).inverseCumulativeProbability(0.5 + 0.5 * level);
  }
}
