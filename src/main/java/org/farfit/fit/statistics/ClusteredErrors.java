package org.farfit.fit.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.farfit.data.RunSet;

/**
 * Errors of a fit by ordinary or generalised least squares that take nothing of the residuals of a
 * cluster (a size, or a run) to be known but that clusters are independent: A^-1 (sum over clusters
 * of s s') A^-1, A = J'V^-1 J plus prior, s the score of a cluster, V what the fit weighs by.
 * Whitened residuals e of a cluster are corrected for what the fit absorbs of them, (I - H)^(-1/2)
 * e, and Student's t has the degrees of freedom that the variance of such a sum has under a working
 * model (Bell and McCaffrey 2002; Imbens and Kolesar 2016, section 3). With single runs it is HC2
 * (MacKinnon and White 1985).
 */
public final class ClusteredErrors {

  /** A size whose residuals the fit passes through has nothing to correct. */
  private static final double MOST_ABSORBED = 0.999;

  /** Products of runs, sizes and sizes that degrees of freedom are computed from at most. */
  private static final double MOST_PRODUCTS = 3e8;

  private final FreeDirections free;
  private final double[] norms;
  private final DMatrixRMaj jacobian;
  private final DMatrixRMaj inverse;
  private final List<int[]> clusters;
  private final List<Correction> corrections = new ArrayList<>();
  private final double[] root;
  private final double[] residual;
  private final double working;
  private final double[] whitening;

  /** (I - H)^(-1/2) of a size as I + U (g - 1) U', H = U s^2 U'. */
  private record Correction(DMatrixRMaj u, double[] gain) {

    double[] of(double[] values) {
      double[] corrected = values.clone();
      for (int k = 0; k < gain.length; k++) {
        double along = 0;
        for (int i = 0; i < values.length; i++) {
          along += u.get(i, k) * values[i];
        }
        for (int i = 0; i < values.length; i++) {
          corrected[i] += gain[k] * along * u.get(i, k);
        }
      }
      return corrected;
    }
  }

  /**
   * Errors of a fit.
   *
   * @param at the fit on its runs, weighed as it weighs them
   * @param precision of the prior on each parameter, 0 for none
   * @param held parameters at a limit, which count as known
   * @param bySize whether clusters are sizes; else runs
   * @param shared variance, over that of a run of weight one, of the error that runs of a size
   *     share by which the fit weighs, 0 for none
   * @param working the same for errors that the fit does not weigh by, from which degrees of
   *     freedom are estimated
   */
  public ClusteredErrors(
      Evaluation at,
      double[] precision,
      List<Integer> held,
      boolean bySize,
      double shared,
      double working) {
    RunSet runs = at.runs();
    int n = runs.size();
    this.free = at.free(held);
    this.working = working;
    double[] sizeOf = runs.bySize().n();
    this.clusters =
        bySize
            ? Arrays.stream(sizeOf)
                .distinct()
                .sorted()
                .mapToObj(size -> IntStream.range(0, n).filter(i -> sizeOf[i] == size).toArray())
                .toList()
            : IntStream.range(0, n).mapToObj(i -> new int[] {i}).toList();
    this.root = Arrays.stream(runs.weight()).map(Math::sqrt).toArray();
    this.residual = new double[n];
    for (int i = 0; i < n; i++) {
      double r = at.residual(i);
      residual[i] = root[i] * at.objective().weight(r) * r;
    }
    double[][] rows = free.along(at.jacobian(precision));
    this.whitening = clusters.stream().mapToDouble(c -> whitening(c, shared)).toArray();
    whiten(rows);
    this.norms = JacobianColumns.scale(rows);
    int q = free.count();
    this.inverse = new DMatrixRMaj(q, q);
    DMatrixRMaj normal = new DMatrixRMaj(q, q);
    CommonOps_DDRM.multInner(new DMatrixRMaj(rows), normal);
    CommonOps_DDRM.pinv(normal, inverse);
    this.jacobian = new DMatrixRMaj(Arrays.copyOf(rows, n));
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(q, true);
    DMatrixRMaj factor =
        cholesky.decompose(inverse.copy()) ? cholesky.getT(null) : new DMatrixRMaj(q, q);
    clusters.forEach(cluster -> corrections.add(correction(cluster, factor)));
  }

  /** sqrt(1 + ratio |s|^2), s the roots of the weights of a cluster: V is that squared along s. */
  private double whitening(int[] cluster, double ratio) {
    return Math.sqrt(1 + ratio * Arrays.stream(cluster).mapToDouble(i -> root[i] * root[i]).sum());
  }

  /** Multiplies rows and residuals by V^(-1/2). */
  private void whiten(double[][] rows) {
    for (int g = 0; g < clusters.size(); g++) {
      if (whitening[g] != 1) {
        double[] column = new double[residual.length];
        for (int j = 0; j < free.count(); j++) {
          for (int i : clusters.get(g)) {
            column[i] = rows[i][j];
          }
          stretch(clusters.get(g), column, 1 / whitening[g]);
          for (int i : clusters.get(g)) {
            rows[i][j] = column[i];
          }
        }
        stretch(clusters.get(g), residual, 1 / whitening[g]);
      }
    }
  }

  /** Multiplies what values have along the roots of the weights of a cluster. */
  private void stretch(int[] cluster, double[] values, double factor) {
    double along = 0;
    double squares = 0;
    for (int i : cluster) {
      along += root[i] * values[i];
      squares += root[i] * root[i];
    }
    for (int i : cluster) {
      values[i] += (factor - 1) * along / squares * root[i];
    }
  }

  /**
   * Residuals as errors are, corrected for what the fit absorbs of them, of runs of weight one:
   * what a bootstrap may change the signs of, cluster by cluster.
   */
  public double[] correctedResiduals() {
    double[] corrected = new double[residual.length];
    for (int g = 0; g < clusters.size(); g++) {
      int[] cluster = clusters.get(g);
      double[] own = corrected(g);
      for (int i = 0; i < cluster.length; i++) {
        corrected[cluster[i]] = own[i];
      }
      stretch(cluster, corrected, whitening[g]);
      for (int i : cluster) {
        corrected[i] /= root[i];
      }
    }
    return corrected;
  }

  private double[] corrected(int g) {
    return corrections
        .get(g)
        .of(Arrays.stream(clusters.get(g)).mapToDouble(i -> residual[i]).toArray());
  }

  private Correction correction(int[] cluster, DMatrixRMaj factor) {
    int q = free.count();
    DMatrixRMaj half = new DMatrixRMaj(cluster.length, q);
    CommonOps_DDRM.mult(rows(cluster), factor, half);
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(cluster.length, q, true, false, true);
    svd.decompose(half);
    double[] gain =
        Arrays.stream(svd.getSingularValues())
            .map(s -> 1 / Math.sqrt(1 - Math.min(s * s, MOST_ABSORBED)) - 1)
            .toArray();
    return new Correction(svd.getU(null, false), gain);
  }

  private DMatrixRMaj rows(int[] cluster) {
    DMatrixRMaj rows = new DMatrixRMaj(cluster.length, free.count());
    for (int i = 0; i < cluster.length; i++) {
      for (int j = 0; j < free.count(); j++) {
        rows.set(i, j, jacobian.get(cluster[i], j));
      }
    }
    return rows;
  }

  /** The covariance of the centred parameters; one that is held has no variance. */
  public double[][] covariance() {
    int q = free.count();
    DMatrixRMaj filling = new DMatrixRMaj(q, q);
    for (int g = 0; g < clusters.size(); g++) {
      int[] cluster = clusters.get(g);
      double[] corrected = corrected(g);
      double[] score = new double[q];
      for (int i = 0; i < cluster.length; i++) {
        for (int j = 0; j < q; j++) {
          score[j] += jacobian.get(cluster[i], j) * corrected[i];
        }
      }
      for (int j = 0; j < q; j++) {
        for (int k = 0; k < q; k++) {
          filling.add(j, k, score[j] * score[k]);
        }
      }
    }
    DMatrixRMaj left = new DMatrixRMaj(q, q);
    DMatrixRMaj whole = new DMatrixRMaj(q, q);
    CommonOps_DDRM.mult(inverse, filling, left);
    CommonOps_DDRM.mult(left, inverse, whole);
    double[][] along = new double[q][q];
    for (int i = 0; i < q; i++) {
      for (int j = 0; j < q; j++) {
        along[i][j] = 0.5 * (whole.get(i, j) + whole.get(j, i)) / (norms[i] * norms[j]);
      }
    }
    return free.covariance(along);
  }

  /**
   * Degrees of freedom of the variance of a combination of parameters: (sum of the eigenvalues of
   * its quadratic form)^2 over the sum of their squares; at most clusters less one.
   *
   * @param gradient of the combination by the centred parameters
   */
  public double degreesOfFreedom(double[] gradient) {
    int groups = clusters.size();
    int n = residual.length;
    double most = Math.max(1, groups - 1);
    if ((double) n * groups * groups > MOST_PRODUCTS) {
      return most;
    }
    int q = free.count();
    double[] own = free.along(new double[][] {gradient})[0];
    double[] direction = new double[q];
    for (int j = 0; j < q; j++) {
      for (int k = 0; k < q; k++) {
        direction[j] += inverse.get(j, k) * own[k] / norms[k];
      }
    }
    double[][] left = new double[groups][];
    for (int g = 0; g < groups; g++) {
      left[g] = left(clusters.get(g), corrections.get(g), direction);
    }
    double trace = 0;
    double squares = 0;
    for (int g = 0; g < groups; g++) {
      for (int h = 0; h <= g; h++) {
        double product = covariance(left[g], left[h]);
        trace += g == h ? product : 0;
        squares += (g == h ? 1 : 2) * product * product;
      }
    }
    return squares > 0 ? Math.clamp(trace * trace / squares, 1, most) : most;
  }

  /** What the errors of all runs add to the sum of a size: M w, w being 0 outside the size. */
  private double[] left(int[] cluster, Correction correction, double[] direction) {
    int q = free.count();
    double[] along = new double[cluster.length];
    for (int i = 0; i < cluster.length; i++) {
      for (int j = 0; j < q; j++) {
        along[i] += jacobian.get(cluster[i], j) * direction[j];
      }
    }
    double[] w = correction.of(along);
    double[] projected = new double[q];
    for (int i = 0; i < cluster.length; i++) {
      for (int j = 0; j < q; j++) {
        projected[j] += jacobian.get(cluster[i], j) * w[i];
      }
    }
    double[] solved = new double[q];
    for (int j = 0; j < q; j++) {
      for (int k = 0; k < q; k++) {
        solved[j] += inverse.get(j, k) * projected[k];
      }
    }
    double[] left = new double[residual.length];
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < q; j++) {
        left[i] -= jacobian.get(i, j) * solved[j];
      }
    }
    for (int i = 0; i < cluster.length; i++) {
      left[cluster[i]] += w[i];
    }
    return left;
  }

  /** The covariance of a'e and b'e under the working model. */
  private double covariance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    if (working == 0) {
      return sum;
    }
    for (int[] cluster : clusters) {
      double ofA = 0;
      double ofB = 0;
      for (int i : cluster) {
        ofA += root[i] * a[i];
        ofB += root[i] * b[i];
      }
      sum += working * ofA * ofB;
    }
    return sum;
  }
}
