package org.farfit.analysis.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.farfit.analysis.inference.ExampleFit.ENGINE;
import static org.farfit.analysis.inference.ExampleFit.FEW;
import static org.farfit.analysis.inference.ExampleFit.FIT;
import static org.farfit.analysis.inference.ExampleFit.LAW;
import static org.farfit.analysis.inference.ExampleFit.REPLICATES;
import static org.farfit.analysis.inference.ExampleFit.RUNS;

import java.util.Arrays;
import java.util.List;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.ReplicateScatter;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.solver.ProgressListener;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;

/** Two surfaces beside each other: how likely one wins, and by how much. */
class ComparedInferenceTest {

  /** Two recipes from one surface: a coin toss. One half a percent worse: certainty. */
  @Test
  void probabilitiesToWinFollowTheGap() {
    Replicates[] all = new Replicates[2];
    double[] gaps = {1, 1.005};
    for (int k = 0; k < 2; k++) {
      double gap = gaps[k];
      RunSet simulated = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 77);
      RunSet runs =
          new RunSet(
              simulated.n(),
              simulated.d(),
              Arrays.stream(simulated.loss()).map(loss -> gap * loss).toArray());
      LawFit fit = new GlobalFit(ENGINE, FEW).fit(LAW, runs);
      all[k] =
          new Bootstrap(ENGINE, BootstrapOptions.pairs(500, 1), ProgressListener.NONE)
              .run(fit, runs);
    }
    List<Surface> base = surfaces(all[0]);
    ComparedInference same = compared(base, base);
    assertThat(same.probabilityThatAWins(1e9, 2e10)).isBetween(0.4, 0.6);
    assertThat(same.logRatio(1e9, 2e10).contains(0)).isTrue();
    ComparedInference better = compared(base, surfaces(all[1]));
    assertThat(better.probabilityThatAWins(1e9, 2e10)).isGreaterThan(0.99);
    assertThat(better.logRatio(1e9, 2e10).contains(-Math.log(1.005))).isTrue();
  }

  private static ComparedInference compared(List<Surface> a, List<Surface> b) {
    ComparedInference.Scatter normal = (n, d) -> new ReplicateScatter(1, 100);
    return new ComparedInference(
        new ComparisonStudy.Side(a.getFirst(), a, normal, RUNS),
        new ComparisonStudy.Side(b.getFirst(), b, normal, RUNS),
        0.9);
  }

  /** What is known of variances alone, or adds to them, follows Student's t and the normal law. */
  @Test
  void comparisonsFollowWhatIsKnownOfEitherSide() {
    double n = 1e9;
    double d = 2e10;
    List<Surface> own = surfaces(REPLICATES);
    double[] values = own.stream().mapToDouble(each -> Math.log(each.loss(n, d))).toArray();
    double[] shifted = new double[values.length];
    Arrays.setAll(shifted, i -> values[(i + values.length / 2) % values.length]);
    double[] ratios = new double[values.length];
    Arrays.setAll(ratios, i -> values[i] - shifted[i]);
    double deviation = BootstrapIntervals.standardError(ratios);
    double gap = 1.5 * deviation;
    Surface worse = shifted(FIT.surface(), gap);
    List<Surface> others = own.stream().map(each -> shifted(each, gap)).toList();
    double t =
        new TDistribution(20) // Welch: two of 10, alike
            .cumulativeProbability(gap / deviation);
    assertThat(compared(own, worse, others, true, 0).probabilityThatAWins(n, d))
        .isCloseTo(t, within(1e-3));
    double drift = 2 * deviation;
    ComparedInference drifting = compared(own, worse, others, true, drift);
    double z = new NormalDistribution().inverseCumulativeProbability(t);
    // Of one plan: drifts of 2 deviations each that correlate by 0.8.
    assertThat(drifting.probabilityThatAWins(n, d))
        .isCloseTo(
            new NormalDistribution().cumulativeProbability(z / Math.sqrt(1 + 2 * 4 * 0.2)),
            within(1e-3));
    RunSet elsewhere =
        new RunSet(
            Arrays.stream(RUNS.n()).map(each -> 1e3 * each).toArray(), RUNS.d(), RUNS.loss());
    assertThat(compared(own, worse, others, true, drift, elsewhere).probabilityThatAWins(n, d))
        .isCloseTo(
            new NormalDistribution().cumulativeProbability(z / Math.sqrt(1 + 2 * 4)), within(1e-3));
    Interval alone = compared(own, worse, others, true, 0).logRatio(n, d);
    double half = 1.644854 * drift * Math.sqrt(2 * 0.2);
    assertThat(drifting.logRatio(n, d).high())
        .isCloseTo(-gap + Math.hypot(alone.high() + gap, half), within(1e-4 * half));
  }

  private static Surface shifted(Surface surface, double by) {
    return new Surface() {
      @Override
      public String name() {
        return "shifted";
      }

      @Override
      public double loss(double n, double d) {
        return surface.loss(n, d) * Math.exp(by);
      }
    };
  }

  private static ComparedInference compared(
      List<Surface> a, Surface worse, List<Surface> b, boolean variance, double drift) {
    return compared(a, worse, b, variance, drift, RUNS);
  }

  private static ComparedInference compared(
      List<Surface> a,
      Surface worse,
      List<Surface> b,
      boolean variance,
      double drift,
      RunSet runsOfB) {
    ComparedInference.Scatter scatter =
        new ComparedInference.Scatter() {
          @Override
          public ReplicateScatter at(double n, double d) {
            return new ReplicateScatter(1, 10);
          }

          @Override
          public boolean isVarianceAlone() {
            return variance;
          }

          @Override
          public double drift(double n, double d) {
            return drift;
          }
        };
    return new ComparedInference(
        new ComparisonStudy.Side(FIT.surface(), a, scatter, RUNS),
        new ComparisonStudy.Side(worse, b, scatter, runsOfB),
        0.9);
  }

  private static List<Surface> surfaces(Replicates replicates) {
    return replicates.usable().<Surface>mapToObj(replicates::surface).toList();
  }
}
