package org.farfit.solver;

/**
 * The damping rule of Nielsen (1999, "Damping parameter in Marquardt's method", IMM-REP-1999-05):
 * after an accepted step damping falls smoothly with the gain ratio, by at most {@link
 * #STRONGEST_DECREASE}; after each rejected step in a row it rises twice as fast as after the one
 * before.
 */
final class Damping {

  /** Nielsen proposes 1/3; a larger factor saves evaluations once steps are good. */
  static final double STRONGEST_DECREASE = 1.0 / 9.0;

  /** The factor of the first rejection in a row. */
  static final double FIRST_INCREASE = 2.0;

  /** Below this, relative to the diagonal, damping no longer changes a double. */
  static final double SMALLEST = 1e-20;

  /** Beyond this a step is zero in any problem that makes sense. */
  static final double LARGEST = 1e40;

  private Damping() {}

  /** Damping after a step that achieved {@code gainRatio} of its predicted reduction. */
  static double afterAccepted(double damping, double gainRatio) {
    double centred = 2.0 * gainRatio - 1.0;
    double factor = Math.max(STRONGEST_DECREASE, 1.0 - centred * centred * centred);
    return Math.max(SMALLEST, damping * Math.min(factor, FIRST_INCREASE));
  }

  /** Damping after a rejected step, {@code increase} being the current factor. */
  static double afterRejected(double damping, double increase) {
    return Math.min(LARGEST, damping * increase);
  }

  /** The factor for the next rejection in a row. */
  static double nextIncrease(double increase) {
    return Math.min(2.0 * increase, 1e10);
  }
}
