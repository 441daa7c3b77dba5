package org.farfit.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every law must satisfy. */
class LawTest {

  private static final Centre CENTRE = new Centre(Math.log(1e9), Math.log(2e10), Math.log(0.6));
  private static final int POINTS = 1000;

  static Stream<Law> laws() {
    return Laws.all().stream();
  }

  private static double[] randomPoint(Law law, SplittableRandom random) {
    double[] point = new double[law.parameterCount()];
    law.samplingBox(CENTRE).orElseThrow().at(random.doubles(point.length).toArray(), point);
    return point;
  }

  private static double logUniform(SplittableRandom random, double low, double high) {
    return Math.exp(random.nextDouble(Math.log(low), Math.log(high)));
  }

  /** Central differences of fourth order, good to about 1e-12. */
  private static double difference(Law law, double[] point, int j, double n, double d) {
    double step = 1e-4;
    double[] moved = point.clone();
    double sum = 0;
    double[] offsets = {-2, -1, 1, 2};
    double[] weights = {1.0 / 12, -2.0 / 3, 2.0 / 3, -1.0 / 12};
    for (int i = 0; i < offsets.length; i++) {
      moved[j] = point[j] + offsets[i] * step;
      sum += weights[i] * law.logLossAt(CENTRE, moved, n, d);
    }
    return sum / step;
  }

  private static void checkGradient(Law law, double[] point, double n, double d) {
    double[] gradient = new double[point.length];
    law.logLossAt(CENTRE, point, n, d, gradient);
    for (int j = 0; j < point.length; j++) {
      assertThat(gradient[j])
          .as("%s, derivative by %s", law.name(), law.centredNames().get(j))
          .isCloseTo(difference(law, point, j, n, d), within(1e-7 * Math.abs(gradient[j]) + 1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("laws")
  void gradientMatchesCentralDifferences(Law law) {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < POINTS; i++) {
      checkGradient(
          law,
          randomPoint(law, random),
          logUniform(random, 5e7, 2e10),
          logUniform(random, 1e9, 1e12));
    }
  }

  @ParameterizedTest
  @MethodSource("laws")
  void gradientMatchesWhereExponentsVanish(Law law) {
    SplittableRandom random = new SplittableRandom(8);
    for (double curvature : new double[] {0, 1e-300, 1e-17, -1e-12, 1e-9, -1e-6}) {
      double[] point = randomPoint(law, random);
      for (int j = 0; j < point.length; j++) {
        if (law.centredNames().get(j).matches("alpha|beta|gamma")) {
          point[j] = curvature;
        }
      }
      checkGradient(law, point, 3e8, 5e11);
    }
  }

  @ParameterizedTest
  @MethodSource("laws")
  void centredSurfaceIsThePublishedOne(Law law) {
    SplittableRandom random = new SplittableRandom(9);
    int compared = 0;
    for (int i = 0; i < POINTS; i++) {
      double[] point = randomPoint(law, random);
      double[] published = new double[point.length];
      law.toPublished(CENTRE, point, published);
      double n = logUniform(random, 5e7, 2e10);
      double d = logUniform(random, 1e9, 1e12);
      double expected = law.loss(published, n, d);
      if (Double.isFinite(expected) && exponentsAreAwayFromZero(law, published)) {
        assertThat(Math.exp(law.logLossAt(CENTRE, point, n, d)))
            .isCloseTo(expected, within(1e-9 * expected));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(POINTS / 2);
  }

  /** Near exponent 0 the published formula itself cancels digits: that is why we centre. */
  private static boolean exponentsAreAwayFromZero(Law law, double[] published) {
    for (int j = 0; j < published.length; j++) {
      if (law.parameterNames().get(j).matches("alpha|beta|gamma")
          && Math.abs(published[j]) < 0.05) {
        return false;
      }
    }
    return true;
  }

  @ParameterizedTest
  @MethodSource("laws")
  void publishedCoordinatesSurviveARoundTrip(Law law) {
    SplittableRandom random = new SplittableRandom(10);
    int compared = 0;
    for (int i = 0; i < POINTS; i++) {
      double[] published = new double[law.parameterCount()];
      law.toPublished(CENTRE, randomPoint(law, random), published);
      if (!allFinite(published)) {
        continue;
      }
      double[] centred = new double[published.length];
      double[] back = new double[published.length];
      law.toCentred(CENTRE, published, centred);
      law.toPublished(CENTRE, centred, back);
      for (int j = 0; j < back.length; j++) {
        assertThat(back[j])
            .as("%s, %s", law.name(), law.parameterNames().get(j))
            .isCloseTo(published[j], within(1e-10 * Math.max(1, Math.abs(published[j]))));
      }
      compared++;
    }
    assertThat(compared).isGreaterThan(POINTS * 9 / 10);
  }

  private static boolean allFinite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value) || Math.abs(value) > 1e200) {
        return false;
      }
    }
    return true;
  }

  /** Laws of losses, not of differences of losses. */
  static Stream<Law> lawsOfLosses() {
    return Laws.all().stream();
  }

  @ParameterizedTest
  @MethodSource("lawsOfLosses")
  void exampleLiesOnASurfaceThatFallsWithSizeAndData(Law law) {
    double[] example = law.example();
    assertThat(example).hasSize(law.parameterCount());
    assertThat(law.loss(example, 1e9, 1e10)).isBetween(0.3, 10.0);
    assertThat(law.loss(example, 2e9, 1e10)).isLessThan(law.loss(example, 1e9, 1e10));
    assertThat(law.loss(example, 1e9, 2e10)).isLessThan(law.loss(example, 1e9, 1e10));
  }

  @ParameterizedTest
  @MethodSource("laws")
  void namesAndSizesAgree(Law law) {
    assertThat(law.centredNames()).hasSize(law.parameterCount()).doesNotHaveDuplicates();
    assertThat(law.parameterNames()).hasSize(law.parameterCount()).doesNotHaveDuplicates();
    assertThat(law.samplingBox(CENTRE).orElseThrow().dimension()).isEqualTo(law.parameterCount());
    assertThat(((SizeLaw) law).sizeTermCount()).isPositive();
    assertThat(Laws.all()).contains(law);
  }
}
