package org.farfit.analysis.design;

import java.util.Arrays;
import org.farfit.engine.FormulaRuns;

/**
 * Runs to choose from, and runs to predict.
 *
 * @param runs the pool, with the loss that each run would turn out to have; a design looks at the
 *     losses of those that it has trained alone
 * @param cost of each run of the pool, positive, in any unit; repeats of a setting are runs of
 *     their own
 * @param target the runs to predict: their columns without their losses
 */
public record RunPool(FormulaRuns runs, double[] cost, FormulaRuns target) {

  /** Checks the costs. */
  public RunPool {
    if (cost.length != runs.size()) {
      throw new IllegalArgumentException("%d costs of %d runs".formatted(cost.length, runs.size()));
    }
    for (int i = 0; i < cost.length; i++) {
      if (!(cost[i] > 0 && cost[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "%s: cost %s is not a positive number".formatted(runs.place(i), cost[i]));
      }
    }
  }

  /** What all runs of the pool cost. */
  public double totalCost() {
    return Arrays.stream(cost).sum();
  }
}
