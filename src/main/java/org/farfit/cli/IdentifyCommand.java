package org.farfit.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.farfit.analysis.study.Identifiability;
import org.farfit.engine.Engine;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.report.IdentifiabilityReport;
import org.farfit.report.archive.FitArchive;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit identify}: which parameters the data determine. */
@Command(
    name = "identify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Says which parameters the runs of a fit determine.",
      "And which combinations of them. Centred parameters: value, slope and curvature of each term at the geometric mean of N."
    },
    footer = {"", "Example:", "  farfit identify runs.fit.json"})
final class IdentifyCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "FIT.json", description = "A fit file of farfit fit.")
  Path file;

  @Mixin ReportChoices report;

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    report.declare(new Outputs(spec).reads(file));
    FitArchive archive = FitArchive.open(file);
    IdentifiabilityReport found = new IdentifiabilityReport(archive);
    try (Engine engine = new ScalarEngine();
        Progress progress = new Progress("identify")) {
      for (FitArchive.Entry entry : archive.entries()) {
        found.add(entry.name(), new Identifiability(engine, entry.fit(), archive.runs()).examine());
        progress.done(archive.entries().indexOf(entry) + 1, archive.entries().size());
      }
    }
    printing.print(found, spec);
    report.write(
        spec.commandLine().getErr(), "What the data determine", archive.title(), found::sections);
    return ExitCode.DONE;
  }
}
