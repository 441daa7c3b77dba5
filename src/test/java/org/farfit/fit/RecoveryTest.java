package org.farfit.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Simulated runs without noise: the parameters come back, from most of the starts. */
class RecoveryTest {

  @ParameterizedTest
  @CsvSource({"kaplan, 0.7", "chinchilla, 0.9", "skaling, 0.9", "farseer, 0.6"})
  void parametersComeBack(String name, double share) {
    Law law = Laws.named(name);
    double[] truth = law.example();
    RunSet runs = Simulation.runs(law, truth, DesignGrid.paper(), 0, 1);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    int starts = 200;
    Solutions solutions =
        new BatchSolver(SolverSettings.DEFAULT, 2, ProgressListener.NONE)
            .solve(
                new ScalarEngine(),
                new SurfaceProblem(law, centre, runs, Objective.LOG_SQUARED),
                new SpreadStarts(law.samplingBox(centre).orElseThrow(), starts, 3));
    int recovered = 0;
    for (int k = 0; k < starts; k++) {
      double[] published = new double[truth.length];
      law.toPublished(centre, solutions.parameters(k), published);
      double worst = 0;
      for (int j = 0; j < truth.length; j++) {
        worst = Math.max(worst, Math.abs(published[j] / truth[j] - 1));
      }
      recovered += worst <= 1e-6 ? 1 : 0;
    }
    assertThat(recovered).isGreaterThanOrEqualTo((int) (share * starts));

    LawFit fit = new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT).fit(law, runs);
    assertThat(fit.status().isConverged()).isTrue();
    assertThat(fit.loss(25e9, 1e12))
        .isCloseTo(law.loss(truth, 25e9, 1e12), within(1e-7 * fit.loss(25e9, 1e12)));
  }
}
