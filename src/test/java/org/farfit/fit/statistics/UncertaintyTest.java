package org.farfit.fit.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/** The covariance of a fit of few runs. */
class UncertaintyTest {

  private static final Law LAW = new Chinchilla();
  private static final double THRESHOLD = 1e-3;

  /** Eight runs, of which half lie far beyond the threshold; the true parameters. */
  private static Evaluation evaluation() {
    double[] n = {1e8, 1e8, 2e8, 2e8, 4e8, 4e8, 8e8, 8e8};
    double[] d = {2e9, 3e10, 4e9, 6e10, 2e9, 8e10, 4e9, 1e11};
    double[] loss = new double[n.length];
    Arrays.setAll(
        loss, i -> LAW.loss(LAW.example(), n[i], d[i]) * (i < 4 ? 1 : i % 2 == 0 ? 1.05 : 0.95));
    Centre centre = Centre.of(n, d, loss);
    double[] centred = new double[LAW.parameterCount()];
    LAW.toCentred(centre, LAW.example(), centred);
    return Evaluation.of(
        LAW,
        centre,
        centred,
        new RunSet(n, d, loss),
        new Objective(Objective.Residual.LOG, THRESHOLD));
  }

  /** As many runs below the threshold as parameters are wanted, unless a prior has the rest. */
  @Test
  void aPriorStandsInForOutliers() {
    Evaluation at = evaluation();
    int p = LAW.parameterCount();
    assertThat(Uncertainty.of(at, new double[p], List.of()).covariance()).isEmpty();
    double[] precision = {0, 0, 0, 4, 9};
    double[][] covariance = Uncertainty.of(at, precision, List.of()).covariance().orElseThrow();
    // s^2 (J'J + P)^-1, s^2 by the four residuals that count as the threshold, over n - p, and
    // divided by the square of the share below it (Huber 1981).
    DMatrixRMaj jacobian = new DMatrixRMaj(at.jacobian());
    DMatrixRMaj expected = new DMatrixRMaj(p, p);
    CommonOps_DDRM.multInner(jacobian, expected);
    CommonOps_DDRM.addEquals(expected, CommonOps_DDRM.diag(precision));
    CommonOps_DDRM.invert(expected);
    CommonOps_DDRM.scale(4 * THRESHOLD * THRESHOLD / (8 - p) / 0.25, expected);
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        assertThat(covariance[i][j])
            .isCloseTo(
                expected.get(i, j),
                within(1e-9 * Math.sqrt(expected.get(i, i) * expected.get(j, j))));
      }
    }
  }

  /** Parameters of unlike scales, one of them without variance, and one that another determines. */
  @Test
  void directionsAreARootOfTheCovariance() {
    SplittableRandom random = new SplittableRandom(4);
    double[] scales = {1e-6, 1, 0, 1e5, 30};
    double[][] root = new double[scales.length][3];
    for (int i = 0; i < scales.length; i++) {
      Arrays.setAll(root[i], k -> random.nextDouble(-1, 1));
      for (int k = 0; k < 3; k++) {
        root[i][k] *= scales[i];
      }
    }
    double[][] covariance = outer(root, root);
    List<double[]> directions = LinearPropagation.directions(covariance);
    assertThat(directions).hasSize(3);
    double[][] along = new double[scales.length][3];
    for (int i = 0; i < scales.length; i++) {
      int row = i;
      Arrays.setAll(along[i], k -> directions.get(k)[row]);
    }
    double[][] again = outer(along, along);
    for (int i = 0; i < scales.length; i++) {
      for (int j = 0; j < scales.length; j++) {
        assertThat(again[i][j])
            .isCloseTo(covariance[i][j], within(1e-30 + 1e-13 * scales[i] * scales[j]));
      }
    }
  }

  private static double[][] outer(double[][] a, double[][] b) {
    return Arrays.stream(a)
        .map(x ->
            Arrays.stream(b)
                .mapToDouble(y -> IntStream.range(0, x.length).mapToDouble(k -> x[k] * y[k]).sum())
                .toArray())
        .toArray(double[][]::new);
  }
}
