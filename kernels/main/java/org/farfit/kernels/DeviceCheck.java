package org.farfit.kernels;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.EngineUnavailableException;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.report.html.HtmlReport;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;
import org.farfit.report.output.OutputFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bin/device-check}: what a device computes against what the host computes, and how fast, in
 * one report. Ends with 1 if anything disagrees and with 5 if there is no device.
 */
@Command(
    name = "device-check",
    mixinStandardHelpOptions = true,
    description = {
      "Compares a device with the host: normal equations, fits, a bootstrap, a scan; and times it.",
      "Writes NAME.html and NAME.json. Ends with 1 if anything disagrees, with 5 without a device."
    })
final class DeviceCheck implements Callable<Integer> {

  /** Simulated runs of the paper's grid. */
  private static final int RUNS = DesignGrid.paper().points().size();

  private static final int DISAGREES = 1;
  private static final int NO_DEVICE = 5;

  private static final String NO_GPU =
      "This device is no NVIDIA GPU: what agrees here is the code, and the rates say nothing of one.";

  @Option(
      names = "--device",
      paramLabel = "B:D",
      defaultValue = "",
      description = "Back end and device as farfit engines lists them; the first that serves.")
  String device;

  @Option(
      names = "--scale",
      paramLabel = "S",
      defaultValue = "1",
      description = {
        "Share of the sizes: 100,000 replicates, 10,000,000 points, 16,384 starts and up to",
        "1,000,000 problems at 1, which is for a GPU; 0.001 is for a CPU."
      })
  double scale;

  @Option(
      names = "--out",
      paramLabel = "NAME",
      defaultValue = "device-check",
      description = "Name of the report without its ending (default: ${DEFAULT-VALUE}).")
  String out;

  @Option(
      names = "--jmh",
      paramLabel = "FILE",
      description = {
        "Results of JMH's device set, which bin/device-check runs first; one that is missing",
        "counts as disagreement."
      })
  Path jmh;

  @Option(
      names = "--tell",
      hidden = true,
      description = "Says what JMH is to be told, numbers of problems and the device, and ends.")
  boolean tellsJmh;

  @Spec CommandSpec spec;

  /**
   * The report as data.
   *
   * @param device as {@code farfit engines} lists it
   * @param nvidia whether it is an NVIDIA GPU, for which the model and docs/gpu.md are
   * @param driver what the back end says of device and driver
   * @param kernels which kernels the device gets
   * @param scale share of the sizes
   * @param agrees whether everything agrees
   * @param findings what was compared and timed
   * @param benchmarks what JMH found
   */
  record Report(
      String device,
      boolean nvidia,
      String driver,
      String kernels,
      double scale,
      boolean agrees,
      List<DeviceFinding> findings,
      BenchmarkResults benchmarks) {}

  /** Runs the check. */
  public static void main(String[] args) {
    CommandLine commandLine = new CommandLine(new DeviceCheck());
    commandLine.setExecutionExceptionHandler((e, line, result) -> {
      line.getErr().println("device-check: " + e.getMessage());
      return e instanceof EngineUnavailableException
          ? NO_DEVICE
          : line.getCommandSpec().exitCodeOnExecutionException();
    });
    System.exit(commandLine.execute(args));
  }

  @Override
  public Integer call() throws IOException {
    if (!(scale > 0 && scale <= 1)) {
      throw new ParameterException(
          spec.commandLine(), "--scale: found %s, expected above 0 and at most 1".formatted(scale));
    }
    PrintWriter log = spec.commandLine().getOut();
    TornadoDevices.Found found = new TornadoEngineProvider().device(device);
    if (tellsJmh) {
      String sizes =
          Arrays.stream(DeviceTrial.evaluations(scale))
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(","));
      log.println(sizes + " " + found.address());
      log.flush();
      return 0;
    }
    log.println("device: " + found.description());
    if (!found.isNvidia()) {
      log.println(NO_GPU);
    }
    Law law = Laws.richest();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
    List<DeviceFinding> findings = new ArrayList<>();
    Consumer<DeviceFinding> tell =
        finding -> {
          findings.add(finding);
          log.println(finding.line());
          log.flush();
        };
    BenchmarkResults benchmarks = BenchmarkResults.none();
    if (jmh != null) {
      benchmarks = BenchmarkResults.read(jmh);
      tell.accept(benchmarks.finding(DeviceTrial.evaluations(scale).length));
    }
    PlanPool pool = new PlanPool(found.device(), found.memory(), found.largestArray());
    try (DeviceTrial trial = new DeviceTrial(found, pool, runs, scale, tell)) {
      trial.run();
    }
    return finish(found, findings, benchmarks, log);
  }

  /** Writes the report; the exit code. */
  int finish(
      TornadoDevices.Found found,
      List<DeviceFinding> findings,
      BenchmarkResults benchmarks,
      PrintWriter log) {
    boolean agrees = findings.stream().allMatch(DeviceFinding::agrees);
    Report report =
        new Report(
            found.description(),
            found.isNvidia(),
            found.device().getPhysicalDevice().getDeviceInfo().strip(),
            KernelChoice.of(found.device()).name(),
            scale,
            agrees,
            findings,
            benchmarks);
    OutputFile.write(Path.of(out + ".json"), Json.text(report));
    HtmlReport.write(
        Path.of(out + ".html"), "Device check", report.device(), sections(report, found));
    log.printf("%s; see %s.html%n", agrees ? "everything agrees" : "NOT EVERYTHING AGREES", out);
    log.flush();
    return agrees ? 0 : DISAGREES;
  }

  private static List<HtmlReport.Section> sections(Report report, TornadoDevices.Found found) {
    AlignedTable agreement =
        new AlignedTable("what", "problems", "largest difference", "allowed", "agrees");
    AlignedTable speed =
        new AlignedTable(
            "what",
            "problems",
            "seconds",
            "steps per second",
            "of the host's",
            "predicted steps per second",
            "ns of the host per step",
            "without pauses");
    for (DeviceFinding finding : report.findings()) {
      agreement.add(
          List.of(
              finding.what(),
              Long.toString(finding.problems()),
              "%.2g".formatted(finding.difference()),
              "%.2g".formatted(finding.allowed()),
              finding.agrees() ? "yes" : "NO"));
      if (finding.steps() > 0) {
        speed.add(
            List.of(
                finding.what(),
                Long.toString(finding.problems()),
                "%.3g".formatted(finding.seconds()),
                "%.3g".formatted(finding.stepsPerSecond()),
                finding.hostStepsPerSecond() > 0
                    ? "%.3g x".formatted(finding.stepsPerSecond() / finding.hostStepsPerSecond())
                    : "-",
                finding.predicted() > 0 ? "%.3g".formatted(finding.predicted()) : "-",
                orNone(finding.hostNanos()),
                orNone(finding.hostNanosWithoutPause())));
      }
    }
    String about =
        "%s kernels; sizes times %s. %s"
            .formatted(report.kernels(), report.scale(), report.driver());
    if (!report.nvidia()) {
      about = NO_GPU + " " + about;
    }
    return List.of(
        new HtmlReport.Section(
            report.agrees() ? "Everything agrees" : "Not everything agrees",
            List.of(about),
            List.of(new HtmlReport.Table("Device and scalar engine", agreement, false)),
            List.of()),
        new HtmlReport.Section(
            "Speed",
            List.of(
                "A step is one evaluation of normal equations with what belongs to it, of the law of"
                    + " most parameters, %s, on %d runs. The host is the vector engine on all cores."
                        .formatted(Laws.richest().name(), RUNS)),
            List.of(
                new HtmlReport.Table("Timed after a first run that compiles", speed, false),
                new HtmlReport.Table("By JMH", benchmarks(report, found), false)),
            List.of()));
  }

  private static String orNone(double nanos) {
    return nanos > 0 ? "%.2g".formatted(nanos) : "-";
  }

  private static AlignedTable benchmarks(Report report, TornadoDevices.Found found) {
    AlignedTable table =
        new AlignedTable(
            "benchmark",
            "problems",
            "microseconds",
            "+/-",
            "steps per second",
            "predicted steps per second");
    for (BenchmarkResults.Result result : report.benchmarks().results()) {
      double predicted = DeviceModel.stepsPerSecond(found, RUNS, result.problems());
      table.add(
          List.of(
              result.benchmark(),
              Integer.toString(result.problems()),
              "%.4g".formatted(result.microseconds()),
              result.error() == null ? "-" : "%.2g".formatted(result.error()),
              "%.3g".formatted(result.stepsPerSecond()),
              predicted > 0 ? "%.3g".formatted(predicted) : "-"));
    }
    return table;
  }
}
