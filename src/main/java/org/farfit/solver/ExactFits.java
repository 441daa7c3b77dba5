package org.farfit.solver;

import java.util.function.IntToDoubleFunction;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.SurfaceProblem;

/**
 * Problems whose runs lie on the surface: residuals are then the rounding of the targets, which no
 * step reduces and no test of convergence can tell from noise.
 */
final class ExactFits {

  /** Rounding of a loss and of the surface there: 8 units in the last place. */
  private static final double ROUNDING = 0x1p-49;

  private ExactFits() {}

  /**
   * Marks problems as converged that stalled at a cost of rounding.
   *
   * @param starts of all problems, which say what weighting each uses
   */
  static void settle(SurfaceProblem problem, StartingPoints starts, Solutions solutions) {
    settle(row -> costOfRounding(problem, row), starts, solutions);
  }

  /** The same of a formula. */
  static void settle(FormulaProblem problem, StartingPoints starts, Solutions solutions) {
    settle(row -> costOfRounding(problem, row), starts, solutions);
  }

  private static void settle(
      IntToDoubleFunction costOfRounding, StartingPoints starts, Solutions solutions) {
    for (int k = 0; k < solutions.count(); k++) {
      if (solutions.status(k) == Status.STALLED
          && solutions.cost(k) <= costOfRounding.applyAsDouble(starts.weightRow(k))) {
        solutions.record(
            k,
            solutions.parameters(k),
            solutions.cost(k),
            Status.CONVERGED_COST,
            solutions.iterations(k),
            solutions.evaluations(k));
      }
    }
  }

  private static double costOfRounding(SurfaceProblem problem, int row) {
    double sum = 0;
    for (int i = 0; i < problem.runs(); i++) {
      sum += problem.weights().weight(row, problem.sourceIndex(i)) * square(problem.target(row, i));
    }
    return 0.5 * sum;
  }

  private static double costOfRounding(FormulaProblem problem, int row) {
    double sum = 0;
    for (FormulaProblem.Part part : problem.parts()) {
      for (int i = 0; i < part.runs().length; i++) {
        sum += problem.weights().weight(row, part.runs()[i]) * square(part.target()[i]);
      }
    }
    return 0.5 * sum;
  }

  private static double square(double target) {
    double rounding = ROUNDING * Math.max(1, Math.abs(target));
    return rounding * rounding;
  }
}
