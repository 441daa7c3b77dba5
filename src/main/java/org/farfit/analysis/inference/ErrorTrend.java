package org.farfit.analysis.inference;

import java.util.Map;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.solver.PartedEvaluator;

/**
 * How the standard error of a loss changes with the loss itself. The delta method takes it to be
 * what it is at the estimate; where few runs determine a law, estimates that run off to small
 * losses are those of large standard errors. Parameters are moved as they move with the loss, half
 * a standard error to either side, and g' (J'V^-1 J)^-1 g is computed anew there.
 */
final class ErrorTrend {

  /** How far parameters are moved to either side, in standard errors of the loss. */
  private static final double STEP = 0.5;

  private final FittedSurface surface;
  private final SurfaceProblem problem;

  /**
   * The trend of a fit.
   *
   * @param runs the runs that were fitted
   * @param columns where columns besides N and D are; those not named are at the centre of the runs
   */
  ErrorTrend(LawFit fit, RunSet runs, Map<String, Double> columns) {
    this.surface = fit.surface().fixing(columns);
    this.problem = fit.problem(runs, WeightTable.of(runs.weight()));
  }

  /**
   * By how much the logarithm of the standard error of ln L at a point falls for each unit by which
   * ln L rises; 0 where there is no standard error.
   */
  double slope(double n, double d) {
    if (surface.covariance().isEmpty()) {
      return 0;
    }
    double[] step = step(n, d);
    double[] value = new double[2];
    double[] variance = new double[2];
    NormalEquations at = new NormalEquations(step.length, 2);
    FittedSurface[] moved = {moved(step, -STEP), moved(step, STEP)};
    for (int k = 0; k < 2; k++) {
      at.setParameters(k, moved[k].centredArray());
    }
    try (Evaluator evaluator = PartedEvaluator.ofOne(problem)) {
      evaluator.evaluate(at, 2);
    }
    for (int k = 0; k < 2; k++) {
      double[] gradient = new double[step.length];
      value[k] = moved[k].logLoss(n, d, gradient);
      variance[k] = variance(at.fullMatrix(k), gradient);
    }
    double rise = value[1] - value[0];
    double slope = 0.5 * Math.log(variance[0] / variance[1]) / rise;
    return rise > 0 && Double.isFinite(slope) ? slope : 0;
  }

  /** How parameters move where ln L rises by its standard error: covariance times gradient. */
  private double[] step(double n, double d) {
    double[][] covariance = surface.covariance().orElseThrow();
    double[] gradient = new double[covariance.length];
    surface.logLoss(n, d, gradient);
    double error = surface.error(gradient).orElseThrow();
    double[] step = new double[gradient.length];
    for (int i = 0; i < step.length; i++) {
      for (int j = 0; j < step.length; j++) {
        step[i] += covariance[i][j] * gradient[j] / error;
      }
    }
    return step;
  }

  private FittedSurface moved(double[] step, double by) {
    double[] centred = surface.centredArray();
    for (int j = 0; j < centred.length; j++) {
      centred[j] += by * step[j];
    }
    return FittedSurface.of(surface.law(), surface.centre(), centred, surface.runs())
        .fixing(surface.fixed());
  }

  /**
   * g' M^-1 g over the parameters that have a variance; not a number where M is singular.
   *
   * @param matrix of the normal equations, p x p
   */
  private double variance(double[] matrix, double[] gradient) {
    double[][] covariance = surface.covariance().orElseThrow();
    int p = gradient.length;
    int[] free = IntStream.range(0, p).filter(j -> covariance[j][j] > 0).toArray();
    DMatrixRMaj normal = new DMatrixRMaj(free.length, free.length);
    DMatrixRMaj along = new DMatrixRMaj(free.length, 1);
    for (int i = 0; i < free.length; i++) {
      double unit = 1 / Math.sqrt(matrix[free[i] * p + free[i]]);
      along.set(i, unit * gradient[free[i]]);
      for (int j = 0; j < free.length; j++) {
        normal.set(
            i, j, matrix[free[i] * p + free[j]] * unit / Math.sqrt(matrix[free[j] * p + free[j]]));
      }
    }
    DMatrixRMaj solved = new DMatrixRMaj(free.length, 1);
    return CommonOps_DDRM.solve(normal, along, solved)
        ? CommonOps_DDRM.dot(along, solved)
        : Double.NaN;
  }
}
