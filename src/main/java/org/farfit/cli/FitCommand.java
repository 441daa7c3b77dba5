package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.farfit.data.RunFile;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.GlobalFit;
import org.farfit.fit.LawFit;
import org.farfit.law.Law;
import org.farfit.report.FitDocument;
import org.farfit.report.FitTables;
import org.farfit.report.Json;
import org.farfit.report.OutputFile;
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
      "  farfit fit runs.csv --law chinchilla --loss huber:1e-3 --json"
    })
final class FitCommand implements Callable<Integer> {

  @Mixin RunsInput input;

  @Mixin FitChoices choices;

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
    PrintWriter log = spec.commandLine().getErr();
    RunFile file = input.read();
    for (Law law : choices.laws.laws()) {
      FitRequirements.check(file.file(), law, file.runs());
    }
    input.notes(file).forEach(log::println);
    FitOptions options = choices.options();
    FitDocument document;
    List<LawFit> fits = new ArrayList<>();
    try (Engine engine = choices.openEngine(log)) {
      for (Law law : choices.laws.laws()) {
        try (Progress progress = new Progress(law.name())) {
          fits.add(new GlobalFit(engine, options, progress).fit(law, file.runs()));
        }
      }
      document =
          FitDocument.of(
              Version.text(),
              file,
              input.isExample(),
              input.columns(),
              options,
              engine.name(),
              fits);
    }
    print(document);
    boolean converged = fits.stream().allMatch(fit -> fit.status().isConverged());
    return converged ? ExitCode.DONE : ExitCode.NOT_CONVERGED;
  }

  private void print(FitDocument document) {
    PrintWriter output = spec.commandLine().getOut();
    Path target = out == null && !json ? Path.of(input.stem() + ".fit.json") : out;
    if (target != null) {
      OutputFile.write(target, Json.text(document));
    }
    if (json) {
      output.print(Json.text(document));
    } else {
      output.println();
      output.print(FitTables.parameters(document));
      output.print(FitTables.comparison(document));
      output.println();
      if (document.input().simulated()) {
        output.println("data: simulated by farfit simulate; not real training runs");
      }
      output.println("result: " + target);
    }
    output.flush();
  }
}
