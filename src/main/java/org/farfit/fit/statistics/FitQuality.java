package org.farfit.fit.statistics;

import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;

/**
 * How well a surface describes the runs it was fitted to.
 *
 * @param rmse weighted root mean square of the residuals, in their unit: log loss, or loss
 * @param r2 share of the weighted variance of ln L, or of L, that the surface explains; NaN where
 *     all losses are the same
 * @param mape mean of |Lhat / L - 1|, in percent, unweighted
 * @param logLikelihood at the maximum-likelihood scale, see {@link LogLikelihood}
 * @param aic Akaike's criterion, 2 (p + 1) - 2 log-likelihood; the scale counts as a parameter, and
 *     so does what a model of the noise has besides
 * @param bic Schwarz's criterion, (p + 1) ln n - 2 log-likelihood
 */
public record FitQuality(
    double rmse, double r2, double mape, double logLikelihood, double aic, double bic) {

  /** The quality of a surface on the runs that it was fitted to, errors being alike. */
  public static FitQuality of(Evaluation at) {
    return of(at, at.logLikelihood(), 0);
  }

  /**
   * The quality of a surface on the runs that it was fitted to by generalised least squares. The
   * likelihood is that of the model at the variance that maximises it, the ratios of variances
   * being those of the model.
   */
  public static FitQuality of(Evaluation at, NoiseModel noise) {
    return of(at, at.logLikelihood(noise), noise.parameterCount());
  }

  private static FitQuality of(Evaluation at, double logLikelihood, int ofNoise) {
    RunSet runs = at.runs();
    Objective.Residual scale = at.objective().residual();
    int n = runs.size();
    double sumWeight = 0;
    double sumTarget = 0;
    double sumRelative = 0;
    for (int i = 0; i < n; i++) {
      sumWeight += runs.weight(i);
      sumTarget += runs.weight(i) * scale.target(runs.loss(i));
      sumRelative += Math.abs(at.relativeError(i));
    }
    double mean = sumTarget / sumWeight;
    double spread = 0;
    for (int i = 0; i < n; i++) {
      double deviation = scale.target(runs.loss(i)) - mean;
      spread += runs.weight(i) * deviation * deviation;
    }
    double sumSquares = at.sumOfSquares();
    int free = at.law().parameterCount() + 1 + ofNoise;
    return new FitQuality(
        Math.sqrt(sumSquares / sumWeight),
        varies(runs) ? 1 - sumSquares / spread : Double.NaN,
        100 * sumRelative / n,
        logLikelihood,
        2 * free - 2 * logLikelihood,
        free * Math.log(n) - 2 * logLikelihood);
  }

  private static boolean varies(RunSet runs) {
    return IntStream.range(1, runs.size()).anyMatch(i -> runs.loss(i) != runs.loss(0));
  }
}
