package org.farfit.analysis.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Estimate;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.solver.ProgressListener;

/**
 * Predicts what a surface says at points, with an interval of the surface and one for a single run.
 *
 * <pre>{@code
 * Inference inference = archive.inferences(engine, 0.9, IntervalType.DEFAULT).get("farseer");
 * new PredictionStudy(archive.runs(), archive.limits())
 *     .of(inference, List.of(new Estimands.Point(25.1e9, 3.2e11)), ProgressListener.NONE)
 *     .forEach(found -> System.out.println(found.estimate().value() + " " + found.ofRun()));
 * }</pre>
 */
public final class PredictionStudy {

  /**
   * Intervals of ln L that are longer held 86% where farseer's nine parameters are fitted to few or
   * noisy runs, on an over-training ladder half, and those by replicates 98% (docs/coverage.md).
   */
  private static final double ROUGH = 0.3;

  private final RunSet runs;
  private final LossLimits limits;

  /**
   * A study.
   *
   * @param runs the runs that were fitted
   * @param limits which losses may be believed of them
   */
  public PredictionStudy(RunSet runs, LossLimits limits) {
    this.runs = runs;
    this.limits = limits;
  }

  /**
   * What is predicted at a point.
   *
   * @param estimate the value of the surface with its interval, and intervals by other methods
   * @param ofRun interval of a single run, which scatters around the surface
   * @param refusal why the value is no prediction, if it is none
   * @param lack why an interval, or an end of it, is not known, or that it says nothing; empty if
   *     nothing speaks against either
   */
  public record Prediction(
      Estimands.Point point,
      Estimate estimate,
      Interval ofRun,
      Optional<String> refusal,
      Optional<String> lack) {}

  /**
   * Predictions of a surface.
   *
   * @param inference on that surface
   * @param progress told after each point
   * @return one per point, in their order
   */
  public List<Prediction> of(
      Inference inference, List<Estimands.Point> points, ProgressListener progress) {
    List<Estimate> estimates = new ArrayList<>();
    for (Estimands.Point point : points) {
      List<Estimands.Point> alone = List.of(point);
      estimates.addAll(
          inference.of(
              runs.isPositive() ? Estimands.losses(alone) : Estimands.values(alone), true));
      progress.done(estimates.size(), points.size());
    }
    List<Interval> ofRuns = inference.ofRuns(points);
    List<Prediction> predictions = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      predictions.add(prediction(inference, points.get(i), estimates.get(i), ofRuns.get(i)));
    }
    return predictions;
  }

  private Prediction prediction(
      Inference inference, Estimands.Point point, Estimate estimate, Interval ofRun) {
    return new Prediction(
        point,
        estimate,
        ofRun,
        refusal(inference.surface(), point, estimate.value()),
        estimate.interval().isKnown() && ofRun.isKnown()
            ? limits
                .emptiness(estimate.interval().low(), estimate.interval().high())
                .or(() -> roughness(inference, estimate))
            : Optional.of(inference.lack().orElse("an end of the interval cannot be estimated")));
  }

  /** That an interval is too long for standard errors, which take the law to be linear, to tell. */
  private Optional<String> roughness(Inference inference, Estimate estimate) {
    return runs.isPositive()
            && inference.members().size() == 1
            && estimate.method().equals(Inference.ASYMPTOTIC)
            && Math.log(estimate.interval().high() / estimate.interval().low()) > ROUGH
        ? Optional.of(
            "standard errors tell so long an interval only roughly, and it may well be too short;"
                + " fit with a bootstrap")
        : Optional.empty();
  }

  /** Why a prediction is none; of a law without N or D its value alone tells. */
  private Optional<String> refusal(Surface surface, Estimands.Point point, double value) {
    return Double.isNaN(point.n()) || Double.isNaN(point.d())
        ? limits.refusal(value)
        : limits.refusal(surface, point.n(), point.d(), value);
  }
}
