package org.farfit.fit.statistics;

import java.util.random.RandomGenerator;
import org.farfit.engine.Objective;

/**
 * The density that an objective stands for ({@link LogLikelihood}), to draw residuals from: normal
 * for squared loss; for Huber loss normal up to the threshold and exponential beyond.
 *
 * @param scale its scale
 * @param huberDelta Huber threshold, infinite for squared loss
 */
public record ResidualDensity(double scale, double huberDelta) implements RunErrors.Distribution {

  /**
   * The density of residuals of a fit, its scale estimated with the degrees of freedom.
   *
   * @param cost weighted sum of rho(r)
   */
  public static ResidualDensity of(Objective objective, double cost, int degreesOfFreedom) {
    double delta = objective.huberDelta();
    return new ResidualDensity(
        LogLikelihood.scale(cost, Math.max(1, degreesOfFreedom), delta), delta);
  }

  /** A residual of a run of weight 1. */
  @Override
  public double draw(RandomGenerator random) {
    if (huberDelta == Double.POSITIVE_INFINITY || scale == 0) {
      return scale * random.nextGaussian();
    }
    if (random.nextDouble() < LogLikelihood.insideShare(huberDelta / scale)) {
      double inside;
      do {
        inside = huberDelta > scale ? scale * random.nextGaussian() : uniform(random);
      } while (Math.abs(inside) > huberDelta);
      return inside;
    }
    double size = huberDelta + scale * scale / huberDelta * random.nextExponential();
    return random.nextBoolean() ? size : -size;
  }

  /** A draw of the truncated normal for a threshold below its scale, by rejection. */
  private double uniform(RandomGenerator random) {
    while (true) {
      double x = random.nextDouble(-huberDelta, huberDelta);
      if (random.nextDouble() < Math.exp(-0.5 * x * x / (scale * scale))) {
        return x;
      }
    }
  }
}
