package org.farfit.fit.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.farfit.law.Centre;
import org.farfit.law.Law;

/**
 * The directions in which centred parameters may move when some are fixed at their limits. Where
 * these are centred parameters themselves, the directions are the others; where they are functions
 * of several, such as a bounded coefficient of a formula, an orthonormal basis of what leaves them
 * alone.
 */
public final class FreeDirections {

  private final double[][] basis;
  private final int p;
  private final int[] positions;

  private FreeDirections(double[][] basis, int p, int[] positions) {
    this.basis = basis;
    this.p = p;
    this.positions = positions;
  }

  /**
   * The directions at a point.
   *
   * @param centred the point: centred parameters
   * @param fixed positions of parameters, see {@link Law#atLimit}
   */
  public static FreeDirections of(Law law, Centre centre, double[] centred, List<Integer> fixed) {
    int p = law.parameterCount();
    double[][] normals = law.fixedDirections(centre, centred, fixed);
    boolean alone =
        IntStream.range(0, normals.length).allMatch(k -> isAlone(normals[k], fixed.get(k)));
    if (alone) {
      int[] free = IntStream.range(0, p).filter(j -> !fixed.contains(j)).toArray();
      double[][] basis = new double[free.length][p];
      for (int k = 0; k < free.length; k++) {
        basis[k][free[k]] = 1;
      }
      return new FreeDirections(basis, p, free);
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(normals.length, p, false, true, false);
    svd.decompose(new DMatrixRMaj(normals));
    DMatrixRMaj v = svd.getV(null, false);
    // Singular values are not sorted: directions of none come after as many as there are.
    double[] values = svd.getSingularValues();
    double largest = Arrays.stream(values).max().orElse(0);
    int[] nothing =
        IntStream.range(0, p)
            .filter(k -> k >= values.length || values[k] <= 1e-12 * largest)
            .toArray();
    double[][] basis = new double[nothing.length][p];
    for (int k = 0; k < nothing.length; k++) {
      for (int j = 0; j < p; j++) {
        basis[k][j] = v.get(j, nothing[k]);
      }
    }
    return new FreeDirections(basis, p, new int[0]);
  }

  private static boolean isAlone(double[] normal, int position) {
    return IntStream.range(0, normal.length).allMatch(j -> j == position || normal[j] == 0);
  }

  /** How many directions there are. */
  public int count() {
    return basis.length;
  }

  /**
   * Derivatives along the directions.
   *
   * @param jacobian by all parameters, a row per run: n x p
   * @return n x {@link #count}
   */
  public double[][] along(double[][] jacobian) {
    if (positions.length == basis.length) {
      return JacobianColumns.of(jacobian, positions);
    }
    return Arrays.stream(jacobian)
        .map(row ->
            Arrays.stream(basis)
                .mapToDouble(direction ->
                    IntStream.range(0, p).mapToDouble(j -> direction[j] * row[j]).sum())
                .toArray())
        .toArray(double[][]::new);
  }

  /**
   * What a step along the directions does to each parameter.
   *
   * @param step as many numbers as there are directions
   * @return as many as there are parameters
   */
  public double[] parameters(double[] step) {
    double[] parameters = new double[p];
    for (int k = 0; k < step.length; k++) {
      for (int j = 0; j < p; j++) {
        parameters[j] += basis[k][j] * step[k];
      }
    }
    return parameters;
  }

  /**
   * The covariance of all parameters.
   *
   * @param along that along the directions, square
   * @return p x p; what is fixed has no variance
   */
  public double[][] covariance(double[][] along) {
    double[][] covariance = new double[p][p];
    if (positions.length == basis.length) {
      for (int a = 0; a < positions.length; a++) {
        for (int b = 0; b < positions.length; b++) {
          covariance[positions[a]][positions[b]] = along[a][b];
        }
      }
      return covariance;
    }
    for (int a = 0; a < basis.length; a++) {
      for (int b = 0; b < basis.length; b++) {
        for (int i = 0; i < p; i++) {
          for (int j = 0; j < p; j++) {
            covariance[i][j] += basis[a][i] * along[a][b] * basis[b][j];
          }
        }
      }
    }
    return covariance;
  }
}
