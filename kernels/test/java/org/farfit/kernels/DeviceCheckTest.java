package org.farfit.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.LossTable;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a device check finds, says and ends with. */
class DeviceCheckTest {

  private static final TornadoDevices.Found DEVICE = TornadoDevices.all().getFirst();
  private static final Law LAW = new Chinchilla();

  private static DeviceFinding parity(Function<SurfaceProblem, SurfaceProblem> changed) {
    RunSet runs = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 1);
    Function<SurfaceProblem, PlanSource> sources = KernelChoice.BLOCKS.sources(64);
    PlanPool pool =
        new PlanPool(
            PlanPool.plans(DEVICE.device(), 64),
            problem -> sources.apply(changed.apply(problem)),
            DEVICE.memory(),
            DEVICE.largestArray());
    try (DeviceTrial trial = new DeviceTrial(DEVICE, pool, runs, 1e-6, finding -> {})) {
      return trial.parity(LAW, Objective.LOG_SQUARED);
    }
  }

  /** A device that computes with losses which are off by 1e-9 is found out. */
  @Test
  void aDeviceThatComputesSomethingElseIsFoundOut(@TempDir Path folder) throws Exception {
    DeviceFinding right = parity(problem -> problem);
    DeviceFinding wrong =
        parity(problem -> {
          double[] losses = new double[problem.runs()];
          for (int run = 0; run < problem.runs(); run++) {
            losses[problem.sourceIndex(run)] =
                Math.exp(problem.target(0, run)) * (1 + (run == 7 ? 1e-9 : 0));
          }
          return problem.withLosses(LossTable.of(losses));
        });
    assertThat(right.agrees()).isTrue();
    assertThat(wrong.agrees()).isFalse();
    assertThat(ends(List.of(right), folder.resolve("right"))).isZero();
    assertThat(ends(List.of(right, wrong), folder.resolve("wrong"))).isEqualTo(1);
    String page = Files.readString(folder.resolve("wrong.html"));
    assertThat(page).contains("Not everything agrees", "NO").doesNotContain("src=\"http");
    assertThat(Files.readString(folder.resolve("wrong.json"))).contains("\"agrees\" : false");
    if (!DEVICE.isNvidia()) {
      assertThat(page).contains("no NVIDIA GPU");
    }
  }

  private static int ends(List<DeviceFinding> findings, Path report) {
    DeviceCheck check = new DeviceCheck();
    check.out = report.toString();
    return check.finish(DEVICE, new ArrayList<>(findings), new PrintWriter(new StringWriter()));
  }

  @Test
  void optionsAreChecked() {
    StringWriter said = new StringWriter();
    CommandLine line = new CommandLine(new DeviceCheck()).setErr(new PrintWriter(said));
    assertThat(line.execute("--scale", "0")).isEqualTo(2);
    assertThat(said.toString()).contains("--scale: found 0.0, expected above 0 and at most 1");
  }
}
