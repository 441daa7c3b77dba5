package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.Surface;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.junit.jupiter.api.Test;

/** Two recipes whose parity curve is known. */
class ComparisonTest {

  private static final double[] A = {1.8, 480, 2000, 0.35, 0.37};

  /** B learns from data faster: the data terms meet at D = (B_B / B_A)^(1 / (0.40 - 0.37)). */
  private static final double[] B = {1.8, 480, 2000 * Math.pow(3e10, 0.03), 0.35, 0.40};

  private static Surface fitted(double[] published, long seed) {
    Law law = new Chinchilla();
    RunSet runs = Simulation.runs(law, published, DesignGrid.paper(), 1e-5, seed);
    return new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(20, 1))
        .fit(law, runs)
        .surface();
  }

  private static final SurfaceRange RANGE =
      SurfaceRange.of(Simulation.runs(new Chinchilla(), A, DesignGrid.paper(), 0, 1));

  private final Comparison exact =
      new Comparison(
          AllocationTest.surface(new Chinchilla(), A),
          RANGE,
          AllocationTest.surface(new Chinchilla(), B),
          RANGE);

  @Test
  void findsThePlantedParityCurve() {
    List<Comparison.Crossing> parity = exact.parity(10);
    assertThat(parity).hasSize(10);
    for (Comparison.Crossing crossing : parity) {
      assertThat(crossing.d()).isCloseTo(3e10, within(3e10 * 1e-8));
      assertThat(crossing.winnerBeyond()).isEqualTo("B");
    }
  }

  @Test
  void findsItFromRunsToOnePercent() {
    Comparison comparison = new Comparison(fitted(A, 1), RANGE, fitted(B, 2), RANGE);
    List<Comparison.Crossing> parity = comparison.parity(10);
    assertThat(parity).isNotEmpty();
    for (Comparison.Crossing crossing : parity) {
      assertThat(crossing.d()).isCloseTo(3e10, within(3e8));
    }
  }

  @Test
  void winnersLieOnTheirSidesOfParity() {
    assertThat(exact.at(1e9, 1e10).winner()).isEqualTo("A");
    assertThat(exact.at(1e9, 1e11).winner()).isEqualTo("B");
    assertThat(exact.at(1e9, 1e10).relativeDifference()).isNegative();
    assertThat(exact.at(1e12, 1e11).factorBeyond()).isGreaterThan(100);
    assertThat(exact.grid(RANGE, 4)).hasSize(16);
  }

  /** Skaling with k = 1 is Chinchilla, but for the rounding of its losses. */
  @Test
  void roundingDecidesNothing() {
    double[] same = {A[0], A[1], A[2], A[3], A[4], 1};
    Comparison comparison =
        new Comparison(
            AllocationTest.surface(new Chinchilla(), A),
            RANGE,
            AllocationTest.surface(new Skaling(), same),
            RANGE);
    List<Comparison.Point> points = comparison.grid(RANGE, 12);
    assertThat(points).anyMatch(point -> point.lossA() != point.lossB());
    assertThat(points).isNotEmpty().allMatch(point -> point.winner().equals("neither"));
    assertThat(comparison.parity(12)).isEmpty();
  }

  @Test
  void multiplierMatchesTheLosses() {
    Comparison.Multiplier multiplier = exact.multiplier(1e23);
    double needed = 1e23 * multiplier.multiplier().orElseThrow();
    Allocation b =
        new Allocation(AllocationTest.surface(new Chinchilla(), B), RANGE, ComputeModel.USUAL);
    assertThat(b.at(needed).best().orElseThrow().loss())
        .isCloseTo(multiplier.loss(), within(1e-10));
    assertThat(multiplier.multiplier().orElseThrow()).isLessThan(1);
  }
}
