package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/**
 * The cost over a grid: literal sums of squares, profiles beside standard errors, and grids
 * refused.
 */
class CostScanTest {

  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 3e-3, 1);
  private static final LawFit FIT =
      new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(10, 1)).fit(LAW, RUNS);

  private static CostScan.Result scan(boolean profile, CostScan.Axis... axes) {
    return new CostScan(
            new ScalarEngine(), FitOptions.DEFAULT.withStarts(10, 1), ProgressListener.NONE)
        .run(FIT, RUNS, List.of(axes), profile, List.of());
  }

  private static double fitted(String name) {
    return FIT.surface().centred().get(LAW.centredNames().indexOf(name));
  }

  @Test
  void theLandscapeIsTheSumOfSquares() {
    double alpha = fitted("alpha");
    CostScan.Result scan =
        scan(
            false,
            new CostScan.Axis("alpha", alpha - 0.1, alpha + 0.1, 5),
            new CostScan.Axis("cA", -3, -1, 3));
    assertThat(scan.cost()).hasSize(15);
    for (int k = 0; k < 15; k++) {
      double[] point = FIT.surface().centredArray();
      double[] at = scan.coordinates(k);
      point[LAW.centredNames().indexOf("alpha")] = at[0];
      point[LAW.centredNames().indexOf("cA")] = at[1];
      double cost = 0;
      for (int i = 0; i < RUNS.size(); i++) {
        double predicted = LAW.logLossAt(FIT.surface().centre(), point, RUNS.n(i), RUNS.d(i));
        cost += 0.5 * Math.pow(predicted - Math.log(RUNS.loss(i)), 2);
      }
      assertThat(scan.cost()[k]).isCloseTo(cost, within(1e-12 * cost));
    }
  }

  /** Near the minimum the profile is a parabola of the parameter's own standard error. */
  @Test
  void theProfileMeasuresTheStandardError() {
    int j = LAW.centredNames().indexOf("beta");
    double error = Math.sqrt(FIT.surface().covariance().orElseThrow()[j][j]);
    double beta = fitted("beta");
    CostScan.Result scan =
        scan(true, new CostScan.Axis("beta", beta - 0.1 * error, beta + 0.1 * error, 3));
    assertThat(scan.status()).isNotEmpty().allMatch(status -> status.isConverged());
    assertThat(scan.cost()[1]).isCloseTo(FIT.cost(), within(1e-12 * FIT.cost()));
    double variance = 2 * FIT.cost() / (RUNS.size() - 5);
    for (int side : new int[] {0, 2}) {
      double rise = 2 * (scan.cost()[side] - FIT.cost()) / variance;
      assertThat(rise).isCloseTo(0.01, within(2e-4));
      assertThat(scan.parameters().get(side)[j]).isEqualTo(scan.coordinates(side)[0]);
    }
  }

  @Test
  void gridsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> scan(false, new CostScan.Axis("gamma", 0, 1, 2)))
        .hasMessageContaining("'gamma' is not a centred parameter of chinchilla");
    assertThatThrownBy(() ->
            scan(false, new CostScan.Axis("alpha", 0, 1, 2), new CostScan.Axis("alpha", 0, 1, 2)))
        .hasMessageContaining("twice");
    assertThatThrownBy(() ->
            scan(
                false,
                new CostScan.Axis("alpha", 0, 1, 10_000),
                new CostScan.Axis("beta", 0, 1, 10_000)))
        .hasMessageContaining("more than");
    assertThatThrownBy(() -> new CostScan.Axis("alpha", 0, Double.NaN, 2))
        .hasMessageContaining("not a range");
  }
}
