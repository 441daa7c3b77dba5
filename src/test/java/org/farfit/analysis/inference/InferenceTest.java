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
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.CostScan;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.SurfaceRange;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.law.Centre;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Intervals of one fit against each other, against exact cases and against the truth. */
class InferenceTest {

  /** Only ln E is uncertain, and the data term is negligible: d ln L / d ln E = E / L = 1/2. */
  @Test
  void anAsymptoticIntervalIsALogLossErrorTimesAQuantile() {
    double[][] covariance = new double[5][5];
    covariance[0][0] = 0.01;
    FittedSurface surface =
        new FittedSurface(
            LAW,
            new Centre(0, 0, 0),
            List.of(0.0, 0.0, -800.0, 0.5, 0.5),
            15,
            Optional.of(covariance));
    Interval interval =
        new AsymptoticInference(surface)
            .intervals(Estimands.losses(List.of(new Estimands.Point(1, 1))), 0.95)
            .getFirst();
    // 2.228139 is the 97.5% quantile of Student's t on 10 degrees of freedom (any table).
    double factor = Math.exp(2.228139 * 0.1 * 0.5);
    assertThat(interval.high()).isCloseTo(2 * factor, within(1e-6));
    assertThat(interval.low()).isCloseTo(2 / factor, within(1e-6));
  }

  /**
   * Runs with D = 20 N, of which all is put down to D: what N does is e^-35 of the loss, and its
   * logarithm unknown by as much. Where a run was fitted the surface is not less sure than the run:
   * the diagonal of a projection is at most one.
   */
  @Test
  void whatHasNextToNoEffectDoesNotBlurWhatWasMeasured() {
    double[] n = new double[12];
    double[] d = new double[n.length];
    double[] loss = new double[n.length];
    Centre centre = new Centre(Math.log(1e9), Math.log(2e10), Math.log(2.5));
    double[] centred = {-0.4, -35, -1.1, 0.35, 0.3};
    for (int i = 0; i < n.length; i++) {
      n[i] = 1e8 * Math.pow(1.5, i);
      d[i] = 20 * n[i];
      loss[i] =
          LAW.lossAt(centre, centred, new double[] {n[i], d[i]}) * (i % 2 == 0 ? 1.002 : 0.998);
    }
    Evaluation at =
        Evaluation.of(LAW, centre, centred, new RunSet(n, d, loss), Objective.LOG_SQUARED);
    double[][] covariance =
        Uncertainty.of(at, new double[] {11, 0, 0, 100, 100}, List.of()).covariance().orElseThrow();
    assertThat(covariance[1][1]).isGreaterThan(1e20);
    FittedSurface surface =
        new FittedSurface(
            LAW,
            centre,
            Arrays.stream(centred).boxed().toList(),
            n.length,
            Optional.of(covariance));
    double deviation = Math.sqrt(at.sumOfSquares() / (n.length - 5));
    // 1.894579 is the 95% quantile of Student's t on 7 degrees of freedom (any table).
    double most = 1.894579 * deviation * (1 + 1e-4);
    for (int i = 0; i < n.length; i++) {
      Interval interval =
          new AsymptoticInference(surface)
              .intervals(Estimands.losses(List.of(new Estimands.Point(n[i], d[i]))), 0.9)
              .getFirst();
      assertThat(Math.log(interval.high() / interval.low()) / 2).isBetween(most / 20, most);
    }
  }

  @Test
  void withoutCovarianceThereIsNoAsymptoticInterval() {
    FittedSurface surface =
        FittedSurface.of(LAW, new Centre(0, 0, 0), new double[] {0, 0, 0, 0.5, 0.5}, 5);
    assertThat(
            new AsymptoticInference(surface)
                .intervals(Estimands.losses(List.of(new Estimands.Point(1, 1))), 0.9))
        .containsExactly(Interval.UNKNOWN);
  }

  /** On a nearly linear problem every kind of interval is nearly the same. */
  @Test
  void allKindsOfIntervalsAgreeWhereTheModelIsNearlyLinear() {
    Estimands losses =
        Estimands.losses(
            List.of(new Estimands.Point(2.5e10, 5e11), new Estimands.Point(1e9, 2e10)));
    List<BootstrapInference.Row> rows =
        new BootstrapInference(ENGINE, FIT, RUNS, REPLICATES)
            .intervals(losses, 0.9, EnumSet.allOf(IntervalType.class));
    List<Interval> asymptotic = new AsymptoticInference(FIT.surface()).intervals(losses, 0.9);
    for (int k = 0; k < 2; k++) {
      Interval reference = asymptotic.get(k);
      Interval profile = new ProfileInference(FIT, RUNS).interval(losses, k, 0.9);
      assertThat(profile.low()).isCloseTo(reference.low(), within(0.05 * reference.width()));
      assertThat(profile.high()).isCloseTo(reference.high(), within(0.05 * reference.width()));
      for (Interval interval : rows.get(k).intervals().values()) {
        assertThat(interval.low()).isCloseTo(reference.low(), within(0.25 * reference.width()));
        assertThat(interval.high()).isCloseTo(reference.high(), within(0.25 * reference.width()));
      }
      assertThat(rows.get(k).undefined()).isZero();
    }
  }

  /** At the end of a profile interval of a parameter the scan of the cost says the same. */
  @Test
  void profileIntervalsEndWhereAScanOfTheCostSays() {
    Law law = new Farseer();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 24);
    LawFit fit = new GlobalFit(ENGINE, FEW).fit(law, runs);
    ProfileInference profiles = new ProfileInference(fit, runs);
    double t = AsymptoticInference.quantile(runs.size() - 9, 0.95);
    double variance = 2 * fit.cost() / (runs.size() - 9);
    for (int j : new int[] {2, 5, 8}) {
      Interval interval = profiles.interval(Estimands.centred(law), j, 0.95);
      for (double end : new double[] {interval.low(), interval.high()}) {
        CostScan.Axis axis = new CostScan.Axis(law.centredNames().get(j), end, end, 1);
        double cost =
            new CostScan(new ScalarEngine(), FEW, ProgressListener.NONE)
                .run(fit, runs, List.of(axis), true, List.of())
                .cost()[0];
        assertThat(Math.sqrt(2 * (cost - fit.cost()) / variance)).isCloseTo(t, within(2e-3));
      }
    }
  }

  /** Far along a curved direction the profile is followed to where the cost rises enough, too. */
  @Test
  void profileIntervalsOfAnExtrapolationAreFound() {
    Law law = new Farseer();
    // A data set on which the upper end is hard to follow.
    RunSet runs =
        Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1 + 1_000_003L * 24);
    LawFit fit = new GlobalFit(ENGINE, FEW).fit(law, runs);
    Estimands loss = Estimands.losses(List.of(new Estimands.Point(2.548e10, 5.1e11)));
    Interval interval = new ProfileInference(fit, runs).interval(loss, 0, 0.9);
    Interval usual = new AsymptoticInference(fit.surface()).intervals(loss, 0.9).getFirst();
    assertThat(interval.low()).isCloseTo(usual.low(), within(0.05 * usual.width()));
    assertThat(interval.high()).isCloseTo(usual.high(), within(0.05 * usual.width()));
  }

  @Test
  void intervalsOfTheOptimumHoldTheTrueOne() {
    SurfaceRange range = SurfaceRange.of(RUNS);
    double near =
        new Allocation(FIT.surface(), range, ComputeModel.USUAL).at(1e23).best().orElseThrow().n();
    Estimands optimum =
        Estimands.optima(range, ComputeModel.USUAL, new double[] {1e23}, new double[] {near});
    List<BootstrapInference.Row> rows =
        new BootstrapInference(ENGINE, FIT, RUNS, REPLICATES)
            .intervals(optimum, 0.99, EnumSet.of(IntervalType.DEFAULT));
    double[] published = LAW.example();
    double[] centred = new double[5];
    LAW.toCentred(FIT.surface().centre(), published, centred);
    double[] truth =
        optimum.values().apply(FittedSurface.of(LAW, FIT.surface().centre(), centred, RUNS.size()));
    for (int k = 0; k < truth.length; k++) {
      Interval interval = rows.get(k).intervals().get(IntervalType.DEFAULT);
      assertThat(interval.contains(truth[k])).as(rows.get(k).item().name()).isTrue();
      assertThat(interval.width()).isPositive().isLessThan(truth[k]);
    }
    // D*/N* = D* / N* on every replicate.
    double[][] values = new BootstrapInference(ENGINE, FIT, RUNS, REPLICATES).values(optimum);
    assertThat(values[5][2]).isCloseTo(values[5][1] / values[5][0], within(1e-9 * values[5][2]));
  }

  /** The search near a known optimum finds what the search of the whole range finds. */
  @Test
  void nearbyOptimaAreTheOptima() {
    Law law = new Farseer();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 0, 1);
    double[] centred = new double[9];
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    law.toCentred(centre, law.example(), centred);
    Allocation allocation =
        new Allocation(
            FittedSurface.of(law, centre, centred, runs.size()),
            SurfaceRange.of(runs),
            ComputeModel.USUAL);
    for (double budget : new double[] {1e20, 1e21, 1e22}) {
      Allocation.Point best = allocation.at(budget).best().orElseThrow();
      for (double off : new double[] {0.3, 0.9, 1, 1.2, 5}) {
        assertThat(allocation.near(budget, off * best.n()).orElseThrow().n())
            .isCloseTo(best.n(), within(1e-6 * best.n()));
      }
      assertThat(
              allocation
                  .computeFor(best.loss(), new Allocation.Point(2 * budget, best.n(), 1, 1, 1))
                  .orElseThrow())
          .isCloseTo(budget, within(1e-5 * budget));
    }
  }

  @Test
  void singleRunsScatterMoreThanTheSurface() {
    List<Estimands.Point> points = List.of(new Estimands.Point(6e9, 1e11));
    Estimands loss = Estimands.losses(points);
    Inference bootstrapped =
        Inference.ofLaw(
            ENGINE,
            new Inference.Member(FIT, Optional.of(REPLICATES)),
            RUNS,
            0.9,
            IntervalType.DEFAULT);
    Inference asymptotic = ExampleFit.withoutReplicates(FIT, RUNS);
    double value = FIT.loss(6e9, 1e11);
    for (Inference inference : List.of(bootstrapped, asymptotic)) {
      Interval surface = inference.of(loss, true).getFirst().interval();
      Interval run = inference.ofRuns(points).getFirst();
      assertThat(run.width()).isGreaterThan(2 * surface.width());
      // Nearly all of it is the noise of 0.2%: 1.645 standard deviations to either side.
      assertThat(run.width()).isCloseTo(2 * 1.645 * 2e-3 * value, within(0.15 * run.width()));
    }
    assertThat(bootstrapped.of(loss, true).getFirst().others())
        .containsOnlyKeys(Inference.ASYMPTOTIC, Inference.PROFILE);
  }

  /** What a replicate has no value for is left out of the interval, and kept to be counted. */
  @Test
  void replicatesWithoutAValueAreKept() {
    double[][] centred = new double[20][];
    for (int b = 0; b < centred.length; b++) {
      centred[b] = REPLICATES.centred(b);
    }
    BitSet failed = new BitSet();
    failed.set(3);
    Replicates few =
        new Replicates(
            LAW,
            FIT.surface().centre(),
            RUNS.size(),
            REPLICATES.options(),
            centred,
            failed,
            new BitSet());
    Inference inference =
        Inference.ofLaw(
            ENGINE, new Inference.Member(FIT, Optional.of(few)), RUNS, 0.5, IntervalType.DEFAULT);
    double middle = REPLICATES.surface(0).loss(1e10, 2e11);
    Estimands large =
        new Estimands(
            List.of(new Estimands.Item("loss if not below", true)),
            surface -> {
              double loss = surface.loss(1e10, 2e11);
              return new double[] {loss < middle ? Double.NaN : loss};
            });
    Estimate estimate = inference.of(large, false).getFirst();
    assertThat(inference.drawn()).isEqualTo(20);
    assertThat(inference.surfaces()).hasSize(19);
    long below = inference.surfaces().stream().filter(s -> s.loss(1e10, 2e11) < middle).count();
    assertThat(below).isBetween(1L, 18L);
    assertThat(estimate.undefined()).hasSize((int) below);
    assertThat(estimate.undefined()).allMatch(s -> s.loss(1e10, 2e11) < middle);
    assertThat(estimate.interval().low()).isGreaterThanOrEqualTo(middle);
  }
}
