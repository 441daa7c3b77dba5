package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.farfit.analysis.SurfaceShape;
import org.farfit.data.RunFile;
import org.farfit.engine.Engine;
import org.farfit.fit.AutoFit;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.GlobalFit;
import org.farfit.fit.Method;
import org.farfit.fit.PiecewiseFit;
import org.farfit.fit.PiecewiseSettings;
import org.farfit.fit.RegularisedFit;
import org.farfit.law.Law;
import org.farfit.report.ChoiceEntry;
import org.farfit.report.FitDocument;
import org.farfit.report.FitFile;
import org.farfit.report.FitTables;
import org.farfit.report.Json;
import org.farfit.report.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
      "  farfit fit runs.csv --law chinchilla --loss huber:1e-3 --json"
    })
final class FitCommand implements Callable<Integer> {

  @Mixin RunsInput input;

  @Mixin FitChoices choices;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description =
          "global (the default): least squares on all parameters; regularised: with a prior on curvatures chosen"
              + " within the runs, for extrapolation; piecewise: the differential procedure of the"
              + " Farseer paper (farseer, chinchilla). With --law auto, the only method that may be chosen (default: any).")
  Method method;

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
      checkMethod(law);
    }
    input.notes(file).forEach(log::println);
    FitOptions options = choices.options();
    FitDocument document;
    List<FitDocument.Fit> fits = new ArrayList<>();
    try (Engine engine = choices.engine.open(log, work(file, options))) {
      ChoiceEntry auto = null;
      if (choices.laws.auto()) {
        AutoFit.Choice choice = choose(engine, options, file);
        log.println("auto: " + choice.reason());
        auto = ChoiceEntry.of(choice);
        for (AutoFit.Member member : choice.members()) {
          fits.add(fit(engine, options, member.surface().law(), member.method(), file));
        }
      } else {
        for (Law law : choices.laws.laws()) {
          fits.add(fit(engine, options, law, Methods.orGlobal(method), file));
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
              fits,
              auto);
    }
    boolean converged = fits.stream().allMatch(fit -> fit.status().startsWith("converged"));
    if (converged) {
      warnOfShape(document, log);
    }
    print(document);
    return converged ? ExitCode.DONE : ExitCode.NOT_CONVERGED;
  }

  /** Ends the command if the method is not defined for a law. */
  private void checkMethod(Law law) {
    if (method == Method.PIECEWISE && !PiecewiseFit.LAWS.contains(law.name())) {
      throw new ParameterException(
          spec.commandLine(),
          "--method piecewise is defined for %s, not for %s"
              .formatted(String.join(" and ", PiecewiseFit.LAWS), law.name()));
    }
  }

  /** Problems times runs; a choice among laws and priors makes hundreds of fits. */
  private long work(RunFile file, FitOptions options) {
    return choices.laws.auto() || method == Method.REGULARISED
        ? EngineChoice.MUCH_WORK
        : (long) choices.laws.laws().size() * options.starts() * file.runs().size();
  }

  /** A surface that rises where runs were fitted is not one to extrapolate. */
  private static void warnOfShape(FitDocument document, PrintWriter log) {
    SurfaceShape.warnings(FitFile.surfaces(Path.of("fit"), document), FitFile.range(document))
        .forEach(warning -> log.println("warning: " + warning));
    log.flush();
  }

  private AutoFit.Choice choose(Engine engine, FitOptions options, RunFile file) {
    try (Progress progress = new Progress("auto")) {
      return new AutoFit(engine, options, progress, Methods.allowed(method)).choose(file.runs());
    }
  }

  private static FitDocument.Fit fit(
      Engine engine, FitOptions options, Law law, Method method, RunFile file) {
    try (Progress progress = new Progress(law.name())) {
      return switch (method) {
        case GLOBAL ->
            FitDocument.entry(new GlobalFit(engine, options, progress).fit(law, file.runs()));
        case REGULARISED ->
            FitDocument.entry(new RegularisedFit(engine, options, progress).fit(law, file.runs()));
        case PIECEWISE ->
            FitDocument.entry(
                new PiecewiseFit(engine, options, PiecewiseSettings.DEFAULT).fit(law, file.runs()));
      };
    }
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
      if (document.auto() != null) {
        output.println("to extrapolate with: " + document.auto().reason());
      }
      if (document.input().simulated()) {
        output.println("data: simulated by farfit simulate; not real training runs");
      }
      output.println("result: " + target);
    }
    output.flush();
  }
}
