package org.farfit.analysis.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.SimulatedTruth;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.law.Chinchilla;
import org.junit.jupiter.api.Test;

/** Intervals of single runs hold further runs that scatter as the fitted ones do. */
class RunScatterTest {

  private static final Engine ENGINE = Engines.open("auto");
  private static final Surface TRUTH = SimulatedTruth.of(new Chinchilla());
  private static final int SETS = 40;

  /** One run in five scatters eight times as much as the others. */
  private static RunSet runs(SplittableRandom random) {
    RunSet plan = DesignGrid.small().runs();
    double[] errors = new double[plan.size()];
    Arrays.setAll(errors, i -> (random.nextInt(5) == 0 ? 0.016 : 0.002) * random.nextGaussian());
    return Simulation.runs(TRUTH, plan, errors);
  }

  private static double held(NoiseModel.Kind kind, double level) {
    SplittableRandom random = new SplittableRandom(7);
    int held = 0;
    int all = 0;
    for (int set = 0; set < SETS; set++) {
      RunSet runs = runs(random);
      LawFit fit =
          new GlobalFit(
                  ENGINE,
                  FitOptions.DEFAULT
                      .withStarts(4, 1)
                      .withObjective(new Objective(Objective.Residual.LOG, 0.003)))
              .fit(new Chinchilla(), runs)
              .withNoise(runs, Optional.of(kind));
      RunSet further = runs(random);
      List<Interval> intervals =
          Inference.ofLaw(
                  ENGINE,
                  new Inference.Member(fit, Optional.empty()),
                  runs,
                  level,
                  IntervalType.DEFAULT)
              .ofRuns(
                  IntStream.range(0, further.size())
                      .mapToObj(i -> new Estimands.Point(further.n(i), further.d(i)))
                      .toList());
      for (int i = 0; i < further.size(); i++) {
        held += intervals.get(i).contains(further.loss(i)) ? 1 : 0;
        all++;
      }
    }
    return (double) held / all;
  }

  /**
   * Of a robust fit under a model, whose variance is that of what residuals count for: without the
   * rest of them 82% are held.
   */
  @Test
  void robustFitsTakeRunsAsTheyScatter() {
    assertThat(held(NoiseModel.Kind.VARIANCE, 0.9)).isBetween(0.88, 0.92);
  }

  /** By the variance of all residuals 89% are held by intervals of 80%. */
  @Test
  void heavyTailsAreNotTakenForNormalOnes() {
    assertThat(held(NoiseModel.Kind.INDEPENDENT, 0.9)).isBetween(0.88, 0.92);
    assertThat(held(NoiseModel.Kind.INDEPENDENT, 0.8)).isBetween(0.77, 0.83);
  }
}
