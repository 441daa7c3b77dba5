package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The share of curvature beyond a threshold, in literal numbers. */
class RobustCurvatureTest {

  @Test
  void fallsWhileStepsPromiseLittleAndKeepIt() {
    double share = RobustCurvature.first(1e-2);
    assertThat(share).isEqualTo(0.7);
    assertThat(RobustCurvature.next(share, 0.9, 0.05, 0.1)).isEqualTo(0.175);
    assertThat(RobustCurvature.next(2e-6, 1.2, 0.05, 0.1)).isEqualTo(1e-6);
  }

  @Test
  void staysWhereStepsPromiseMuchOrAchieveSome() {
    assertThat(RobustCurvature.next(0.7, 0.9, 0.2, 0.1)).isEqualTo(0.7);
    assertThat(RobustCurvature.next(0.1, 0.5, 0.01, 0.1)).isEqualTo(0.1);
  }

  @Test
  void isBackAfterADisappointment() {
    assertThat(RobustCurvature.next(1e-4, 0.2, 1e-5, 0.1)).isEqualTo(0.7);
    assertThat(RobustCurvature.next(1e-4, -30, 1e-5, 0.1)).isEqualTo(0.7);
    assertThat(RobustCurvature.next(1e-4, Double.NaN, 1e-5, 0.1)).isEqualTo(0.7);
  }

  /** Only a step that was solved for with less than the largest share tells against lowering it. */
  @Test
  void nextAttemptBeginsAtASmallerPromise() {
    assertThat(RobustCurvature.promise(0.5, 0.1, 0.1)).isEqualTo(0.05);
    assertThat(RobustCurvature.promise(0.5, 0.1, RobustCurvature.LARGEST)).isEqualTo(0.5);
    assertThat(RobustCurvature.promise(0.5, 0.9, 0.1)).isEqualTo(0.5);
  }

  @Test
  void startsNearTheMinimumHaveLess() {
    assertThat(RobustCurvature.first(SolverSettings.WARM.initialDamping())).isEqualTo(0.2);
  }
}
