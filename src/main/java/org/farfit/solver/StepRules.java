package org.farfit.solver;

/**
 * The rules of Levenberg-Marquardt for one problem: which steps are accepted, how parameters are
 * scaled, when a problem ends and how. They are static and take plain numbers, so that the host,
 * which decides over many lanes ({@code BlockSolver}, {@code HostBlock}), and kernels, which decide
 * on a device, share them; {@link Damping} has those of the damping.
 *
 * <p>What ends a problem is given as the code of a {@link Status}, or {@link #GOING_ON}.
 */
public final class StepRules {

  /** The code of a problem that has not ended. */
  public static final int GOING_ON = 0;

  static final int CONVERGED_COST = 1;
  static final int CONVERGED_STEP = 2;
  static final int CONVERGED_GRADIENT = 3;
  static final int CONVERGED_LIMIT = 4;

  /** The code of {@link Status#EVALUATION_LIMIT}. */
  public static final int EVALUATION_LIMIT = 5;

  static final int STALLED = 6;
  static final int SINGULAR = 7;
  static final int NON_FINITE = 8;
  static final int CANCELLED = 9;

  /**
   * The least scale of a parameter, as a share of the largest (see {@link #typicalScale}). Centred
   * parameters are of like size, so one whose effect is small is one whose term has nearly
   * vanished: to damp it by its own effect alone would let it run away. On the published grid of
   * 4,500 starts of Chinchilla's fit 31% reach the optimum without a floor, 93% with 1e-4, and all
   * with 1e-2 (docs/decisions/solver.md).
   */
  public static final double SCALE_FLOOR = 1e-2;

  /**
   * By how much one scale may exceed all others and still set the floor. Beside a steep bend at the
   * last sizes the slope at the centre has an effect like e^(s x), a factor 1e20 above that of the
   * others: a share of it would damp them to a standstill.
   */
  private static final double ALONE = 1e4;

  /**
   * Steps that achieve less than this share of their prediction are rejected (Moré 1978, p. 109).
   */
  private static final double ACCEPTED_GAIN = 1e-4;

  /** Predicted reductions below this share of the cost drown in the rounding of its sum: 4 ulp. */
  private static final double ROUNDING = 0x1p-50;

  /** A stalled problem whose residual is this orthogonal to the Jacobian did reach its minimum. */
  private static final double STALLED_GRADIENT = 1e-5;

  /** With less damping than this a step is as long as the model wants it to be. */
  private static final double UNDAMPED = 1e-9;

  /** Share of its largest squared effect below which a parameter no longer moves the surface. */
  private static final double LOST_EFFECT = 1e-26;

  /** The least damping with which a factorisation that failed is tried again. */
  private static final double REPAIR_DAMPING = 1e-15;

  private StepRules() {}

  /**
   * Whether a number is at most a limit; no NaN is. Some devices compile {@code <=} as not greater,
   * which NaN is.
   */
  private static boolean isAtMost(double value, double limit) {
    return value < limit || value == limit;
  }

  /** Whether a point could be evaluated, given its cost, which is NaN if not. */
  public static boolean isEvaluated(double cost) {
    return cost < Double.MAX_VALUE;
  }

  /** What the floor is a share of, given the largest and the second largest scale. */
  public static double typicalScale(double largest, double second) {
    double most = ALONE * second;
    return second > 0.0 && most < largest ? most : largest;
  }

  /**
   * The least scale of a parameter.
   *
   * @param share of what is typical, such as {@link #SCALE_FLOOR}
   * @param largest the largest scale of all, like {@code second} for {@link #typicalScale}
   * @param term the largest scale of the logarithm of a term: no term's effect is out of
   *     proportion, not even where there is one alone
   */
  public static double leastScale(double share, double largest, double second, double term) {
    double typical = typicalScale(largest, second);
    return share * (term > typical ? term : typical);
  }

  /**
   * The least scale of the logarithm of a term: a term that wants to grow is damped by its own
   * effect alone.
   *
   * @param floor of other parameters
   */
  public static double leastScaleOfTerm(double gradient, double floor) {
    return gradient < 0.0 ? 0.0 : floor;
  }

  /** The scale of a parameter, given its running maximum and the least scale. */
  public static double damped(double scale, double floor) {
    double bounded = scale > floor ? scale : floor;
    // Without a floor, a parameter that never had an effect is damped as if it had one of one.
    return bounded > 0.0 ? bounded : 1.0;
  }

  /**
   * What one parameter's share of a step is predicted to take off the cost, where the step solves
   * the damped equations. {@link #predictedByModel} with the product that they give, which needs no
   * sum over the matrix: (H s)_j = -g_j - damping scale_j s_j.
   */
  public static double predicted(double step, double damping, double scale, double gradient) {
    return 0.5 * step * (damping * scale * step - gradient);
  }

  /**
   * What one parameter's share of any step s is predicted to take off the cost, which is -g's -
   * s'Hs / 2 in all. For steps that limits or bounds have shortened.
   *
   * @param product the parameter's entry of H s
   */
  public static double predictedByModel(double step, double gradient, double product) {
    return -step * (gradient + 0.5 * product);
  }

  /**
   * The cosine between the residual and one column of the Jacobian. Where many lanes are looked at
   * together the largest is found by {@link #squaredSlope} and {@link #largestCosine} instead,
   * which take one root for all parameters.
   *
   * @param slope the size of that entry of the gradient, positive
   * @param diagonal the entry of J'WJ
   */
  public static double cosine(double slope, double diagonal, double cost) {
    return slope / (Math.sqrt(diagonal) * Math.sqrt(2.0 * cost));
  }

  /** The square of {@link #cosine} but for the cost, 0 where a parameter has no effect. */
  static double squaredSlope(double gradient, double diagonal) {
    return gradient * gradient / (diagonal + Double.MIN_NORMAL);
  }

  /** The largest {@link #cosine}, given the largest {@link #squaredSlope}. */
  static double largestCosine(double squaredSlope, double cost) {
    return squaredSlope > 0.0 ? Math.sqrt(squaredSlope / (2.0 * cost)) : squaredSlope;
  }

  /** The effect of a parameter as a share of the largest that it had. */
  public static double effect(double scale, double diagonal) {
    double largest = scale > diagonal ? scale : diagonal;
    return largest > 0.0 ? diagonal / largest : 0.0;
  }

  /** Whether a step is taken. */
  public static boolean isAccepted(double reduction, double predicted) {
    return reduction / predicted > ACCEPTED_GAIN;
  }

  /**
   * What becomes of a problem whose start was evaluated.
   *
   * @param cost NaN if it could not be
   */
  public static int afterStart(
      double cost, double cosine, double effect, double gradientTolerance) {
    int end = NON_FINITE;
    if (isEvaluated(cost)) {
      end = isAtMost(cosine, gradientTolerance) ? stationary(effect, CONVERGED_GRADIENT) : GOING_ON;
    }
    return end;
  }

  /**
   * What becomes of a problem that took a step.
   *
   * @param cost before the step
   * @param cosine at the new point, like the effect
   */
  public static int afterAccepted(
      double cost,
      double reduction,
      double predicted,
      double relativeStep,
      double cosine,
      double effect,
      double costTolerance,
      double stepTolerance,
      double gradientTolerance) {
    double negligible = costTolerance * cost;
    int end = GOING_ON;
    if (isAtMost(cosine, gradientTolerance)) {
      end = stationary(effect, CONVERGED_GRADIENT);
    } else if (isAtMost(reduction, negligible) && isAtMost(predicted, negligible)) {
      end = stationary(effect, CONVERGED_COST);
    } else if (isAtMost(relativeStep, stepTolerance)) {
      end = stationary(effect, CONVERGED_STEP);
    }
    return end;
  }

  /**
   * Whether a step promises next to nothing to a problem whose parameters all have an effect.
   *
   * @param cost before the step, like the effect
   * @param predicted NaN if no step could be solved
   */
  static boolean isNegligible(double cost, double predicted, double effect, double costTolerance) {
    return isAtMost(predicted, costTolerance * cost) && effect > LOST_EFFECT;
  }

  /**
   * What becomes of a problem whose step was rejected.
   *
   * @param damping of the next step
   * @param cosine at the point where it stays, like the effect
   */
  public static int afterRejected(
      double cost,
      double reduction,
      double predicted,
      double relativeStep,
      double damping,
      double cosine,
      double effect,
      double stepTolerance) {
    double rounding = ROUNDING * cost;
    int end = GOING_ON;
    if (isAtMost(predicted, rounding) && isAtMost(Math.abs(reduction), rounding)) {
      end = stationary(effect, CONVERGED_COST);
    } else if (isAtMost(relativeStep, stepTolerance) || damping >= Damping.LARGEST) {
      // A step that nothing shortened is negligible, whatever rounding makes of its gain.
      double unexplained = damping < UNDAMPED ? 0.0 : cosine;
      end = isAtMost(unexplained, STALLED_GRADIENT) ? stationary(effect, CONVERGED_STEP) : STALLED;
    }
    return end;
  }

  /** The damping with which to try again where the damped matrix was not positive definite. */
  public static double repaired(double damping) {
    return damping > REPAIR_DAMPING ? damping : REPAIR_DAMPING;
  }

  /** What becomes of such a problem, given its next damping. */
  public static int afterRepair(double damping) {
    return damping >= Damping.LARGEST ? SINGULAR : GOING_ON;
  }

  /** Whether a parameter is at a limit that the cost would fall beyond. */
  public static boolean isActive(double value, double gradient, double low, double high) {
    double beyond = gradient > 0.0 ? low - value : gradient < 0.0 ? value - high : -1.0;
    return beyond >= 0.0;
  }

  /** The end of a problem of which a parameter is at a limit that the cost would fall beyond. */
  public static int atLimit(int end) {
    boolean converged = end == CONVERGED_COST || end == CONVERGED_STEP || end == CONVERGED_GRADIENT;
    return converged ? CONVERGED_LIMIT : end;
  }

  /** A problem that is stationary has converged, unless a parameter has lost all effect. */
  private static int stationary(double effect, int converged) {
    return effect > LOST_EFFECT ? converged : SINGULAR;
  }
}
