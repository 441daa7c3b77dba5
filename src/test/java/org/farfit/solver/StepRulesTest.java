package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules of one problem, in literal numbers, and pairs of formulas held to each other. */
class StepRulesTest {

  private static final double NAN = Double.NaN;

  private static Status end(int code) {
    return Status.ofCode(code);
  }

  @Test
  void everyStatusHasACodeOfItsOwn() {
    Set<Status> found = EnumSet.noneOf(Status.class);
    for (int code = 1; code <= Status.values().length; code++) {
      found.add(Status.ofCode(code));
    }
    assertThat(found).containsExactly(Status.values());
    assertThatThrownBy(() -> Status.ofCode(StepRules.GOING_ON))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void stepsAreAcceptedThatKeepAShareOfTheirPromise() {
    assertThat(StepRules.isAccepted(2e-4, 1)).isTrue();
    assertThat(StepRules.isAccepted(0.5e-4, 1)).isFalse();
    assertThat(StepRules.isAccepted(-1, 1)).isFalse();
    assertThat(StepRules.isAccepted(NAN, 1)).isFalse();
  }

  @Test
  void startsGoOnUnlessStationaryOrNotFinite() {
    assertThat(StepRules.afterStart(1, 0.5, 1, 1e-11)).isEqualTo(StepRules.GOING_ON);
    assertThat(end(StepRules.afterStart(1, 1e-12, 1, 1e-11))).isEqualTo(Status.CONVERGED_GRADIENT);
    assertThat(end(StepRules.afterStart(1, 0, 1e-30, 1e-11))).isEqualTo(Status.SINGULAR);
    assertThat(end(StepRules.afterStart(NAN, 0, 1, 1e-11))).isEqualTo(Status.NON_FINITE);
  }

  private static int accepted(double reduction, double step, double cosine) {
    return StepRules.afterAccepted(1, reduction, reduction, step, cosine, 1, 1e-15, 1e-10, 1e-11);
  }

  @Test
  void stepsThatAreTakenEndAtTheFirstToleranceThatHolds() {
    assertThat(accepted(0.1, 0.1, 0.1)).isEqualTo(StepRules.GOING_ON);
    assertThat(accepted(0.1, NAN, 0.1)).isEqualTo(StepRules.GOING_ON);
    assertThat(end(accepted(1e-16, 1e-12, 1e-12))).isEqualTo(Status.CONVERGED_GRADIENT);
    assertThat(end(accepted(1e-16, 1e-12, 0.1))).isEqualTo(Status.CONVERGED_COST);
    assertThat(end(accepted(0.1, 1e-12, 0.1))).isEqualTo(Status.CONVERGED_STEP);
  }

  /** A step that happened to gain nothing ends a problem only if nothing was promised, too. */
  @Test
  void costsConvergeWhereNothingIsPromisedEither() {
    assertThat(StepRules.afterAccepted(1, 1e-16, 1e-3, 0.1, 0.1, 1, 1e-15, 1e-10, 1e-11))
        .isEqualTo(StepRules.GOING_ON);
    assertThat(StepRules.afterAccepted(1, 1e-3, 1e-16, 0.1, 0.1, 1, 1e-15, 1e-10, 1e-11))
        .isEqualTo(StepRules.GOING_ON);
    assertThat(end(StepRules.afterAccepted(1, 1e-16, 1e-16, 0.1, 0.1, 1, 1e-15, 1e-10, 1e-11)))
        .isEqualTo(Status.CONVERGED_COST);
  }

  private static int rejected(double reduction, double step, double damping, double cosine) {
    return StepRules.afterRejected(1, reduction, 1e-18, step, damping, cosine, 1, 1e-10);
  }

  @Test
  void stepsThatAreNotTakenEndWhereRoundingIsReachedOrNothingHelps() {
    assertThat(rejected(-0.1, 0.1, 1, 0.1)).isEqualTo(StepRules.GOING_ON);
    assertThat(rejected(NAN, 0.1, 1, 0.1)).isEqualTo(StepRules.GOING_ON);
    assertThat(end(rejected(1e-18, 0.1, 1, 0.1))).isEqualTo(Status.CONVERGED_COST);
    assertThat(end(rejected(-0.1, 1e-12, 1, 1e-6))).isEqualTo(Status.CONVERGED_STEP);
    assertThat(end(rejected(-0.1, 1e-12, 1, 0.1))).isEqualTo(Status.STALLED);
    assertThat(end(rejected(-0.1, 1e-12, 1e-12, 0.1))).isEqualTo(Status.CONVERGED_STEP);
    assertThat(end(rejected(-0.1, 0.1, Damping.LARGEST, 0.1))).isEqualTo(Status.STALLED);
    assertThat(rejected(-0.1, 0.1, 1e-12, 0.1)).isEqualTo(StepRules.GOING_ON);
  }

  @Test
  void aFactorisationThatFailsIsRepairedUntilDampingIsExhausted() {
    assertThat(StepRules.repaired(0)).isPositive();
    assertThat(StepRules.repaired(3)).isEqualTo(3);
    assertThat(StepRules.afterRepair(3)).isEqualTo(StepRules.GOING_ON);
    assertThat(end(StepRules.afterRepair(Damping.LARGEST))).isEqualTo(Status.SINGULAR);
  }

  @Test
  void scalesHaveAFloorAndEffectsAreSharesOfTheLargest() {
    assertThat(StepRules.damped(3, 1)).isEqualTo(3);
    assertThat(StepRules.damped(0.5, 1)).isEqualTo(1);
    assertThat(StepRules.damped(0, 0)).isEqualTo(1);
    assertThat(StepRules.effect(4, 1)).isEqualTo(0.25);
    assertThat(StepRules.effect(1, 4)).isEqualTo(1);
    assertThat(StepRules.effect(0, 0)).isZero();
    assertThat(StepRules.cosine(2, 4, 0.5)).isEqualTo(1);
    assertThat(StepRules.largestCosine(StepRules.squaredSlope(-2, 4), 0.5)).isEqualTo(1);
    assertThat(StepRules.largestCosine(StepRules.squaredSlope(0, 0), 0)).isZero();
    assertThat(StepRules.predicted(2, 3, 0.5, -1)).isEqualTo(4);
    assertThat(StepRules.predictedByModel(2, -3, 1)).isEqualTo(5);
  }

  /** H = (4 1; 1 3), g = (-1, 2), damping 0.5 of scales (2, 6): (5 1; 1 6) s = (1, -2). */
  @Test
  void aStepThatSolvesTheEquationsIsPredictedTheSameEitherWay() {
    double[] s = {8.0 / 29, -11.0 / 29};
    double model =
        StepRules.predictedByModel(s[0], -1, 4 * s[0] + s[1])
            + StepRules.predictedByModel(s[1], 2, s[0] + 3 * s[1]);
    double solved = StepRules.predicted(s[0], 0.5, 2, -1) + StepRules.predicted(s[1], 0.5, 6, 2);
    assertThat(solved).isCloseTo(model, withinPercentage(1e-13));
    // -g's - s'Hs / 2 in fractions of 29 and 29^2.
    assertThat(model)
        .isCloseTo(30.0 / 29 - 0.5 * (4 * 64 - 2 * 88 + 3 * 121) / 841, withinPercentage(1e-13));
  }

  /** One root for all parameters, or two for each: the largest cosine is the same. */
  @Test
  void theLargestCosineIsThatOfSquaredSlopes() {
    double[][] columns = {{3e-4, 2}, {5e-3, 7e4}, {1e-9, 1e-12}, {2e-5, 1e-3}};
    double largest = 0;
    double squared = 0;
    for (double[] column : columns) {
      largest = Math.max(largest, StepRules.cosine(column[0], column[1], 0.3));
      squared = Math.max(squared, StepRules.squaredSlope(-column[0], column[1]));
    }
    assertThat(largest).isCloseTo(1e-3 / Math.sqrt(0.6), withinPercentage(1e-13));
    assertThat(StepRules.largestCosine(squared, 0.3)).isCloseTo(largest, withinPercentage(1e-13));
  }

  /** One scale that dwarfs all others does not set the floor of the others. */
  @Test
  void floorsAreSharesOfATypicalScale() {
    assertThat(StepRules.typicalScale(1e6, 1e2)).isEqualTo(1e6);
    assertThat(StepRules.typicalScale(1e23, 10)).isEqualTo(1e5);
    assertThat(StepRules.typicalScale(5, 0)).isEqualTo(5);
    assertThat(StepRules.leastScale(0.5, 1e6, 1e2, 7)).isEqualTo(5e5);
    assertThat(StepRules.leastScale(0.5, 1e23, 10, 7)).isEqualTo(5e4);
    assertThat(StepRules.leastScale(0.5, 1e23, 10, 1e23)).isEqualTo(5e22);
  }

  @Test
  void termsThatGrowHaveNoFloor() {
    assertThat(StepRules.leastScaleOfTerm(-1e-300, 3)).isZero();
    assertThat(StepRules.leastScaleOfTerm(0, 3)).isEqualTo(3);
    assertThat(StepRules.leastScaleOfTerm(2, 3)).isEqualTo(3);
  }

  @Test
  void parametersAreStuckAtALimitThatTheCostFallsBeyond() {
    double infinite = Double.POSITIVE_INFINITY;
    assertThat(StepRules.isActive(1, 0.5, 1, infinite)).isTrue();
    assertThat(StepRules.isActive(0.5, 0.5, 1, infinite)).isTrue();
    assertThat(StepRules.isActive(1, -0.5, 1, infinite)).isFalse();
    assertThat(StepRules.isActive(Math.nextUp(1.0), 0.5, 1, infinite)).isFalse();
    assertThat(StepRules.isActive(2, -0.5, 1, 2)).isTrue();
    assertThat(StepRules.isActive(2, 0, 1, 2)).isFalse();
    assertThat(StepRules.isActive(2, 0.5, -infinite, infinite)).isFalse();
  }
}
