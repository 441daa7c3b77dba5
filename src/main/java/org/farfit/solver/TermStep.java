package org.farfit.solver;

/**
 * Where a step leads along the coordinates of a law's added terms ({@link
 * org.farfit.law.AddedTerm}). A step is solved for as if predictions were linear in the logarithms
 * of terms. They are where a term is all there is; a term that is little beside the others acts by
 * its size, so that a logarithm would have to move by twenty where the linear model says 1e9.
 *
 * <p>Say the model wants a term of share s of the loss to change predictions by s x step. The term
 * becomes 1 + (e^(s step) - 1) / s times as large, which does that exactly if it alone moves: the
 * step itself at s = 1, ln(1 + step) as s goes to 0. So terms that start out vanished come back in
 * one step, and none runs away to nothing.
 *
 * <p>For small steps both are the step; nothing changes about where or how fast a problem
 * converges. Static formulas of plain numbers, like {@link StepRules}, for host and devices, which
 * have no function for e^c - 1.
 */
public final class TermStep {

  /** No term shrinks further than to this share of itself in one step: the model is local. */
  private static final double LEAST_FACTOR = 0.2;

  /** Beyond this many e-folds of the loss a step makes no sense. */
  private static final double LARGEST_CHANGE = 20.0;

  /** Below this nothing remains of a term, to double precision. */
  private static final double LEAST_CHANGE = -40.0;

  /**
   * Of two coordinates for how fast a term changes, the slope and the slope times the term, the
   * better one lies between: valleys of the cost follow neither (docs/decisions/solver.md).
   */
  private static final double SLOPE_POWER = 0.5;

  /** The most, as a logarithm, that a slope's step is stretched or shortened by. */
  private static final double LARGEST_STRETCH = 1.0;

  /** Below this a step and what becomes of it agree to rounding of what matters. */
  private static final double NEGLIGIBLE = 1e-7;

  /** Below this a series is quicker than exponentials and logarithms, and as exact. */
  private static final double SMALL = 0.1;

  private TermStep() {}

  /**
   * How far the logarithm of a term moves.
   *
   * @param step what the linear model says
   * @param share the term's share of the loss, between 0 and 1
   */
  public static double ofLogarithm(double step, double share) {
    double moved = step;
    double size = Math.abs(step);
    if (size >= NEGLIGIBLE && size < SMALL && share > 0.0) {
      // ln(1 + g / s) = 2 artanh(g / (2 s + g))
      double grown = series(share * step);
      double z = grown / (2.0 * share + grown);
      double q = z * z;
      moved =
          2.0 * z * (1.0 + q * (1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * (1.0 / 9.0)))));
    } else if (size >= SMALL && share > 0.0) {
      double factor = 1.0 + growth(change(step, share)) / share;
      moved = Math.log(factor > LEAST_FACTOR ? factor : LEAST_FACTOR);
    }
    return moved;
  }

  /** e^c - 1 to eleven digits, which is more than a step needs. */
  static double growth(double c) {
    return Math.abs(c) < SMALL ? series(c) : Math.exp(c) - 1.0;
  }

  /** The same for small c. */
  private static double series(double c) {
    double high = 1.0 / 24.0 + c * (1.0 / 120.0 + c * (1.0 / 720.0 + c * (1.0 / 5040.0)));
    return c * (1.0 + c * (0.5 + c * (1.0 / 6.0 + c * high)));
  }

  /** By how much the logarithm of the loss changes, within reason. */
  private static double change(double step, double share) {
    double change = share * step;
    double below = change < LARGEST_CHANGE ? change : LARGEST_CHANGE;
    return below > LEAST_CHANGE ? below : LEAST_CHANGE;
  }

  /**
   * How far a slope moves whose term grows: less, since the term carries it along.
   *
   * @param step what the linear model says
   * @param growth by how much the logarithm of the term moves
   */
  public static double ofSlope(double step, double growth) {
    double stretch = -SLOPE_POWER * growth;
    double bounded = stretch < LARGEST_STRETCH ? stretch : LARGEST_STRETCH;
    return step * (1.0 + growth(bounded > -LARGEST_STRETCH ? bounded : -LARGEST_STRETCH));
  }
}
