package org.farfit.fit.search;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;

/**
 * The last digits of an optimum. A solver that compares costs cannot tell apart points whose costs
 * agree to rounding, which leaves parameters uncertain by the square root of it. Here undamped
 * Gauss-Newton steps follow the gradient alone for as long as they shrink, always on the reference
 * engine, so that every engine reports the same digits.
 */
final class Polish {

  /** Robust losses converge by about a half per step: enough steps for all digits of a double. */
  private static final int MOST_STEPS = 60;

  /** The polished cost may exceed the given one by rounding, no more. */
  private static final double ROUNDING = 1e-12;

  private Polish() {}

  /** A point and its cost. */
  record Point(double[] parameters, double cost) {}

  /**
   * Refines a minimum, what is at a limit fixed; gives it back unchanged if that cannot be done.
   */
  static Point refine(SurfaceProblem problem, int weightRow, double[] parameters, double cost) {
    int p = parameters.length;
    List<Integer> atLimit = problem.atLimit(parameters);
    if (problem.formula().isPresent() && !atLimit.isEmpty()) {
      // At a bound of a formula what is fixed is no single coordinate.
      return new Point(parameters, cost);
    }
    NormalEquations at = new NormalEquations(p, 1);
    at.weightRow[0] = weightRow;
    DMatrixRMaj matrix = new DMatrixRMaj(p, p);
    DMatrixRMaj gradient = new DMatrixRMaj(p, 1);
    DMatrixRMaj step = new DMatrixRMaj(p, 1);
    double[] point = parameters.clone();
    double[] next = parameters.clone();
    double length = Double.POSITIVE_INFINITY;
    try (Evaluator evaluator = new ScalarEngine().evaluator(problem)) {
      for (int i = 0; i < MOST_STEPS; i++) {
        at.setParameters(0, next);
        evaluator.evaluate(at, 1);
        if (!at.isFinite(0)) {
          break;
        }
        atLimit.forEach(j -> at.fix(j, 0));
        matrix.setData(at.fullMatrix(0));
        gradient.setData(at.gradient.clone());
        if (!CommonOps_DDRM.solve(matrix, gradient, step)) {
          break;
        }
        double newLength = Math.sqrt(Math.abs(CommonOps_DDRM.dot(step, gradient)));
        if (!(newLength < length)) {
          break;
        }
        length = newLength;
        point = next.clone();
        for (int j = 0; j < p; j++) {
          next[j] = point[j] - step.get(j);
        }
      }
      at.setParameters(0, point);
      evaluator.evaluate(at, 1);
    }
    boolean better = at.cost[0] <= cost * (1 + ROUNDING) && problem.atLimit(point).equals(atLimit);
    return better ? new Point(point, at.cost[0]) : new Point(parameters, cost);
  }
}
