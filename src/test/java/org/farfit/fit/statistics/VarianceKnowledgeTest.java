package org.farfit.fit.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Degrees of freedom of forms whose eigenvalues are literal numbers. */
class VarianceKnowledgeTest {

  private static final double[][] ALONG_BOTH = {{1, 0}, {0, 1}};

  private static VarianceKnowledge of(double trace, double squares) {
    double[][] all = new double[3][3];
    all[0][0] = squares;
    return new VarianceKnowledge(ALONG_BOTH, new double[] {trace, 0, 0}, all, 10);
  }

  /** Four eigenvalues of 2: 8^2 / 16; a gradient twice as long changes nothing. */
  @Test
  void theyAreTheSquareOfTheTraceOverTheTraceOfTheSquare() {
    assertThat(of(8, 16).degreesOfFreedom(new double[] {1, 5})).isEqualTo(4);
    assertThat(of(8, 16).degreesOfFreedom(new double[] {2, 5})).isEqualTo(4);
  }

  /** One eigenvalue alone makes one, and rounding no less; many make no more than there are. */
  @Test
  void theyAreBetweenOneAndTheMost() {
    assertThat(of(1, 1 + 1e-9).degreesOfFreedom(new double[] {1, 0})).isEqualTo(1);
    assertThat(of(100, 1).degreesOfFreedom(new double[] {1, 0})).isEqualTo(10);
    assertThat(of(1, 1).degreesOfFreedom(new double[] {0, 1})).isEqualTo(10);
  }
}
