package org.farfit.analysis;

import java.util.OptionalDouble;
import org.farfit.fit.FittedSurface;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * The loss that a fitted surface predicts at one point, with its interval.
 *
 * @param n parameters without embeddings
 * @param d training tokens
 * @param loss predicted loss, in the unit of the data
 * @param low lower end of the interval of the surface, if it can be estimated
 * @param high upper end
 */
public record Prediction(double n, double d, double loss, OptionalDouble low, OptionalDouble high) {

  /**
   * Predicts a loss.
   *
   * <p>The interval is asymptotic: ln Lhat plus and minus a quantile of Student's t, on n - p
   * degrees of freedom, times the delta-method standard error. It says where the surface is,
   * assuming that the law holds; a single run scatters around it, and an extrapolation by a law
   * that does not hold can miss it.
   *
   * @param level probability that the interval should cover, in (0, 1)
   */
  public static Prediction of(FittedSurface surface, double n, double d, double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("level %s is not between 0 and 1".formatted(level));
    }
    double loss = surface.loss(n, d);
    OptionalDouble error = surface.logLossError(n, d);
    if (error.isEmpty()) {
      return new Prediction(n, d, loss, OptionalDouble.empty(), OptionalDouble.empty());
    }
    double t =
        new TDistribution(surface.degreesOfFreedom())
            .inverseCumulativeProbability(0.5 + 0.5 * level);
    double factor = Math.exp(t * error.getAsDouble());
    return new Prediction(
        n, d, loss, OptionalDouble.of(loss / factor), OptionalDouble.of(loss * factor));
  }
}
