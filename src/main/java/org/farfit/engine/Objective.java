package org.farfit.engine;

import java.io.Serializable;
import java.util.Arrays;
import org.farfit.law.Centre;
import org.farfit.law.Law;

/**
 * What a fit minimises: sum over runs of w rho(r), with residual r = ln Lhat - ln L (relative
 * error) or Lhat - L, and rho(r) = r^2 / 2 up to |r| = delta and delta |r| - delta^2 / 2 beyond
 * (Huber 1964). Squared loss is delta = infinity.
 *
 * @param residual on which scale predicted and measured loss are compared
 * @param huberDelta where the loss turns from quadratic to linear, in the unit of the residual;
 *     positive, infinite for squared loss
 */
public record Objective(Residual residual, double huberDelta) implements Serializable {

  /** The scale on which predicted and measured loss are compared. */
  public enum Residual {
    /** r = ln Lhat - ln L. */
    LOG,
    /** r = Lhat - L. */
    LINEAR;

    /** What a measured loss is on this scale. */
    public double target(double loss) {
      return this == LOG ? Math.log(loss) : loss;
    }

    /** The loss whose {@link #target} is a value. */
    public double loss(double value) {
      return this == LOG ? Math.exp(value) : value;
    }

    /** The loss that is off another by an error on this scale. */
    public double shifted(double loss, double error) {
      return this == LOG ? loss * Math.exp(error) : loss + error;
    }

    /** How far a value moves on this scale per unit of ln L. */
    public double perLogLoss(double loss) {
      return this == LOG ? 1 : loss;
    }

    /**
     * A law's prediction for a run, on this scale.
     *
     * @param centred centred parameters
     * @param row values of the law's columns, in its order
     */
    public double predicted(Law law, Centre centre, double[] centred, double[] row) {
      return this == LOG ? law.logLossAt(centre, centred, row) : law.lossAt(centre, centred, row);
    }

    /**
     * The same with its derivatives.
     *
     * @param centred centred parameters
     * @param row values of the law's columns, in its order
     * @param gradient receives the derivatives by each centred parameter
     */
    public double predicted(
        Law law, Centre centre, double[] centred, double[] row, double[] gradient) {
      return this == LOG
          ? law.logLossAt(centre, centred, row, gradient)
          : law.lossAt(centre, centred, row, gradient);
    }
  }

  /**
   * The threshold on log residuals with which robust fits became known (Hoffmann et al. 2022,
   * section 3.3).
   */
  public static final double PUBLISHED_HUBER_DELTA = 1e-3;

  /**
   * Curvature beyond the threshold as a share of that of the majoriser (iteratively reweighted
   * least squares; Huber 1981, section 7.8), whose steps are never too long but converge slowly.
   * Half as much takes two thirds of the evaluations and loses no fit, since Levenberg-Marquardt
   * rejects steps that are too long (docs/decisions/solver.md).
   */
  public static final double MAJORISER_SHARE = 0.5;

  /** Squared log residuals, the default. */
  public static final Objective LOG_SQUARED = new Objective(Residual.LOG, Double.POSITIVE_INFINITY);

  /** Squared residuals of losses as they are, which may have any sign. */
  public static final Objective LINEAR_SQUARED =
      new Objective(Residual.LINEAR, Double.POSITIVE_INFINITY);

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

  /** rho'(r) / r: the weight by which a residual enters the gradient J'Wr of the robust cost. */
  public double weight(double r) {
    double size = Math.abs(r);
    return size <= huberDelta ? 1.0 : huberDelta / size;
  }

  /**
   * The share of residuals that are not beyond the threshold; NaN where all are.
   *
   * @param residuals one per run
   */
  public double insideShare(double[] residuals) {
    long inside = Arrays.stream(residuals).filter(r -> Math.abs(r) <= huberDelta).count();
    return inside == 0 ? Double.NaN : (double) inside / residuals.length;
  }

  /**
   * The weight by which a residual enters the matrix J'WJ: 1 up to the threshold, and beyond a
   * share of rho'(r) / r, the curvature of the quadratic majoriser; the true curvature there is 0.
   * Static, for kernels.
   *
   * @param share of the majoriser's curvature, positive; see {@link #MAJORISER_SHARE}
   */
  public static double curvature(double r, double delta, double share) {
    double size = Math.abs(r);
    return size <= delta ? 1.0 : share * delta / size;
  }

  /**
   * The residual that, weighed by {@link #curvature}, gives the gradient: weight(r) r /
   * curvature(r).
   */
  public static double workingResidual(double r, double delta, double share) {
    return Math.abs(r) <= delta ? r : r / share;
  }
}
