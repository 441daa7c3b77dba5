package org.farfit.fit;

import java.util.Arrays;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.law.Centre;
import org.farfit.law.Law;

/** The Jacobian of residuals by centred parameters, for statistics off the hot path. */
public final class WeightedJacobian {

  private WeightedJacobian() {}

  /**
   * The Jacobian.
   *
   * @param precision of a prior on each parameter, 0 for none
   * @return (n + p) x p: a row per run, multiplied by the square root of its weight, and a row per
   *     parameter with the square root of its precision
   */
  public static double[][] of(
      Law law,
      Centre centre,
      double[] centred,
      RunSet runs,
      Objective objective,
      double[] precision) {
    int n = runs.size();
    int p = law.parameterCount();
    boolean log = objective.residual() == Objective.Residual.LOG;
    double[][] jacobian = new double[n + p][p];
    double[] gradient = new double[p];
    for (int i = 0; i < n; i++) {
      double value = law.logLossAt(centre, centred, runs.n(i), runs.d(i), gradient);
      double factor = Math.sqrt(runs.weight(i)) * (log ? 1 : Math.exp(value));
      for (int j = 0; j < p; j++) {
        jacobian[i][j] = factor * gradient[j];
      }
    }
    for (int j = 0; j < p; j++) {
      jacobian[n + j][j] = Math.sqrt(precision[j]);
    }
    return jacobian;
  }

  /** Some of the columns. */
  public static double[][] columns(double[][] jacobian, int[] which) {
    return Arrays.stream(jacobian)
        .map(row -> Arrays.stream(which).mapToDouble(j -> row[j]).toArray())
        .toArray(double[][]::new);
  }

  /** Scales each column to length one, except one of zeros; returns the lengths that were. */
  public static double[] scaleColumns(double[][] jacobian) {
    double[] norms = new double[jacobian[0].length];
    for (int j = 0; j < norms.length; j++) {
      double sum = 0;
      for (double[] row : jacobian) {
        sum += row[j] * row[j];
      }
      norms[j] = sum > 0 ? Math.sqrt(sum) : 1;
      for (double[] row : jacobian) {
        row[j] /= norms[j];
      }
    }
    return norms;
  }
}
