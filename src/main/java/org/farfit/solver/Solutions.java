package org.farfit.solver;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The answers of a batch: for each problem its parameters, cost, status and effort. Numbers of one
 * kind lie together, value j of problem k at {@code j count + k}, as devices have them.
 */
public final class Solutions {

  private static final double SAME_COST = 1e-6;

  private final int parameterCount;
  private final double[] parameters;
  private final double[] cost;
  private final int[] codes;
  private final int[] iterations;
  private final int[] evaluations;

  Solutions(int parameterCount, int count) {
    this.parameterCount = parameterCount;
    this.parameters = new double[parameterCount * count];
    this.cost = new double[count];
    this.codes = new int[count];
    this.iterations = new int[count];
    this.evaluations = new int[count];
    Arrays.fill(cost, Double.NaN);
    Arrays.fill(codes, StepRules.CANCELLED);
  }

  /** Records an answer; each problem belongs to one thread, so no lock is needed. */
  void record(
      int k,
      double[] values,
      double finalCost,
      Status end,
      int iterationCount,
      int evaluationCount) {
    record(k, values, 0, finalCost, end, iterationCount, evaluationCount);
  }

  /** The same with parameters that begin somewhere in an array. */
  void record(
      int k,
      double[] values,
      int from,
      double finalCost,
      Status end,
      int iterationCount,
      int evaluationCount) {
    for (int j = 0; j < parameterCount; j++) {
      parameters[j * cost.length + k] = values[from + j];
    }
    cost[k] = finalCost;
    codes[k] = end.code();
    iterations[k] = iterationCount;
    evaluations[k] = evaluationCount;
  }

  /** Records the answers to problems that follow each other. */
  void record(int first, int count, AnswerRows rows) {
    for (int j = 0; j < parameterCount; j++) {
      rows.parameter(j, parameters, j * cost.length + first);
    }
    rows.costs(cost, first);
    rows.codes(codes, first);
    rows.iterations(iterations, first);
    rows.evaluations(evaluations, first);
    for (int k = first; k < first + count; k++) {
      if (codes[k] == StepRules.NON_FINITE) {
        cost[k] = Double.NaN;
      }
    }
  }

  /** Gives problem k the answer of another one; its effort remains its own. */
  public void adopt(int k, int other) {
    record(k, parameters(other), cost[other], status(other), iterations[k], evaluations[k]);
  }

  /** How many problems there were. */
  public int count() {
    return cost.length;
  }

  /** The parameters that problem k ended with. */
  public double[] parameters(int k) {
    double[] values = new double[parameterCount];
    for (int j = 0; j < parameterCount; j++) {
      values[j] = parameters[j * cost.length + k];
    }
    return values;
  }

  /** The cost at these parameters; NaN if the start could not be evaluated. */
  public double cost(int k) {
    return cost[k];
  }

  /** How problem k ended. */
  public Status status(int k) {
    return Status.ofCode(codes[k]);
  }

  /**
   * Whether one answer is better than another to the same problem: its cost is lower or, between
   * costs that are equal to a part in a million, it alone has converged.
   */
  public static boolean isBetter(double cost, Status status, double otherCost, Status otherStatus) {
    if (Double.isNaN(cost) || Double.isNaN(otherCost)) {
      return !Double.isNaN(cost);
    }
    boolean same = Math.abs(cost - otherCost) <= SAME_COST * otherCost;
    return same ? status.isConverged() && !otherStatus.isConverged() : cost < otherCost;
  }

  /** Accepted steps of problem k. */
  public int iterations(int k) {
    return iterations[k];
  }

  /** Evaluations of the normal equations of problem k, the start included. */
  public int evaluations(int k) {
    return evaluations[k];
  }

  /** How many problems ended with each status, in the order of the statuses. */
  public Map<Status, Integer> statusCounts() {
    Map<Status, Integer> counts = new EnumMap<>(Status.class);
    for (int code : codes) {
      counts.merge(Status.ofCode(code), 1, Integer::sum);
    }
    return counts;
  }
}
