package org.farfit.solver;

import java.util.function.Supplier;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;

/**
 * Whether a problem that no step ended is at its minimum nevertheless: along a valley that bends,
 * steps are short although there is nothing to be gained. What the undamped step promises, within
 * the limits, is then a negligible share of the cost (the relative offset of Bates and Watts 1981,
 * Technometrics 23, p. 179, squared).
 */
final class LastPromise {

  /**
   * The largest share of the cost that is negligible: ln of the likelihood of n runs grows by n / 2
   * times as much, so that parameters are within a hundredth of their standard errors of the
   * minimum.
   */
  private static final double NEGLIGIBLE = 1e-5;

  /** Damping that only keeps a matrix without inverse from having none. */
  private static final double DAMPING = 1e-12;

  private LastPromise() {}

  /**
   * Marks problems as converged that are at their minimum.
   *
   * @param starts of all problems, which say what weighting each uses
   * @param which problems have not ended
   */
  static void settle(
      Supplier<Evaluator> evaluators,
      SurfaceProblem problem,
      StartingPoints starts,
      Solutions solutions,
      int[] which) {
    if (which.length == 0) {
      return;
    }
    int p = problem.law().parameterCount();
    LimitedStep limited = new LimitedStep(problem.limits(), problem.fixedMask());
    NormalEquations at = new NormalEquations(p, 1);
    double[] damping = new double[p];
    try (Evaluator evaluator = evaluators.get()) {
      for (int k : which) {
        at.setParameters(0, solutions.parameters(k));
        at.weightRow[0] = starts.weightRow(k);
        evaluator.evaluate(at, 1);
        for (int j = 0; j < p; j++) {
          double diagonal = at.matrix[j * (j + 3) / 2];
          damping[j] = diagonal > 0 ? DAMPING * diagonal : 1;
        }
        double promise = limited.solve(at, 0, damping, new double[p][1]);
        if (promise <= NEGLIGIBLE * at.cost[0]) {
          solutions.record(
              k,
              solutions.parameters(k),
              at.cost[0],
              limited.isActive(at, 0) ? Status.CONVERGED_LIMIT : Status.CONVERGED_COST,
              solutions.iterations(k),
              solutions.evaluations(k) + 1);
        }
      }
    }
  }
}
