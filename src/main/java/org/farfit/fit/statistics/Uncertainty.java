package org.farfit.fit.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.farfit.data.RunSet;
import org.farfit.law.Centre;
import org.farfit.law.Law;

/**
 * Asymptotic uncertainty of fitted parameters.
 *
 * @param condition condition number of the Jacobian with columns scaled to length one: how much
 *     more the worst combination of centred parameters is uncertain than the best
 * @param covariance covariance of the centred parameters, p x p; empty where it cannot be
 *     estimated: no more runs than parameters, a singular Jacobian, or a Huber threshold below
 *     nearly all residuals
 * @param standardErrors of the published parameters, by linear propagation; NaN for one at a limit;
 *     empty likewise
 */
public record Uncertainty(
    double condition, Optional<double[][]> covariance, Optional<double[]> standardErrors) {

  /** Beyond this condition number the covariance would be rounding error. */
  private static final double SINGULAR = 1e12;

  /**
   * Estimates the uncertainty of a minimum.
   *
   * <p>With A = J'WJ the covariance is sigma^2 A^-1, sigma^2 being the sum of w psi(r)^2 over n -
   * p, divided for robust losses by the square of the share of residuals below the threshold (Huber
   * 1981, section 7.6); psi(r) = r for squared loss. A prior counts in A.
   *
   * @param precision of the prior on each parameter, 0 for none; see {@link
   *     org.farfit.engine.PriorTable}
   * @param fixed parameters at a limit: they count as known, without variance or standard error
   */
  public static Uncertainty of(Evaluation at, double[] precision, List<Integer> fixed) {
    RunSet runs = at.runs();
    int n = runs.size();
    int p = at.law().parameterCount();
    Optional<Decomposition> decomposed = Decomposition.of(at, precision, fixed);
    if (decomposed.isEmpty()) {
      return new Uncertainty(Double.NaN, Optional.empty(), Optional.empty());
    }
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double influence = at.influence(i);
      squares += runs.weight(i) * influence * influence;
    }
    double condition = decomposed.get().condition();
    // A prior stands in for runs whose losses are outliers, but not for their number.
    int needed = Arrays.stream(precision).anyMatch(each -> each > 0) ? 0 : p;
    if (n <= p || isSingular(condition) || !(Math.round(at.insideShare() * n) > needed)) {
      return new Uncertainty(condition, Optional.empty(), Optional.empty());
    }
    double[][] covariance = decomposed.get().covariance(squares / (n - p));
    return new Uncertainty(
        condition,
        Optional.of(covariance),
        Optional.of(publishedErrors(at.law(), at.centre(), at.centred(), covariance)));
  }

  /**
   * The condition number of a minimum alone, see {@link #condition()}; NaN where the Jacobian is
   * not finite.
   *
   * @param precision as of {@link #of}
   * @param fixed as of {@link #of}
   */
  public static double condition(Evaluation at, double[] precision, List<Integer> fixed) {
    return Decomposition.of(at, precision, fixed).map(Decomposition::condition).orElse(Double.NaN);
  }

  /**
   * Whether a covariance would be rounding error.
   *
   * @param condition condition number of the column-scaled Jacobian; NaN where there is none
   */
  public static boolean isSingular(double condition) {
    return !(condition < SINGULAR);
  }

  /**
   * Why a fit has no standard errors, in words, where it has none.
   *
   * @param condition as of {@link #isSingular}
   */
  public static String lack(boolean converged, int runs, int parameters, double condition) {
    if (!converged) {
      return "the fit did not converge";
    }
    if (runs <= parameters) {
      return "%d runs are too few for errors of %d parameters".formatted(runs, parameters);
    }
    return isSingular(condition)
        ? String.format(
            Locale.ROOT,
            "the runs do not determine every parameter (condition number %.3g)",
            condition)
        : "too few residuals lie below the threshold of the loss";
  }

  /**
   * Standard errors of the published parameters, by linear propagation; NaN where none can be said.
   *
   * @param centred centred parameters of the fit
   * @param covariance of the centred parameters, p x p
   */
  public static double[] publishedErrors(
      Law law, Centre centre, double[] centred, double[][] covariance) {
    double[] errors =
        LinearPropagation.errors(point -> published(law, centre, point), centred, covariance);
    for (int j = 0; j < errors.length; j++) {
      errors[j] = errors[j] == 0 ? Double.NaN : errors[j];
    }
    return errors;
  }

  /**
   * The covariance of a fit by squared loss whose errors have a covariance V: A^-1 J'W V W J A^-1
   * with A = J'WJ (a sandwich with the model's own filling). A prior counts in A.
   *
   * @param precision of the prior on each centred parameter, 0 for none
   * @param fixed positions of centred parameters at a limit
   * @return p x p
   */
  public static double[][] covariance(
      Evaluation at, double[] precision, List<Integer> fixed, NoiseModel noise) {
    RunSet runs = at.runs();
    FreeDirections free = at.free(fixed);
    double[][] rows = free.along(at.jacobian(precision));
    double[] norms = JacobianColumns.scale(rows);
    DMatrixRMaj jacobian = new DMatrixRMaj(rows);
    int q = free.count();
    DMatrixRMaj normal = new DMatrixRMaj(q, q);
    CommonOps_DDRM.multInner(jacobian, normal);
    DMatrixRMaj inverse = new DMatrixRMaj(q, q);
    CommonOps_DDRM.pinv(normal, inverse);
    DMatrixRMaj scores = scores(rows, runs, noise.variances(at.centre(), runs), noise);
    DMatrixRMaj effects = new DMatrixRMaj(scores.numRows, q);
    DMatrixRMaj whole = new DMatrixRMaj(q, q);
    CommonOps_DDRM.mult(scores, inverse, effects);
    // With itself a product is symmetric and has no negative variance, however large others are.
    CommonOps_DDRM.multInner(effects, whole);
    double[][] along = new double[q][q];
    for (int i = 0; i < q; i++) {
      for (int j = 0; j < q; j++) {
        along[i][j] = whole.get(i, j) / (norms[i] * norms[j]);
      }
    }
    return free.covariance(along);
  }

  /**
   * The covariance of a fit by generalised least squares, s^2 (J'V^-1 J)^-1 (Aitken 1936). A prior
   * counts in J'V^-1 J.
   *
   * @param precision of the prior on each centred parameter, 0 for none
   * @param fixed positions of centred parameters at a limit
   * @return p x p; empty if it is singular
   */
  public static Optional<double[][]> generalised(
      Evaluation at, double[] precision, List<Integer> fixed, NoiseModel noise) {
    int p = at.law().parameterCount();
    int[] free = IntStream.range(0, p).filter(j -> !fixed.contains(j)).toArray();
    double[] full = at.generalised(noise).fullMatrix(0);
    double[] scale = new double[p];
    for (int j = 0; j < p; j++) {
      full[j * p + j] += precision[j];
      scale[j] = 1 / Math.sqrt(full[j * p + j]);
    }
    DMatrixRMaj normal = new DMatrixRMaj(free.length, free.length);
    for (int i = 0; i < free.length; i++) {
      for (int j = 0; j < free.length; j++) {
        normal.set(i, j, full[free[i] * p + free[j]] * scale[free[i]] * scale[free[j]]);
      }
    }
    if (!CommonOps_DDRM.invert(normal)) {
      return Optional.empty();
    }
    double[][] covariance = new double[p][p];
    for (int i = 0; i < free.length; i++) {
      for (int j = 0; j < free.length; j++) {
        double mean = 0.5 * (normal.get(i, j) + normal.get(j, i));
        covariance[free[i]][free[j]] =
            noise.deviation() * noise.deviation() * mean * scale[free[i]] * scale[free[j]];
      }
    }
    boolean usable =
        Arrays.stream(covariance).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite)
            && Arrays.stream(free).allMatch(j -> covariance[j][j] > 0);
    return usable ? Optional.of(covariance) : Optional.empty();
  }

  /**
   * J'We for errors of one standard deviation each, a row per run and then one per size that runs
   * share an error of: the product with its own transpose is the covariance of J'We.
   */
  private static DMatrixRMaj scores(
      double[][] rows, RunSet runs, double[] variances, NoiseModel noise) {
    int q = rows[0].length;
    double[] sizeOf = runs.bySize().n();
    Map<Double, double[]> sums = new TreeMap<>();
    DMatrixRMaj scores = new DMatrixRMaj(runs.size() + runs.sizes(), q);
    for (int i = 0; i < runs.size(); i++) {
      double root = Math.sqrt(runs.weight(i));
      double[] sum = sums.computeIfAbsent(sizeOf[i], size -> new double[q]);
      for (int j = 0; j < q; j++) {
        sum[j] += noise.sizeDeviation() * root * rows[i][j];
        scores.set(i, j, root * Math.sqrt(variances[i]) * rows[i][j]);
      }
    }
    int row = runs.size();
    for (double[] sum : sums.values()) {
      System.arraycopy(sum, 0, scores.data, row++ * q, q);
    }
    return scores;
  }

  /**
   * The correlation of centred parameters i and j; 0 where one of them has no variance.
   *
   * @param covariance of the centred parameters, p x p
   */
  public static double correlation(double[][] covariance, int i, int j) {
    double product = covariance[i][i] * covariance[j][j];
    return product > 0 ? covariance[i][j] / Math.sqrt(product) : 0;
  }

  private static boolean isFinite(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
  }

  /**
   * Singular values s and vectors V of a Jacobian along free directions, whose columns were scaled.
   *
   * @param norms lengths that the columns had
   */
  private record Decomposition(
      FreeDirections free, double[] norms, SingularValueDecomposition_F64<DMatrixRMaj> svd) {

    /** That of the Jacobian with the rows of a prior; empty if it is not finite. */
    static Optional<Decomposition> of(Evaluation at, double[] precision, List<Integer> fixed) {
      double[][] rows = at.jacobian(precision);
      if (!isFinite(rows)) {
        return Optional.empty();
      }
      FreeDirections free = at.free(fixed);
      double[][] along = free.along(rows);
      double[] norms = JacobianColumns.scale(along);
      SingularValueDecomposition_F64<DMatrixRMaj> svd =
          DecompositionFactory_DDRM.svd(along.length, free.count(), false, true, true);
      svd.decompose(new DMatrixRMaj(along));
      return Optional.of(new Decomposition(free, norms, svd));
    }

    double condition() {
      double largest = 0;
      double smallest = Double.POSITIVE_INFINITY;
      for (double value : svd.getSingularValues()) {
        largest = Math.max(largest, value);
        smallest = Math.min(smallest, value);
      }
      return largest / smallest;
    }

    /** The inverse of J'J times a variance, of all centred parameters, p x p. */
    double[][] covariance(double variance) {
      int q = norms.length;
      DMatrixRMaj v = svd.getV(null, false);
      double[] s = svd.getSingularValues();
      double[][] along = new double[q][q];
      for (int i = 0; i < q; i++) {
        for (int j = 0; j <= i; j++) {
          double sum = 0;
          for (int k = 0; k < q; k++) {
            sum += v.get(i, k) * v.get(j, k) / (s[k] * s[k]);
          }
          along[i][j] = variance * sum / (norms[i] * norms[j]);
          along[j][i] = along[i][j];
        }
      }
      return free.covariance(along);
    }
  }

  private static double[] published(Law law, Centre centre, double[] centred) {
    double[] published = new double[centred.length];
    law.toPublished(centre, centred, published);
    return published;
  }
}
