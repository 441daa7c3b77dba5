package org.farfit.fit.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.law.Skaling;
import org.junit.jupiter.api.Test;

/** How probable laws are by how well they describe the runs. */
class AkaikeWeightsTest {

  private static final RunSet RUNS =
      Simulation.runs(new Chinchilla(), new Chinchilla().example(), DesignGrid.small(), 2e-3, 3);

  private static LawFit fit(Law law, RunSet runs) {
    return new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(8, 1)).fit(law, runs);
  }

  private static double squares(LawFit fit, RunSet runs) {
    return IntStream.range(0, runs.size())
        .mapToDouble(i -> Math.pow(Math.log(runs.loss(i) / fit.surface().loss(runs, i)), 2))
        .sum();
  }

  /** n ln(RSS / n) + 2 k + 2 k (k + 1) / (n - k - 1), from the residuals. */
  @Test
  void weightsAreThoseOfTheCorrectedCriterion() {
    LawFit five = fit(new Chinchilla(), RUNS);
    LawFit six = fit(new Skaling(), RUNS);
    double n = RUNS.size();
    double fall = n * Math.log(squares(five, RUNS) / squares(six, RUNS));
    double dearer = 2.0 * (7 - 6) + 2.0 * 7 * 8 / (n - 8) - 2.0 * 6 * 7 / (n - 7);
    double odds = Math.exp((fall - dearer) / 2);
    double[] weights = AkaikeWeights.of(List.of(five, six), RUNS).orElseThrow();
    assertThat(weights[1] / weights[0]).isCloseTo(odds, within(1e-9 * odds));
    assertThat(weights[0] + weights[1]).isCloseTo(1, within(1e-12));
  }

  /** Six runs of a size whose errors are all but the same count as one. */
  @Test
  void runsThatShareErrorsCountAsFewer() {
    SplittableRandom random = new SplittableRandom(5);
    double[] losses = RUNS.loss();
    double[] sizes = Arrays.stream(RUNS.n()).distinct().toArray();
    double[] shared = Arrays.stream(sizes).map(size -> 0.01 * random.nextGaussian()).toArray();
    for (int i = 0; i < losses.length; i++) {
      for (int s = 0; s < sizes.length; s++) {
        losses[i] *= sizes[s] == RUNS.n(i) ? Math.exp(shared[s]) : 1;
      }
    }
    RunSet runs = RUNS.withLosses(losses);
    LawFit five = fit(new Chinchilla(), runs);
    LawFit six = fit(new Skaling(), runs);
    double[] apart = AkaikeWeights.of(List.of(five, six), runs).orElseThrow();
    Optional<NoiseModel.Kind> size = Optional.of(NoiseModel.Kind.SIZE);
    double[] together =
        AkaikeWeights.of(List.of(five.withNoise(runs, size), six.withNoise(runs, size)), runs)
            .orElseThrow();
    double penalty = 2.0 * (7 - 6) + 2.0 * 7 * 8 / (48 - 8) - 2.0 * 6 * 7 / (48 - 7);
    double evidence = 2 * Math.log(apart[1] / apart[0]) + penalty;
    double left = 2 * Math.log(together[1] / together[0]) + penalty;
    // Of 48 runs 8 sizes are left, and little more.
    assertThat(left / evidence).isBetween(8 / 48.0, 1.3 * 8 / 48.0);
  }

  @Test
  void tooFewRunsSayNothing() {
    RunSet few = RUNS.chosen(new int[] {0, 3, 9, 20, 31, 40});
    assertThat(AkaikeWeights.of(List.of(fit(new Chinchilla(), few)), few)).isEmpty();
  }
}
