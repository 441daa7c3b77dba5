package org.farfit.fit.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.junit.jupiter.api.Test;

/** A surface on a handful of weighted runs, beside densities and full matrices of Hipparchus. */
class EvaluationTest {

  private static final Law LAW = new Chinchilla();
  private static final double[] N = {1e8, 1e8, 1e9, 1e9, 1e9, 1e10};
  private static final double[] D = {1e10, 1e11, 1e10, 3e10, 1e11, 1e11};
  private static final double[] WEIGHT = {0.5, 2, 1, 4, 0.1, 3};
  private static final double[] ERROR = {0.01, -0.02, 0.005, 0.01, -0.03, 0.02};
  private static final int COUNT = N.length;

  private static RunSet runs() {
    double[] loss = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      loss[i] = LAW.loss(LAW.example(), N[i], D[i]) * Math.exp(-ERROR[i]);
    }
    return new RunSet(N, D, loss, WEIGHT);
  }

  private static Evaluation evaluation() {
    RunSet runs = runs();
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] centred = new double[5];
    LAW.toCentred(centre, LAW.example(), centred);
    return Evaluation.of(LAW, centre, centred, runs, Objective.LOG_SQUARED);
  }

  /** The scale of a run of weight w is s / sqrt(w): the sum of normal log densities. */
  @Test
  void theLikelihoodIsThatOfRunsOfTheirOwnScales() {
    double squares = 0;
    for (int i = 0; i < COUNT; i++) {
      squares += WEIGHT[i] * ERROR[i] * ERROR[i];
    }
    double s = Math.sqrt(squares / COUNT);
    double expected = 0;
    for (int i = 0; i < COUNT; i++) {
      expected += new NormalDistribution(0, s / Math.sqrt(WEIGHT[i])).logDensity(ERROR[i]);
    }
    assertThat(evaluation().logLikelihood()).isCloseTo(expected, within(1e-9));
    assertThat(evaluation().sumOfSquares()).isCloseTo(squares, within(1e-15));
  }

  /** -(n ln(2 pi s^2) + ln|V| + n) / 2, s^2 = r'V^-1 r / n, with V written out. */
  @Test
  void theLikelihoodOfAModelIsThatOfItsCovariance() {
    NoiseModel noise = new NoiseModel(NoiseModel.Kind.BOTH, 0.01, 0.02, -0.5, 0.3);
    Evaluation at = evaluation();
    RealMatrix v = new Array2DRowRealMatrix(COUNT, COUNT);
    for (int i = 0; i < COUNT; i++) {
      for (int j = 0; j < COUNT; j++) {
        double own = Math.exp(-0.5 * at.centre().y(D[i]) + 0.3 * at.centre().x(N[i])) / WEIGHT[i];
        v.setEntry(i, j, (i == j ? own : 0) + (N[i] == N[j] ? 4 : 0));
      }
    }
    RealVector r =
        new ArrayRealVector(IntStream.range(0, COUNT).mapToDouble(at::residual).toArray());
    LUDecomposition lu = new LUDecomposition(v);
    double variance = r.dotProduct(lu.getSolver().solve(r)) / COUNT;
    double expected =
        -0.5 * (COUNT * Math.log(2 * Math.PI * variance) + Math.log(lu.getDeterminant()) + COUNT);
    assertThat(at.logLikelihood(noise)).isCloseTo(expected, within(1e-9));
  }

  /** What is known, having no variance, has no error that could be said: not one of 0. */
  @Test
  void whatHasNoVarianceHasNoStandardError() {
    Evaluation at = evaluation();
    double[][] covariance = new double[5][5];
    covariance[0][0] = 0.04;
    covariance[4][4] = 0.09;
    double[] errors = Uncertainty.publishedErrors(LAW, at.centre(), at.centred(), covariance);
    assertThat(errors[0]).isCloseTo(0.2 * LAW.example()[0], within(1e-6));
    assertThat(errors[1]).isNaN();
    assertThat(errors[3]).isNaN();
    assertThat(errors[4]).isCloseTo(0.3, within(1e-6));
  }

  /** Each row is that of the residual times the root of the run's weight, by differences. */
  @Test
  void theJacobianIsThatOfWeightedResiduals() {
    Evaluation at = evaluation();
    double[][] jacobian = at.jacobian();
    double h = 1e-6;
    for (int j = 0; j < 5; j++) {
      double[] up = at.centred().clone();
      double[] down = at.centred().clone();
      up[j] += h;
      down[j] -= h;
      Evaluation above = Evaluation.of(LAW, at.centre(), up, runs(), Objective.LOG_SQUARED);
      Evaluation below = Evaluation.of(LAW, at.centre(), down, runs(), Objective.LOG_SQUARED);
      for (int i = 0; i < COUNT; i++) {
        double slope = (above.residual(i) - below.residual(i)) / (2 * h);
        assertThat(jacobian[i][j]).isCloseTo(Math.sqrt(WEIGHT[i]) * slope, within(1e-8));
      }
    }
  }

  /** Leverages are shares of a run, as many in all as parameters; alone at its size it has all. */
  @Test
  void leveragesAddUpToTheParameters() {
    double[] leverage = evaluation().leverage();
    assertThat(IntStream.range(0, COUNT).mapToDouble(i -> leverage[i]).sum())
        .isCloseTo(5, within(1e-6));
    assertThat(leverage[5]).isCloseTo(1, within(1e-6));
  }
}
