package org.farfit.fit.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;

/**
 * Covariance and degrees of freedom against the formulas of Bell and McCaffrey in full matrices.
 */
class ClusteredErrorsTest {

  private static final Law LAW = new Chinchilla();
  private static final double[] SIZES = {1e8, 2e8, 4e8, 8e8, 1.6e9, 3.2e9, 6.4e9};
  private static final double RATIO = 0.6;

  private static RunSet runs() {
    Random random = new Random(4);
    int n = 40;
    double[] size = new double[n];
    double[] tokens = new double[n];
    double[] loss = new double[n];
    for (int i = 0; i < n; i++) {
      size[i] = SIZES[i % SIZES.length];
      tokens[i] = 1e9 * Math.exp(random.nextDouble() * 5);
      loss[i] =
          LAW.loss(LAW.example(), size[i], tokens[i]) * Math.exp(0.01 * random.nextGaussian());
    }
    return new RunSet(size, tokens, loss);
  }

  @Test
  void covarianceAndDegreesOfFreedomAreThoseOfTheFormulas() {
    RunSet runs = runs();
    int n = runs.size();
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] centred = new double[5];
    LAW.toCentred(centre, LAW.example(), centred);
    Evaluation at = Evaluation.of(LAW, centre, centred, runs, Objective.LOG_SQUARED);
    ClusteredErrors errors = new ClusteredErrors(at, new double[5], List.of(), true, 0, RATIO);

    RealMatrix j = new Array2DRowRealMatrix(at.jacobian());
    RealMatrix inverse = new LUDecomposition(j.transpose().multiply(j)).getSolver().getInverse();
    RealMatrix hat = j.multiply(inverse).multiply(j.transpose());
    RealMatrix left = MatrixUtils.createRealIdentityMatrix(n).subtract(hat);
    RealMatrix e =
        new Array2DRowRealMatrix(IntStream.range(0, n).mapToDouble(at::residual).toArray());
    double[] gradient = {0.3, -1, 0.2, 2, 0.5};
    RealMatrix l = new Array2DRowRealMatrix(gradient);
    RealMatrix meat = new Array2DRowRealMatrix(5, 5);
    RealMatrix g = new Array2DRowRealMatrix(n, SIZES.length);
    RealMatrix v = MatrixUtils.createRealIdentityMatrix(n);
    for (int k = 0; k < SIZES.length; k++) {
      double size = SIZES[k];
      int[] own = IntStream.range(0, n).filter(i -> runs.n(i) == size).toArray();
      int[] all = IntStream.range(0, 5).toArray();
      RealMatrix side = left.getSubMatrix(own, own);
      RealMatrix block = side.add(side.transpose()).scalarMultiply(0.5);
      RealMatrix root = new EigenDecompositionSymmetric(block).getSquareRoot();
      RealMatrix corrects = new LUDecomposition(root).getSolver().getInverse();
      RealMatrix rows = j.getSubMatrix(own, all);
      RealMatrix score =
          rows.transpose().multiply(corrects).multiply(e.getSubMatrix(own, new int[] {0}));
      meat = meat.add(score.multiply(score.transpose()));
      RealMatrix w = corrects.multiply(rows).multiply(inverse).multiply(l);
      for (int i = 0; i < n; i++) {
        for (int a = 0; a < own.length; a++) {
          g.addToEntry(i, k, left.getEntry(i, own[a]) * w.getEntry(a, 0));
        }
      }
      for (int a : own) {
        for (int b : own) {
          v.addToEntry(a, b, RATIO);
        }
      }
    }
    RealMatrix expected = inverse.multiply(meat).multiply(inverse);
    double[][] actual = errors.covariance();
    for (int a = 0; a < 5; a++) {
      for (int b = 0; b < 5; b++) {
        double scale = Math.sqrt(expected.getEntry(a, a) * expected.getEntry(b, b));
        assertThat(actual[a][b]).isCloseTo(expected.getEntry(a, b), within(1e-8 * scale));
      }
    }
    RealMatrix omega = g.transpose().multiply(v).multiply(g);
    double degrees = Math.pow(omega.getTrace(), 2) / omega.multiply(omega).getTrace();
    assertThat(errors.degreesOfFreedom(gradient)).isCloseTo(degrees, within(1e-7));
    assertThat(degrees).isBetween(1.0, 6.0);
    assertThat(errors.knowledge().most()).isEqualTo(SIZES.length - 1);
    ClusteredErrors byRun = new ClusteredErrors(at, new double[5], List.of(), false, 0, 0);
    assertThat(byRun.knowledge().most()).isEqualTo(n - 1);
    assertThat(errors.degreesOfFreedom(new double[5])).isEqualTo(SIZES.length - 1);
  }

  /** The jackknife is what parameters of the linearised fit change by without each size. */
  @Test
  void theJackknifeLeavesOutSizes() {
    RunSet scattered = runs();
    int n = scattered.size();
    Centre centre = Centre.of(scattered.n(), scattered.d(), scattered.loss());
    double[] centred = new double[5];
    LAW.toCentred(centre, LAW.example(), centred);
    Evaluation before = Evaluation.of(LAW, centre, centred, scattered, Objective.LOG_SQUARED);
    RealMatrix j = new Array2DRowRealMatrix(before.jacobian());
    RealMatrix e =
        new Array2DRowRealMatrix(IntStream.range(0, n).mapToDouble(before::residual).toArray());
    // Losses of which these parameters are the least-squares fit, to first order.
    RealMatrix left = e.subtract(j.multiply(without(j, e, new int[0])));
    double[] loss =
        IntStream.range(0, n)
            .mapToDouble(i ->
                LAW.loss(LAW.example(), scattered.n(i), scattered.d(i))
                    * Math.exp(-left.getEntry(i, 0)))
            .toArray();
    RunSet runs = new RunSet(scattered.n(), scattered.d(), loss);
    Evaluation at = Evaluation.of(LAW, centre, centred, runs, Objective.LOG_SQUARED);
    ClusteredErrors errors = new ClusteredErrors(at, new double[5], List.of(), true, 0, RATIO);
    double[] residuals = errors.jackknifeResiduals();
    RealMatrix expected = new Array2DRowRealMatrix(5, 5);
    for (double size : SIZES) {
      int[] own = IntStream.range(0, n).filter(i -> runs.n(i) == size).toArray();
      RealMatrix change = without(j, left, own);
      double fewer = (SIZES.length - 1.0) / SIZES.length;
      expected = expected.add(change.multiply(change.transpose()).scalarMultiply(fewer));
      RealMatrix unseen = left.subtract(j.multiply(change));
      for (int i : own) {
        assertThat(residuals[i]).isCloseTo(Math.sqrt(fewer) * unseen.getEntry(i, 0), within(1e-9));
      }
    }
    double[][] actual = errors.jackknife();
    for (int a = 0; a < 5; a++) {
      for (int b = 0; b < 5; b++) {
        double scale = Math.sqrt(expected.getEntry(a, a) * expected.getEntry(b, b));
        assertThat(actual[a][b]).isCloseTo(expected.getEntry(a, b), within(1e-7 * scale));
      }
    }
  }

  /** The least-squares solution of all rows but some. */
  private static RealMatrix without(RealMatrix j, RealMatrix e, int[] rows) {
    int[] others =
        IntStream.range(0, j.getRowDimension())
            .filter(i -> IntStream.of(rows).noneMatch(row -> row == i))
            .toArray();
    int[] all = IntStream.range(0, j.getColumnDimension()).toArray();
    RealMatrix kept = j.getSubMatrix(others, all);
    return new LUDecomposition(kept.transpose().multiply(kept))
        .getSolver()
        .solve(kept.transpose().multiply(e.getSubMatrix(others, new int[] {0})));
  }

  /** What residuals count for by robust loss: psi over the share below the threshold. */
  @Test
  void robustFitsCountWhatTheThresholdLeaves() {
    RunSet runs = runs();
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] centred = new double[5];
    LAW.toCentred(centre, LAW.example(), centred);
    double delta = 8e-3;
    Evaluation plain = Evaluation.of(LAW, centre, centred, runs, Objective.LOG_SQUARED);
    Evaluation at = Evaluation.of(LAW, centre, centred, runs, Objective.logHuber(delta));
    int n = runs.size();
    double share =
        IntStream.range(0, n).filter(i -> Math.abs(plain.residual(i)) <= delta).count()
            / (double) n;
    assertThat(share).isBetween(0.4, 0.8);
    double[] loss = new double[n];
    for (int i = 0; i < n; i++) {
      double psi = Math.clamp(plain.residual(i), -delta, delta);
      // A run whose plain residual is what this one counts for.
      loss[i] = LAW.loss(LAW.example(), runs.n(i), runs.d(i)) * Math.exp(-psi / share);
    }
    Evaluation counted =
        Evaluation.of(
            LAW, centre, centred, new RunSet(runs.n(), runs.d(), loss), Objective.LOG_SQUARED);
    double[][] expected =
        new ClusteredErrors(counted, new double[5], List.of(), true, 0, RATIO).covariance();
    double[][] actual =
        new ClusteredErrors(at, new double[5], List.of(), true, 0, RATIO).covariance();
    for (int a = 0; a < 5; a++) {
      for (int b = 0; b < 5; b++) {
        double scale = Math.sqrt(expected[a][a] * expected[b][b]);
        assertThat(actual[a][b]).isCloseTo(expected[a][b], within(1e-9 * scale));
      }
    }
  }

  /** Of whitened rows and residuals, V^(-1/2) by eigenvectors, and back. */
  @Test
  void generalisedLeastSquaresAreThoseOfWhitenedRuns() {
    RunSet runs = runs();
    int n = runs.size();
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] centred = new double[5];
    LAW.toCentred(centre, LAW.example(), centred);
    double[] weights = IntStream.range(0, n).mapToDouble(i -> 0.5 + i % 3).toArray();
    RunSet weighed = runs.weighted(weights);
    Evaluation at = Evaluation.of(LAW, centre, centred, weighed, Objective.LOG_SQUARED);
    ClusteredErrors errors = new ClusteredErrors(at, new double[5], List.of(), true, RATIO, 0);

    RealMatrix v = new Array2DRowRealMatrix(n, n);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        double shared = runs.n(i) == runs.n(k) ? RATIO * Math.sqrt(weights[i] * weights[k]) : 0;
        v.setEntry(i, k, shared + (i == k ? 1 : 0));
      }
    }
    RealMatrix root = new EigenDecompositionSymmetric(v).getSquareRoot();
    RealMatrix whiten = new LUDecomposition(root).getSolver().getInverse();
    RealMatrix j = whiten.multiply(new Array2DRowRealMatrix(at.jacobian()));
    RealMatrix e =
        whiten.multiply(
            new Array2DRowRealMatrix(
                IntStream.range(0, n)
                    .mapToDouble(i -> Math.sqrt(weights[i]) * at.residual(i))
                    .toArray()));
    RealMatrix inverse = new LUDecomposition(j.transpose().multiply(j)).getSolver().getInverse();
    RealMatrix left =
        MatrixUtils.createRealIdentityMatrix(n)
            .subtract(j.multiply(inverse).multiply(j.transpose()));
    RealMatrix meat = new Array2DRowRealMatrix(5, 5);
    RealMatrix corrected = new Array2DRowRealMatrix(n, 1);
    int[] first = {0};
    for (double size : SIZES) {
      int[] own = IntStream.range(0, n).filter(i -> runs.n(i) == size).toArray();
      RealMatrix side = left.getSubMatrix(own, own);
      RealMatrix block = side.add(side.transpose()).scalarMultiply(0.5);
      RealMatrix corrects =
          new LUDecomposition(new EigenDecompositionSymmetric(block).getSquareRoot())
              .getSolver()
              .getInverse();
      RealMatrix residual = corrects.multiply(e.getSubMatrix(own, first));
      RealMatrix rows = j.getSubMatrix(own, IntStream.range(0, 5).toArray());
      RealMatrix score = rows.transpose().multiply(residual);
      meat = meat.add(score.multiply(score.transpose()));
      for (int i = 0; i < own.length; i++) {
        corrected.setEntry(own[i], 0, residual.getEntry(i, 0));
      }
    }
    RealMatrix expected = inverse.multiply(meat).multiply(inverse);
    double[][] actual = errors.covariance();
    for (int a = 0; a < 5; a++) {
      double scale = Math.sqrt(expected.getEntry(a, a) * expected.getEntry(0, 0));
      assertThat(actual[a][0]).isCloseTo(expected.getEntry(a, 0), within(1e-8 * scale));
    }
    RealMatrix back = root.multiply(corrected);
    double[] residuals = errors.correctedResiduals();
    for (int i = 0; i < n; i++) {
      assertThat(residuals[i]).isCloseTo(back.getEntry(i, 0) / Math.sqrt(weights[i]), within(1e-9));
    }
  }
}
