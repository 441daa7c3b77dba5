package org.farfit.fit.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;

/** How intervals did within the runs, and what follows. */
class BackTestTest {

  /** Errors of a normal distribution, so many times as large as they should be. */
  private static BackTest.Way normal(String larger, int runs, double times) {
    NormalDistribution normal = new NormalDistribution();
    return new BackTest.Way(
        larger,
        runs,
        IntStream.rangeClosed(1, 99)
            .mapToObj(i -> times * normal.inverseCumulativeProbability(0.5 + i / 200.0))
            .toList());
  }

  @Test
  void errorsAsLargeAsTheyShouldBeAreHeldAsOftenAsTheyShould() {
    BackTest test = new BackTest(7, List.of(normal("N", 300, 1)), 0.0013, 0);
    for (double level : new double[] {0.5, 0.9, 0.95}) {
      assertThat(test.coverage(level)).isCloseTo(level, within(1e-9));
    }
  }

  /** Twice as large in one way, where a quarter of the runs are. */
  @Test
  void whatWasHeldAndWhatFollowsIsSaid() {
    BackTest test =
        new BackTest(12, List.of(normal("N", 300, 1), normal("compute", 100, 2)), 0.0119, 2);
    // 1.645 of 2 standard deviations hold 58.9%, of one 90%.
    assertThat(test.coverage(0.9)).isCloseTo(0.75 * 0.9 + 0.25 * 0.589, within(2e-3));
    assertThat(test.words(0.9))
        .isEqualTo(
            "90% intervals like these, made from the smaller runs at 12 origins, held 82% of 400"
                + " larger runs; those beyond all runs are widened as if losses drifted by 1.2%"
                + " for each factor of e in N, D or compute, as these errors say where 0.25% is"
                + " usual");
    assertThat(test.wordsOfLaw(0.9))
        .endsWith(
            "; its intervals beyond all runs are widened as if losses drifted from it by 1.2% for"
                + " each factor of e in N, D or compute, as these errors say");
  }

  /** A drift that errors hardly speak for is none of a law by itself. */
  @Test
  void aLawDriftsOnlyWhereErrorsSaySo() {
    List<BackTest.Way> ways = List.of(normal("N", 300, 1));
    assertThat(new BackTest(7, ways, 0.004, 0.9).driftOfLaw()).isZero();
    assertThat(new BackTest(7, ways, 0.004, 0.9).wordsOfLaw(0.9))
        .endsWith("its intervals allow for no drift");
    assertThat(new BackTest(7, ways, 0.004, 1.1).driftOfLaw()).isEqualTo(0.004);
  }

  /** One direction after the other, in factors of e; nothing amid the runs. */
  @Test
  void driftsGrowWithTheDistance() {
    RunSet runs =
        new RunSet(
            new double[] {1e9, 2e9, 1e9},
            new double[] {4e10, 1e10, 1e10},
            new double[] {2.5, 2.6, 2.7});
    Drift drift = Drift.beyond(runs, 0.01);
    double e = Math.E;
    // Amid the runs, a quarter of what is a factor of e beyond them; back-tests do not ask for
    // that.
    assertThat(drift.beyond(1e9, 3e10)).isZero();
    assertThat(drift.beyond(2e9 * e, 1e9)).isCloseTo(0.01, within(1e-12));
    assertThat(drift.deviation(1e9, 3e10)).isCloseTo(0.0025, within(1e-12));
    // Larger than any in N alone.
    assertThat(drift.deviation(2e9 * e, 1e9)).isCloseTo(Math.hypot(0.01, 0.0025), within(1e-12));
    assertThat(drift.deviation(1e8, 4e10 * e * e))
        .isCloseTo(Math.hypot(0.02, 0.0025), within(1e-12));
    // The corner of the largest N and D has twice the most compute.
    assertThat(drift.deviation(2e9, 4e10))
        .isCloseTo(Math.hypot(0.01 * Math.log(2), 0.0025), within(1e-12));
    assertThat(drift.deviation(2e9 * e, 4e10 * e))
        .isCloseTo(0.01 * Math.sqrt(0.0625 + 2 + Math.pow(Math.log(2) + 2, 2)), within(1e-12));
  }

  private static BackTest tested(Law truth) {
    RunSet runs = Simulation.runs(truth, truth.example(), DesignGrid.paper(), 2e-3, 3);
    List<ExtrapolationOrigin> origins = ExtrapolationOrigin.within(runs, runs.weight());
    List<List<FittedSurface>> surfaces = new ArrayList<>();
    for (ExtrapolationOrigin origin : origins) {
      surfaces.add(
          List.of(
              new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(4, 1))
                  .fit(new Chinchilla(), runs.weighted(origin.fit()))
                  .surface()));
    }
    return BackTest.of(runs, origins, surfaces, new double[] {1}, new double[] {1}).orElseThrow();
  }

  /** The law that made the runs holds what it should; one that did not drifts. */
  @Test
  void aLawThatDoesNotHoldIsFoundOut() {
    BackTest right = tested(new Chinchilla());
    BackTest wrong = tested(new Farseer());
    assertThat(right.coverage(0.9)).isBetween(0.8, 0.97);
    assertThat(right.drift()).isLessThan(Drift.USUAL);
    assertThat(right.driftOfLaw()).isZero();
    assertThat(wrong.coverage(0.9)).isLessThan(0.6);
    assertThat(wrong.drift()).isGreaterThan(0.01);
    assertThat(wrong.driftOfLaw()).isEqualTo(wrong.drift());
  }

  /** What members are uncertain by and what they differ by, from numbers. */
  @Test
  void varianceHoldsTheDistanceOfMembers() {
    RunSet runs =
        Simulation.runs(new Chinchilla(), new Chinchilla().example(), DesignGrid.paper(), 2e-3, 3);
    FittedSurface one =
        new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(4, 1))
            .fit(new Chinchilla(), runs)
            .surface();
    FittedSurface other =
        new FittedSurface(one.law(), one.centre(), shifted(one), one.runs(), Optional.empty());
    double n = 3e10;
    double d = 6e11;
    double loss = 0.7 * one.loss(n, d) + 0.3 * other.loss(n, d);
    double error = one.logLossError(n, d).orElseThrow();
    double expected =
        error * error
            + 0.8 * Math.pow(Math.log(one.loss(n, d) / loss), 2)
            + 0.2 * Math.pow(Math.log(other.loss(n, d) / loss), 2);
    assertThat(BackTest.logVariance(List.of(one, other), new double[] {0.8, 0.2}, n, d, loss))
        .isCloseTo(expected, within(1e-15));
  }

  private static List<Double> shifted(FittedSurface surface) {
    List<Double> centred = new ArrayList<>(surface.centred());
    centred.set(0, centred.get(0) + 0.01);
    return centred;
  }
}
