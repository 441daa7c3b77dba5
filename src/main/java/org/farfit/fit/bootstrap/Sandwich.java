package org.farfit.fit.bootstrap;

import java.util.List;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.law.Centre;
import org.farfit.law.Law;

/**
 * Covariance of fitted parameters that does not take residuals to be alike: A^-1 M A^-1, A being
 * J'WJ and M the sum of squared scores of runs (Huber 1967; White 1980) or of whole groups of runs
 * (Liang and Zeger 1986), times n / (n - p), for G groups times G / (G - 1) (n - 1) / (n - p)
 * (Cameron and Miller 2015, eq. 12). Where residuals are alike by construction, M is A times their
 * variance.
 */
final class Sandwich {

  private final Law law;
  private final Centre centre;
  private final RunSet runs;
  private final Objective objective;
  private final double[] precision;
  private final Resampling resampling;
  private final int[] groupOf;
  private final int groups;

  Sandwich(
      Law law,
      Centre centre,
      RunSet runs,
      Objective objective,
      double[] precision,
      Resampling resampling,
      Resampler resampler) {
    this.law = law;
    this.centre = centre;
    this.runs = runs;
    this.objective = objective;
    this.precision = precision;
    this.resampling = resampling;
    this.groupOf = resampler.groupOf();
    this.groups = resampler.groups();
  }

  /**
   * The covariance of centred parameters, empty if they are not determined; one at a limit has no
   * variance.
   *
   * @param weights of each run in the replicate, a multiple of its own weight
   * @param losses of each run in the replicate
   */
  Optional<double[][]> covariance(double[] centred, double[] weights, double[] losses) {
    int n = runs.size();
    int p = law.parameterCount();
    boolean grouped = resampling == Resampling.GROUPS;
    boolean alike = resampling == Resampling.RESIDUALS || resampling == Resampling.PARAMETRIC;
    Sums sums = sums(centred, weights, losses);
    for (int j = 0; j < p; j++) {
      sums.curvature.add(j, j, precision[j]);
    }
    List<Integer> atLimit = law.atLimit(centre, centred, runs.n(), runs.d());
    if (!atLimit.isEmpty() && law.samplingBox(centre).isEmpty()) {
      return Optional.empty(); // what bounds of a formula hold is no single centred parameter
    }
    atLimit.forEach(sums::fix);
    mirror(sums.curvature);
    mirror(sums.scores);
    DMatrixRMaj inverse = new DMatrixRMaj(p, p);
    if (n <= p || (grouped && groups < 2) || !CommonOps_DDRM.invert(sums.curvature, inverse)) {
      return Optional.empty();
    }
    double[][] covariance = new double[p][p];
    if (alike) {
      fill(covariance, inverse, sums.squares / (n - p));
    } else {
      DMatrixRMaj half = new DMatrixRMaj(p, p);
      DMatrixRMaj whole = new DMatrixRMaj(p, p);
      CommonOps_DDRM.mult(inverse, sums.scores, half);
      CommonOps_DDRM.mult(half, inverse, whole);
      double few = grouped ? groups / (groups - 1.0) * (n - 1) / (n - p) : (double) n / (n - p);
      fill(covariance, whole, few);
    }
    return Double.isFinite(covariance[0][0]) ? Optional.of(covariance) : Optional.empty();
  }

  /** Sums over the runs of a replicate; of matrices the lower triangle is filled. */
  private static final class Sums {

    /** Of the cost: J' W J over the runs within the threshold of the loss. */
    final DMatrixRMaj curvature;

    /** Products of the scores of runs, or groups of runs. */
    final DMatrixRMaj scores;

    /** Of squared residuals, clipped by the loss. */
    double squares;

    Sums(int p) {
      curvature = new DMatrixRMaj(p, p);
      scores = new DMatrixRMaj(p, p);
    }

    /** Leaves a parameter out: it has a variance of 0. */
    void fix(int parameter) {
      for (int j = 0; j < curvature.numRows; j++) {
        int row = Math.max(parameter, j);
        int column = Math.min(parameter, j);
        curvature.set(row, column, parameter == j ? 1 : 0);
        scores.set(row, column, 0);
      }
    }
  }

  private Sums sums(double[] centred, double[] weights, double[] losses) {
    int p = law.parameterCount();
    boolean grouped = resampling == Resampling.GROUPS;
    double[] gradient = new double[p];
    Sums sums = new Sums(p);
    double[][] groupScore = new double[grouped ? groups : 0][p];
    double[] multiple = new double[groupScore.length];
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] == 0) {
        continue;
      }
      double[] row = runs.row(law.columns(), i);
      double value = objective.residual().predicted(law, centre, centred, row, gradient);
      double residual = value - objective.residual().target(losses[i]);
      double psi = objective.weight(residual) * residual;
      double curvature = Math.abs(residual) <= objective.huberDelta() ? 1 : 0;
      double times = weights[i] / runs.weight(i);
      double score = runs.weight(i) * psi;
      sums.squares += weights[i] * psi * psi;
      for (int j = 0; j < p; j++) {
        if (grouped) {
          groupScore[groupOf[i]][j] += score * gradient[j];
        }
        for (int k = 0; k <= j; k++) {
          sums.curvature.add(j, k, weights[i] * curvature * gradient[j] * gradient[k]);
          if (!grouped) {
            sums.scores.add(j, k, times * score * gradient[j] * score * gradient[k]);
          }
        }
      }
      if (grouped) {
        multiple[groupOf[i]] = times;
      }
    }
    for (int group = 0; group < groupScore.length; group++) {
      for (int j = 0; j < p; j++) {
        for (int k = 0; k <= j; k++) {
          sums.scores.add(j, k, multiple[group] * groupScore[group][j] * groupScore[group][k]);
        }
      }
    }
    return sums;
  }

  private static void mirror(DMatrixRMaj matrix) {
    for (int j = 0; j < matrix.numRows; j++) {
      for (int k = 0; k < j; k++) {
        matrix.set(k, j, matrix.get(j, k));
      }
    }
  }

  private static void fill(double[][] to, DMatrixRMaj from, double factor) {
    for (int j = 0; j < to.length; j++) {
      for (int k = 0; k < to.length; k++) {
        to[j][k] = factor * from.get(j, k);
      }
    }
  }
}
