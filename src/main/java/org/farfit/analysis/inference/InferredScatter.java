package org.farfit.analysis.inference;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.ReplicateScatter;
import org.farfit.fit.extrapolation.Drift;
import org.farfit.fit.statistics.ClusteredErrors;
import org.farfit.fit.statistics.LinearPropagation;

/** What a comparison needs to know of a recipe, from what is inferred of it. */
final class InferredScatter implements ComparedInference.Scatter {

  private final Inference inference;
  private final Optional<Drift> drift;
  private final Map<String, Double> columns;
  private final Optional<LawFit> only;
  private final Optional<ErrorTrend> trend;
  private final Optional<double[][]> covariance;

  /**
   * The scatter of an inference that has replicates, columns besides N and D being at the centre of
   * the runs.
   *
   * @param drift of losses beyond the runs, if any is expected
   */
  InferredScatter(Inference inference, Optional<Drift> drift) {
    this(inference, drift, Map.of(), ordinaryCovariance(inference));
  }

  private InferredScatter(
      Inference inference,
      Optional<Drift> drift,
      Map<String, Double> columns,
      Optional<double[][]> covariance) {
    this.inference = inference;
    this.drift = drift;
    this.columns = columns;
    this.only = only(inference);
    this.trend = inference.trend();
    this.covariance = covariance;
  }

  private static Optional<LawFit> only(Inference inference) {
    return Optional.of(inference.members())
        .filter(members -> members.size() == 1)
        .map(members -> members.getFirst().fit());
  }

  /** By ordinary standard errors, where those of the fit are a jackknife's. */
  private static Optional<double[][]> ordinaryCovariance(Inference inference) {
    return only(inference)
        .filter(fit -> fit.isGeneralised() && inference.isBySizes())
        .flatMap(fit -> fit.clusteredErrors(inference.runs()))
        .map(ClusteredErrors::covariance);
  }

  @Override
  public ComparedInference.Scatter fixing(Map<String, Double> values) {
    return new InferredScatter(inference, drift, values, covariance);
  }

  /**
   * In a comparison with a recipe whose tests did not see what sizes share, all that replicates by
   * the jackknife say: the variance of that recipe may be too small by as much as this allows for.
   */
  @Override
  public ComparedInference.Scatter beside(ComparedInference.Scatter other) {
    return other.isVarianceAlone()
        ? this
        : new InferredScatter(inference, drift, columns, Optional.empty());
  }

  /**
   * Degrees of freedom are those of the estimand where errors go by sizes. Replicates by whole
   * sizes of a generalised fit scatter as its standard errors do, by the jackknife ({@link
   * ClusteredErrors}): a doubt for intervals allows for a test that did not see what sizes share,
   * and for weights that were estimated. A doubt for comparisons does not need to: where tests of
   * both recipes saw it, ordinary standard errors are right. So replicates count for less, by the
   * ratio of the two standard errors; and those of whole runs do not count for more because weights
   * were estimated.
   */
  @Override
  public ReplicateScatter at(double n, double d) {
    if (only.isEmpty()) {
      return inference.scatter();
    }
    if (!only.get().sharesNoiseBySize()) {
      return ReplicateScatter.ofKnownWeights(
          List.of(only.get()),
          inference.members().getFirst().replicates().orElseThrow().options().resampling(),
          inference.runs());
    }
    FittedSurface surface = only.get().surface().fixing(columns);
    double[] gradient = new double[surface.law().parameterCount()];
    surface.logLoss(n, d, gradient);
    ReplicateScatter known =
        inference.scatter().atMost(inference.degreesOf().applyAsDouble(gradient));
    return covariance
        .map(ordinary ->
            new ReplicateScatter(
                known.shortfall()
                    * LinearPropagation.error(gradient, ordinary)
                    / surface.error(gradient).orElseThrow(),
                known.degreesOfFreedom()))
        .orElse(known);
  }

  @Override
  public boolean isVarianceAlone() {
    return inference.isBySizes();
  }

  @Override
  public double slope(double n, double d) {
    return trend.map(each -> each.slope(n, d, columns)).orElse(0.0);
  }

  @Override
  public Optional<ComparedInference.Unconditional> ofAverage(double n, double d) {
    if (only.isPresent()) {
      return Optional.empty();
    }
    Estimands loss = Estimands.losses(List.of(new Estimands.Point(n, d)));
    AverageSpread spread = inference.spread(loss, loss.values().apply(inference.surface()));
    double within = spread.within()[0];
    return Double.isFinite(within)
        ? Optional.of(
            new ComparedInference.Unconditional(
                within, inference.degreesOfFreedom(), spread.apart()[0]))
        : Optional.empty();
  }

  @Override
  public double drift(double n, double d) {
    return drift.map(by -> by.deviation(n, d)).orElse(0.0);
  }
}
