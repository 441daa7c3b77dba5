package org.farfit.cli;

import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.farfit.analysis.Holdout;
import org.farfit.analysis.study.Validation;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.Method;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.report.ValidationReport;
import org.farfit.report.output.FileNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code farfit validate}: how well fits predict runs that were held out. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Fits some of the runs and tells how well the others are predicted.",
    footer = {
      "",
      "Examples:",
      "  farfit validate runs.csv --holdout edge",
      "  farfit validate runs.csv --where \"N > 2e8\" --holdout size --from 1.9e9 \\",
      "      --law farseer --method global,regularised,piecewise",
      "  farfit validate runs.csv --holdout top:0.25",
      "  farfit validate runs.csv --holdout-by experiment",
      "  farfit validate runs.csv --law auto --hold-where \"N > 5e9\""
    })
final class ValidateCommand implements Callable<Integer> {

  @Mixin RunsInput input;

  @Mixin FitChoices choices;

  @Option(
      names = "--method",
      paramLabel = "METHODS",
      completionCandidates = Candidates.Methods.class,
      split = ",",
      description =
          "global (the default), regularised, piecewise, or several joined by commas; with --law"
              + " auto, those that may be chosen (default: any).")
  Set<Method> methods;

  @Mixin HoldoutQuestions questions;

  @Option(
      names = "--also-n-column",
      paramLabel = "NAME",
      split = ",",
      description = "Do the same with N from this column, for example one that counts embeddings.")
  List<String> alsoN = List.of();

  @Mixin ReportChoices report;

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    questions.check();
    report.declare(new Outputs(spec).reads(input.file));
    PrintWriter log = spec.commandLine().getErr();
    StatedLaw.Read read = input.read(choices);
    RunSet runs = read.file().runs();
    input.notes(read.file()).forEach(log::println);
    List<Holdout> holdouts = questions.of(runs, input);
    remarks(read, holdouts).forEach(remark -> log.println("warning: " + remark));
    log.flush();
    ValidationReport found = new ValidationReport(runs, holdouts.getFirst(), questions.protocol());
    try (Engine engine = choices.engine.open(log, EngineChoice.MUCH_WORK)) {
      found.add(read.file().columns().get("N"), validate(engine, read, holdouts));
      for (String column : alsoN) {
        StatedLaw.Read other = input.readWithSizesFrom(column, choices);
        found.add(
            other.file().columns().get("N"),
            validate(engine, other, questions.of(other.file().runs(), input)));
      }
    }
    found
        .problem()
        .ifPresent(reason -> {
          throw new InputException(read.file().file() + ": " + reason);
        });
    printing.print(found, spec);
    report.write(
        log,
        "Validation",
        "%d runs from %s, hold-out: %s"
            .formatted(runs.size(), FileNames.of(read.file().file()), questions.protocol()),
        found::sections);
    return ExitCode.DONE;
  }

  private List<Validation.Row> validate(
      Engine engine, StatedLaw.Read read, List<Holdout> holdouts) {
    try (Progress progress = new Progress("validate")) {
      return new Validation(engine, choices.options(), progress)
          .run(read.file().runs(), holdouts, candidates(read.laws()));
    }
  }

  /** What the runs cannot tell about the laws. */
  private List<String> remarks(StatedLaw.Read read, List<Holdout> holdouts) {
    RunSet runs = read.file().runs();
    return choices.laws.auto()
        ? Validation.remarksOnAuto(runs, holdouts)
        : Validation.remarks(
            read.laws(),
            methods == null ? Method.GLOBAL : methods.iterator().next(),
            runs,
            holdouts);
  }

  private List<Validation.Candidate> candidates(List<Law> laws) {
    if (choices.laws.auto()) {
      return List.of(
          Validation.Candidate.auto(methods == null ? EnumSet.allOf(Method.class) : methods));
    }
    try {
      return Validation.Candidate.all(laws, methods == null ? Set.of(Method.GLOBAL) : methods);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--method " + e.getMessage(), e);
    }
  }
}
