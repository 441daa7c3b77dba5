package org.farfit.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Which runs to make: what designs gain, and the noise that they draw. */
class RunDesignTest {

  private static final Engine ENGINE = Engines.open("auto");
  private static final FitOptions FEW = FitOptions.DEFAULT.withStarts(12, 1);
  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 1);
  private static final LawFit FIT = new GlobalFit(ENGINE, FEW).fit(LAW, RUNS);

  @Test
  void designsHelpAndNearerRunsHelpMore() {
    Estimands target = Estimands.losses(List.of(new Estimands.Point(4e10, 8e11)));
    RunDesign design =
        new RunDesign(ENGINE, FIT, RUNS, target, run -> 6 * run.n() * run.d(), 200, 1, 2);
    RunDesign.Score before = design.score(List.of());
    // Simulation and linearisation agree on a nearly linear problem.
    double linear = target.errors(FIT.surface(), FIT.surface().covariance())[0];
    assertThat(before.standardError()).isCloseTo(linear, within(0.15 * linear));
    double far = design.score(List.of(new Estimands.Point(2e10, 4e11))).standardError();
    double small = design.score(List.of(new Estimands.Point(3e8, 1e10))).standardError();
    assertThat(far).isLessThan(before.standardError());
    assertThat(far).isLessThan(small);
    RunDesign.Plan plan =
        design
            .nested(
                List.of(new Estimands.Point(2e10, 4e11), new Estimands.Point(3e8, 1e10)),
                new double[] {1e23},
                3,
                ProgressListener.NONE)
            .getFirst();
    assertThat(plan.steps()).isNotEmpty();
    assertThat(plan.steps().getLast().score().standardError()).isLessThan(before.standardError());
    assertThat(plan.steps().stream().mapToDouble(RunDesign.Step::cost).sum())
        .isLessThanOrEqualTo(1e23);
    RunDesign scratch =
        new RunDesign(ENGINE, FIT, RunSet.EMPTY, target, run -> 6 * run.n() * run.d(), 50, 1, 2);
    assertThat(scratch.score(List.of()).standardError()).isInfinite();
  }

  /** k runs at the target have k residuals: information adds up, as linear theory says. */
  @Test
  void repeatedRunsHaveNoiseOfTheirOwn() {
    Estimands.Point at = new Estimands.Point(4e10, 8e11);
    Estimands target = Estimands.losses(List.of(at));
    RunDesign design =
        new RunDesign(ENGINE, FIT, RUNS, target, run -> 6 * run.n() * run.d(), 400, 1, 2);
    RunDesign.Plan plan =
        design.nested(List.of(at), new double[] {1e26}, 6, ProgressListener.NONE).getFirst();
    assertThat(plan.steps()).hasSize(6);
    double before = plan.before().standardError();
    double noise = FIT.quality().rmse();
    for (int k = 1; k <= 6; k++) {
      double expected = 1 / Math.sqrt(1 / (before * before) + k / (noise * noise));
      assertThat(plan.steps().get(k - 1).score().standardError())
          .isCloseTo(expected, within(0.15 * expected));
    }
  }

  /** Of a Huber fit, whose threshold is far below the residuals, noise has exponential tails. */
  @Test
  void designsDrawTheNoiseThatTheObjectiveStandsFor() {
    LawFit robust =
        new GlobalFit(ENGINE, FEW.withObjective(Objective.logHuber(2e-4))).fit(LAW, RUNS);
    Estimands target = Estimands.losses(List.of(new Estimands.Point(1e10, 2e11)));
    double designed =
        new RunDesign(ENGINE, robust, RUNS, target, run -> 6 * run.n() * run.d(), 400, 1, 2)
            .score(List.of())
            .standardError();
    Replicates parametric =
        new Bootstrap(
                ENGINE,
                BootstrapOptions.pairs(400, 1).with(Resampling.PARAMETRIC),
                ProgressListener.NONE)
            .run(robust, RUNS);
    double bootstrapped =
        BootstrapIntervals.standardError(
            parametric
                .usable()
                .mapToDouble(b -> Math.log(parametric.surface(b).loss(1e10, 2e11)))
                .toArray());
    assertThat(designed).isCloseTo(bootstrapped, within(0.12 * bootstrapped));
  }

  @Test
  void aPlanThatCannotBeFittedIsInfinitelyUnsure() {
    Estimands target = Estimands.losses(List.of(new Estimands.Point(1e10, 2e11)));
    RunDesign fresh =
        new RunDesign(ENGINE, FIT, RunSet.EMPTY, target, run -> 6 * run.n() * run.d(), 20, 1, 1);
    List<Estimands.Point> oneSize =
        IntStream.rangeClosed(1, 9).mapToObj(k -> new Estimands.Point(1e9, k * 1e10)).toList();
    assertThat(fresh.score(oneSize).standardError()).isInfinite();
    assertThat(fresh.score(oneSize).undetermined()).isEqualTo(1);
  }

  /** Two sizes cannot tell E from A and alpha, however many runs they have. */
  @Test
  void runsOfTwoSizesDetermineNothingBeyondThemAndAThirdSizeHelps() {
    double[] sizes = RUNS.bySize().n();
    double[] distinct = Arrays.stream(sizes).distinct().sorted().limit(2).toArray();
    RunSet two =
        RUNS.weighted(
            IntStream.range(0, RUNS.size())
                .mapToDouble(i -> sizes[i] == distinct[0] || sizes[i] == distinct[1] ? 1 : 0)
                .toArray());
    LawFit fit = new GlobalFit(ENGINE, FEW).fit(LAW, two);
    Estimands target = Estimands.losses(List.of(new Estimands.Point(25 * distinct[1], 1e11)));
    RunDesign design =
        new RunDesign(ENGINE, fit, two, target, run -> 6 * run.n() * run.d(), 40, 1, 2);
    assertThat(design.score(List.of()).undetermined()).isEqualTo(1);
    List<Estimands.Point> candidates = new ArrayList<>();
    for (double n : new double[] {distinct[0], distinct[1], 4 * distinct[1]}) {
      for (double d : new double[] {1e10, 4e10}) {
        candidates.add(new Estimands.Point(n, d));
      }
    }
    RunDesign.Plan plan =
        design.nested(candidates, new double[] {1e25}, 3, ProgressListener.NONE).getFirst();
    assertThat(plan.before().standardError()).isInfinite();
    assertThat(plan.steps().getFirst().run().n()).isEqualTo(4 * distinct[1]);
    assertThat(plan.steps().getLast().score().standardError()).isFinite();
  }
}
