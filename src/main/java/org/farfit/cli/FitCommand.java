package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.farfit.data.RunFile;
import org.farfit.formula.StatedLaw;
import org.farfit.report.FitReport;
import org.farfit.report.archive.BootstrapJournal;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.output.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code farfit fit}: fits laws to runs, prints a comparison, writes a fit file. */
@Command(
    name = "fit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Fits laws to training runs, compares them, and writes a fit file.",
    footer = {
      "",
      "Examples:",
      "  farfit fit",
      "  farfit fit runs.csv --law farseer --starts 500 --where \"N > 2e8\"",
      "  farfit fit runs.csv --law farseer --method piecewise",
      "  farfit fit runs.csv --law auto",
      "  farfit fit runs.csv --law farseer --bootstrap 10000",
      "  farfit fit runs.csv --law \"E + A*N^-alpha + B*D^-beta\"",
      "  farfit fit runs.csv --law mine.yaml --objective linear",
      "  farfit fit runs.csv --law chinchilla --loss huber:1e-3 --json",
      "  farfit fit log.jsonl --n-column parameters --d-column \"step*524288\" --by recipe"
    })
final class FitCommand implements Callable<Integer> {

  @Mixin RunsInput input;

  @Mixin FitChoices choices;

  @Mixin BootstrapChoices bootstrap;

  @Mixin ReportChoices report;

  @Option(
      names = "--by",
      paramLabel = "COLUMN",
      description =
          "Fit the runs of each value of a column apart, such as those of several experiments in"
              + " one file; each has a fit file RUNS.VALUE.fit.json.")
  String by;

  @Mixin EstimatorChoices estimator;

  @Option(
      names = "--out",
      paramLabel = "FIT.json",
      description =
          "Where to write the fit file. Default: RUNS.fit.json in the current folder; with --json,"
              + " nowhere.")
  Path out;

  @Option(names = "--json", description = "Print the fit file instead of tables.")
  boolean json;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    bootstrap.check();
    return by == null ? fit() : new FitByValue(this).run();
  }

  /** Fits the runs that {@link #input} tells, and writes what is asked for. */
  int fit() {
    PrintWriter log = spec.commandLine().getErr();
    checkOutputs();
    StatedLaw.Read read = input.read(choices);
    RunFile file = read.file();
    estimator.check(read);
    input.notes(file).forEach(log::println);
    FitArchive archive;
    FitReport found;
    try (BootstrapRun replicates = new BootstrapRun(bootstrap, log)) {
      archive =
          new FitRun(input, choices, estimator, log)
              .archive(read, replicates, BootstrapRun.journal(bootstrap, target()));
      found = new FitReport(archive, bootstrap.level, bootstrap.type);
      if (target() != null) {
        archive.write(target());
        replicates.delete();
      }
    }
    JsonChoice.print(found, json, spec);
    if (!json) {
      spec.commandLine().getOut().println("result: " + target());
      spec.commandLine().getOut().flush();
    }
    String from =
        FileNames.of(file.file())
            + (input.isExample() ? "; simulated, not real training runs" : "");
    report.write(
        log,
        "Scaling laws",
        "%d runs from %s".formatted(file.runs().size(), from),
        found::sections);
    return archive.isConverged() ? ExitCode.DONE : ExitCode.NOT_CONVERGED;
  }

  /** Ends the command if something would be replaced that may not be. */
  void checkOutputs() {
    Outputs outputs = new Outputs(spec).reads(input.file);
    outputs.writes("--out", target(), "a fit file", FitArchive::isOne);
    BootstrapRun.journal(bootstrap, target())
        .ifPresent(
            path -> outputs.writes("the journal", path, "a journal", BootstrapJournal::isOne));
    report.declare(outputs);
  }

  /** Where the fit file goes; null for nowhere. */
  private Path target() {
    return out == null && !json ? Path.of(input.stem() + ".fit.json") : out;
  }
}
