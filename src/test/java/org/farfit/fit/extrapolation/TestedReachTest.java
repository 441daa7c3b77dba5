package org.farfit.fit.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.farfit.analysis.DesignGrid;
import org.farfit.data.RunSet;
import org.junit.jupiter.api.Test;

/** How far a back-test reaches on a sweep whose budgets are known. */
class TestedReachTest {

  /** Six budgets a factor 10^0.4 apart, of eight runs each: from the second to the last 10^1.6. */
  @Test
  void predictionsReachFromTheSmallestBudgetsThatAreFittedToTheLargest() {
    RunSet sweep = DesignGrid.isoFlop().runs();
    double[] loss = new double[sweep.size()];
    Arrays.setAll(loss, i -> 1.7 + 400 / Math.pow(sweep.n(i), 0.34));
    RunSet runs = new RunSet(sweep.n(), sweep.d(), loss);
    TestedReach reach = TestedReach.of(runs).orElseThrow();
    assertThat(reach.largest()).isCloseTo(1e20, within(1e9));
    assertThat(reach.factor()).isCloseTo(Math.pow(10, 1.6), within(1e-6));
    assertThat(reach.untested(1e10, 3.9e11)).isEmpty();
    assertThat(reach.untested(1e10, 5e11).orElseThrow())
        .isEqualTo(
            "N D is 50.0 times the most of the fitted runs; predictions of larger from smaller ones"
                + " reached 39.8 times: how intervals do so far out was not tested");
  }

  @Test
  void tooFewRunsHaveNone() {
    RunSet runs =
        new RunSet(new double[] {1e8, 1e9}, new double[] {1e10, 1e10}, new double[] {3, 2});
    assertThat(TestedReach.of(runs)).isEmpty();
  }
}
