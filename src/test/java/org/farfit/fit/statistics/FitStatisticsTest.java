package org.farfit.fit.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Kaplan;
import org.farfit.law.Law;
import org.farfit.law.SamplingBox;
import org.farfit.solver.StartingPoints;
import org.hipparchus.analysis.integration.IterativeLegendreGaussIntegrator;
import org.junit.jupiter.api.Test;

/**
 * Quality, likelihood and standard errors of fits beside textbook formulas and repeated
 * experiments.
 */
class FitStatisticsTest {

  private static final Law LAW = new Chinchilla();

  private static LawFit fit(RunSet runs, Objective objective) {
    FitOptions options = FitOptions.DEFAULT.withObjective(objective).withStarts(10, 1);
    return new GlobalFit(new ScalarEngine(), options).fit(LAW, runs);
  }

  private static RunSet simulated(long seed) {
    return Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 3e-3, seed);
  }

  /** The scatter of fits to 200 independent data sets is what one fit says of itself. */
  @Test
  void standardErrorsAreTheScatterOfRepeatedExperiments() {
    int repeats = 200;
    for (Objective objective : new Objective[] {Objective.LOG_SQUARED, Objective.logHuber(3e-3)}) {
      double[][] found = new double[repeats][];
      for (int r = 0; r < repeats; r++) {
        found[r] = fit(simulated(r), objective).surface().published();
      }
      double[] stated = fit(simulated(1000), objective).standardErrors().orElseThrow();
      for (int j = 0; j < 5; j++) {
        int column = j;
        double[] values = Arrays.stream(found).mapToDouble(row -> row[column]).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance =
            Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (repeats - 1);
        // The scatter of 200 values is itself known to 5%; 20% is four times that.
        assertThat(stated[j] / Math.sqrt(variance)).isBetween(0.8, 1.2);
      }
    }
  }

  @Test
  void qualityOfAKnownResidual() {
    // Three runs off the surface by +1%, -1% and 0% of the loss.
    double[] truth = LAW.example();
    double[] n = {1e8, 1e9, 1e9};
    double[] d = {1e10, 1e10, 1e11};
    double[] loss = new double[3];
    double[] factor = {1.01, 0.99, 1};
    for (int i = 0; i < 3; i++) {
      loss[i] = LAW.loss(truth, n[i], d[i]) / factor[i];
    }
    RunSet runs = new RunSet(n, d, loss);
    Centre centre = Centre.of(n, d, loss);
    double[] centred = new double[5];
    LAW.toCentred(centre, truth, centred);
    FitQuality quality =
        FitQuality.of(Evaluation.of(LAW, centre, centred, runs, Objective.LOG_SQUARED));
    double squares = Math.pow(Math.log(1.01), 2) + Math.pow(Math.log(0.99), 2);
    assertThat(quality.mape()).isCloseTo(2.0 / 3, within(1e-9));
    assertThat(quality.rmse()).isCloseTo(Math.sqrt(squares / 3), within(1e-12));
    // Textbook: -2 ln likelihood = n (ln(2 pi RSS / n) + 1).
    double minusTwice = 3 * (Math.log(2 * Math.PI * squares / 3) + 1);
    assertThat(quality.aic()).isCloseTo(minusTwice + 2 * 6, within(1e-6));
    assertThat(quality.bic()).isCloseTo(minusTwice + 6 * Math.log(3), within(1e-6));
  }

  @Test
  void huberDensityIntegratesToOneAtEveryThreshold() {
    for (double delta : new double[] {0.05, 0.7, 3}) {
      // One residual of cost rho: the maximum over s of -ln s - ln Z(delta/s) - rho/s^2.
      double s = LogLikelihood.scale(40.0, 100, delta);
      Objective objective = Objective.logHuber(delta);
      double logDensityAtZero = LogLikelihood.maximum(40.0, 100, delta) / 100 + 0.4 / (s * s);
      double tail = 60 * s * s / delta + 40 * s;
      double integral =
          new IterativeLegendreGaussIntegrator(20, 1e-10, 1e-10)
              .integrate(
                  1_000_000,
                  r -> Math.exp(logDensityAtZero - objective.loss(r) / (s * s)),
                  0,
                  tail);
      // The integrand has a kink in its second derivative at the threshold.
      assertThat(2 * integral).isCloseTo(1, within(2e-5));
    }
  }

  @Test
  void huberScaleMaximisesTheLikelihood() {
    double delta = 0.3;
    double best = LogLikelihood.maximum(5, 50, delta);
    double gaussian = LogLikelihood.maximum(5, 50, Double.POSITIVE_INFINITY);
    assertThat(LogLikelihood.maximum(5, 50, 1e6)).isCloseTo(gaussian, within(1e-9));
    assertThat(LogLikelihood.scale(5, 50, Double.POSITIVE_INFINITY))
        .isCloseTo(Math.sqrt(0.2), within(1e-15));
    // Laplace limit: density exp(-|r| / b) / (2 b), b = mean |r|; the cost is delta times sum |r|.
    double tiny = 1e-9;
    double sumAbsolute = 20;
    double laplace = -50 * (Math.log(2 * sumAbsolute / 50) + 1);
    assertThat(LogLikelihood.maximum(tiny * sumAbsolute, 50, tiny))
        .isCloseTo(laplace, within(1e-3));
    assertThat(best).isFinite();
  }

  @Test
  void weightsCountAsRepeatedRuns() {
    RunSet base = simulated(1);
    double[] weight = new double[base.size()];
    Arrays.fill(weight, 1);
    weight[3] = 2;
    LawFit weighted =
        fit(new RunSet(base.n(), base.d(), base.loss(), weight), Objective.LOG_SQUARED);
    LawFit repeated =
        fit(
            new RunSet(append(base.n(), 3), append(base.d(), 3), append(base.loss(), 3)),
            Objective.LOG_SQUARED);
    assertThat(weighted.cost()).isCloseTo(repeated.cost(), within(1e-12));
    assertThat(weighted.loss(1e10, 1e12)).isCloseTo(repeated.loss(1e10, 1e12), within(1e-9));
  }

  private static double[] append(double[] values, int index) {
    double[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = values[index];
    return longer;
  }

  @Test
  void tooFewRunsOrNoSpreadAreInputErrors() {
    RunSet four = new RunSet(new double[] {1, 2, 3, 4}, new double[] {1, 2, 3, 4}, ones(4));
    assertThatThrownBy(() -> fit(four, Objective.LOG_SQUARED))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("4 runs, expected at least 5 for the 5 parameters of chinchilla");
    assertThatThrownBy(() ->
            FitRequirements.check(
                "runs.csv", List.of(new Chinchilla(), new Kaplan()), Method.GLOBAL, four))
        .hasMessage(
            "runs.csv: 4 runs, expected at least 5 for the 5 parameters of chinchilla; add runs or"
                + " fit a law with fewer parameters; they are enough for kaplan");
    RunSet oneSize = new RunSet(ones(9), new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, ones(9));
    assertThatThrownBy(() -> fit(oneSize, Objective.LOG_SQUARED))
        .hasMessageContaining("only one distinct N");
    RunSet oneLength = new RunSet(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, ones(9), ones(9));
    assertThatThrownBy(() -> fit(oneLength, Objective.LOG_SQUARED))
        .hasMessageContaining("only one distinct D");
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void asManyRunsAsParametersGiveAFitWithoutErrors() {
    double[] n = {1e8, 4e8, 1e9, 2e9, 8e9};
    double[] d = {1e9, 2e10, 3e9, 9e10, 2e11};
    double[] loss = new double[5];
    for (int i = 0; i < 5; i++) {
      loss[i] = LAW.loss(LAW.example(), n[i], d[i]);
    }
    LawFit fit = fit(new RunSet(n, d, loss), Objective.LOG_SQUARED);
    assertThat(fit.standardErrors()).isEmpty();
    assertThat(fit.loss(1e9, 1e10)).isFinite();
  }

  @Test
  void startsAreSpreadSeededAndStable() {
    SamplingBox box = new Farseer().samplingBox(new Centre(20, 24, -0.5)).orElseThrow();
    SpreadStarts few = new SpreadStarts(box, 64, 4);
    SpreadStarts many = new SpreadStarts(box, 256, 4);
    SpreadStarts other = new SpreadStarts(box, 64, 5);
    double[] a = new double[9];
    double[] b = new double[9];
    int[] half = new int[9];
    for (int k = 0; k < 64; k++) {
      few.start(k, a);
      many.start(k, b);
      assertThat(a).isEqualTo(b);
      other.start(k, b);
      assertThat(a).isNotEqualTo(b);
      for (int j = 0; j < 9; j++) {
        assertThat(a[j]).isBetween(box.low()[j], box.high()[j]);
        half[j] += a[j] < 0.5 * (box.low()[j] + box.high()[j]) ? 1 : 0;
      }
    }
    double[] three = new double[27];
    few.starts(7, 3, 9, three);
    few.start(9, a);
    assertThat(Arrays.copyOfRange(three, 18, 27)).isEqualTo(a);
    // A rotated Sobol sequence puts as many points in one half as in the other, almost.
    for (int count : half) {
      assertThat(count).isBetween(30, 34);
    }
  }

  /** Solvers that compare costs leave a parameter uncertain by 1e-8; reported ones are polished. */
  @Test
  void reportedDigitsDoNotDependOnTheStarts() {
    for (Objective objective : List.of(Objective.LOG_SQUARED, Objective.logHuber(1e-3))) {
      double[][] found = new double[2][];
      for (int seed = 0; seed < 2; seed++) {
        FitOptions options = FitOptions.DEFAULT.withObjective(objective).withStarts(10, seed + 1);
        found[seed] =
            new GlobalFit(new ScalarEngine(), options)
                .fit(LAW, simulated(5))
                .surface()
                .centredArray();
      }
      for (int j = 0; j < 5; j++) {
        assertThat(found[0][j]).isCloseTo(found[1][j], within(1e-11));
      }
    }
  }

  @Test
  void distinctOptimaAreToldApart() {
    LawFit fit = fit(simulated(2), Objective.LOG_SQUARED);
    assertThat(fit.multiStart().orElseThrow().best().starts())
        .isEqualTo(fit.multiStart().orElseThrow().atBest());
    assertThat(fit.multiStart().orElseThrow().costs()).hasSize(10);
    fit.multiStart()
        .orElseThrow()
        .second()
        .ifPresent(second -> assertThat(second.cost()).isGreaterThan(fit.cost() * 1.001));
  }

  @Test
  void withoutAFiniteStartTheFitSaysSo() {
    StartingPoints nowhere = StartingPoints.forRows(new double[] {Double.NaN, 0, 0, 0, 0}, 1);
    for (Objective objective : new Objective[] {Objective.LOG_SQUARED, Objective.logHuber(1e-3)}) {
      FitOptions options = FitOptions.DEFAULT.withObjective(objective);
      LawFit fit = new GlobalFit(new ScalarEngine(), options).fit(LAW, simulated(1), c -> nowhere);
      assertThat(fit.status().isConverged()).isFalse();
      assertThat(fit.quality().logLikelihood()).isNaN();
      assertThat(fit.standardErrors()).isEmpty();
    }
    assertThat(LogLikelihood.scale(Double.POSITIVE_INFINITY, 3, 1e-3)).isNaN();
  }
}
