package org.farfit.fit.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.farfit.data.RunSet;

/**
 * Errors of a fit by ordinary or generalised least squares, or by robust loss, that take nothing of
 * the residuals of a cluster (a size, or a run) to be known but that clusters are independent: A^-1
 * (sum over clusters of s s') A^-1, A = J'V^-1 J plus prior, s the score of a cluster, V what the
 * fit weighs by. Whitened residuals e of a cluster are corrected for what the fit absorbs of them,
 * (I - H)^(-1/2) e, and Student's t has the degrees of freedom that the variance of such a sum has
 * under a working model (Bell and McCaffrey 2002; Imbens and Kolesar 2016, section 3). With single
 * runs it is HC2 (MacKinnon and White 1985).
 */
public final class ClusteredErrors {

  /** A size whose residuals the fit passes through has nothing to correct. */
  private static final double MOST_ABSORBED = 0.999;

  /** Products of clusters and directions that degrees of freedom are computed from at most. */
  private static final double MOST_PRODUCTS = 1e9;

  private final FreeDirections free;
  private final double[] norms;
  private final DMatrixRMaj jacobian;
  private final DMatrixRMaj inverse;
  private final List<int[]> clusters;
  private final List<Correction> corrections = new ArrayList<>();
  private final double[] root;
  private final double[] residual;

  /** The same as they are, where a robust loss bounds what they count for. */
  private final double[] unbounded;

  private final double working;
  private final double[] whitening;
  private VarianceKnowledge knowledge;

  /** (I - H)^(-1/2) of a size as I + U (g - 1) U', H = U s^2 U'. */
  private record Correction(DMatrixRMaj u, double[] gain) {

    /** (I - H)^(-1): what residuals would be, had the fit not seen the size. */
    Correction leavingOut() {
      return new Correction(
          u, Arrays.stream(gain).map(each -> (each + 1) * (each + 1) - 1).toArray());
    }

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
   * @param fixed parameters at a limit, which count as known
   * @param bySize whether clusters are sizes; else runs
   * @param shared variance, over that of a run of weight one, of the error that runs of a size
   *     share by which the fit weighs, 0 for none
   * @param working the same for errors that the fit does not weigh by, from which degrees of
   *     freedom are estimated
   */
  public ClusteredErrors(
      Evaluation at,
      double[] precision,
      List<Integer> fixed,
      boolean bySize,
      double shared,
      double working) {
    RunSet runs = at.runs();
    int n = runs.size();
    this.free = at.free(fixed);
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
    this.unbounded = new double[n];
    for (int i = 0; i < n; i++) {
      residual[i] = root[i] * at.influence(i);
      unbounded[i] = root[i] * at.residual(i);
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
        stretch(clusters.get(g), unbounded, 1 / whitening[g]);
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
    return residuals(corrections, 1);
  }

  /** The same corrected as {@link #jackknife()} does, for a fit whose weights were estimated. */
  public double[] jackknifeResiduals() {
    return residuals(leavingOut(), Math.sqrt(1 - 1.0 / clusters.size()));
  }

  private double[] residuals(List<Correction> correcting, double share) {
    double[] corrected = new double[residual.length];
    for (int g = 0; g < clusters.size(); g++) {
      int[] cluster = clusters.get(g);
      double[] own = correcting.get(g).of(of(cluster, unbounded));
      for (int i = 0; i < cluster.length; i++) {
        corrected[cluster[i]] = share * own[i];
      }
      stretch(cluster, corrected, whitening[g]);
      for (int i : cluster) {
        corrected[i] /= root[i];
      }
    }
    return corrected;
  }

  private List<Correction> leavingOut() {
    return corrections.stream().map(Correction::leavingOut).toList();
  }

  private static double[] of(int[] cluster, double[] values) {
    return Arrays.stream(cluster).mapToDouble(i -> values[i]).toArray();
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

  /** The covariance of the centred parameters; one that is fixed has no variance. */
  public double[][] covariance() {
    return covariance(corrections);
  }

  /**
   * The same with (I - H)^-1 e in the place of (I - H)^(-1/2) e, the residuals of a cluster had it
   * been left out of the fit, times (G - 1) / G for G clusters: the jackknife (CV3; MacKinnon,
   * Nielsen and Webb 2023; HC3 with single runs), for a fit whose weights were estimated from the
   * same residuals, which the former take for given.
   */
  public double[][] jackknife() {
    double fewer = 1 - 1.0 / clusters.size();
    double[][] covariance = covariance(leavingOut());
    return Arrays.stream(covariance)
        .map(row -> Arrays.stream(row).map(each -> fewer * each).toArray())
        .toArray(double[][]::new);
  }

  private double[][] covariance(List<Correction> correcting) {
    int q = free.count();
    DMatrixRMaj filling = new DMatrixRMaj(q, q);
    for (int g = 0; g < clusters.size(); g++) {
      int[] cluster = clusters.get(g);
      double[] corrected = correcting.get(g).of(of(cluster, residual));
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
   * its quadratic form)^2 over the sum of their squares; at most clusters less one, which it is
   * taken to be where there are more than some thirty parameters or so many clusters that the sums
   * would be long.
   *
   * @param gradient of the combination by the centred parameters
   */
  public double degreesOfFreedom(double[] gradient) {
    return knowledge().degreesOfFreedom(gradient);
  }

  /** How well variances are known, for combinations of any gradient. */
  public synchronized VarianceKnowledge knowledge() {
    if (knowledge == null) {
      knowledge = findKnowledge();
    }
    return knowledge;
  }

  private VarianceKnowledge findKnowledge() {
    int q = free.count();
    double most = Math.max(1, clusters.size() - 1);
    double scale =
        Math.sqrt(Arrays.stream(residual).map(e -> e * e).sum() / Math.max(1, residual.length - q));
    DMatrixRMaj root = root(inverse);
    double[][] directions = new double[q][];
    for (int k = 0; k < q; k++) {
      double[] step = new double[q];
      for (int j = 0; j < q; j++) {
        step[j] = scale * root.get(j, k) / norms[j];
      }
      directions[k] = free.parameters(step);
    }
    if (!(scale > 0) || Math.max(clusters.size(), q * q) * Math.pow(q, 4) > MOST_PRODUCTS) {
      return new VarianceKnowledge(directions, new double[0], new double[0][], most);
    }
    VarianceSums sums = new VarianceSums(absorbing());
    for (int g = 0; g < clusters.size(); g++) {
      add(g, root, sums);
    }
    return sums.knowledge(directions, most);
  }

  /**
   * A matrix whose product with its transpose is a given one, which may be singular: its principal
   * directions, as long as they are in it.
   */
  static DMatrixRMaj root(DMatrixRMaj matrix) {
    int q = matrix.numRows;
    EigenDecomposition_F64<DMatrixRMaj> directions = DecompositionFactory_DDRM.eig(q, true, true);
    DMatrixRMaj root = new DMatrixRMaj(q, q);
    if (directions.decompose(matrix.copy())) {
      for (int k = 0; k < q; k++) {
        double size = Math.sqrt(Math.max(0, directions.getEigenvalue(k).getReal()));
        for (int j = 0; j < q; j++) {
          root.set(j, k, size * directions.getEigenVector(k).get(j));
        }
      }
    }
    return root;
  }

  /** Adds what a cluster contributes to a variance: M w of all runs, w being 0 outside of it. */
  private void add(int g, DMatrixRMaj root, VarianceSums sums) {
    int q = free.count();
    int[] cluster = clusters.get(g);
    DMatrixRMaj rows = rows(cluster);
    DMatrixRMaj along = new DMatrixRMaj(cluster.length, q);
    CommonOps_DDRM.mult(rows, root, along);
    DMatrixRMaj w = new DMatrixRMaj(cluster.length, q);
    for (int k = 0; k < q; k++) {
      double[] column = new double[cluster.length];
      for (int i = 0; i < cluster.length; i++) {
        column[i] = along.get(i, k);
      }
      column = corrections.get(g).of(column);
      for (int i = 0; i < cluster.length; i++) {
        w.set(i, k, column[i]);
      }
    }
    DMatrixRMaj own = new DMatrixRMaj(q, q);
    DMatrixRMaj scores = new DMatrixRMaj(q, q);
    CommonOps_DDRM.multTransA(w, w, own);
    CommonOps_DDRM.multTransA(rows, w, scores);
    DMatrixRMaj z = new DMatrixRMaj(2 * q, q);
    CommonOps_DDRM.insert(scores, z, 0, 0);
    if (working != 0) {
      DMatrixRMaj roots = roots(cluster);
      DMatrixRMaj v = new DMatrixRMaj(q, 1);
      DMatrixRMaj b = new DMatrixRMaj(q, 1);
      CommonOps_DDRM.multTransA(w, roots, v);
      CommonOps_DDRM.multTransA(rows, roots, b);
      CommonOps_DDRM.multAddTransB(working, v, v, own);
      DMatrixRMaj both = new DMatrixRMaj(q, q);
      CommonOps_DDRM.multTransB(b, v, both);
      CommonOps_DDRM.insert(both, z, q, 0);
    }
    sums.add(own, z);
  }

  private DMatrixRMaj roots(int[] cluster) {
    return new DMatrixRMaj(
        cluster.length, 1, true, Arrays.stream(cluster).mapToDouble(i -> root[i]).toArray());
  }

  /**
   * How the fit absorbs what clusters contribute, see {@link VarianceSums}: [[2 A^-1 - A^-1 (J'J +
   * c B) A^-1, c A^-1], [c A^-1, 0]], c the shared variance of the working model, B the sum of b
   * b', b = J'r of a cluster, r the roots of its weights.
   */
  private DMatrixRMaj absorbing() {
    int q = free.count();
    DMatrixRMaj inner = new DMatrixRMaj(q, q);
    CommonOps_DDRM.multTransA(jacobian, jacobian, inner);
    if (working != 0) {
      for (int[] cluster : clusters) {
        DMatrixRMaj b = new DMatrixRMaj(q, 1);
        CommonOps_DDRM.multTransA(rows(cluster), roots(cluster), b);
        CommonOps_DDRM.multAddTransB(working, b, b, inner);
      }
    }
    DMatrixRMaj left = new DMatrixRMaj(q, q);
    DMatrixRMaj upper = new DMatrixRMaj(q, q);
    CommonOps_DDRM.mult(inverse, inner, left);
    CommonOps_DDRM.mult(left, inverse, upper);
    CommonOps_DDRM.add(2, inverse, -1, upper, upper);
    DMatrixRMaj whole = new DMatrixRMaj(2 * q, 2 * q);
    CommonOps_DDRM.insert(upper, whole, 0, 0);
    for (int i = 0; i < q; i++) {
      for (int j = 0; j < q; j++) {
        whole.set(i, q + j, working * inverse.get(i, j));
        whole.set(q + i, j, working * inverse.get(i, j));
      }
    }
    return whole;
  }
}
