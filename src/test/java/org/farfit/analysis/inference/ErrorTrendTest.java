package org.farfit.analysis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.farfit.analysis.inference.ExampleFit.ENGINE;
import static org.farfit.analysis.inference.ExampleFit.FEW;
import static org.farfit.analysis.inference.ExampleFit.FIT;
import static org.farfit.analysis.inference.ExampleFit.RUNS;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.fit.statistics.LinearPropagation;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;

/** How standard errors change with losses, against an exact case and against fits elsewhere. */
class ErrorTrendTest {

  /** Four runs of N = 10. */
  private static RunSet ofOneSize(double... loss) {
    return new RunSet(new double[] {10, 10, 10, 10}, new double[] {1, 2, 3, 4}, loss);
  }

  private static LawFit ofIrreducibleLoss(RunSet runs) {
    return new GlobalFit(ENGINE, FEW).fit(StatedLaw.parse("E + 100/N + 0*D").over(runs), runs);
  }

  /** L = E + 100 / N from runs of N = 10: the standard error of ln L is s (E + 10) / L. */
  @Test
  void anIrreducibleLossAloneHasAnExactTrend() {
    RunSet runs = ofOneSize(11.9, 12.1, 12.05, 11.95);
    LawFit fit = ofIrreducibleLoss(runs);
    double at = 1e4;
    double slope = ErrorTrend.of(fit, runs).orElseThrow().slope(at, 1, Map.of());
    double here = fit.surface().loss(10, 1);
    double there = fit.surface().loss(at, 1);
    assertThat(here).isCloseTo(12, within(0.01));
    assertThat(slope).isCloseTo(1 - there / here, within(1e-3));
  }

  /**
   * The same law: an interval of ln(E + 10), where errors are the same everywhere, has ends that
   * those on the steady scale come to. Ends as far to both sides miss them.
   */
  @Test
  void intervalsEndWhereErrorsThatDoNotChangeSay() {
    RunSet runs = ofOneSize(11.4, 12.6, 12.3, 11.7);
    LawFit fit = ofIrreducibleLoss(runs);
    double error = fit.surface().logLossError(10, 1).orElseThrow();
    double t = new TDistribution(runs.size() - 1).inverseCumulativeProbability(0.95);
    Inference inference = ExampleFit.withoutReplicates(fit, runs);
    Estimate estimate =
        inference.of(Estimands.losses(List.of(new Estimands.Point(1e9, 1))), false).getFirst();
    double near = fit.surface().loss(10, 1);
    double low = near * Math.exp(-t * error) - 10;
    double high = near * Math.exp(t * error) - 10;
    double half = near / estimate.value() * t * error;
    assertThat(Math.log(estimate.interval().low() / low)).isCloseTo(0, within(0.02 * half));
    assertThat(Math.log(estimate.interval().high() / high)).isCloseTo(0, within(0.02 * half));
    assertThat(Math.abs(Math.log(estimate.value() / low) - half)).isGreaterThan(0.1 * half);
  }

  /**
   * The logarithm of the delta method's standard error, with parameters moved along all directions
   * together, as the loss moves.
   */
  @Test
  void theTrendIsThatOfTheDeltaMethod() {
    double n = 1e11;
    double d = 1e10;
    double[] gradient = new double[FIT.law().parameterCount()];
    FIT.surface().logLoss(n, d, gradient);
    double error = FIT.surface().error(gradient).orElseThrow();
    double[][] covariance = FIT.surface().covariance().orElseThrow();
    double[] value = new double[2];
    double[] log = new double[2];
    for (int k = 0; k < 2; k++) {
      double[] centred = FIT.surface().centredArray();
      for (int i = 0; i < centred.length; i++) {
        for (int j = 0; j < centred.length; j++) {
          centred[i] += (k - 0.5) * covariance[i][j] * gradient[j] / error;
        }
      }
      Evaluation moved =
          Evaluation.of(FIT.law(), FIT.surface().centre(), centred, RUNS, FEW.objective());
      double scale = Math.sqrt(moved.sumOfSquares());
      double[] along = new double[centred.length];
      value[k] = FIT.law().logLossAt(FIT.surface().centre(), centred, new double[] {n, d}, along);
      double[][] column =
          Arrays.stream(along).mapToObj(g -> new double[] {g}).toArray(double[][]::new);
      log[k] =
          Math.log(
              LinearPropagation.errors(
                      column,
                      Uncertainty.of(moved, new double[centred.length], FIT.atLimit())
                          .covariance()
                          .orElseThrow())[0]
                  / scale);
    }
    double slope = -(log[1] - log[0]) / (value[1] - value[0]);
    assertThat(ErrorTrend.of(FIT, RUNS).orElseThrow().slope(n, d, Map.of()))
        .isCloseTo(slope, within(1e-3 * Math.abs(slope)));
  }

  /**
   * Nine parameters of 48 runs: replicates scatter far beyond the standard error, but not on the
   * scale on which it is steady.
   */
  @Test
  void replicatesOfFewRunsScatterByTheStandardErrorOnTheSteadyScale() {
    Law law = new Farseer();
    DesignGrid grid = DesignGrid.small();
    double n = 4 * grid.points().stream().mapToDouble(DesignGrid.Point::n).max().orElseThrow();
    int sets = 9;
    double[] plain = new double[sets];
    double[] steady = new double[sets];
    for (int set = 0; set < sets; set++) {
      RunSet runs = Simulation.runs(law, law.example(), grid, 2e-3, 100 + set);
      LawFit fit = new GlobalFit(ENGINE, FEW).fit(law, runs);
      Replicates replicates =
          new Bootstrap(ENGINE, BootstrapOptions.pairs(60, 1), ProgressListener.NONE)
              .run(fit, runs);
      double slope = ErrorTrend.of(fit, runs).orElseThrow().slope(n, 20 * n, Map.of());
      double estimate = Math.log(fit.loss(n, 20 * n));
      double error = fit.surface().logLossError(n, 20 * n).orElseThrow();
      double[] off =
          replicates
              .usable()
              .mapToDouble(b -> Math.log(replicates.surface(b).loss(n, 20 * n)) - estimate)
              .toArray();
      double[] stretched = Arrays.stream(off).map(y -> LossDoubt.scale(slope).steady(y)).toArray();
      plain[set] = BootstrapIntervals.standardError(off) / error;
      steady[set] = BootstrapIntervals.standardError(stretched) / error;
    }
    Arrays.sort(plain);
    Arrays.sort(steady);
    assertThat(steady[sets / 2]).isBetween(0.7, 1.5);
    assertThat(plain[sets / 2]).isGreaterThan(2 * steady[sets / 2]);
  }
}
