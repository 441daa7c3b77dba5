package org.farfit.fit.bootstrap;

import java.util.Arrays;
import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.law.Limits;

/**
 * Covariance of the parameters of a fit and of each of its replicates, each from its own data, as
 * studentised intervals need them.
 */
public final class ReplicateErrors {

  private final LawFit fit;
  private final RunSet runs;
  private final Replicates replicates;
  private final Resampler resampler;
  private final Sandwich sandwich;

  /**
   * Errors of replicates.
   *
   * @param runs the runs that were fitted and resampled
   */
  public ReplicateErrors(LawFit fit, RunSet runs, Replicates replicates) {
    this.fit = fit;
    this.runs = runs;
    this.replicates = replicates;
    BootstrapOptions options = replicates.options();
    this.resampler = Resampler.of(fit, runs, options);
    this.sandwich =
        new Sandwich(
            fit.law(),
            fit.surface().centre(),
            runs,
            fit.objective(),
            fit.priorPrecision(),
            options.resampling(),
            resampler);
  }

  /** Covariance of the centred parameters of the fit, if they are determined. */
  public Optional<double[][]> ofFit() {
    return fit.isGeneralised()
        ? fit.surface().covariance()
        : sandwich.covariance(fit.surface().centredArray(), runs.weight(), runs.loss());
  }

  /** Covariance of the centred parameters of replicate b, if they are determined. */
  public Optional<double[][]> of(int b) {
    return fit.isGeneralised()
        ? generalised(b)
        : sandwich.covariance(replicates.centred(b), resampler.weights(b), resampler.losses(b));
  }

  /** By the model of the noise, at the variance that the residuals of the replicate have. */
  private Optional<double[][]> generalised(int b) {
    NoiseModel model = fit.structuredNoise().orElseThrow();
    RunSet drawn =
        new RunSet(runs.n(), runs.d(), resampler.losses(b))
            .withSizeTolerance(runs.sizeTolerance())
            .weighted(resampler.weights(b));
    Evaluation at =
        Evaluation.of(
            fit.law(), replicates.centre(), replicates.centred(b), drawn, fit.objective());
    double variance = 2 * at.generalised(model).cost[0] / fit.surface().degreesOfFreedom();
    double factor = variance / (model.deviation() * model.deviation());
    return Uncertainty.generalised(
            at,
            fit.priorPrecision(),
            Limits.of(fit.law(), replicates.centre(), runs.n(), runs.d())
                .reachedBy(replicates.centred(b)),
            model)
        .map(covariance ->
            Arrays.stream(covariance)
                .map(row -> Arrays.stream(row).map(value -> factor * value).toArray())
                .toArray(double[][]::new));
  }
}
