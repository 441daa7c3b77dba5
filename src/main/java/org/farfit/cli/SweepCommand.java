package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.farfit.report.FileNames;
import org.farfit.report.Json;
import org.farfit.sweep.ClusterProvider;
import org.farfit.sweep.LocalSweep;
import org.farfit.sweep.SweepExecutor;
import org.farfit.sweep.SweepFile;
import org.farfit.sweep.SweepParts;
import org.farfit.sweep.SweepReport;
import org.farfit.sweep.SweepResults;
import org.farfit.sweep.SweepRow;
import org.farfit.sweep.SweepShard;
import org.farfit.sweep.SweepSpec;
import org.farfit.sweep.SweepSummary;
import org.farfit.sweep.SweepWork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit sweep}: many fits stated as data. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fits every combination of data, hold-outs and laws that a file states.",
      "Also of loss columns, methods, objectives and seeds. Writes a tidy table. See docs/sweeps.md."
    },
    footer = {
      "",
      "Examples:",
      "  farfit sweep sweep.yaml --dry-run",
      "  farfit sweep sweep.yaml --out results.parquet --summary",
      "  farfit sweep sweep.yaml --out results.parquet --resume"
    })
final class SweepCommand implements Callable<Integer> {

  /** Under spark-submit this property says where to work. */
  private static final String SUBMITTED = "spark.master";

  @Parameters(index = "0", paramLabel = "SPEC", description = "A sweep as JSON or YAML.")
  Path file;

  @Option(
      names = "--out",
      paramLabel = "RESULTS",
      defaultValue = "sweep.csv",
      description =
          "Where the table goes: .csv, .jsonl or .parquet (default ${DEFAULT-VALUE}). Finished parts"
              + " are kept beside it in RESULTS.parts until it is whole.")
  Path out;

  @Option(names = "--resume", description = "Keep the parts that an interrupted run finished.")
  boolean resume;

  @Option(
      names = "--no-guard-cells",
      negatable = true,
      description =
          "Write text cells of CSV as they are. By default one that begins with = + - @, a tab or a"
              + " carriage return gets a leading apostrophe, so that no spreadsheet calculates it.")
  boolean guardCells = true;

  @Option(names = "--dry-run", description = "Only say how many tasks there are, and the work.")
  boolean dryRun;

  @Option(names = "--json", description = "Print counts and where the table is as JSON.")
  boolean json;

  @Option(names = "--summary", description = "Print the best law for each set of predicted runs.")
  boolean summary;

  @Option(
      names = "--threads",
      paramLabel = "T",
      converter = FitChoices.ThreadCount.class,
      description = "Threads to use; the result does not depend on it (default: every core).")
  Integer threads;

  @Option(
      names = "--cluster",
      paramLabel = "URL",
      description = {
        "Work on Apache Spark: local[2], spark://HOST:7077, ... (default: on this machine, or under",
        "spark-submit where that says)."
      })
  String cluster;

  @Option(
      names = "--cluster-conf",
      paramLabel = "KEY=VALUE",
      description = "A setting of Spark, such as spark.executor.memory=4g; may be repeated.")
  Map<String, String> clusterSettings = Map.of();

  @Mixin EngineChoice engine;

  @Mixin ReportChoices report;

  @Spec CommandSpec spec;

  /** The end of a sweep as JSON. */
  record Result(long rows, long converged, String result) {}

  @Override
  public Integer call() {
    PrintWriter output = spec.commandLine().getOut();
    PrintWriter log = spec.commandLine().getErr();
    if (json && summary) {
      throw new ParameterException(spec.commandLine(), "--json and --summary exclude each other");
    }
    SweepSpec sweep = SweepFile.read(file);
    if (dryRun) {
      output.print(SweepWork.of(sweep).text());
      output.flush();
      return ExitCode.DONE;
    }
    Path parts = out.resolveSibling(out.getFileName() + ".parts");
    checkOutputs(sweep, parts);
    SweepResults.Format format = SweepResults.Format.of(out);
    try (SweepExecutor executor = executor(log);
        SweepParts finished =
            SweepParts.open(
                parts,
                Map.of("version", Version.text(), "engine", executor.engine()),
                log::println)) {
      Outcome outcome = run(executor, sweep, finished, format, log);
      String counts = "%,d rows; result: %s".formatted(outcome.rows.sum(), out);
      if (summary || report.isWanted()) {
        sumUp(sweep, finished, outcome.rows.sum());
      }
      finished.delete();
      if (json) {
        output.print(
            Json.text(new Result(outcome.rows.sum(), outcome.converged.sum(), out.toString())));
      } else {
        output.println(counts);
      }
      output.flush();
      return outcome.exitCode(log);
    }
  }

  /** What came of a sweep: counts of its rows, and the first that could not read its input. */
  private static final class Outcome {

    private final LongAdder rows = new LongAdder();
    private final LongAdder converged = new LongAdder();
    private final LongAdder unreadable = new LongAdder();
    private SweepRow first;

    void add(SweepRow row) {
      rows.increment();
      if (row.status().startsWith("converged")) {
        converged.increment();
      }
      if (row.status().equals(SweepShard.BAD_INPUT)) {
        unreadable.increment();
        first = first == null ? row : first;
      }
    }

    /** A sweep of which nothing came does not end as if it had been done. */
    int exitCode(PrintWriter log) {
      if (rows.sum() == 0 || converged.sum() > 0) {
        return ExitCode.DONE;
      }
      boolean noInput = unreadable.sum() == rows.sum();
      log.println(
          noInput
              ? "farfit: no input could be used; the first: " + first.message()
              : "farfit: no fit converged; the column status says why");
      log.flush();
      return noInput ? ExitCode.BAD_INPUT : ExitCode.NOT_CONVERGED;
    }
  }

  private Outcome run(
      SweepExecutor executor,
      SweepSpec sweep,
      SweepParts parts,
      SweepResults.Format format,
      PrintWriter log) {
    Outcome outcome = new Outcome();
    try (Progress progress = new Progress("sweep");
        Interruption _ = new Interruption()) {
      try {
        long start = System.nanoTime();
        Stream<SweepRow> rows = executor.run(sweep, parts, resume, progress);
        SweepResults.write(out, format, rows.peek(outcome::add), guardCells);
        log.printf("sweep: %.2f s, without start-up%n", 1e-9 * (System.nanoTime() - start));
        log.flush();
        return outcome;
      } catch (CancellationException e) {
        // Before the interruption is closed, which lets the process end.
        log.printf(
            "interrupted: finished parts are in %s; the same command with --resume goes on%n",
            parts.folder());
        log.flush();
        throw e;
      }
    }
  }

  private void checkOutputs(SweepSpec sweep, Path parts) {
    Outputs outputs = new Outputs(spec).reads(file);
    sweep.files().forEach(outputs::reads);
    outputs
        .writes("--out", out, "a table of a sweep", SweepResults::isOne)
        .writesParts("--out " + out, parts, SweepParts.foreign(parts));
    report.declare(outputs);
  }

  private void sumUp(SweepSpec sweep, SweepParts parts, long rows) {
    SweepSummary totals = SweepSummary.of(parts.rows(sweep));
    if (summary) {
      spec.commandLine().getOut().print(totals.text());
    }
    report.write(
        spec.commandLine().getErr(),
        "Sweep " + FileNames.of(file),
        "%,d rows; result: %s".formatted(rows, FileNames.of(out)),
        progress -> SweepReport.sections(totals, parts.rows(sweep)));
  }

  private SweepExecutor executor(PrintWriter log) {
    String where = cluster == null ? System.getProperty(SUBMITTED) : cluster;
    if (where != null) {
      if (threads != null) {
        throw new ParameterException(
            spec.commandLine(), "--threads is for this machine; on a cluster say local[THREADS]");
      }
      ClusterProvider provider = ClusterProvider.installed();
      log.println("cluster: " + where);
      provider
          .warnings(where, clusterSettings)
          .forEach(warning -> log.println("warning: " + warning));
      log.flush();
      return provider.open(where, engine.name, clusterSettings);
    }
    if (!clusterSettings.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--cluster-conf needs --cluster");
    }
    int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    return LocalSweep.closing(engine.open(log, EngineChoice.MUCH_WORK), used);
  }
}
