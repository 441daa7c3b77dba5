package org.farfit.solver;

/**
 * How much of the majoriser's curvature the runs beyond the threshold of a robust loss have in the
 * matrix of the next evaluation ({@link org.farfit.engine.NormalEquations#curvatureBeyond}). With
 * most of it steps are safe and convergence is linear; with nearly none the step is Newton's, which
 * is quadratic once the set of runs beyond the threshold has settled, and leads astray before.
 *
 * <p>So the share falls while steps promise little and keep what they promise, and is back at
 * {@link #LARGEST} as soon as one does not; each such disappointment also lowers the promise at
 * which the next attempt begins, so that nearly absolute deviations, where no run is within the
 * threshold until the end, lose little by it. A squared loss does not see any of it. Static
 * formulas of plain numbers, like {@link StepRules}; measurements are in docs/decisions/solver.md.
 */
public final class RobustCurvature {

  /** The share of problems that are not near their minimum, in effect half a majoriser's step. */
  public static final double LARGEST = 0.7;

  /** The share of a problem that starts near its minimum, such as a bootstrap replicate. */
  private static final double NEARBY = 0.2;

  /** The share of the first step's end of a replicate: that step nearly always is a good one. */
  static final double AFTER_START = 0.06;

  /** The share of the end of a step of a replicate that was shortened since it went too far. */
  static final double AFTER_SHORTENING = 0.3;

  /** A start with less damping than this is said to be near its minimum. */
  private static final double NEARBY_DAMPING = 1e-4;

  /** The factor by which the share falls after a good step: two such steps gain a digit. */
  private static final double DECREASE = 0.25;

  /** As good as none, while the gradient, which is divided by it, keeps its digits. */
  private static final double SMALLEST = 1e-6;

  /** A predicted reduction below this share of the cost promises little. */
  public static final double FIRST_PROMISE = 0.1;

  /** The factor of that share after a disappointment. */
  private static final double CAUTION = 0.1;

  /** A step that achieves more than this share of its prediction is a good one. */
  private static final double GOOD_GAIN = 0.75;

  /** A step that achieves less than this share of its prediction is a disappointment. */
  private static final double POOR_GAIN = 0.25;

  private RobustCurvature() {}

  /** The share at a start, given the damping of its first step. */
  public static double first(double initialDamping) {
    return initialDamping < NEARBY_DAMPING ? NEARBY : LARGEST;
  }

  /**
   * The share after a step was judged.
   *
   * @param share of the evaluation at the step's end
   * @param gain reduction over prediction
   * @param promised prediction over cost
   * @param promise below which a prediction promises little, see {@link #promise}
   */
  public static double next(double share, double gain, double promised, double promise) {
    double next = share;
    if (!(gain > POOR_GAIN)) {
      next = LARGEST;
    } else if (gain > GOOD_GAIN && promised < promise) {
      double lower = DECREASE * share;
      next = lower > SMALLEST ? lower : SMALLEST;
    }
    return next;
  }

  /**
   * Below what share of the cost predictions promise little, after a step was judged.
   *
   * @param share with which the matrix was made that the step was solved with
   */
  public static double promise(double promise, double gain, double share) {
    return !(gain > POOR_GAIN) && share < LARGEST ? CAUTION * promise : promise;
  }
}
