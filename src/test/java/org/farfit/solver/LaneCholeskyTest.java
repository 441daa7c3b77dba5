package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

/** Cholesky by lanes beside EJML, and lanes that are not positive definite. */
class LaneCholeskyTest {

  private static final int LANES = 11;
  private static final int STRIDE = 13;

  @Test
  void solvesAsEjmlDoesInEveryLane() {
    SplittableRandom random = new SplittableRandom(1);
    for (int p = 1; p <= 9; p++) {
      double[][] packed = new double[p * (p + 1) / 2][STRIDE];
      double[][] x = new double[p][STRIDE];
      DMatrixRMaj[] expected = new DMatrixRMaj[LANES];
      for (int lane = 0; lane < LANES; lane++) {
        DMatrixRMaj a = new DMatrixRMaj(p, p);
        DMatrixRMaj root = new DMatrixRMaj(p, p);
        root.setData(random.doubles((long) p * p, -1, 1).toArray());
        CommonOps_DDRM.multTransB(root, root, a);
        DMatrixRMaj b = new DMatrixRMaj(p, 1);
        b.setData(random.doubles(p, -1, 1).toArray());
        expected[lane] = new DMatrixRMaj(p, 1);
        assertThat(CommonOps_DDRM.solve(a, b, expected[lane])).isTrue();
        for (int i = 0; i < p; i++) {
          x[i][lane] = b.get(i);
          for (int j = 0; j <= i; j++) {
            packed[i * (i + 1) / 2 + j][lane] = a.get(i, j);
          }
        }
      }
      boolean[] definite = new boolean[STRIDE];
      LaneCholesky.factor(packed, p, LANES, definite);
      LaneCholesky.solve(packed, p, LANES, x);
      for (int lane = 0; lane < LANES; lane++) {
        assertThat(definite[lane]).isTrue();
        for (int i = 0; i < p; i++) {
          double value = expected[lane].get(i);
          assertThat(x[i][lane]).isCloseTo(value, within(1e-7 * (1 + Math.abs(value))));
        }
      }
    }
  }

  /** A lane that fails leaves its neighbours alone. */
  @Test
  void tellsWhichLanesAreNotPositiveDefinite() {
    // Lanes: (1 2; 2 1), (4 2; 2 5), NaN, zero.
    double[][] packed = {{1, 4, Double.NaN, 0}, {2, 2, 0, 0}, {1, 5, 1, 1}};
    boolean[] definite = new boolean[4];
    LaneCholesky.factor(packed, 2, 4, definite);
    assertThat(definite).containsExactly(false, true, false, false);
    double[][] b = {{0, 8, 0, 0}, {0, 12, 0, 0}};
    LaneCholesky.solve(packed, 2, 4, b);
    assertThat(b[0][1]).isCloseTo(1, within(1e-15));
    assertThat(b[1][1]).isCloseTo(2, within(1e-15));
  }
}
