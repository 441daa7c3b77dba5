package org.farfit.analysis.inference;

import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.fit.FittedSurface;

/**
 * Normal equations with one more residual, which pulls an estimand towards a target: it adds half
 * of stiffness (value - target)^2 to the cost. Where the sum is least, the cost without it is the
 * least that is possible at the value reached, however stiff the pull.
 */
final class PulledEvaluator implements Evaluator {

  private final Evaluator data;
  private final FittedSurface surface;
  private final Estimands estimand;
  private final double target;
  private final double stiffness;

  /**
   * An evaluator.
   *
   * @param estimand one estimand
   * @param target on its scale
   */
  PulledEvaluator(
      Evaluator data, FittedSurface surface, Estimands estimand, double target, double stiffness) {
    this.data = data;
    this.surface = surface;
    this.estimand = estimand;
    this.target = target;
    this.stiffness = stiffness;
  }

  @Override
  public int parameterCount() {
    return data.parameterCount();
  }

  @Override
  public void evaluate(NormalEquations batch, int count) {
    data.evaluate(batch, count);
    double[] point = new double[parameterCount()];
    int stride = batch.capacity();
    for (int k = 0; k < count; k++) {
      batch.getParameters(k, point);
      FittedSurface at = FittedSurface.of(surface.law(), surface.centre(), point, surface.runs());
      double miss = estimand.scaled(at)[0] - target;
      double[][] slope = estimand.gradient(at);
      batch.cost[k] += 0.5 * stiffness * miss * miss;
      int entry = 0;
      for (int i = 0; i < point.length; i++) {
        batch.gradient[i * stride + k] += stiffness * miss * slope[i][0];
        for (int j = 0; j <= i; j++) {
          batch.matrix[entry * stride + k] += stiffness * slope[i][0] * slope[j][0];
          entry++;
        }
      }
    }
  }

  @Override
  public void close() {
    data.close();
  }
}
