package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Least squares without negative coefficients: literal cases and the conditions of optimality. */
class NonNegativeLeastSquaresTest {

  @Test
  void dropsAColumnThatWouldBeNegative() {
    double[][] columns = {{1, 1, 1}, {0, 1, 2}};
    // Unconstrained: 3 - x. Without a negative slope the mean is best.
    double[] x = NonNegativeLeastSquares.solve(columns, new double[] {3, 2, 1});
    assertThat(x[0]).isCloseTo(2, within(1e-12));
    assertThat(x[1]).isZero();
  }

  /** Karush-Kuhn-Tucker: gradient zero where positive, not negative where zero. */
  @Test
  void satisfiesTheConditionsOfOptimality() {
    SplittableRandom random = new SplittableRandom(4);
    for (int trial = 0; trial < 200; trial++) {
      double[][] columns = new double[3][20];
      double[] target = new double[20];
      for (int i = 0; i < 20; i++) {
        for (double[] column : columns) {
          column[i] = random.nextDouble(-1, 2);
        }
        target[i] = random.nextDouble(-1, 2);
      }
      double[] x = NonNegativeLeastSquares.solve(columns, target);
      for (int j = 0; j < 3; j++) {
        double gradient = 0;
        for (int i = 0; i < 20; i++) {
          double residual = -target[i];
          for (int k = 0; k < 3; k++) {
            residual += x[k] * columns[k][i];
          }
          gradient += residual * columns[j][i];
        }
        assertThat(x[j]).isNotNegative();
        if (x[j] > 0) {
          assertThat(gradient).isCloseTo(0, within(1e-10));
        } else {
          assertThat(gradient).isGreaterThan(-1e-10);
        }
      }
    }
  }

  @Test
  void refusesMoreColumnsThanItCanEnumerate() {
    assertThatThrownBy(() -> NonNegativeLeastSquares.solve(new double[11][2], new double[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
