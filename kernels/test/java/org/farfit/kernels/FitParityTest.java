package org.farfit.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.farfit.analysis.CostScan;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole fits on the device, in both forms of iteration, against the scalar engine. */
class FitParityTest {

  @ParameterizedTest
  @CsvSource({
    "kaplan, ''", "chinchilla, ''", "skaling, ''", "farseer, ''",
    "kaplan, host", "chinchilla, host", "skaling, host", "farseer, host"
  })
  void simulatedRunsGiveTheSameOptimum(String name, String device) {
    Law law = Laws.named(name);
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 3);
    compare(law, runs, Objective.LOG_SQUARED, device);
    compare(law, runs, Objective.logHuber(1e-3), device);
  }

  @ParameterizedTest
  @CsvSource({"''", "host"})
  void realRunsGiveTheSameOptimum(String device) {
    String folder = System.getenv("FARFIT_DATA");
    Assumptions.assumeTrue(folder != null, "FARFIT_DATA does not name the data folder");
    RunSet farseer =
        RunFile.read(Path.of(folder, "farseer_1222_full.csv"), ColumnOptions.usual()).runs();
    compare(new Farseer(), farseer, Objective.LOG_SQUARED, device);
    RunSet epoch =
        RunFile.read(
                Path.of(folder, "chinchilla_svg_extracted.csv"),
                ColumnOptions.usual()
                    .computeColumns("Model Size", "Training FLOP", "loss")
                    .where("loss < 3.44"))
            .runs();
    compare(new Chinchilla(), epoch, Objective.logHuber(1e-3), device);
  }

  @ParameterizedTest
  @CsvSource({"''", "host"})
  void profilesAgree(String device) {
    Law law = new Farseer();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 4);
    LawFit fit = new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT).fit(law, runs);
    List<CostScan.Axis> axes =
        List.of(new CostScan.Axis("alpha", -0.1, 0.3, 5), new CostScan.Axis("beta", -0.2, 0.0, 3));
    for (boolean profile : new boolean[] {false, true}) {
      CostScan.Result expected = scan(new ScalarEngine(), fit, runs, axes, profile);
      try (TornadoEngine engine = TestDevice.open(device)) {
        CostScan.Result actual = scan(engine, fit, runs, axes, profile);
        for (int k = 0; k < expected.cost().length; k++) {
          assertThat(actual.cost()[k])
              .isCloseTo(expected.cost()[k], within(1e-9 * expected.cost()[k]));
          assertThat(actual.parameters().get(k)[2]).isEqualTo(actual.coordinates(k)[0]);
        }
      }
    }
  }

  private static CostScan.Result scan(
      Engine engine, LawFit fit, RunSet runs, List<CostScan.Axis> axes, boolean profile) {
    return new CostScan(engine, FitOptions.DEFAULT, ProgressListener.NONE)
        .run(fit, runs, axes, profile, List.of());
  }

  private static void compare(Law law, RunSet runs, Objective objective, String device) {
    FitOptions options = FitOptions.DEFAULT.withObjective(objective).withStarts(70, 1);
    LawFit expected = new GlobalFit(new ScalarEngine(), options).fit(law, runs);
    LawFit actual;
    try (TornadoEngine engine = TestDevice.open(device)) {
      actual = new GlobalFit(engine, options).fit(law, runs);
    }
    assertThat(actual.status().isConverged()).isTrue();
    assertThat(actual.cost()).isCloseTo(expected.cost(), within(1e-10 * expected.cost()));
    double[] found = actual.surface().centredArray();
    double[] known = expected.surface().centredArray();
    for (int j = 0; j < known.length; j++) {
      assertThat(found[j])
          .as("%s, %s", law.name(), law.centredNames().get(j))
          .isCloseTo(known[j], within(1e-8 * Math.max(1, Math.abs(known[j]))));
    }
    assertThat(actual.multiStart().orElseThrow().atBest())
        .isCloseTo(expected.multiStart().orElseThrow().atBest(), within(5));
  }
}
