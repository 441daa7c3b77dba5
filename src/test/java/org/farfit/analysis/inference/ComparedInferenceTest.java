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
import java.util.Optional;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.ReplicateScatter;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;

/** Two surfaces beside each other: how likely one wins, and by how much. */
class ComparedInferenceTest {

  private static final NormalDistribution NORMAL = new NormalDistribution();

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
    ComparedInference better = compared(base, surfaces(all[1]));
    assertThat(better.probabilityThatAWins(1e9, 2e10)).isGreaterThan(0.99);
  }

  private static ComparedInference compared(List<Surface> a, List<Surface> b) {
    ComparedInference.Scatter normal = (n, d) -> new ReplicateScatter(1, 100);
    return new ComparedInference(
        new ComparedInference.Side(a.getFirst(), a, normal, RUNS),
        new ComparedInference.Side(b.getFirst(), b, normal, RUNS),
        0.9);
  }

  /** What is known of variances alone, or adds to them, follows Student's t and the normal law. */
  @Test
  void comparisonsFollowWhatIsKnownOfEitherSide() {
    double n = 1e9;
    double d = 2e10;
    List<Surface> own = surfaces(REPLICATES);
    double[] values = own.stream().mapToDouble(each -> Math.log(each.loss(n, d))).toArray();
    double deviation = Math.sqrt(2) * BootstrapIntervals.standardError(values);
    double gap = 1.5 * deviation;
    Surface worse = shifted(FIT.surface(), gap);
    List<Surface> others = own.stream().map(each -> shifted(each, gap)).toList();
    double t =
        new TDistribution(20) // Welch: two of 10, alike
            .cumulativeProbability(gap / deviation);
    ComparedInference still = compared(own, worse, others, 0);
    assertThat(still.probabilityThatAWins(n, d)).isCloseTo(t, within(1e-6));
    double drift = 2 * deviation;
    // Of one plan: the same drift on either side.
    assertThat(compared(own, worse, others, drift).probabilityThatAWins(n, d))
        .isCloseTo(t, within(1e-6));
    RunSet elsewhere =
        new RunSet(
            Arrays.stream(RUNS.n()).map(each -> 1e3 * each).toArray(), RUNS.d(), RUNS.loss());
    ComparedInference apart = compared(own, worse, others, drift, elsewhere);
    double z = NORMAL.inverseCumulativeProbability(t);
    assertThat(apart.probabilityThatAWins(n, d))
        .isCloseTo(NORMAL.cumulativeProbability(z / Math.sqrt(1 + 2 * 4)), within(1e-3));
  }

  /** What laws lie apart, and drift, is common to averages of one plan: their own errors count. */
  @Test
  void averagesOfOnePlanDifferByWhatTheirRunsScatter() {
    double n = 2e10;
    double d = 4e11;
    Law other = new Skaling();
    LawFit second = new GlobalFit(ENGINE, FEW).fit(other, RUNS);
    Replicates few =
        new Bootstrap(ENGINE, BootstrapOptions.pairs(20, 1), ProgressListener.NONE)
            .run(second, RUNS);
    List<Inference.Member> members =
        List.of(
            new Inference.Member(FIT, Optional.of(REPLICATES)).weighing(0.6, 0.7),
            new Inference.Member(second, Optional.of(few)).weighing(0.4, 0.3));
    Inference average =
        Inference.ofChoice(ENGINE, members, RUNS, 0.9, IntervalType.DEFAULT, Optional.empty());
    double within =
        Math.sqrt(
            0.7 * Math.pow(FIT.surface().logLossError(n, d).orElseThrow(), 2)
                + 0.3 * Math.pow(second.surface().logLossError(n, d).orElseThrow(), 2));
    ComparedInference.Side side = ComparedInference.Side.of(average);
    ComparedInference.Side worse =
        new ComparedInference.Side(
            shifted(average.surface(), 2 * within), side.replicates(), side.scatter(), RUNS);
    double degrees = RUNS.size() - other.parameterCount();
    assertThat(new ComparedInference(side, worse, 0.9).probabilityThatAWins(n, d))
        .isCloseTo(
            new TDistribution(2 * degrees).cumulativeProbability(2 / Math.sqrt(2)), within(1e-6));
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
      List<Surface> a, Surface worse, List<Surface> b, double drift) {
    return compared(a, worse, b, drift, RUNS);
  }

  private static ComparedInference compared(
      List<Surface> a, Surface worse, List<Surface> b, double drift, RunSet runsOfB) {
    ComparedInference.Scatter scatter =
        new ComparedInference.Scatter() {
          @Override
          public ReplicateScatter at(double n, double d) {
            return new ReplicateScatter(1, 10);
          }

          @Override
          public double drift(double n, double d) {
            return drift;
          }
        };
    return new ComparedInference(
        new ComparedInference.Side(FIT.surface(), a, scatter, RUNS),
        new ComparedInference.Side(worse, b, scatter, runsOfB),
        0.9);
  }

  private static List<Surface> surfaces(Replicates replicates) {
    return replicates.usable().<Surface>mapToObj(replicates::surface).toList();
  }
}
