package org.farfit.analysis.design;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.farfit.engine.FormulaRuns;

/**
 * What a fitted law misses of runs, told from what it misses of runs near them. Residuals are a
 * smooth departure from the law and scatter: normal, of mean zero, the departures of two runs at
 * distance d correlated by exp(-d / l). The departure expected elsewhere is simple kriging of the
 * residuals (Cressie 1993, section 3.2, with his exponential covariance): far from all runs it is
 * nothing.
 */
final class Departure {

  /** l, in standard deviations of the pool. */
  private static final double LENGTH = 4;

  /** The variance of departures over that of scatter. */
  private static final double RATIO = 100;

  private final LinearSolverDense<DMatrixRMaj> solver;
  private final double[][] towards;

  /**
   * Departures from a law.
   *
   * @param columns those of the law
   * @param trained runs of the pool whose residuals are known, at least one
   */
  Departure(RunPool pool, List<String> columns, FormulaRuns trained) {
    double[][] among = covariance(Distances.squares(pool, columns, trained, trained));
    for (int i = 0; i < among.length; i++) {
      among[i][i] += 1;
    }
    solver = LinearSolverFactory_DDRM.symmPosDef(among.length);
    if (!solver.setA(new DMatrixRMaj(among))) {
      throw new IllegalStateException("covariance of residuals is not positive definite");
    }
    towards = covariance(Distances.squares(pool, columns, pool.target(), trained));
  }

  private static double[][] covariance(double[][] squares) {
    return Arrays.stream(squares)
        .map(row ->
            Arrays.stream(row).map(d2 -> RATIO * Math.exp(-Math.sqrt(d2) / LENGTH)).toArray())
        .toArray(double[][]::new);
  }

  /**
   * The departures expected of the runs to predict.
   *
   * @param residuals what was measured less what the law says, of the trained runs in their order
   */
  double[] expected(double[] residuals) {
    DMatrixRMaj solved = new DMatrixRMaj(residuals.length, 1);
    solver.solve(new DMatrixRMaj(residuals.length, 1, true, residuals), solved);
    DMatrixRMaj departures = new DMatrixRMaj(towards.length, 1);
    CommonOps_DDRM.mult(new DMatrixRMaj(towards), solved, departures);
    return departures.data;
  }
}
