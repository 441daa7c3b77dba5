package org.farfit.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.RealData;
import org.farfit.analysis.PublishedGrid;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.junit.jupiter.api.Test;

/** The 240 Chinchilla runs of Besiroglu et al. 2024: two robust objectives, two optima. */
class EpochDataTest {

  private static LawFit fit(double delta, int starts) {
    FitOptions options =
        FitOptions.DEFAULT.withObjective(Objective.logHuber(delta)).withStarts(starts, 1);
    return new GlobalFit(new ScalarEngine(), options).fit(new Chinchilla(), RealData.epoch());
  }

  private static void check(double[] found, double tolerance, double... expected) {
    for (int j = 0; j < expected.length; j++) {
      assertThat(found[j]).isCloseTo(expected[j], within(tolerance * expected[j]));
    }
  }

  @Test
  void huberAtChinchillasThreshold() {
    LawFit fit = fit(Objective.PUBLISHED_HUBER_DELTA, 200);
    assertThat(fit.cost()).isCloseTo(1.0182740e-3, within(5e-11));
    assertThat(fit.status().isConverged()).isTrue();
    assertThat(fit.multiStart().orElseThrow().atBest()).isEqualTo(200);
    check(fit.surface().published(), 3e-6, 1.817218, 477.826, 2143.417, 0.347310, 0.367172);
  }

  private static SurfaceProblem problem(RunSet runs, double delta, double[]... weights) {
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    return new SurfaceProblem(
        new Chinchilla(), centre, runs, Objective.logHuber(delta), WeightTable.of(weights));
  }

  private static Solutions solve(
      SolverSettings settings, SurfaceProblem problem, StartingPoints starts) {
    return new BatchSolver(settings, 2, ProgressListener.NONE)
        .solve(new ScalarEngine(), problem, starts);
  }

  private static double meanEvaluations(Solutions solutions) {
    return IntStream.range(0, solutions.count())
        .map(solutions::evaluations)
        .average()
        .orElseThrow();
  }

  /** Newton's steps once the runs beyond the threshold are known: 20 evaluations, not 90. */
  @Test
  void everyStartOfThePublishedGridIsAtTheOptimumSoon() {
    RunSet runs = RealData.epoch();
    SurfaceProblem problem = problem(runs, 1e-3, runs.weight());
    Solutions grid =
        solve(SolverSettings.SEARCH, problem, new PublishedGrid(problem.law(), problem.centre()));
    assertThat(grid.count()).isEqualTo(4500);
    for (int k = 0; k < grid.count(); k++) {
      assertThat(grid.cost(k)).as("start %d", k).isCloseTo(1.0182740e-3, within(1e-9));
    }
    assertThat(meanEvaluations(grid)).isLessThan(22);
  }

  @Test
  void replicatesFromTheOptimumTakeFewEvaluations() {
    RunSet runs = RealData.epoch();
    double[] optimum = fit(1e-3, 20).surface().centredArray();
    SplittableRandom random = new SplittableRandom(1);
    double[][] weights = new double[400][runs.size()];
    for (double[] row : weights) {
      for (int draw = 0; draw < row.length; draw++) {
        row[random.nextInt(row.length)]++;
      }
    }
    SurfaceProblem problem = problem(runs, 1e-3, weights);
    StartingPoints warm =
        new StartingPoints() {
          @Override
          public int count() {
            return weights.length;
          }

          @Override
          public void start(int k, double[] parameters) {
            System.arraycopy(optimum, 0, parameters, 0, parameters.length);
          }

          @Override
          public int weightRow(int k) {
            return k;
          }
        };
    Solutions exact = solve(SolverSettings.DEFAULT, problem, warm);
    Solutions soon = solve(SolverSettings.WARM, problem, warm);
    for (int k = 0; k < weights.length; k++) {
      assertThat(soon.cost(k)).isCloseTo(exact.cost(k), within(1e-4 * exact.cost(k)));
    }
    assertThat(meanEvaluations(soon)).isLessThan(5.7);
    assertThat(meanEvaluations(exact)).isLessThan(16);
  }

  /**
   * The least sum of absolute deviations is at a vertex: as many runs as parameters are met
   * exactly, and their multipliers, which balance the signs of all others, are at most 1.
   */
  @Test
  void absoluteDeviationsEndAtTheExactMinimum() {
    RunSet runs = RealData.epoch();
    Law law = new Chinchilla();
    double[] centred = fit(4.7e-9, 50).surface().centredArray();
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    DMatrixRMaj met = new DMatrixRMaj(5, 5);
    DMatrixRMaj others = new DMatrixRMaj(5, 1);
    int count = 0;
    for (int i = 0; i < runs.size(); i++) {
      double[] row = new double[5];
      double r = law.logLossAt(centre, centred, runs.n(i), runs.d(i), row) - Math.log(runs.loss(i));
      if (Math.abs(r) <= 4.7e-9) {
        for (int j = 0; j < 5; j++) {
          met.set(j, count, row[j]);
        }
        count++;
      } else {
        for (int j = 0; j < 5; j++) {
          others.add(j, 0, -Math.signum(r) * row[j]);
        }
      }
    }
    assertThat(count).isEqualTo(5);
    DMatrixRMaj multipliers = new DMatrixRMaj(5, 1);
    assertThat(CommonOps_DDRM.solve(met, others, multipliers)).isTrue();
    assertThat(CommonOps_DDRM.elementMaxAbs(multipliers)).isLessThanOrEqualTo(1);
  }

  @Test
  void nearlyAbsoluteDeviationsGiveThePublishedOptimumFromEveryStart() {
    LawFit fit = fit(4.7e-9, 200);
    check(fit.surface().published(), 1e-3, 1.8169, 482.01, 2085.43, 0.3478, 0.3659);
    MultiStart starts = fit.multiStart().orElseThrow();
    assertThat(starts.costs())
        .isNotEmpty()
        .allSatisfy(cost -> assertThat(cost).isCloseTo(fit.cost(), within(1e-9 * fit.cost())));
    assertThat(starts.totalEvaluations()).isLessThan(200 * 15);
  }
}
