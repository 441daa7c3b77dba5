package org.farfit.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.farfit.RealData;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.regularised.RegularisedFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.statistics.JacobianColumns;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Kaplan;
import org.farfit.law.Law;
import org.farfit.law.Limits;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.Status;
import org.junit.jupiter.api.Test;

/** Parameters that end at a limit, and fits that take long. */
class ParameterLimitTest {

  private static final Engine ENGINE = Engines.open("auto");
  private static final FitOptions FEW = FitOptions.DEFAULT.withStarts(12, 1);

  /** Runs without an irreducible loss: half of such data sets fit best with a negative one. */
  static RunSet withoutIrreducibleLoss(int seed) {
    Law law = new Chinchilla();
    return Simulation.runs(
        law, new double[] {1e-4, 20, 60, 0.15, 0.2}, DesignGrid.paper(), 5e-3, seed);
  }

  @Test
  void anIrreducibleLossThatVanishesEndsAtItsLimit() {
    for (Law law : List.of(new Chinchilla(), new Skaling())) {
      int atLimit = 0;
      for (int seed = 0; seed < 20; seed++) {
        RunSet runs = withoutIrreducibleLoss(seed);
        LawFit fit = new GlobalFit(ENGINE, FEW).fit(law, runs);
        assertThat(fit.status().isConverged()).as("%s, seed %d", law.name(), seed).isTrue();
        assertThat(fit.standardErrors()).isPresent();
        boolean vanished = fit.surface().published()[0] < 1e-6;
        assertThat(fit.atLimit()).isEqualTo(vanished ? List.of(0) : List.of());
        assertThat(fit.status() == Status.CONVERGED_LIMIT).isEqualTo(vanished);
        atLimit += vanished ? 1 : 0;
      }
      assertThat(atLimit).isBetween(4, 16);
    }
  }

  /** A product of powers less half of its least value, as losses beyond a wrong offset are. */
  private static RunSet withoutCapacityTerm() {
    RunSet grid = withoutIrreducibleLoss(0);
    double[] loss = new double[grid.size()];
    for (int i = 0; i < loss.length; i++) {
      loss[i] = Math.pow(grid.n()[i] / 1e9, -0.1) * Math.pow(grid.d()[i] / 1e10, -0.3);
    }
    double half = Arrays.stream(loss).min().orElseThrow() / 2;
    return new RunSet(grid.n(), grid.d(), Arrays.stream(loss).map(each -> each - half).toArray());
  }

  /** Its variance is out of all measure, and rounding must not make another negative. */
  @Test
  void variancesBesideACapacityTermThatVanishesAreNotNegative() {
    RunSet runs = withoutCapacityTerm();
    LawFit fit = new RegularisedFit(ENGINE, FEW, ProgressListener.NONE).fit(new Farseer(), runs);
    NoiseModel noise = new NoiseModel(NoiseModel.Kind.SIZE, 0.02, 0.016, 0, 0);
    double[][] covariance = fit.under(noise, runs).surface().covariance().orElseThrow();
    assertThat(covariance[6][6]).isGreaterThan(1e10);
    for (int i = 0; i < covariance.length; i++) {
      assertThat(covariance[i][i]).isNotNegative();
      for (int j = 0; j < i; j++) {
        assertThat(covariance[i][j]).isEqualTo(covariance[j][i]);
      }
    }
  }

  /** The others are estimated as by the law without E, which a law of two terms is. */
  @Test
  void theRestIsConditionalOnTheLimit() {
    for (int seed = 0; seed < 20; seed++) {
      RunSet runs = withoutIrreducibleLoss(seed);
      LawFit fit = new GlobalFit(ENGINE, FEW).fit(new Chinchilla(), runs);
      if (fit.atLimit().isEmpty()) {
        continue;
      }
      double[] errors = fit.standardErrors().orElseThrow();
      assertThat(errors[0]).isNaN();
      // Columns 1 to 4 alone: A, B, alpha, beta of A / N^alpha + B / D^beta.
      double[][] rows = JacobianColumns.of(fit.evaluation(runs).jacobian(), new int[] {1, 2, 3, 4});
      double alphaError = leastSquaresError(rows, 2, 2 * fit.cost() / (runs.size() - 5));
      assertThat(errors[3]).isCloseTo(alphaError, within(1e-6 * alphaError));
      assertThat(fit.limitStatements())
          .singleElement()
          .asString()
          .contains("E is at its limit")
          .contains("no irreducible loss");
      return;
    }
    throw new AssertionError("no data set without an irreducible loss");
  }

  /** The error of coefficient j: one over the length of what of column j the others do not span. */
  private static double leastSquaresError(double[][] rows, int j, double variance) {
    double[][] columns = new double[rows[0].length][rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < columns.length; k++) {
        columns[k][i] = rows[i][k];
      }
    }
    double[] last = columns[j];
    columns[j] = columns[columns.length - 1];
    columns[columns.length - 1] = last;
    for (int sweep = 0; sweep < 2; sweep++) {
      for (int k = 0; k < columns.length; k++) {
        for (int m = 0; m < k; m++) {
          double factor = dot(columns[k], columns[m]) / dot(columns[m], columns[m]);
          for (int i = 0; i < rows.length; i++) {
            columns[k][i] -= factor * columns[m][i];
          }
        }
      }
    }
    return Math.sqrt(variance / dot(last, last));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Runs of one D per N with much scatter are fitted best by an edge, at which searches crept. */
  @Test
  void anEdgeBetweenTermsIsNotSharperThanSizesTell() {
    for (int seed : new int[] {19, 20, 34, 44}) {
      LawFit fit =
          new GlobalFit(ENGINE, FitOptions.DEFAULT.withStarts(60, 1))
              .fit(new Skaling(), oneTokenCountPerSize(seed));
      assertThat(fit.status()).as("seed %d", seed).isEqualTo(Status.CONVERGED_LIMIT);
      assertThat(fit.surface().published()[5]).isCloseTo(0.01, within(1e-12));
    }
  }

  /** 6 to 21 sizes from 1e7 to 1e10, ten to a hundred tokens per parameter, noise of 0.1 to 10%. */
  private static RunSet oneTokenCountPerSize(int seed) {
    Random random = new Random(seed);
    int k = 6 + random.nextInt(16);
    double ratio = Math.pow(10, 1 + random.nextDouble());
    Law law = random.nextBoolean() ? new Chinchilla() : new Farseer();
    double noise = Math.pow(10, -3 + 2 * random.nextDouble());
    double[] n = new double[k];
    double[] d = new double[k];
    double[] loss = new double[k];
    for (int i = 0; i < k; i++) {
      n[i] = Math.rint(1e7 * Math.pow(10, 3.0 * i / (k - 1)));
      d[i] = n[i] * ratio;
      loss[i] = law.loss(law.example(), n[i], d[i]) * Math.exp(noise * random.nextGaussian());
    }
    return new RunSet(n, d, loss);
  }

  /**
   * Such runs cannot tell what is N's and what D's, so that costs fall without end: towards a term
   * that one run alone sees, a power without end, or along valleys. Each fit ends nevertheless.
   */
  @Test
  void runsOfOneTokenCountPerSizeAreFittedToAnEnd() {
    FitOptions sixty = FitOptions.DEFAULT.withStarts(60, 1);
    for (int seed : new int[] {2, 15, 21, 22, 38, 49, 54}) {
      RunSet runs = oneTokenCountPerSize(seed);
      for (Law law : List.of(new Kaplan(), new Chinchilla(), new Skaling())) {
        LawFit fit = new GlobalFit(ENGINE, sixty).fit(law, runs);
        assertThat(fit.status().isConverged()).as("%s, seed %d", law.name(), seed).isTrue();
        // Another search from there, within the limits, gains no likelihood: twice its logarithm
        // rises by less than 0.01, where a standard error is 1.
        double gain = runs.size() * Math.log(fit.cost() / costOfARandomSearch(law, runs, fit));
        assertThat(gain).as("%s, seed %d", law.name(), seed).isLessThan(0.01);
      }
    }
  }

  /** Takes random steps that lower the cost, of lengths from 1 to 1e-6 of each parameter. */
  private static double costOfARandomSearch(Law law, RunSet runs, LawFit fit) {
    Centre centre = fit.surface().centre();
    Limits limits = Limits.of(law, centre, runs.n(), runs.d());
    Random random = new Random(1);
    double[] best = fit.surface().centredArray();
    double least = cost(law, centre, best, runs);
    for (int trial = 0; trial < 4000; trial++) {
      double length = Math.pow(10, -6 * random.nextDouble());
      double[] point = best.clone();
      for (int j = 0; j < point.length; j++) {
        double step = length * (1 + Math.abs(point[j])) * random.nextGaussian();
        point[j] = limits.nearest(j, point[j] + step);
      }
      double cost = cost(law, centre, point, runs);
      if (cost < least) {
        least = cost;
        best = point;
      }
    }
    return least;
  }

  private static double cost(Law law, Centre centre, double[] point, RunSet runs) {
    double sum = 0;
    for (int i = 0; i < runs.size(); i++) {
      double[] row = {runs.n(i), runs.d(i)};
      double residual = law.logLossAt(centre, point, row) - Math.log(runs.loss(i));
      sum += residual * residual / 2;
    }
    return sum;
  }

  /** A term that only the run of most tokens sees, as its loss is too high by a tenth. */
  @Test
  void aTermIsNotSeenByOneRunAlone() {
    Law law = new Chinchilla();
    double[] n = new double[10];
    double[] d = new double[10];
    double[] loss = new double[10];
    for (int i = 0; i < 10; i++) {
      n[i] = 1e8 * Math.pow(2, i);
      d[i] = 20 * n[i];
      loss[i] = 1.7 + 400 * Math.pow(n[i], -0.34) * (i % 2 == 0 ? 1.002 : 0.998);
    }
    loss[9] *= 1.1;
    LawFit fit =
        new GlobalFit(ENGINE, FitOptions.DEFAULT.withStarts(60, 1))
            .fit(law, new RunSet(n, d, loss));
    assertThat(fit.status()).isEqualTo(Status.CONVERGED_LIMIT);
    int exponent = fit.atLimit().getFirst();
    assertThat(exponent).isIn(3, 4);
    // The next run is a factor of 2 away and sees a twentieth of the term.
    assertThat(fit.surface().published()[exponent])
        .isCloseTo(-Math.log(20) / Math.log(2), within(1e-9));
    assertThat(fit.limitStatements().getFirst()).contains("one size alone would see the term");
    assertThat(fit.standardErrors()).isPresent();
  }

  /** Three runs are fitted exactly by many surfaces, some of which are at a limit. */
  @Test
  void whatIsAtALimitHasItsStatus() {
    RunSet runs =
        new RunSet(
            new double[] {1e8, 1e9, 1e8, 1e8, 1e9, 1e8},
            new double[] {2e9, 2e10, 2e10, 2e9, 2e10, 2e10},
            new double[] {3.4, 2.6, 3.1, 3.4, 2.6, 3.1});
    int atLimit = 0;
    for (Law law : List.of(new Kaplan(), new Chinchilla(), new Skaling())) {
      for (int seed = 1; seed <= 8; seed++) {
        LawFit fit = new GlobalFit(ENGINE, FitOptions.DEFAULT.withStarts(10, seed)).fit(law, runs);
        assertThat(fit.status() == Status.CONVERGED_LIMIT)
            .as("%s %d", law.name(), seed)
            .isEqualTo(fit.status().isConverged() && !fit.atLimit().isEmpty());
        atLimit += fit.atLimit().size();
      }
    }
    assertThat(atLimit).isPositive();
  }

  /** A step at the smallest size alone would be fitted by a curvature without end. */
  @Test
  void aCurvatureCannotTouchTheSmallestSizeAlone() {
    Law law = new Farseer();
    double[] sizes = {1e8, 2e8, 4e8, 8e8, 1.6e9, 3.2e9};
    double[] n = new double[60];
    double[] d = new double[60];
    double[] loss = new double[60];
    Random random = new Random(1);
    for (int i = 0; i < 60; i++) {
      n[i] = sizes[i % 6];
      int step = i / 6;
      d[i] = 1e9 * Math.pow(2, step);
      loss[i] = law.loss(law.example(), n[i], d[i]) * Math.exp(1e-3 * random.nextGaussian());
      loss[i] *= i % 6 == 0 ? 1.1 : 1;
    }
    RunSet runs = new RunSet(n, d, loss);
    LawFit fit = new GlobalFit(ENGINE, FitOptions.DEFAULT.withStarts(100, 1)).fit(law, runs);
    assertThat(fit.status()).isEqualTo(Status.CONVERGED_LIMIT);
    assertThat(fit.atLimit()).isNotEmpty();
    // The next size is a factor of 2 away and sees a twentieth of the bend.
    double most = Math.log(20) / Math.log(2);
    for (int j : law.curvatures()) {
      double value = fit.surface().centred().get(j);
      assertThat(Math.abs(value)).isLessThanOrEqualTo(most * (1 + 1e-12));
      if (fit.atLimit().contains(j)) {
        assertThat(Math.abs(value)).isCloseTo(most, within(1e-9));
      }
    }
    assertThat(fit.limitStatements().getFirst())
        .contains("the smallest size alone would see the bend");
    assertThat(fit.standardErrors()).isPresent();
  }

  /** Over-trained runs and few best runs: these ended at the evaluation limit, on spikes. */
  @Test
  void foreignCollectionsAreFittedToTheEnd() {
    for (String name : List.of("collections/ot_c4.csv", "collections/steplaw.csv")) {
      RunSet runs = RunFile.read(RealData.file(name), ColumnOptions.usual()).runs();
      LawFit fit = new GlobalFit(ENGINE, FitOptions.DEFAULT).fit(new Farseer(), runs);
      assertThat(fit.status().isConverged()).as(name).isTrue();
      assertThat(fit.condition()).isLessThan(1e4);
    }
  }

  /** Ten evaluations are too few for any start; the best ones go on and end where all would. */
  @Test
  void aFitThatStillFallsGoesOn() {
    Law law = new Farseer();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 5);
    FitOptions hasty =
        new FitOptions(FEW.objective(), 12, 1, 1, SolverSettings.DEFAULT.withMaxEvaluations(10));
    LawFit fit = new GlobalFit(new ScalarEngine(), hasty).fit(law, runs);
    LawFit patient = new GlobalFit(new ScalarEngine(), FEW).fit(law, runs);
    assertThat(fit.status().isConverged()).isTrue();
    assertThat(fit.cost()).isCloseTo(patient.cost(), within(1e-9 * patient.cost()));
    // One that cannot fall does not go on for ever.
    FitOptions stuck =
        new FitOptions(FEW.objective(), 12, 1, 1, SolverSettings.DEFAULT.withMaxEvaluations(1));
    assertThat(new GlobalFit(new ScalarEngine(), stuck).fit(law, runs).status())
        .isEqualTo(Status.EVALUATION_LIMIT);
    assertThat(Arrays.stream(Status.values()).filter(Status::isConverged)).hasSize(4);
  }
}
