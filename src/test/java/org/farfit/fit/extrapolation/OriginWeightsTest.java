package org.farfit.fit.extrapolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Candidates weigh by how far they erred at every origin. */
class OriginWeightsTest {

  private static final double[] EQUAL = {0.5, 0.5};

  /** Half of the errors at twenty origins: 2 to the power of 0.15 times 20. */
  @Test
  void halfOfTheErrorsWeighsEightTimesAsMuch() {
    double[][] origin = {{0.019, -0.021, 0.0197}, {-0.04, 0.0402, 0.0395}};
    double[] weights =
        OriginWeights.single(Collections.nCopies(20, origin), Stacking.alike(20), EQUAL);
    assertThat(weights[0] / weights[1]).isCloseTo(8, within(1e-9));
    assertThat(weights[0] + weights[1]).isCloseTo(1, within(1e-15));
  }

  /** By quadrature over the logarithm of the scale, which is as likely to be anywhere. */
  @Test
  void weightsArePredictiveLikelihoodsOfErrorsOfUnknownScale() {
    double[][] near = {{0.01, 0.02, -0.01}, {-0.02, -0.01, -0.02}};
    double[][] far = {{0.05, 0.01}, {0.3, 0.4}};
    double[] before = {0.2, 0.8};
    double[] expected = before.clone();
    for (double[][] origin : List.of(near, far)) {
      for (int k = 0; k < 2; k++) {
        double error = 1e-4;
        for (double each : origin[k]) {
          error += Math.abs(each) / origin[k].length;
        }
        double likelihood = 0;
        for (double logScale = -60; logScale < 150; logScale += 0.01) {
          double scale = Math.exp(logScale);
          likelihood += 0.01 * Math.pow(Math.exp(-error / scale) / (2 * scale), 0.15);
        }
        expected[k] *= likelihood;
      }
    }
    double[] weights = OriginWeights.single(List.of(near, far), Stacking.alike(2), before);
    assertThat(weights[0] / weights[1])
        .isCloseTo(expected[0] / expected[1], within(1e-6 * weights[0] / weights[1]));
  }

  /** Errors of opposite sign make good for each other, the more the more origins say so. */
  @Test
  void plentyOfEvidenceFindsWhatErrorsMakeGood() {
    double[][] origin = {{0.01, 0.012}, {-0.03, -0.031}};
    double[] few = OriginWeights.of(Collections.nCopies(4, origin), EQUAL);
    double[] many = OriginWeights.of(Collections.nCopies(400, origin), EQUAL);
    double[] alone =
        OriginWeights.single(Collections.nCopies(400, origin), Stacking.alike(400), EQUAL);
    // Least squares of the average's errors: (0.03 0.04 + 0.031 0.043) / (0.04^2 + 0.043^2).
    double least = 0.002533 / 0.003449;
    assertThat(alone[0]).isGreaterThan(0.999);
    assertThat(many[0]).isCloseTo(least, within(0.03));
    assertThat(few[0]).isBetween(0.5, least);
  }

  @Test
  void withoutOriginsNothingChanges() {
    double[] before = {0.45, 0.3, 0.25};
    assertThat(OriginWeights.of(List.of(), before)).containsExactly(before, within(1e-15));
    assertThat(OriginWeights.resampled(List.of(), before, 50)).containsExactly(before);
  }

  /** Where some of the origins speak for each candidate, either may be chosen. */
  @Test
  void resampledChoicesTellTheDoubt() {
    double[][] first = {{0.001, -0.001}, {0.1, 0.1}};
    double[][] second = {{0.1, 0.1}, {0.001, -0.001}};
    double[] certain = OriginWeights.resampled(Collections.nCopies(12, first), EQUAL, 50);
    assertThat(certain[0]).isGreaterThan(0.99);
    List<double[][]> both = List.of(first, second, first, first, second, first, first, first);
    double[] doubt = OriginWeights.resampled(both, EQUAL, 50);
    assertThat(doubt[1]).isBetween(OriginWeights.of(both, EQUAL)[1], 0.5);
    assertThat(doubt[0] + doubt[1]).isCloseTo(1, within(1e-9));
  }
}
