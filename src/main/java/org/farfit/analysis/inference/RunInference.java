package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.Interval;

/** Intervals for single further runs: the doubt about the surface, and the scatter around it. */
final class RunInference {

  private final Inference inference;
  private final RunSet runs;
  private final RunScatter scatter;

  /**
   * For runs like those that were fitted.
   *
   * @param inference on the surface
   * @param runs the fitted ones
   * @param scatter of runs around it
   */
  RunInference(Inference inference, RunSet runs, RunScatter scatter) {
    this.inference = inference;
    this.runs = runs;
    this.scatter = scatter;
  }

  /** The interval of the loss of a run at each point; see {@link Inference#ofRuns}. */
  List<Interval> of(List<Estimands.Point> points) {
    Estimands losses = Estimands.losses(points);
    if (!runs.isPositive()) {
      return losses.items().stream().map(item -> Interval.UNKNOWN).toList();
    }
    if (!inference.isBootstrapped() || inference.isBySizes()) {
      List<Estimate> surfaces = inference.of(losses, false);
      double far =
          scatter.reach(inference.level())
              * AsymptoticInference.quantile(inference.degreesOfFreedom(), inference.level());
      return IntStream.range(0, losses.size())
          .mapToObj(k -> scattered(surfaces.get(k), points.get(k), far))
          .toList();
    }
    double[] errors = scatter.errors();
    double[] value = losses.values().apply(inference.surface());
    double[] drifts = inference.drifts(losses, value);
    double[][] values = inference.values(losses);
    List<Interval> intervals = new ArrayList<>();
    for (int k = 0; k < losses.size(); k++) {
      SplittableRandom random = new SplittableRandom(k);
      int at = k;
      double deviation = scatter.deviation(points.get(k));
      double[] drawn =
          Arrays.stream(values)
              .mapToDouble(
                  row -> row[at] * Math.exp(deviation * errors[random.nextInt(errors.length)]))
              .toArray();
      intervals.add(
          inference.isRefused(value[k])
              ? Interval.UNKNOWN
              : inference.widened(
                  losses.items().get(k),
                  value[k],
                  BootstrapIntervals.expanded(drawn, inference.level(), inference.scatter()),
                  drifts[k]));
    }
    return intervals;
  }

  /**
   * The interval of a surface with the scatter of a run added to either half, on its scale.
   *
   * @param far how many standard deviations of that scatter
   */
  private Interval scattered(Estimate estimate, Estimands.Point point, double far) {
    Interval surface = estimate.interval();
    double at = Math.log(estimate.value());
    double half = far * scatter.deviation(point);
    return surface.isKnown()
        ? new Interval(
            Math.exp(at - Math.hypot(at - Math.log(surface.low()), half)),
            Math.exp(at + Math.hypot(Math.log(surface.high()) - at, half)))
        : Interval.UNKNOWN;
  }
}
