package org.farfit.engine;

/**
 * What a fit minimises: sum over runs of w rho(r), with residual r = ln Lhat - ln L (relative
 * error) or Lhat - L, and rho(r) = r^2 / 2 up to |r| = delta and delta |r| - delta^2 / 2 beyond
 * (Huber 1964). Squared loss is delta = infinity.
 *
 * @param residual on which scale predicted and measured loss are compared
 * @param huberDelta where the loss turns from quadratic to linear, in the unit of the residual;
 *     positive, infinite for squared loss
 */
public record Objective(Residual residual, double huberDelta) {

  /** The scale on which predicted and measured loss are compared. */
  public enum Residual {
    /** r = ln Lhat - ln L. */
    LOG,
    /** r = Lhat - L. */
    LINEAR
  }

  /** The threshold on log residuals used for Chinchilla (Hoffmann et al. 2022, section 3.3). */
  public static final double CHINCHILLA_HUBER_DELTA = 1e-3;

  /** Squared log residuals, the default. */
  public static final Objective LOG_SQUARED = new Objective(Residual.LOG, Double.POSITIVE_INFINITY);

  /** Checks the threshold. */
  public Objective {
    if (!(huberDelta > 0)) {
      throw new IllegalArgumentException("Huber delta is %s, not positive".formatted(huberDelta));
    }
  }

  /** Huber loss of log residuals. */
  public static Objective logHuber(double delta) {
    return new Objective(Residual.LOG, delta);
  }

  /** Whether the loss is a plain square. */
  public boolean isSquared() {
    return huberDelta == Double.POSITIVE_INFINITY;
  }

  /** The loss rho(r) of one residual. */
  public double loss(double r) {
    double size = Math.abs(r);
    return size <= huberDelta ? 0.5 * r * r : huberDelta * (size - 0.5 * huberDelta);
  }

  /**
   * rho'(r) / r: the weight by which a residual enters J'Wr and J'WJ, so that J'Wr is the exact
   * gradient of the robust cost and J'WJ the curvature of its quadratic majoriser (iteratively
   * reweighted least squares; Huber 1981, section 7.8).
   */
  public double weight(double r) {
    double size = Math.abs(r);
    return size <= huberDelta ? 1.0 : huberDelta / size;
  }
}
