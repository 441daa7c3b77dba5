package org.farfit.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.extrapolation.BackTest;
import org.farfit.fit.extrapolation.ExtrapolationOrigin;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** How intervals of one law did within the runs, against fits from scratch. */
class LawBackTestTest {

  private static final Engine ENGINE = new ScalarEngine();

  private static FitStudy study() {
    return new FitStudy(ENGINE, FitOptions.DEFAULT.withStarts(8, 1));
  }

  private static RunSet runs(Law truth) {
    return Simulation.runs(truth, truth.example(), DesignGrid.small(), 2e-3, 4);
  }

  private static BackTest tested(Law law, RunSet runs) {
    LawFit fit = study().fit(new FitStudy.Plan(law, Method.GLOBAL), runs, ProgressListener.NONE);
    return study().backTest(fit, runs).orElseThrow();
  }

  /** Every origin by itself: fitted from scratch, its intervals held against the larger runs. */
  @Test
  void itCountsTheLargerRunsThatIntervalsOfFitsToTheSmallerOnesHold() {
    RunSet runs = runs(new Chinchilla());
    Law law = new Chinchilla();
    int held = 0;
    int all = 0;
    int origins = 0;
    for (ExtrapolationOrigin origin : ExtrapolationOrigin.within(runs, runs.weight())) {
      RunSet own = runs.weighted(origin.fit());
      // Two sizes, or two token counts, determine no exponent.
      if (distinct(own.n()) < 3 || distinct(own.d()) < 3) {
        continue;
      }
      LawFit fit =
          new FitStudy(
                  ENGINE,
                  FitOptions.DEFAULT.withStarts(8, 1),
                  Optional.of(NoiseModel.Kind.INDEPENDENT),
                  FitStudy.LeastSquares.ORDINARY)
              .fit(new FitStudy.Plan(law, Method.GLOBAL), own, ProgressListener.NONE);
      int[] larger = IntStream.range(0, runs.size()).filter(i -> origin.test()[i] > 0).toArray();
      List<Interval> intervals =
          Inference.ofLaw(
                  ENGINE,
                  new Inference.Member(fit, Optional.empty()),
                  own,
                  0.9,
                  IntervalType.DEFAULT)
              .ofRuns(
                  IntStream.of(larger)
                      .mapToObj(i -> new Estimands.Point(runs.n(i), runs.d(i)))
                      .toList());
      for (int k = 0; k < larger.length; k++) {
        held += intervals.get(k).contains(runs.loss(larger[k])) ? 1 : 0;
        all++;
      }
      origins++;
    }
    BackTest found = tested(law, runs);
    assertThat(found.origins()).isEqualTo(origins);
    assertThat(found.runs()).isEqualTo(all);
    // Percentiles: a hundredth of each of three directions is between two of them.
    assertThat(found.coverage(0.9)).isCloseTo((double) held / all, within(0.02));
  }

  private static long distinct(double[] values) {
    return Arrays.stream(values).distinct().count();
  }

  @Test
  void aLawThatDoesNotHoldIsFoundOut() {
    RunSet runs = runs(new Farseer());
    BackTest wrong = tested(new Chinchilla(), runs);
    assertThat(wrong.coverage(0.9)).isLessThan(0.75);
    assertThat(wrong.drift()).isGreaterThan(0.005);
    assertThat(wrong.wordsOfLaw(0.9)).contains("its intervals beyond all runs are widened");
  }

  /** The same law as a formula, and by robust loss, has the same. */
  @Test
  void formulasAreTestedAlike() {
    RunSet runs = runs(new Chinchilla());
    BackTest formula = tested(StatedLaw.parse("E + A*N^-alpha + B*D^-beta").over(runs), runs);
    BackTest hand = tested(new Chinchilla(), runs);
    assertThat(formula.runs()).isEqualTo(hand.runs());
    assertThat(formula.coverage(0.9)).isCloseTo(hand.coverage(0.9), within(0.01));
  }

  @Test
  void tooFewRunsHaveNone() {
    RunSet runs =
        new RunSet(
            new double[] {1e8, 1e8, 1e9, 1e9, 3e9, 3e9},
            new double[] {1e10, 3e10, 1e10, 3e10, 1e10, 3e10},
            new double[] {3.1, 2.9, 2.7, 2.6, 2.55, 2.4});
    LawFit fit =
        study()
            .fit(new FitStudy.Plan(new Chinchilla(), Method.GLOBAL), runs, ProgressListener.NONE);
    assertThat(study().backTest(fit, runs)).isEmpty();
  }
}
