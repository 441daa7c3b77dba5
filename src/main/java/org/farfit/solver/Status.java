package org.farfit.solver;

/** How the solution of one problem ended. */
public enum Status {
  /** The last step and its prediction reduced the cost by a negligible share. */
  CONVERGED_COST(StepRules.CONVERGED_COST, "converged: cost reduction below tolerance"),
  /** The last step was negligible beside the parameters. */
  CONVERGED_STEP(StepRules.CONVERGED_STEP, "converged: step below tolerance"),
  /** The gradient vanishes: the residual is orthogonal to every column of the Jacobian. */
  CONVERGED_GRADIENT(StepRules.CONVERGED_GRADIENT, "converged: gradient below tolerance"),
  /** A minimum, given that a parameter can go no farther than to its limit. */
  CONVERGED_LIMIT(StepRules.CONVERGED_LIMIT, "converged: a parameter is at its limit"),
  /** The allowed number of evaluations was used up. */
  EVALUATION_LIMIT(StepRules.EVALUATION_LIMIT, "stopped: evaluation limit reached"),
  /** No step reduces the cost, though the gradient does not vanish. */
  STALLED(StepRules.STALLED, "failed: no step reduces the cost"),
  /** The cost is stationary where parameters have no effect: they are not determined. */
  SINGULAR(StepRules.SINGULAR, "failed: parameters are not determined by the data"),
  /** The starting point cannot be evaluated. */
  NON_FINITE(StepRules.NON_FINITE, "failed: the starting point gives no finite loss"),
  /** The solver was told to stop before this problem was done. */
  CANCELLED(StepRules.CANCELLED, "stopped: cancelled");

  private static final Status[] ALL = values();

  private final int code;
  private final String label;

  Status(int code, String label) {
    this.code = code;
    this.label = label;
  }

  /**
   * The status with a code of {@link StepRules}.
   *
   * @throws IllegalArgumentException if there is none, as for a problem that goes on
   */
  public static Status ofCode(int code) {
    for (Status status : ALL) {
      if (status.code == code) {
        return status;
      }
    }
    throw new IllegalArgumentException("no status has the code %d".formatted(code));
  }

  /** Its code, by {@link StepRules}. */
  int code() {
    return code;
  }

  /** The status in words; one that means success begins with {@code converged}. */
  public String label() {
    return label;
  }

  /** Whether the parameters are a minimum to the tolerances. */
  public boolean isConverged() {
    return this == CONVERGED_COST
        || this == CONVERGED_STEP
        || this == CONVERGED_GRADIENT
        || this == CONVERGED_LIMIT;
  }
}
