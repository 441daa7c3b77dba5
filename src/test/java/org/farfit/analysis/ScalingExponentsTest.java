package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.farfit.RealData;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** The approaches of the Chinchilla paper, on a surface whose exponents are known. */
class ScalingExponentsTest {

  private static final Law LAW = new Chinchilla();
  private static final double A = LAW.example()[4] / (LAW.example()[3] + LAW.example()[4]);

  private final ScalingExponents exponents =
      new ScalingExponents(new ScalarEngine(), FitOptions.DEFAULT, ProgressListener.NONE);

  /** A dense grid that covers the optimum of every budget from both sides. */
  private static RunSet grid() {
    List<double[]> rows = new ArrayList<>();
    for (double n = 1e7; n < 1e11; n *= 1.3) {
      for (double d = 1e8; d < 3e12; d *= Math.sqrt(2)) {
        rows.add(new double[] {n, d, LAW.loss(LAW.example(), n, d)});
      }
    }
    return new RunSet(
        rows.stream().mapToDouble(row -> row[0]).toArray(),
        rows.stream().mapToDouble(row -> row[1]).toArray(),
        rows.stream().mapToDouble(row -> row[2]).toArray());
  }

  /** Runs of six budgets, sizes spread around the optimum of each. */
  private static RunSet byBudget() {
    List<double[]> rows = new ArrayList<>();
    for (double c = 1e19; c < 4e21; c *= 3) {
      for (int k = -4; k <= 4; k++) {
        double n = 4e8 * Math.pow(c / 1e19, A) * Math.pow(1.3, k);
        double d = c / (6 * n);
        rows.add(new double[] {n, d, LAW.loss(LAW.example(), n, d)});
      }
    }
    return new RunSet(
        rows.stream().mapToDouble(row -> row[0]).toArray(),
        rows.stream().mapToDouble(row -> row[1]).toArray(),
        rows.stream().mapToDouble(row -> row[2]).toArray());
  }

  @Test
  void everyApproachFindsTheExponentOfItsSurface() {
    IsoFlopProfiles.Found budgets =
        new IsoFlopProfiles(IsoFlopProfiles.Settings.DEFAULT).of(byBudget());
    List<ScalingExponents.Answer> answers = exponents.all(grid(), budgets);
    // Envelopes are as coarse as the sizes; parabolas are not the profiles; fits are exact.
    double[] tolerance = {0.02, 0.02, 0.02, 1e-6, 1e-5};
    for (int i = 0; i < 5; i++) {
      ScalingExponents.Answer answer = answers.get(i);
      assertThat(answer.sizeExponent()).as(answer.approach()).isCloseTo(A, within(tolerance[i]));
      assertThat(answer.sizeExponent() + answer.tokenExponent()).isCloseTo(1, within(1e-12));
      assertThat(6 * answer.size(1e21) * answer.tokens(1e21)).isCloseTo(1e21, within(1e10));
    }
    double optimal =
        new Allocation(
                AllocationTest.surface(LAW, LAW.example()),
                SurfaceRange.of(grid()),
                ComputeModel.USUAL)
            .at(1e21)
            .best()
            .orElseThrow()
            .n();
    assertThat(answers.get(3).size(1e21)).isCloseTo(optimal, within(1e-4 * optimal));
    assertThat(answers.get(0).size(1e21)).isCloseTo(optimal, within(0.1 * optimal));
  }

  @Test
  void saysWhenRunsDoNotAllowAnApproach() {
    RunSet one =
        new RunSet(
            new double[] {1e9, 1e9, 1e9}, new double[] {1e9, 2e9, 4e9}, new double[] {3, 2.9, 2.8});
    ScalingExponents.Answer answer = exponents.envelope(one);
    assertThat(answer.sizeExponent()).isNaN();
    assertThat(answer.detail()).contains("do not allow it");
    assertThat(exponents.profiles(one).sizeExponent()).isNaN();
  }

  /**
   * Losses that rise with compute: the fitted law has exponents below zero, and no use of compute.
   */
  @Test
  void aSurfaceThatRisesHasNoExponent() {
    RunSet falling = byBudget();
    RunSet rising =
        falling.withLosses(Arrays.stream(falling.loss()).map(loss -> 1 / loss).toArray());
    for (ScalingExponents.Answer answer :
        List.of(exponents.surface(rising), exponents.projection(rising))) {
      assertThat(answer.sizeExponent()).isNaN();
      assertThat(answer.detail())
          .startsWith("the runs do not allow it: the fitted loss rises with");
    }
  }

  @Test
  void theHuberFitOfTheRealRunsIsTheKnownOne() {
    ScalingExponents.Answer answer = exponents.surface(RealData.epoch());
    assertThat(answer.sizeExponent()).isCloseTo(0.367172 / (0.347310 + 0.367172), within(1e-5));
  }
}
