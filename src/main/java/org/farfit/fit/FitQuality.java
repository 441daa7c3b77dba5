package org.farfit.fit;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.law.Centre;
import org.farfit.law.Law;

/**
 * How well a surface describes the runs it was fitted to.
 *
 * @param rmse weighted root mean square of the residuals, in their unit: log loss, or loss
 * @param r2 share of the weighted variance of ln L, or of L, that the surface explains
 * @param mape mean of |Lhat / L - 1|, in percent, unweighted
 * @param logLikelihood at the maximum-likelihood scale, see {@link LogLikelihood}
 * @param aic Akaike's criterion, 2 (p + 1) - 2 log-likelihood; the scale counts as a parameter
 * @param bic Schwarz's criterion, (p + 1) ln n - 2 log-likelihood
 */
public record FitQuality(
    double rmse, double r2, double mape, double logLikelihood, double aic, double bic) {

  /** The quality of centred parameters on the runs they were fitted to. */
  public static FitQuality of(
      Law law, Centre centre, double[] centred, RunSet runs, Objective objective) {
    boolean log = objective.residual() == Objective.Residual.LOG;
    int n = runs.size();
    double sumWeight = 0;
    double sumTarget = 0;
    double sumSquares = 0;
    double sumRelative = 0;
    for (int i = 0; i < n; i++) {
      double logPredicted = law.logLossAt(centre, centred, runs.n(i), runs.d(i));
      double residual = residual(log, logPredicted, runs.loss(i));
      sumWeight += runs.weight(i);
      sumTarget += runs.weight(i) * target(log, runs.loss(i));
      sumSquares += runs.weight(i) * residual * residual;
      sumRelative += Math.abs(Math.exp(logPredicted) / runs.loss(i) - 1);
    }
    double mean = sumTarget / sumWeight;
    double spread = 0;
    for (int i = 0; i < n; i++) {
      double deviation = target(log, runs.loss(i)) - mean;
      spread += runs.weight(i) * deviation * deviation;
    }
    double logLikelihood = LogLikelihood.maximum(law, centre, centred, runs, objective);
    int free = law.parameterCount() + 1;
    return new FitQuality(
        Math.sqrt(sumSquares / sumWeight),
        1 - sumSquares / spread,
        100 * sumRelative / n,
        logLikelihood,
        2 * free - 2 * logLikelihood,
        free * Math.log(n) - 2 * logLikelihood);
  }

  /** The objective at centred parameters: the weighted sum of losses of the residuals. */
  public static double cost(
      Law law, Centre centre, double[] centred, RunSet runs, Objective objective) {
    boolean log = objective.residual() == Objective.Residual.LOG;
    double cost = 0;
    for (int i = 0; i < runs.size(); i++) {
      double logPredicted = law.logLossAt(centre, centred, runs.n(i), runs.d(i));
      cost += runs.weight(i) * objective.loss(residual(log, logPredicted, runs.loss(i)));
    }
    return cost;
  }

  /** Share of the variance of the losses themselves that a prediction of them explains. */
  static double linearR2(RunSet runs, DoubleBinaryOperator predicted) {
    double mean = Arrays.stream(runs.loss()).average().orElseThrow();
    double residual = 0;
    double spread = 0;
    for (int i = 0; i < runs.size(); i++) {
      residual += Math.pow(predicted.applyAsDouble(runs.n(i), runs.d(i)) - runs.loss(i), 2);
      spread += Math.pow(runs.loss(i) - mean, 2);
    }
    return 1 - residual / spread;
  }

  private static double target(boolean log, double loss) {
    return log ? Math.log(loss) : loss;
  }

  /** The residual of one run. */
  static double residual(boolean log, double logPredicted, double loss) {
    return log ? logPredicted - Math.log(loss) : Math.exp(logPredicted) - loss;
  }
}
