package org.farfit.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Kaplan;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Which law is believed, and tests of laws that contain one another. */
class LawSelectionTest {

  private static final Engine ENGINE = Engines.open("auto");
  private static final FitOptions FEW = FitOptions.DEFAULT.withStarts(12, 1);
  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 1);
  private static final LawFit FIT = new GlobalFit(ENGINE, FEW).fit(LAW, RUNS);

  /** The truth is chinchilla: the test of it within skaling rejects it at 5% in 5% of data sets. */
  @Test
  void likelihoodRatioTestsRejectATruthAsSeldomAsTheySay() {
    int rejected = 0;
    int sets = 100;
    LawSelection selection = new LawSelection(ENGINE, FEW, ProgressListener.NONE);
    for (int seed = 0; seed < sets; seed++) {
      RunSet runs = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 5e-3, seed);
      LawFit small = new GlobalFit(ENGINE, FEW).fit(LAW, runs);
      LawFit large = new GlobalFit(ENGINE, FEW).fit(new Skaling(), runs);
      rejected += selection.testsOf(List.of(small, large), runs).getFirst().p() < 0.05 ? 1 : 0;
    }
    // 5 expected, standard deviation 2.2.
    assertThat(rejected).isBetween(0, 12);
  }

  @Test
  void theLawThatMadeTheDataIsSelected() {
    RunSet runs =
        Simulation.runs(new Skaling(), new Skaling().example(), DesignGrid.paper(), 2e-3, 1);
    LawSelection.Result result =
        new LawSelection(ENGINE, FEW, ProgressListener.NONE).select(Laws.all(), runs);
    assertThat(result.candidates().getFirst().fit().law()).isInstanceOf(Skaling.class);
    assertThat(result.candidates().stream().mapToDouble(LawSelection.Candidate::akaikeWeight).sum())
        .isCloseTo(1, within(1e-12));
    assertThat(
            result.candidates().stream()
                .mapToDouble(candidate -> candidate.stackingWeight().orElseThrow())
                .sum())
        .isCloseTo(1, within(1e-12));
    assertThat(result.tests())
        .filteredOn(test -> test.smaller().equals("chinchilla"))
        .singleElement()
        .satisfies(test -> assertThat(test.p()).isLessThan(1e-6));
    LawSelection.Candidate kaplan =
        result.candidates().stream()
            .filter(candidate -> candidate.fit().law() instanceof Kaplan)
            .findFirst()
            .orElseThrow();
    assertThat(kaplan.akaikeWeight()).isLessThan(1e-6);
    Estimands.Point point = new Estimands.Point(2e10, 4e11);
    List<LawSelection.Average> averages =
        new LawSelection(ENGINE, FEW, ProgressListener.NONE)
            .average(result, runs, List.of(point), BootstrapOptions.pairs(200, 1), 0.9);
    double truth = new Skaling().loss(new Skaling().example(), point.n(), point.d());
    assertThat(averages).hasSize(2);
    assertThat(averages.getFirst().loss()).isCloseTo(truth, within(0.01 * truth));
    assertThat(averages.getFirst().interval().contains(averages.getFirst().loss())).isTrue();
  }

  /**
   * Far beyond the runs kaplan's law, which has no irreducible loss, is at half of chinchilla's.
   */
  @Test
  void whereLawsPartThereIsNoAverage() {
    LawFit kaplan = new GlobalFit(ENGINE, FEW).fit(new Kaplan(), RUNS);
    LawSelection.Result result =
        new LawSelection.Result(
            List.of(
                new LawSelection.Candidate(FIT, 0, 0.7, Optional.empty(), Optional.of(0.995)),
                new LawSelection.Candidate(kaplan, 1, 0.3, Optional.empty(), Optional.of(0.005))),
            List.of(),
            0,
            Optional.empty());
    Estimands.Point far = new Estimands.Point(1e16, 1e18);
    assertThat(far.on(FIT.surface())).isGreaterThan(2 * far.on(kaplan.surface()));
    List<LawSelection.Average> averages =
        new LawSelection(ENGINE, FEW, ProgressListener.NONE)
            .average(result, RUNS, List.of(far), BootstrapOptions.pairs(20, 1), 0.5);
    assertThat(averages.get(0).loss()).isNaN();
    assertThat(averages.get(0).problem().orElseThrow()).startsWith("laws that describe the runs");
    // Next to no weight keeps nothing back.
    assertThat(averages.get(1).loss())
        .isCloseTo(far.on(FIT.surface()), within(0.01 * far.on(FIT.surface())));
  }

  /** AICc = AIC + 2 k (k + 1) / (n - k - 1): k = 6, n = 288 or so. */
  @Test
  void aiccIsAicForManyRuns() {
    double n = RUNS.size();
    assertThat(LawSelection.aicc(FIT, RUNS.size()) - FIT.quality().aic())
        .isCloseTo(84 / (n - 7), within(1e-12));
    assertThat(LawSelection.aicc(FIT, 7)).isInfinite();
  }
}
