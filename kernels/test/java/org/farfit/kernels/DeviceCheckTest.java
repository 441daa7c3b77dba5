package org.farfit.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    PlanPool.Sources sources = KernelChoice.BLOCKS.sources();
    PlanPool pool =
        new PlanPool(
            PlanPool.plans(DEVICE.device()),
            (problem, count) -> sources.of(changed.apply(problem), count),
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
    return check.finish(
        DEVICE,
        new ArrayList<>(findings),
        BenchmarkResults.none(),
        new PrintWriter(new StringWriter()));
  }

  /** One result of JMH, as it writes them. */
  private static String result(String benchmark, int problems) {
    return """
    {
      "benchmark" : "org.farfit.kernels.DeviceSet.%s",
      "mode" : "avgt",
      "params" : { "device" : "", "problems" : "%d" },
      "primaryMetric" : { "score" : 1500.5, "scoreError" : "NaN", "scoreUnit" : "us/op" },
      "secondaryMetrics" : {
        "steps" : { "score" : 0.25, "scoreError" : 0.01, "scoreUnit" : "us/op" }
      }
    }\
    """
        .formatted(benchmark, problems);
  }

  /** A benchmark whose answers differ has no result, nor have any if JMH could not start. */
  @Test
  void benchmarksWithoutAResultAreDisagreement(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("jmh.json");
    assertThat(BenchmarkResults.read(file).finding(3).agrees()).isFalse();
    List<String> all = new ArrayList<>();
    for (int problems : new int[] {200, 10_000, 1_000_000}) {
      all.add(result("evaluate", problems));
      all.add(result("fit", problems));
    }
    Files.writeString(file, "[" + String.join(",", all) + "]");
    BenchmarkResults results = BenchmarkResults.read(file);
    assertThat(results.finding(3).agrees()).isTrue();
    assertThat(results.results())
        .contains(new BenchmarkResults.Result("fit", 10_000, 1500.5, null, 4e6));
    Files.writeString(file, "[" + String.join(",", all.subList(0, 5)) + "]");
    assertThat(BenchmarkResults.read(file).finding(3).agrees()).isFalse();
  }

  /** One thread per problem on every multiprocessor, and a warp each where there are few. */
  @Test
  void theModelGrowsWithTheProblemsUntilTheDeviceIsFull() {
    double full = DeviceModel.stepsPerSecond(132, 1.755e9, 404, 1_000_000);
    double few = DeviceModel.stepsPerSecond(132, 1.755e9, 404, 200);
    // 132 x 512 threads, of which each takes 770 x 404 + 6000 cycles; 200 warps of a 32nd and 6000.
    assertThat(full).isCloseTo(3.74e8, within(0.01e8));
    assertThat(few).isCloseTo(200 * 1.755e9 / (9721 + 6000), within(1e4));
  }

  @Test
  void optionsAreChecked() {
    StringWriter said = new StringWriter();
    CommandLine line = new CommandLine(new DeviceCheck()).setErr(new PrintWriter(said));
    assertThat(line.execute("--scale", "0")).isEqualTo(2);
    assertThat(said.toString()).contains("--scale: found 0.0, expected above 0 and at most 1");
  }
}
