package org.farfit.analysis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;

/** How many standard deviations two estimates differ by, against Student's t and exact cases. */
class LossDoubtTest {

  private static final NormalDistribution NORMAL = new NormalDistribution();

  private static final double MANY = 1e9;

  /** Where standard errors are the same everywhere: Welch's t, drift added as squares are. */
  @Test
  void constantErrorsAreComparedByStudentsT() {
    LossDoubt a = new LossDoubt(3, 8, 0, 0, 0);
    LossDoubt b = new LossDoubt(4, 8, 0, 0, 0);
    double degrees = 25.0 * 25 / (81.0 / 8 + 256.0 / 8);
    double z =
        NORMAL.inverseCumulativeProbability(new TDistribution(degrees).cumulativeProbability(1.4));
    assertThat(LossDoubt.deviations(a, b, 7, 0)).isCloseTo(z, within(1e-9));
    LossDoubt drifting = new LossDoubt(4, 8, 0, 0, 5);
    assertThat(LossDoubt.deviations(a, drifting, 7, 0)).isCloseTo(z / Math.sqrt(2), within(1e-9));
  }

  /** What is common to both is no difference between them; of different plans it is twice there. */
  @Test
  void whatLawsLieApartAndDriftIsSharedAsFarAsItIsCommon() {
    LossDoubt each = new LossDoubt(1, MANY, 0, 2, 3);
    assertThat(LossDoubt.deviations(each, each, 1, 1)).isCloseTo(1 / Math.sqrt(2), within(1e-6));
    assertThat(LossDoubt.deviations(each, each, 1, 0))
        .isCloseTo(1 / Math.sqrt(2 + 2 * 4 + 2 * 9), within(1e-5));
  }

  /** Errors that fall as exp(-v) are constant for exp(v), where the normal law is exact. */
  @Test
  void changingErrorsAreComparedWhereTheyDoNotChange() {
    double valueA = 0.3;
    double valueB = 0.8;
    double error = 0.4; // of exp(v)
    LossDoubt a = new LossDoubt(error * Math.exp(-valueA), MANY, 1, 0, 0);
    LossDoubt b = new LossDoubt(error * Math.exp(-valueB), MANY, 1, 0, 0);
    double z = (Math.exp(valueB) - Math.exp(valueA)) / (error * Math.sqrt(2));
    assertThat(LossDoubt.deviations(a, b, valueB - valueA, 0)).isCloseTo(z, within(1e-6));
    assertThat(LossDoubt.deviations(b, a, valueA - valueB, 0)).isCloseTo(-z, within(1e-6));
  }

  /** Estimates that nothing is uncertain by, and those that are none. */
  @Test
  void exactAndUnknownEstimatesHaveAnAnswer() {
    LossDoubt exact = new LossDoubt(0, 10, 0, 0, 0);
    assertThat(LossDoubt.deviations(exact, exact, 1e-3, 1)).isInfinite().isPositive();
    assertThat(LossDoubt.deviations(exact, exact, 0, 1)).isZero();
    assertThat(LossDoubt.deviations(exact, exact, Double.NaN, 1)).isNaN();
    LossDoubt unknown = new LossDoubt(Double.NaN, 10, 0, 0, 0);
    assertThat(LossDoubt.deviations(exact, unknown, 1, 1)).isNaN();
  }
}
