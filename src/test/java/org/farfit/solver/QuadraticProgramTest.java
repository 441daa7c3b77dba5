package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Constrained minima against the conditions that make them such. */
class QuadraticProgramTest {

  @Test
  void aBoundHolds() {
    QuadraticProgram program = new QuadraticProgram(2);
    double[] x = new double[2];
    assertThat(program.factor(new double[] {2, 0, 1, 2})).isTrue();
    double[] g = {-4, -5};
    program.solve(g, x);
    // 2 x + y = 4, x + 2 y = 5.
    assertThat(x).containsExactly(new double[] {1, 2}, within(1e-14));
    program.constrain(new double[] {1, 0, 0, 1}, new double[] {-9, -9}, new double[] {9, 1}, x);
    assertThat(x).containsExactly(new double[] {1.5, 1}, within(1e-14));
  }

  @Test
  void indefiniteMatricesAreRefused() {
    assertThat(new QuadraticProgram(2).factor(new double[] {1, 0, 2, 1})).isFalse();
  }

  @Test
  void randomProblemsMeetTheConditionsOfAMinimum() {
    SplittableRandom random = new SplittableRandom(8);
    for (int trial = 0; trial < 500; trial++) {
      int p = 1 + random.nextInt(8);
      double[] h = positiveDefinite(p, random);
      double[] g = random.doubles(p, -3, 3).toArray();
      double[] a = random.doubles((long) p * p, -1, 1).toArray();
      for (int j = 0; j < p; j++) {
        a[j * p + j] += 2;
      }
      double[] low = random.doubles(p, -1, 0).toArray();
      double[] high = random.doubles(p, 0, 1).toArray();
      double[] x = new double[p];
      QuadraticProgram program = new QuadraticProgram(p);
      assertThat(program.factor(h)).isTrue();
      program.solve(g, x);
      program.constrain(a, low, high, x);
      check(p, h, g, a, low, high, x);
    }
  }

  private static double[] positiveDefinite(int p, SplittableRandom random) {
    double[] root = random.doubles((long) p * p, -1, 1).toArray();
    double[] h = new double[p * p];
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        h[i * p + j] = i == j ? 0.1 : 0;
        for (int m = 0; m < p; m++) {
          h[i * p + j] += root[i * p + m] * root[j * p + m];
        }
      }
    }
    return h;
  }

  /** Feasible, and the gradient is a combination of active rows with the right signs. */
  private static void check(
      int p, double[] h, double[] g, double[] a, double[] low, double[] high, double[] x) {
    double[] gradient = g.clone();
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        gradient[i] += h[i * p + j] * x[j];
      }
    }
    // A' u = gradient.
    assertThat(LinearSystem.solveTransposed(a.clone(), gradient, p)).isTrue();
    double size = 1 + Arrays.stream(gradient).map(Math::abs).max().orElse(0);
    for (int j = 0; j < p; j++) {
      double value = 0;
      for (int m = 0; m < p; m++) {
        value += a[j * p + m] * x[m];
      }
      assertThat(value).isBetween(low[j] - 1e-9, high[j] + 1e-9);
      if (value > low[j] + 1e-7) {
        assertThat(gradient[j]).isLessThan(1e-7 * size);
      }
      if (value < high[j] - 1e-7) {
        assertThat(gradient[j]).isGreaterThan(-1e-7 * size);
      }
    }
  }
}
