package org.farfit.solver;

/**
 * When to stop, and how to start damping.
 *
 * @param maxEvaluations evaluations per problem after which it is given up
 * @param costTolerance share of the cost below which a predicted and an actual reduction are
 *     negligible (MINPACK's ftol)
 * @param stepTolerance length of a step, relative to that of the parameters, both in the scaling of
 *     the solver, below which it is negligible (MINPACK's xtol)
 * @param gradientTolerance cosine of the angle between the residual and a Jacobian column below
 *     which they count as orthogonal (MINPACK's gtol)
 * @param initialDamping damping of the first step, relative to the diagonal of J'WJ
 * @param replicates whether problems are replicates that start at the optimum of the fit that they
 *     vary. Then a step that promises less than the cost tolerance is taken without being evaluated
 *     and ends its problem, if the step before kept what it promised and no more damping than at
 *     the start and no limit shortens it; the cost of the answer is what the quadratic model
 *     promises there, off by about the tolerance at most. Of a step that went too far a part is
 *     taken ({@link ShortenedStep}), or damping is raised at once to where it is felt. Losses that
 *     are in effect absolute deviations, and devices, solve replicates like other problems.
 */
public record SolverSettings(
    int maxEvaluations,
    double costTolerance,
    double stepTolerance,
    double gradientTolerance,
    double initialDamping,
    boolean replicates) {

  /** Enough for 99% of broad starts on real surfaces, which take a median of about 40. */
  public static final int DEFAULT_MAX_EVALUATIONS = 400;

  /**
   * Near the rounding of a sum of squares: fewer digits of the cost are half as many of a
   * parameter.
   */
  public static final double DEFAULT_COST_TOLERANCE = 1e-15;

  /** Ten digits of the parameters. */
  public static final double DEFAULT_STEP_TOLERANCE = 1e-10;

  /** As tight as rounding of J'r allows. */
  public static final double DEFAULT_GRADIENT_TOLERANCE = 1e-11;

  private static final double SCREENING_COST_TOLERANCE = 1e-6;
  private static final double SCREENING_TOLERANCE = 1e-5;
  private static final double FIRST_LOOK_COST_TOLERANCE = 1e-4;
  private static final double FIRST_LOOK_TOLERANCE = 1e-3;

  /** Nielsen 1999, section 2: tau for a start that may be far from the minimum. */
  public static final double DEFAULT_INITIAL_DAMPING = 1e-2;

  /** The defaults above. */
  public static final SolverSettings DEFAULT =
      new SolverSettings(
          DEFAULT_MAX_EVALUATIONS,
          DEFAULT_COST_TOLERANCE,
          DEFAULT_STEP_TOLERANCE,
          DEFAULT_GRADIENT_TOLERANCE,
          DEFAULT_INITIAL_DAMPING,
          false);

  /**
   * For searches from many starts, of which the cost is wanted to a part in a thousand, not digits
   * of parameters.
   */
  public static final SolverSettings SEARCH =
      new SolverSettings(DEFAULT_MAX_EVALUATIONS, 1e-8, 1e-6, 1e-7, DEFAULT_INITIAL_DAMPING, false);

  /** {@link #SEARCH} for fits that start near their optimum, such as bootstrap replicates. */
  public static final SolverSettings WARM =
      new SolverSettings(DEFAULT_MAX_EVALUATIONS, 1e-6, 1e-5, 1e-6, 1e-6, true);

  /**
   * The same for a first look at many starts: coarse enough to save the digits that only the best
   * of them need, fine enough to tell minima apart by a part in a thousand of their costs.
   */
  public SolverSettings forScreening() {
    return atLeast(SCREENING_COST_TOLERANCE, SCREENING_TOLERANCE);
  }

  /**
   * The same for starts that are compared before they go on: coarse enough to end where Newton's
   * method takes over, fine enough to tell which minimum they are at.
   */
  public SolverSettings forFirstLook() {
    return atLeast(FIRST_LOOK_COST_TOLERANCE, FIRST_LOOK_TOLERANCE);
  }

  private SolverSettings atLeast(double cost, double others) {
    return new SolverSettings(
        maxEvaluations,
        Math.max(costTolerance, cost),
        Math.max(stepTolerance, others),
        Math.max(gradientTolerance, others),
        initialDamping,
        replicates);
  }

  /** The same for problems that go on from near their minimum. */
  public SolverSettings fromNearby() {
    return new SolverSettings(
        maxEvaluations,
        costTolerance,
        stepTolerance,
        gradientTolerance,
        WARM.initialDamping,
        replicates);
  }

  /** The same for problems that are no replicates. */
  SolverSettings forAnyProblems() {
    return new SolverSettings(
        maxEvaluations, costTolerance, stepTolerance, gradientTolerance, initialDamping, false);
  }

  /** The same with another limit on evaluations. */
  public SolverSettings withMaxEvaluations(int limit) {
    return new SolverSettings(
        limit, costTolerance, stepTolerance, gradientTolerance, initialDamping, replicates);
  }
}
