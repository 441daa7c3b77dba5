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
    return loss(r, huberDelta);
  }

  /** {@link #loss(double)} as a static method, for kernels. */
  public static double loss(double r, double delta) {
    double size = Math.abs(r);
    return size <= delta ? 0.5 * r * r : delta * (size - 0.5 * delta);
  }

  /**
   * rho'(r) / r: the weight by which a residual enters J'Wr and J'WJ, so that J'Wr is the exact
   * gradient of the robust cost and J'WJ the curvature of its quadratic majoriser (iteratively
   * reweighted least squares; Huber 1981, section 7.8).
   */
  public double weight(double r) {
    return weight(r, huberDelta);
  }

  /** {@link #weight(double)} as a static method, for kernels. */
  public static double weight(double r, double delta) {
    double size = Math.abs(r);
    return size <= delta ? 1.0 : delta / size;
  }
}
