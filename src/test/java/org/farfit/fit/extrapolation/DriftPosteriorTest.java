package org.farfit.fit.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.farfit.fit.extrapolation.DriftPosterior.Miss;
import org.junit.jupiter.api.Test;

/** What errors say of a drift, where that is known. */
class DriftPosteriorTest {

  /** The root of the mean square of a log-normal number: its median times e^(1^2). */
  @Test
  void withoutErrorsItIsThatOfBefore() {
    assertThat(DriftPosterior.of(List.of())).isCloseTo(0.0025 * Math.E, withinPercentage(1));
  }

  /** Errors that any drift of the usual size vanishes in tell nothing. */
  @Test
  void predictionsThatAreUncertainTellNothing() {
    List<List<Miss>> vague =
        IntStream.range(0, 30).mapToObj(i -> List.of(new Miss(1, 100, 1))).toList();
    assertThat(DriftPosterior.of(vague))
        .isCloseTo(DriftPosterior.of(List.of()), withinPercentage(0.5));
  }

  @Test
  void manyErrorsTellTheDrift() {
    Random random = new Random(1);
    for (double drift : new double[] {0.0004, 0.01, 0.05}) {
      List<List<Miss>> found =
          IntStream.range(0, 2000)
              .mapToObj(i -> 0.2 + i % 7)
              .map(distance ->
                  List.of(
                      new Miss(
                          Math.hypot(1e-4, drift * distance) * random.nextGaussian(),
                          1e-8,
                          distance)))
              .toList();
      assertThat(DriftPosterior.of(found)).isCloseTo(drift, withinPercentage(6));
    }
  }

  /**
   * One error of each of four origins, that is two in all: ln of the ratio of densities at the
   * variance that the errors have and at their own, (9 - 1 - ln 9) / 2 for each.
   */
  @Test
  void evidenceIsTheRatioOfDensities() {
    List<List<Miss>> three =
        IntStream.range(0, 4).mapToObj(i -> List.of(new Miss(3e-3, 1e-6, 1))).toList();
    assertThat(DriftPosterior.evidence(three))
        .isCloseTo(9 - 1 - Math.log(9), withinPercentage(0.5));
    List<List<Miss>> asTheyShould =
        IntStream.range(0, 4).mapToObj(i -> List.of(new Miss(9e-4, 1e-6, 1))).toList();
    assertThat(DriftPosterior.evidence(asTheyShould)).isZero();
  }

  /** What was predicted well is a reason to believe that losses drift little. */
  @Test
  void goodPredictionsLowerIt() {
    List<List<Miss>> good =
        IntStream.range(0, 20)
            .mapToObj(i -> List.of(new Miss(5e-4, 1e-6, 2), new Miss(-5e-4, 1e-6, 1)))
            .toList();
    assertThat(DriftPosterior.of(good)).isLessThan(0.5 * Drift.USUAL);
  }
}
