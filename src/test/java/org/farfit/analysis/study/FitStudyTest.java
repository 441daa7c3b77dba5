package org.farfit.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.law.Chinchilla;
import org.farfit.law.Kaplan;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Several laws fitted by one study. */
class FitStudyTest {

  private static final Law TRUTH = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(TRUTH, TRUTH.example(), DesignGrid.small(), 2e-3, 1);

  /** Together they are the same to the last bit as one by one, the study of the noise included. */
  @Test
  void lawsFittedTogetherAreThoseFittedAlone() {
    List<FitStudy.Plan> plans =
        List.of(
            new FitStudy.Plan(TRUTH, Method.GLOBAL),
            new FitStudy.Plan(new Kaplan(), Method.GLOBAL));
    for (FitStudy.LeastSquares squares : FitStudy.LeastSquares.values()) {
      FitStudy study =
          new FitStudy(
              new ScalarEngine(),
              FitOptions.DEFAULT.withStarts(8, 1),
              Optional.of(NoiseModel.Kind.VARIANCE),
              squares);
      List<LawFit> together =
          study.fits(
              plans.size(), RUNS, i -> study.ordinary(plans.get(i), RUNS, ProgressListener.NONE));
      List<LawFit> alone =
          plans.stream().map(plan -> study.fit(plan, RUNS, ProgressListener.NONE)).toList();
      assertThat(together).usingRecursiveComparison().isEqualTo(alone);
      assertThat(together)
          .isNotEmpty()
          .allSatisfy(fit ->
              assertThat(fit.noise().orElseThrow().model().kind())
                  .isEqualTo(NoiseModel.Kind.VARIANCE));
    }
  }
}
