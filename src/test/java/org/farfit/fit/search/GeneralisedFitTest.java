package org.farfit.fit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.NoiseModel.Kind;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generalised least squares with noise that is known, and against dense matrices. */
class GeneralisedFitTest {

  private static final Engine ENGINE = Engines.open("auto");
  private static final Law LAW = new Chinchilla();
  private static final FitOptions FEW = FitOptions.DEFAULT.withStarts(12, 1);
  private static final RunSet EXACT = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 0, 1);
  private static final Centre CENTRE = Centre.of(EXACT.n(), EXACT.d(), EXACT.loss());

  /**
   * @param shared standard deviation of what runs of a size share
   * @param alongD correlation of neighbours in D
   */
  private static RunSet runs(int seed, double shared, double slopeD, double alongD) {
    Random random = new Random(seed);
    double[] sizes = Arrays.stream(EXACT.n()).distinct().sorted().toArray();
    double[] effect =
        IntStream.range(0, sizes.length).mapToDouble(g -> random.nextGaussian()).toArray();
    double[] loss = EXACT.loss();
    double last = 0;
    for (int i = 0; i < loss.length; i++) {
      boolean first = i == 0 || EXACT.n(i) != EXACT.n(i - 1);
      double fresh = random.nextGaussian();
      last = first ? fresh : alongD * last + Math.sqrt(1 - alongD * alongD) * fresh;
      double own = 1.5e-3 * Math.exp(0.5 * slopeD * CENTRE.y(EXACT.d(i))) * last;
      loss[i] *= Math.exp(own + shared * effect[Arrays.binarySearch(sizes, EXACT.n(i))]);
    }
    return new RunSet(EXACT.n(), EXACT.d(), loss);
  }

  private static LawFit ordinary(RunSet runs) {
    return new GlobalFit(ENGINE, FEW).fit(LAW, runs);
  }

  /** J'V^-1 r vanishes, s^2 (J'V^-1 J)^-1 is the covariance, and the likelihood is that of V. */
  @Test
  void theOptimumIsThatOfTheCovarianceWrittenOut() {
    RunSet runs = runs(3, 1.5e-3, -0.5, 0);
    LawFit fit = new GeneralisedFit(ENGINE, FEW).fit(ordinary(runs), runs, Optional.of(Kind.BOTH));
    assertThat(fit.isGeneralised()).isTrue();
    NoiseModel model = fit.noise().orElseThrow().model();
    int n = runs.size();
    DMatrixRMaj jacobian = new DMatrixRMaj(n, 5);
    DMatrixRMaj residual = new DMatrixRMaj(n, 1);
    DMatrixRMaj v = new DMatrixRMaj(n, n);
    double[] row = new double[5];
    for (int i = 0; i < n; i++) {
      double value =
          LAW.logLossAt(
              fit.surface().centre(), fit.surface().centredArray(), runs.n(i), runs.d(i), row);
      residual.set(i, value - Math.log(runs.loss(i)));
      for (int j = 0; j < 5; j++) {
        jacobian.set(i, j, row[j]);
      }
      for (int k = 0; k < n; k++) {
        double shared = runs.n(i) == runs.n(k) ? Math.pow(model.sizeDeviation(), 2) : 0;
        double own = i == k ? model.variance(fit.surface().centre(), runs.n(i), runs.d(i)) : 0;
        v.set(i, k, shared + own);
      }
    }
    DMatrixRMaj scaled = v.copy();
    CommonOps_DDRM.scale(1 / Math.pow(model.deviation(), 2), scaled);
    CommonOps_DDRM.invert(v);
    DMatrixRMaj vr = new DMatrixRMaj(n, 1);
    CommonOps_DDRM.mult(v, residual, vr);
    DMatrixRMaj gradient = new DMatrixRMaj(5, 1);
    CommonOps_DDRM.multTransA(jacobian, vr, gradient);
    DMatrixRMaj vj = new DMatrixRMaj(n, 5);
    CommonOps_DDRM.mult(v, jacobian, vj);
    DMatrixRMaj expected = new DMatrixRMaj(5, 5);
    CommonOps_DDRM.multTransA(jacobian, vj, expected);
    CommonOps_DDRM.invert(expected);
    double[][] covariance =
        Uncertainty.generalised(fit.evaluation(runs), new double[5], List.of(), model)
            .orElseThrow();
    for (int i = 0; i < 5; i++) {
      // The model was estimated again after the last fit: a step of a fraction of an error.
      assertThat(gradient.get(i) * Math.sqrt(expected.get(i, i))).isCloseTo(0, within(0.05));
      for (int j = 0; j < 5; j++) {
        double scale = Math.sqrt(expected.get(i, i) * expected.get(j, j));
        assertThat(covariance[i][j]).isCloseTo(expected.get(i, j), within(1e-7 * scale));
      }
    }
    // A prior that knows one parameter as well as the runs do halves its variance.
    double[] precision = new double[5];
    precision[1] = Math.pow(model.deviation(), 2) / covariance[1][1];
    double[][] with =
        Uncertainty.generalised(fit.evaluation(runs), precision, List.of(), model).orElseThrow();
    for (int i = 0; i < 5; i++) {
      double known = covariance[i][1] * covariance[i][1] / (2 * covariance[1][1]);
      assertThat(with[i][i]).isCloseTo(covariance[i][i] - known, within(1e-7 * covariance[i][i]));
    }
    double squares = CommonOps_DDRM.dot(residual, vr) * Math.pow(model.deviation(), 2);
    double logDeterminant = Math.log(CommonOps_DDRM.det(scaled));
    double likelihood = -0.5 * (n * Math.log(2 * Math.PI * squares / n) + logDeterminant + n);
    assertThat(fit.quality().logLikelihood()).isCloseTo(likelihood, within(1e-6));
    // Five parameters, a variance, a ratio of variances, two slopes.
    assertThat(fit.quality().aic()).isCloseTo(18 - 2 * likelihood, within(1e-5));
  }

  /** Where noise falls with D, or sizes share errors, estimates are nearer to the truth. */
  @Test
  void weighingRunsByTheirNoisePays() {
    double n = 2.5e10;
    double truth = Math.log(LAW.loss(LAW.example(), n, 20 * n));
    for (double[] noise : new double[][] {{0, -1}, {1.5e-3, 0}}) {
      double before = 0;
      double after = 0;
      for (int seed = 0; seed < 40; seed++) {
        RunSet runs = runs(seed, noise[0], noise[1], 0);
        LawFit ordinary = ordinary(runs);
        LawFit fit = new GeneralisedFit(ENGINE, FEW).fit(ordinary, runs, Optional.empty());
        before += Math.pow(Math.log(ordinary.loss(n, 20 * n)) - truth, 2);
        after += Math.pow(Math.log(fit.loss(n, 20 * n)) - truth, 2);
      }
      assertThat(after).isLessThan(before * (noise[0] == 0 ? 0.6 : 1));
    }
  }

  /** A formula is weighed as the law is that it states: the same optimum, errors and criteria. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void formulasAreWeighedAsTheLawsThatTheyState(Kind kind) {
    RunSet runs = runs(4, 1.5e-3, -1, 0);
    Law formula = StatedLaw.parse("E + A*N^-alpha + B*D^-beta").over(runs);
    LawFit plain = new GlobalFit(ENGINE, FEW).fit(formula, runs);
    LawFit found = new GeneralisedFit(ENGINE, FEW).fit(plain, runs, Optional.of(kind));
    LawFit hand = new GeneralisedFit(ENGINE, FEW).fit(ordinary(runs), runs, Optional.of(kind));
    assertThat(found.isGeneralised()).isEqualTo(kind != Kind.INDEPENDENT);
    assertThat(found.noise().orElseThrow().verdict())
        .isEqualTo(hand.noise().orElseThrow().verdict());
    // Slopes of the variance are found to 1e-7, which is how exact what follows them is.
    double digits = kind.changesVariance() ? 1e-7 : 1e-8;
    double aic = hand.quality().aic();
    assertThat(found.quality().aic()).isCloseTo(aic, within(digits * Math.abs(aic)));
    double[] parameters = found.surface().published();
    double[] errors = found.standardErrors().orElseThrow();
    for (int j = 0; j < parameters.length; j++) {
      int other = hand.law().parameterNames().indexOf(formula.parameterNames().get(j));
      double value = hand.surface().published()[other];
      double error = hand.standardErrors().orElseThrow()[other];
      assertThat(parameters[j]).isCloseTo(value, within(digits * value));
      assertThat(errors[j]).isCloseTo(error, within(digits * error));
    }
    double n = 2.5e10;
    double moved = Math.abs(plain.loss(n, 20 * n) - found.loss(n, 20 * n));
    assertThat(moved > 1e-5).isEqualTo(found.isGeneralised());
  }

  /** What no model describes leaves the fit as it was, and its errors go by sizes. */
  @Test
  void correlationAlongDLeavesTheFitAlone() {
    int found = 0;
    for (int seed = 0; seed < 10; seed++) {
      RunSet runs = runs(seed, 0, 0, 0.8);
      LawFit ordinary = ordinary(runs);
      LawFit fit = new GeneralisedFit(ENGINE, FEW).fit(ordinary, runs, Optional.empty());
      if (fit.isBeyondModel()) {
        found++;
        assertThat(fit.surface().centred()).isEqualTo(ordinary.surface().centred());
        assertThat(fit.noise().orElseThrow().verdict()).contains("go by whole sizes");
        assertThat(fit.surface().covariance().orElseThrow()[0])
            .isNotEqualTo(ordinary.surface().covariance().orElseThrow()[0]);
        assertThat(fit.degreesOfFreedomOf(runs).applyAsDouble(new double[] {1, 0, 0, 0, 0}))
            .isBetween(1.0, 20.0);
      }
    }
    assertThat(found).isGreaterThan(8);
  }
}
