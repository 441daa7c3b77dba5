package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.farfit.analysis.SurfaceShape;
import org.farfit.data.RunFile;
import org.farfit.engine.Engine;
import org.farfit.engine.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.RunStructure;
import org.farfit.fit.extrapolation.AutoFit;
import org.farfit.fit.method.Fitters;
import org.farfit.fit.search.GeneralisedFit;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.report.BootstrapJournal;
import org.farfit.report.ChoiceEntry;
import org.farfit.report.FileNames;
import org.farfit.report.FitArchive;
import org.farfit.report.FitDocument;
import org.farfit.report.FitFile;
import org.farfit.report.FitTables;
import org.farfit.report.Json;
import org.farfit.report.OutputFile;
import org.farfit.report.html.HtmlReport;
import org.farfit.solver.ProgressListener;
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
      names = "--method",
      paramLabel = "METHOD",
      completionCandidates = Candidates.Methods.class,
      description =
          "global (the default): least squares on all parameters; regularised: with the prior that"
              + " published fits give, for extrapolation; piecewise: the differential procedure of"
              + " the Farseer paper (farseer, chinchilla). With --law auto, the only method that"
              + " may be chosen (default: any).")
  Method method;

  @Option(
      names = "--by",
      paramLabel = "COLUMN",
      description =
          "Fit the runs of each value of a column apart, such as those of several experiments in"
              + " one file; each has a fit file RUNS.VALUE.fit.json.")
  String by;

  @Option(
      names = "--noise",
      paramLabel = "MODEL",
      completionCandidates = Candidates.Noises.class,
      defaultValue = "auto",
      converter = NoiseConverter.class,
      description =
          "How runs scatter: auto (the default), what tests of the residuals speak for;"
              + " independent; size: runs of a size share an error; variance: it changes with D and"
              + " N; both. Standard errors, intervals and replicates follow it.")
  NoiseConverter.Choice noise;

  @Option(
      names = "--least-squares",
      paramLabel = "SQUARES",
      defaultValue = "generalised",
      description =
          "generalised (the default): where runs do not scatter independently and alike, the fit"
              + " weighs them as the noise model says; ordinary: the fit stays as it is, and only"
              + " what is said of its certainty follows the model.")
  LeastSquares leastSquares;

  /** How a fit follows the model of the noise. */
  enum LeastSquares {
    GENERALISED,
    ORDINARY
  }

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

  /** Work of a formula beside that of a law by hand: its derivatives are many. */
  private static final int OF_FORMULA = 20;

  /** Where replicates are kept until the fit file is written, once it is opened. */
  private Optional<BootstrapJournal> opened = Optional.empty();

  @Override
  public Integer call() {
    bootstrap.check();
    return by == null ? fit() : new FitByValue(this).run();
  }

  /** Fits the runs that {@link #input} tells, and writes what is asked for. */
  int fit() {
    try {
      return fitOne();
    } finally {
      opened.ifPresent(BootstrapJournal::close);
      opened = Optional.empty();
    }
  }

  private int fitOne() {
    PrintWriter log = spec.commandLine().getErr();
    checkOutputs();
    StatedLaw.Read read = input.read(choices);
    RunFile file = read.file();
    for (Law law : read.laws()) {
      checkMethod(law);
      FitRequirements.check(file.file(), law, Methods.orGlobal(method), file.runs());
    }
    input.notes(file).forEach(log::println);
    FitOptions options = choices.options();
    FitDocument document;
    boolean converged;
    List<LawFit> fits = new ArrayList<>();
    try (Engine engine = choices.engine.open(log, work(file, options))) {
      openJournal(engine, file);
      Optional<AutoFit.Choice> chosen =
          choices.laws.auto() ? Optional.of(choose(engine, options, file)) : Optional.empty();
      chosen.ifPresent(choice -> log.println("auto: " + choice.reason()));
      FitOptions used =
          chosen.map(choice -> options.withObjective(choice.objective())).orElse(options);
      for (Planned plan : plans(read.laws(), chosen)) {
        RunsInput.warnOfStructure(log, List.of(plan.law()), plan.method(), file.runs());
        LawFit fit = fit(engine, used, plan.law(), plan.method(), file);
        fits.add(
            leastSquares == LeastSquares.GENERALISED
                ? new GeneralisedFit(engine, used).fit(fit, file.runs(), noise.kind())
                : fit.withNoise(file.runs(), noise.kind()));
      }
      fits.stream()
          .flatMap(fit -> RunStructure.undetermined(fit, file.runs()).stream())
          .forEach(remark -> log.println("warning: " + remark));
      converged = fits.stream().allMatch(fit -> fit.status().isConverged());
      document =
          FitDocument.of(
              Version.text(),
              file,
              input.isExample(),
              input.columns(),
              used,
              engine.name(),
              bootstrapped(engine, file, fits),
              chosen.map(ChoiceEntry::of).orElse(null));
    }
    if (converged) {
      warnOfShape(document, log);
    }
    print(document);
    report.write(
        log,
        "Scaling laws",
        "%d runs from %s%s"
            .formatted(
                file.runs().size(),
                FileNames.of(file.file()),
                input.isExample() ? "; simulated, not real training runs" : ""),
        progress -> sections(document, file, fits, progress));
    return converged ? ExitCode.DONE : ExitCode.NOT_CONVERGED;
  }

  /** Ends the command if something would be replaced that may not be. */
  void checkOutputs() {
    Outputs outputs = new Outputs(spec).reads(input.file);
    outputs.writes("--out", target(), "a fit file", FitFile::isOne);
    journal()
        .ifPresent(
            path -> outputs.writes("the journal", path, "a journal", BootstrapJournal::isOne));
    report.declare(outputs);
  }

  /** Where the journal of replicates goes, if there is one. */
  private Optional<Path> journal() {
    return Optional.ofNullable(target())
        .filter(path -> bootstrap.wanted() && !OutputFile.isSpecial(path))
        .map(BootstrapJournal::beside);
  }

  private List<HtmlReport.Section> sections(
      FitDocument document, RunFile file, List<LawFit> fits, ProgressListener progress) {
    FitArchive archive = FitArchive.of(Path.of(file.file()), document);
    return FitReport.sections(
        document,
        archive,
        archive.inferences(new ScalarEngine(), bootstrap.level, bootstrap.type),
        fits,
        progress);
  }

  /** A fit to be made. */
  private record Planned(Law law, Method method) {}

  private List<Planned> plans(List<Law> laws, Optional<AutoFit.Choice> chosen) {
    return chosen.isPresent()
        ? chosen.get().members().stream()
            .map(member -> new Planned(member.surface().law(), member.method()))
            .toList()
        : laws.stream().map(law -> new Planned(law, Methods.orGlobal(method))).toList();
  }

  /** The entries of the fits, with replicates if these are wanted. */
  private List<FitDocument.Fit> bootstrapped(Engine engine, RunFile file, List<LawFit> fits) {
    List<FitDocument.Fit> entries = fits.stream().map(FitDocument::entry).toList();
    if (!bootstrap.wanted()) {
      return entries;
    }
    return new BootstrapRun(bootstrap, bootstrap.options(choices), spec.commandLine().getErr())
        .run(engine, file.runs(), fits, entries, opened);
  }

  /** Opens the journal, if there is one: before any work, since another process may have it. */
  private void openJournal(Engine engine, RunFile file) {
    opened =
        journal()
            .map(path -> {
              Map<String, String> depends =
                  BootstrapRun.dependencies(
                      file, input, choices, bootstrap.options(choices), engine.name());
              depends.put("--method", String.valueOf(method));
              depends.put("--noise", noise.label());
              depends.put("--least-squares", leastSquares.name());
              return BootstrapRun.open(
                  path, bootstrap.resume, depends, spec.commandLine().getErr());
            });
  }

  /** Ends the command if the method is not defined for a law. */
  private void checkMethod(Law law) {
    Fitters.unsupported(Methods.orGlobal(method), law)
        .ifPresent(reason -> {
          throw new ParameterException(spec.commandLine(), "--method " + reason);
        });
  }

  /** Problems times runs; a choice among laws and priors makes hundreds of fits. */
  private long work(RunFile file, FitOptions options) {
    return choices.laws.auto() || method == Method.REGULARISED || bootstrap.wanted()
        ? EngineChoice.MUCH_WORK
        : (long) (choices.laws.areMade() ? 1 : OF_FORMULA)
            * choices.laws.stated().size()
            * options.starts()
            * file.runs().size();
  }

  /** A surface that rises where runs were fitted is not one to extrapolate. */
  private static void warnOfShape(FitDocument document, PrintWriter log) {
    FitArchive archive = FitArchive.of(Path.of("fit"), document);
    if (!archive.hasSizesAndTokens()) {
      return;
    }
    SurfaceShape.warnings(archive.fitted(), archive.range())
        .forEach(warning -> log.println("warning: " + warning));
    log.flush();
  }

  private AutoFit.Choice choose(Engine engine, FitOptions options, RunFile file) {
    try (Progress progress = new Progress("auto")) {
      return new AutoFit(engine, options, progress, Methods.allowed(method)).choose(file.runs());
    }
  }

  private static LawFit fit(
      Engine engine, FitOptions options, Law law, Method method, RunFile file) {
    try (Progress progress = new Progress(law.name())) {
      return new Fitters(engine, options, progress).of(method).fit(law, file.runs());
    }
  }

  /** Where the fit file goes; null for nowhere. */
  private Path target() {
    return out == null && !json ? Path.of(input.stem() + ".fit.json") : out;
  }

  private void print(FitDocument document) {
    PrintWriter output = spec.commandLine().getOut();
    Path target = target();
    if (target != null) {
      OutputFile.write(target, Json.text(document));
      opened.ifPresent(BootstrapJournal::delete);
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
        document
            .auto()
            .tested()
            .ifPresent(test -> output.println("back-test: " + test.words(bootstrap.level)));
      }
      if (document.input().simulated()) {
        output.println("data: simulated by farfit simulate; not real training runs");
      }
      output.println("result: " + target);
    }
    output.flush();
  }
}
