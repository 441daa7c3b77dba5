package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.farfit.report.output.FileNames;
import org.farfit.report.output.Json;
import org.farfit.sweep.SweepExecutor;
import org.farfit.sweep.SweepFile;
import org.farfit.sweep.SweepOutcome;
import org.farfit.sweep.SweepParts;
import org.farfit.sweep.SweepReport;
import org.farfit.sweep.SweepResults;
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

  @Parameters(index = "0", paramLabel = "SPEC", description = "A sweep as JSON or YAML.")
  Path file;

  @Mixin SweepTable table;

  @Option(names = "--dry-run", description = "Only say how many tasks there are, and the work.")
  boolean dryRun;

  @Option(names = "--json", description = "Print counts and where the table is as JSON.")
  boolean json;

  @Option(names = "--summary", description = "Print the best law for each set of predicted runs.")
  boolean summary;

  @Mixin SweepPlace place;

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
    Outputs outputs = new Outputs(spec).reads(file);
    sweep.files().forEach(outputs::reads);
    table.declare(outputs);
    report.declare(outputs);
    SweepResults.Format format = SweepResults.Format.of(table.out);
    SweepOutcome outcome;
    try (SweepExecutor executor = place.open(log);
        SweepParts finished = table.open(executor, log)) {
      outcome = table.write(executor, sweep, finished, format, log);
      summarise(sweep, finished, outcome);
      finished.delete();
    }
    output.print(
        json
            ? Json.text(new Result(outcome.rows(), outcome.converged(), table.out.toString()))
            : counts(outcome) + table.out + System.lineSeparator());
    output.flush();
    return exitCode(outcome, log);
  }

  private static String counts(SweepOutcome outcome) {
    return "%,d rows; result: ".formatted(outcome.rows());
  }

  /** A sweep of which nothing came does not end as if it had been done. */
  private static int exitCode(SweepOutcome outcome, PrintWriter log) {
    if (outcome.problem().isEmpty()) {
      return ExitCode.DONE;
    }
    log.println("farfit: " + outcome.problem().get());
    log.flush();
    return outcome.hasNoInput() ? ExitCode.BAD_INPUT : ExitCode.NOT_CONVERGED;
  }

  private void summarise(SweepSpec sweep, SweepParts parts, SweepOutcome outcome) {
    if (!summary && !report.isWanted()) {
      return;
    }
    SweepSummary totals = SweepSummary.of(parts.rows(sweep));
    if (summary) {
      spec.commandLine().getOut().print(totals.text());
    }
    report.write(
        spec.commandLine().getErr(),
        "Sweep " + FileNames.of(file),
        counts(outcome) + FileNames.of(table.out),
        progress -> SweepReport.sections(totals, parts.rows(sweep)));
  }
}
