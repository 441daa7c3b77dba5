package org.farfit.solver;

/**
 * The damping rule of Nielsen (1999, "Damping parameter in Marquardt's method", IMM-REP-1999-05):
 * after an accepted step damping falls smoothly with the gain ratio, by at most {@link
 * #STRONGEST_DECREASE}, or {@link #DECREASE_AFTER_REJECTION}; after each rejected step in a row it
 * rises twice as fast as after the one before, or at once as far as the gain ratio tells ({@link
 * #factor}). Like {@link StepRules} for host and devices, hence no {@code Math.max}, whose
 * treatment of NaN differs there.
 */
public final class Damping {

  /** Nielsen proposes 1/3; a larger factor saves evaluations once steps are good. */
  public static final double STRONGEST_DECREASE = 1.0 / 9.0;

  /**
   * The strongest decrease where larger steps were rejected just before: along a curved valley they
   * would be again, and every step would take three evaluations.
   */
  public static final double DECREASE_AFTER_REJECTION = 0.5;

  /** The factor of the first rejection in a row. */
  public static final double FIRST_INCREASE = 2.0;

  /** Below this, relative to the diagonal, damping no longer changes a double. */
  public static final double SMALLEST = 1e-20;

  /** Beyond this a step is zero in any problem that makes sense. */
  public static final double LARGEST = 1e40;

  private static final double LARGEST_INCREASE = 1e10;

  /** The most that one rejected step raises it by because of its gain ratio. */
  private static final double MOST_AT_ONCE = 10.0;

  /** The gain ratio from which on it is as much. */
  private static final double HOPELESS_GAIN = -99.0;

  private Damping() {}

  /**
   * Damping after a step that achieved {@code gainRatio} of its predicted reduction.
   *
   * @param increase the current factor: above {@link #FIRST_INCREASE} after rejections
   */
  public static double afterAccepted(double damping, double gainRatio, double increase) {
    double centred = 2.0 * gainRatio - 1.0;
    double smooth = 1.0 - centred * centred * centred;
    double bounded = smooth < FIRST_INCREASE ? smooth : FIRST_INCREASE;
    double strongest = increase > FIRST_INCREASE ? DECREASE_AFTER_REJECTION : STRONGEST_DECREASE;
    double next = damping * (bounded > strongest ? bounded : strongest);
    return next > SMALLEST ? next : SMALLEST;
  }

  /**
   * The factor by which a rejected step raises damping: the square root of the error of the model,
   * in units of what it predicted, if that is more than the current factor. A step that made the
   * cost rise by sixty times what it should have fallen by is far too long, and doubling would need
   * two or three more evaluations to find that out (docs/decisions/solver.md).
   *
   * @param increase the current factor
   * @param gainRatio reduction over prediction, NaN where the cost was not finite
   */
  public static double factor(double increase, double gainRatio) {
    double misjudged =
        gainRatio > HOPELESS_GAIN ? Math.sqrt(Math.abs(1.0 - gainRatio)) : MOST_AT_ONCE;
    return misjudged > increase ? misjudged : increase;
  }

  /** Damping after a rejected step, given its {@link #factor}. */
  public static double afterRejected(double damping, double factor) {
    double next = damping * factor;
    return next < LARGEST ? next : LARGEST;
  }

  /** The factor for the next rejection in a row. */
  public static double nextIncrease(double increase) {
    double next = 2.0 * increase;
    return next < LARGEST_INCREASE ? next : LARGEST_INCREASE;
  }
}
