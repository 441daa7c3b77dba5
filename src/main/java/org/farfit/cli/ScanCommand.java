package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.farfit.analysis.CostScan;
import org.farfit.data.RunFile;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.search.GlobalFit;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.report.ScanReport;
import org.farfit.report.ScanTable;
import org.farfit.report.output.Json;
import org.farfit.report.output.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code farfit scan}: the cost over a grid of parameters, or its profile. */
@Command(
    name = "scan",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fits one law, then evaluates its cost over a grid of parameters.",
      "The others stay at the fit or, with --profile, are fitted again at each grid point."
    },
    footer = {
      "",
      "Example:",
      "  farfit scan runs.csv --law farseer --vary alpha=-0.5:0.5:201,beta=-0.5:0.5:201 --out s.csv"
    })
final class ScanCommand implements Callable<Integer> {

  @Mixin RunsInput input;

  @Mixin FitChoices choices;

  @Mixin ScanQuestions asked;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write the grid: JSON if the name ends so, else comma-separated.")
  Path out;

  @Option(names = "--json", description = "Print JSON instead of comma-separated text.")
  boolean json;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    if (choices.laws.stated().size() != 1) {
      throw new ParameterException(spec.commandLine(), "--law must name one law to scan");
    }
    new Outputs(spec).reads(input.file).writes("--out", out, "a scan", ScanTable::isOne);
    PrintWriter log = spec.commandLine().getErr();
    StatedLaw.Read read = input.read(choices);
    Law law = read.laws().getFirst();
    RunFile file = read.file();
    FitRequirements.check(file.file(), law, file.runs());
    input.notes(file).forEach(log::println);
    RunsInput.warnOfStructure(log, List.of(law), Method.GLOBAL, file.runs());
    ScanReport found = found(law, file, log);
    log.printf("fit: cost %.6e, %s%n", found.fit().cost(), found.fit().status().label());
    found.fit().limitStatements().forEach(log::println);
    write(found);
    return found.fit().status().isConverged() ? ExitCode.DONE : ExitCode.NOT_CONVERGED;
  }

  private ScanReport found(Law law, RunFile file, PrintWriter log) {
    FitOptions options = choices.options();
    int runs = file.runs().size();
    long work = asked.work(options.starts(), runs);
    try (Engine engine =
        choices.laws.areMade()
            ? choices.engine.openCounted(log, asked.fitted(options.starts(), runs), work)
            : choices.engine.open(log, work)) {
      LawFit fit;
      try (Progress progress = new Progress("fit")) {
        fit = new GlobalFit(engine, options, progress).fit(law, file.runs());
      }
      try (Progress progress = new Progress("scan")) {
        return new ScanReport(
            fit,
            new CostScan(engine, options, progress)
                .run(fit, file.runs(), asked.axes, asked.profile, List.of()));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--vary: " + e.getMessage(), e);
      }
    }
  }

  private void write(ScanReport found) {
    boolean asJson = json || (out != null && out.toString().endsWith(".json"));
    if (out == null) {
      JsonChoice.print(found, asJson, spec);
      return;
    }
    JsonChoice.warn(found, spec);
    OutputFile.write(out, asJson ? Json.text(found.data()) : found.text());
    PrintWriter output = spec.commandLine().getOut();
    output.printf("%d grid points%nresult: %s%n", found.scan().cost().length, out);
    output.flush();
  }
}
