package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.statistics.LinearPropagation;
import org.farfit.solver.PartedEvaluator;

/**
 * How the standard error of an estimate changes with the estimate itself. The delta method takes it
 * to be what it is at the fit; where few runs determine a law, estimates that run off to small
 * losses are those of large standard errors. Parameters are moved along each direction in which
 * they scatter, and (J'V^-1 J)^-1 is computed anew there; an estimate moves along all of them
 * together.
 *
 * @param surface the fit
 * @param directions in which its parameters scatter, of p each, as far as their standard errors
 * @param sides the surface moved along each of them, with the inverse of its normal equations
 *     there, in a unit in which that of the fit is about its covariance
 */
public record ErrorTrend(FittedSurface surface, List<double[]> directions, List<Sides> sides) {

  /** How far parameters are moved to either side, in standard errors. */
  public static final double STEP = 0.5;

  /** A surface moved along one direction, {@link #STEP} standard errors to either side. */
  public record Sides(FittedSurface back, FittedSurface forth) {}

  /**
   * The trend of a fit.
   *
   * @param runs the runs that were fitted
   * @return empty where the fit has no covariance
   */
  static Optional<ErrorTrend> of(LawFit fit, RunSet runs) {
    FittedSurface surface = fit.surface();
    return surface
        .covariance()
        .map(covariance -> {
          List<double[]> directions = LinearPropagation.directions(covariance);
          SurfaceProblem problem = fit.problem(runs, WeightTable.of(runs.weight()));
          return new ErrorTrend(surface, directions, sides(surface, directions, problem));
        });
  }

  private static List<Sides> sides(
      FittedSurface surface, List<double[]> directions, SurfaceProblem problem) {
    int p = surface.law().parameterCount();
    int count = 2 * directions.size();
    double[][] moved = new double[count + 1][];
    NormalEquations at = new NormalEquations(p, moved.length);
    for (int k = 0; k < moved.length; k++) {
      moved[k] = surface.centredArray();
      for (int j = 0; k < count && j < p; j++) {
        moved[k][j] += (k % 2 == 0 ? -STEP : STEP) * directions.get(k / 2)[j];
      }
      at.setParameters(k, moved[k]);
    }
    try (Evaluator evaluator = PartedEvaluator.ofOne(problem)) {
      evaluator.evaluate(at, moved.length);
    }
    DMatrixRMaj along = new DMatrixRMaj(directions.toArray(double[][]::new));
    double unit = CommonOps_DDRM.trace(within(at.fullMatrix(count), along)) / directions.size();
    List<Sides> sides = new ArrayList<>();
    for (int k = 0; k < count; k += 2) {
      sides.add(
          new Sides(
              at(surface, moved[k], inverse(at.fullMatrix(k), along, unit)),
              at(surface, moved[k + 1], inverse(at.fullMatrix(k + 1), along, unit))));
    }
    return sides;
  }

  private static FittedSurface at(
      FittedSurface surface, double[] centred, Optional<double[][]> covariance) {
    return new FittedSurface(
        surface.law(),
        surface.centre(),
        Arrays.stream(centred).boxed().toList(),
        surface.runs(),
        covariance);
  }

  /**
   * V' M V.
   *
   * @param matrix M, p x p
   * @param along V', one row per direction
   */
  private static DMatrixRMaj within(double[] matrix, DMatrixRMaj along) {
    int p = along.numCols;
    DMatrixRMaj half = new DMatrixRMaj(along.numRows, p);
    CommonOps_DDRM.mult(along, DMatrixRMaj.wrap(p, p, matrix), half);
    DMatrixRMaj within = new DMatrixRMaj(along.numRows, along.numRows);
    CommonOps_DDRM.multTransB(half, along, within);
    return within;
  }

  /** V (V' M V)^-1 V' times a unit, the inverse of M among the directions; empty if singular. */
  private static Optional<double[][]> inverse(double[] matrix, DMatrixRMaj along, double unit) {
    int p = along.numCols;
    DMatrixRMaj inverse = new DMatrixRMaj(along.numRows, along.numRows);
    if (!CommonOps_DDRM.invert(within(matrix, along), inverse)) {
      return Optional.empty();
    }
    DMatrixRMaj half = new DMatrixRMaj(along.numRows, p);
    CommonOps_DDRM.mult(unit, inverse, along, half);
    DMatrixRMaj whole = new DMatrixRMaj(p, p);
    CommonOps_DDRM.multTransA(along, half, whole);
    double[][] rows = new double[p][];
    for (int i = 0; i < p; i++) {
      rows[i] = Arrays.copyOfRange(whole.data, i * p, (i + 1) * p);
    }
    return Optional.of(rows);
  }

  /**
   * By how much the logarithm of the standard error of each estimand falls for each unit by which
   * it rises on its scale; 0 where that is not known.
   *
   * @param gradient of the estimands at the fit, p x as many as there are
   */
  double[] slopes(Estimands estimands, double[][] gradient) {
    int count = estimands.size();
    double[] squares = new double[count];
    double[] slopes = new double[count];
    for (int k = 0; k < sides.size(); k++) {
      double[] back = estimands.errors(sides.get(k).back(), sides.get(k).back().covariance());
      double[] forth = estimands.errors(sides.get(k).forth(), sides.get(k).forth().covariance());
      for (int i = 0; i < count; i++) {
        double along = 0;
        for (int j = 0; j < gradient.length; j++) {
          along += directions.get(k)[j] * gradient[j][i];
        }
        squares[i] += along * along;
        slopes[i] += along * Math.log(back[i] / forth[i]) / (2 * STEP);
      }
    }
    for (int i = 0; i < count; i++) {
      double slope = slopes[i] / squares[i];
      slopes[i] = Double.isFinite(slope) ? slope : 0;
    }
    return slopes;
  }

  /**
   * The slope of ln L at a point.
   *
   * @param columns where columns besides N and D are; those not named are at the centre of the runs
   */
  double slope(double n, double d, Map<String, Double> columns) {
    Estimands loss = Estimands.losses(List.of(new Estimands.Point(n, d))).fixing(columns);
    return slopes(loss, loss.gradient(surface))[0];
  }
}
