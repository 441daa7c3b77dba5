package org.farfit.fit.bootstrap;

import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;

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
    this.resampler =
        new Resampler(
            runs,
            fit.surface(),
            fit.objective(),
            options.resampling(),
            options.seed(),
            fit.structuredNoise());
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
    return sandwich.covariance(fit.surface().centredArray(), runs.weight(), runs.loss());
  }

  /** Covariance of the centred parameters of replicate b, if they are determined. */
  public Optional<double[][]> of(int b) {
    return sandwich.covariance(replicates.centred(b), resampler.weights(b), resampler.losses(b));
  }
}
