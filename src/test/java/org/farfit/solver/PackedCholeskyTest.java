package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

class PackedCholeskyTest {

  @Test
  void solvesAsEjmlDoes() {
    SplittableRandom random = new SplittableRandom(1);
    for (int p = 1; p <= 9; p++) {
      DMatrixRMaj a = new DMatrixRMaj(p, p);
      DMatrixRMaj root = new DMatrixRMaj(p, p);
      root.setData(random.doubles((long) p * p, -1, 1).toArray());
      CommonOps_DDRM.multTransB(root, root, a);
      DMatrixRMaj b = new DMatrixRMaj(p, 1);
      b.setData(random.doubles(p, -1, 1).toArray());
      DMatrixRMaj expected = new DMatrixRMaj(p, 1);
      assertThat(CommonOps_DDRM.solve(a, b, expected)).isTrue();

      double[] packed = new double[p * (p + 1) / 2];
      for (int i = 0; i < p; i++) {
        for (int j = 0; j <= i; j++) {
          packed[i * (i + 1) / 2 + j] = a.get(i, j);
        }
      }
      double[] x = b.getData().clone();
      assertThat(PackedCholesky.factor(packed, p)).isTrue();
      PackedCholesky.solve(packed, p, x);
      for (int i = 0; i < p; i++) {
        assertThat(x[i]).isCloseTo(expected.get(i), within(1e-8 * (1 + Math.abs(x[i]))));
      }
    }
  }

  @Test
  void refusesMatricesThatAreNotPositiveDefinite() {
    assertThat(PackedCholesky.factor(new double[] {0}, 1)).isFalse();
    assertThat(PackedCholesky.factor(new double[] {1, 2, 1}, 2)).isFalse();
    assertThat(PackedCholesky.factor(new double[] {Double.NaN}, 1)).isFalse();
  }
}
