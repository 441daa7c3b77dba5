package org.farfit.analysis.study;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;
import org.farfit.fit.statistics.NoiseModel;

/**
 * How much runs would tell of an estimand by the linearised variance (c-optimality; Atkinson, Donev
 * and Tobias 2007, section 10.4), which costs nothing beside a simulation.
 */
final class LinearGain {

  /** What runs say of a direction that none of them tells of, over what they say of others. */
  private static final double NOTHING = 1e-14;

  private final LawFit fit;
  private final DMatrixRMaj ofFitted;
  private final int candidates;
  private final double[][] rows;
  private final DMatrixRMaj gradient;

  /**
   * The gain of candidates.
   *
   * @param fitted runs that are there already
   * @param target one estimand
   * @param candidates runs of weight one
   */
  LinearGain(LawFit fit, RunSet fitted, Estimands target, RunSet candidates) {
    int p = fit.law().parameterCount();
    this.fit = fit;
    this.ofFitted = new DMatrixRMaj(p, p);
    for (double[] row : rows(fitted, fit.priorPrecision())) {
      add(ofFitted, row);
    }
    this.candidates = candidates.size();
    this.rows = rows(candidates, new double[p]);
    this.gradient = new DMatrixRMaj(target.gradient(fit.surface()));
  }

  /** Rows of the Jacobian, each run weighed by its own noise. */
  private double[][] rows(RunSet runs, double[] precision) {
    if (!fit.isGeneralised() || runs.size() == 0) {
      return fit.evaluation(runs).jacobian(precision);
    }
    NoiseModel model = fit.structuredNoise().orElseThrow();
    return fit.evaluation(runs.weighted(model.weights(fit.surface().centre(), runs)))
        .jacobian(precision);
  }

  private static void add(DMatrixRMaj information, double[] row) {
    for (int i = 0; i < row.length; i++) {
      for (int j = 0; j < row.length; j++) {
        information.add(i, j, row[i] * row[j]);
      }
    }
  }

  /**
   * By how much each candidate would lower the logarithm of the variance.
   *
   * @param chosen those that are trained, too, before it
   */
  double[] beside(List<Integer> chosen) {
    int p = gradient.numRows;
    DMatrixRMaj information = ofFitted.copy();
    chosen.forEach(c -> add(information, rows[c]));
    DMatrixRMaj inverse = inverse(information);
    DMatrixRMaj ag = new DMatrixRMaj(p, 1);
    CommonOps_DDRM.mult(inverse, gradient, ag);
    double variance = CommonOps_DDRM.dot(gradient, ag);
    double[] gain = new double[candidates];
    for (int c = 0; c < candidates; c++) {
      DMatrixRMaj row = new DMatrixRMaj(p, 1, true, rows[c]);
      DMatrixRMaj ar = new DMatrixRMaj(p, 1);
      CommonOps_DDRM.mult(inverse, row, ar);
      double along = CommonOps_DDRM.dot(row, ag);
      double reduced = along * along / (1 + CommonOps_DDRM.dot(row, ar));
      gain[c] = -Math.log1p(-Math.min(1 - NOTHING, reduced / variance));
    }
    return gain;
  }

  /**
   * The covariance that an information says. What no run tells of is all but unknown and not, as by
   * a pseudoinverse, known: runs that would tell of it are those that help.
   */
  private static DMatrixRMaj inverse(DMatrixRMaj information) {
    int p = information.numRows;
    double[] scale = new double[p];
    Arrays.setAll(scale, j -> information.get(j, j) > 0 ? 1 / Math.sqrt(information.get(j, j)) : 1);
    DMatrixRMaj scaled = information.copy();
    CommonOps_DDRM.multRows(scale, scaled);
    CommonOps_DDRM.multCols(scaled, scale);
    for (int j = 0; j < p; j++) {
      scaled.add(j, j, NOTHING);
    }
    DMatrixRMaj inverse = new DMatrixRMaj(p, p);
    CommonOps_DDRM.invert(scaled, inverse);
    CommonOps_DDRM.multRows(scale, inverse);
    CommonOps_DDRM.multCols(inverse, scale);
    return inverse;
  }
}
