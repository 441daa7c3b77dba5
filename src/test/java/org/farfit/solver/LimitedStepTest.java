package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.farfit.engine.NormalEquations;
import org.farfit.law.Limits;
import org.junit.jupiter.api.Test;

/** Steps within limits, in literal numbers. */
class LimitedStepTest {

  /** Parameter 0 in [-1, 0.3], parameter 1 anywhere. */
  private static final Limits LIMITS =
      new Limits(
          new double[] {-1, Double.NEGATIVE_INFINITY},
          new double[] {0.3, Double.POSITIVE_INFINITY});

  private static final LimitedStep STEP = new LimitedStep(LIMITS, 0);

  /** A sum of steps misses a limit by a rounding, where a gradient would never be seen as stuck. */
  @Test
  void aLimitIsReachedToTheLastDigit() {
    assertThat(STEP.target(0, 0.1, 0.1 + 0.2)).isEqualTo(0.3);
    assertThat(0.1 + 0.2).isNotEqualTo(0.3);
    assertThat(STEP.target(0, 0.1, Math.nextUp(-1.0))).isEqualTo(-1);
    assertThat(STEP.target(0, 0.1, Math.nextDown(-1.0))).isEqualTo(-1);
    assertThat(STEP.target(0, 0.1, 0.29)).isEqualTo(0.29);
    assertThat(STEP.target(1, 0.1, 0.1 + 0.2)).isEqualTo(0.1 + 0.2);
  }

  /** Lane 1 of three: the matrix (4 1; 1 3) and a gradient at a point. */
  private static NormalEquations at(double x, double y, double gx, double gy) {
    NormalEquations at = new NormalEquations(2, 3);
    at.setParameters(1, new double[] {x, y});
    at.gradient[1] = gx;
    at.gradient[4] = gy;
    at.matrix[1] = 4;
    at.matrix[4] = 1;
    at.matrix[7] = 3;
    return at;
  }

  /** A step of lane 1. */
  private static double[][] steps(double x, double y) {
    return new double[][] {{0, x, 0}, {0, y, 0}};
  }

  @Test
  void aStepIsLimitedWhereItCrossesOrIsHeld() {
    assertThat(STEP.isNeeded(at(0, 0, -4, -2), 1, steps(0.31, 0))).isTrue();
    assertThat(STEP.isNeeded(at(0, 0, -4, -2), 1, steps(-1.01, 0))).isTrue();
    assertThat(STEP.isNeeded(at(0, 0, -4, -2), 1, steps(0.29, 1e9))).isFalse();
    assertThat(STEP.isNeeded(at(0.3, 0, -4, -2), 1, steps(-0.1, 0))).isTrue();
    assertThat(STEP.isNeeded(at(0.3, 0, 4, -2), 1, steps(-0.1, 0))).isFalse();
    LimitedStep without = new LimitedStep(LIMITS, 1);
    assertThat(without.isNeeded(at(0, 0, -4, -2), 1, steps(0.31, 0))).isFalse();
  }

  /**
   * Free, (4.5 1; 1 4) s = (4, 2) would lead to 14/17; at 0.3 the other one solves 4 y = 2 - 0.3.
   */
  @Test
  void theOtherParametersMakeTheBestOfAStepThatIsCut() {
    NormalEquations at = at(0, 0, -4, -2);
    double[][] steps = steps(9, 9);
    double reduction = STEP.solve(at, 1, new double[] {0.5, 1}, steps);
    assertThat(steps[0][1]).isEqualTo(0.3);
    assertThat(steps[1][1]).isCloseTo(0.425, within(1e-15));
    // -g's = 2.05, s'Hs = 0.36 + 2 * 0.3 * 0.425 + 3 * 0.425^2.
    assertThat(reduction).isCloseTo(2.05 - 0.5 * 1.156875, within(1e-14));
    assertThat(steps[0][0]).isZero();
    assertThat(steps[0][2]).isZero();
  }

  /** At the limit and pressed against it, parameter 0 stays and does not enter the other's step. */
  @Test
  void whatIsHeldDoesNotMove() {
    double[][] steps = steps(9, 9);
    double reduction = STEP.solve(at(0.3, 0, -4, -2), 1, new double[] {0.5, 1}, steps);
    assertThat(steps[0][1]).isZero();
    assertThat(steps[1][1]).isCloseTo(0.5, within(1e-15));
    assertThat(reduction).isCloseTo(1 - 0.5 * 0.75, within(1e-15));
  }

  /** Within the limits it is the step of all: (4.5 1; 1 4) s = (0.4, 0.2). */
  @Test
  void aStepWithinTheLimitsIsTheUsualOne() {
    double[][] steps = steps(9, 9);
    STEP.solve(at(0, 0, -0.4, -0.2), 1, new double[] {0.5, 1}, steps);
    assertThat(steps[0][1]).isCloseTo(1.4 / 17, within(1e-15));
    assertThat(steps[1][1]).isCloseTo(0.5 / 17, within(1e-15));
  }

  @Test
  void whatCannotBeSolvedOrPromisesNothingIsNaN() {
    NormalEquations flat = at(0, 0, 0, 0);
    assertThat(STEP.solve(flat, 1, new double[] {0, 0}, steps(9, 9))).isNaN();
    NormalEquations indefinite = at(0, 0, -0.1, -0.1);
    indefinite.matrix[4] = 5;
    assertThat(STEP.solve(indefinite, 1, new double[] {0, 0}, steps(9, 9))).isNaN();
  }
}
