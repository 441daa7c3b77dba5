package org.farfit.fit;

import java.util.Locale;
import java.util.Optional;
import org.farfit.engine.Objective;
import org.farfit.law.Law;
import org.farfit.solver.Status;

/**
 * A law fitted to runs: the surface, and what is known about how good and how certain it is.
 *
 * @param surface the fitted surface
 * @param method how it was fitted
 * @param objective what was minimised
 * @param status how the fit ended
 * @param cost the objective at the minimum: half the weighted sum of squared or robust residuals
 * @param standardErrors standard errors of the published parameters, if they can be estimated
 * @param condition condition number of the column-scaled Jacobian
 * @param quality how well the surface describes the runs
 * @param multiStart what the search found on the way
 */
public record LawFit(
    FittedSurface surface,
    Method method,
    Objective objective,
    Status status,
    double cost,
    Optional<double[]> standardErrors,
    double condition,
    FitQuality quality,
    MultiStart multiStart) {

  /** How a law is fitted. */
  public enum Method {
    /** Levenberg-Marquardt on all parameters at once, from many starts. */
    GLOBAL;

    /** The name that commands and files use. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The law that was fitted. */
  public Law law() {
    return surface.law();
  }

  /** The predicted loss, see {@link FittedSurface#loss}. */
  public double loss(double n, double d) {
    return surface.loss(n, d);
  }
}
