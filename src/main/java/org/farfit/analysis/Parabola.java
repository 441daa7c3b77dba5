package org.farfit.analysis;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** The least-squares parabola of an isoFLOP profile (Hoffmann et al. 2022, section 3.2). */
final class Parabola {

  private Parabola() {}

  /**
   * The lowest point of a parabola.
   *
   * @param x where it is
   * @param y how low
   */
  record Vertex(double x, double y) {}

  /** The vertex, if it is a minimum strictly between the least and the largest x. */
  static Optional<Vertex> minimum(double[] x, double[] y) {
    double centre = Arrays.stream(x).average().orElseThrow();
    DMatrixRMaj matrix = new DMatrixRMaj(x.length, 3);
    for (int i = 0; i < x.length; i++) {
      matrix.set(i, 0, 1);
      matrix.set(i, 1, x[i] - centre);
      matrix.set(i, 2, (x[i] - centre) * (x[i] - centre));
    }
    DMatrixRMaj solution = new DMatrixRMaj(3, 1);
    if (!CommonOps_DDRM.solve(matrix, new DMatrixRMaj(x.length, 1, true, y), solution)
        || !(solution.get(2) > 0)) {
      return Optional.empty();
    }
    double from = -solution.get(1) / (2 * solution.get(2));
    double at = centre + from;
    boolean inside =
        at > Arrays.stream(x).min().orElseThrow() && at < Arrays.stream(x).max().orElseThrow();
    return inside
        ? Optional.of(new Vertex(at, solution.get(0) + 0.5 * solution.get(1) * from))
        : Optional.empty();
  }
}
