package org.farfit.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.farfit.data.InputException;
import org.farfit.data.Setting;
import org.farfit.engine.Objective;
import org.farfit.formula.LawCheck;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.formula.Shelf;
import org.farfit.formula.StatedLaw;
import org.farfit.report.LawList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit laws}: lists laws, prints their files, and says what is derived from a formula. */
@Command(
    name = "laws",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Lists laws, prints the file of one, or says what is derived from a formula.",
    footer = {
      "",
      "Examples:",
      "  farfit laws",
      "  farfit laws chinchilla",
      "  farfit laws --check \"E + A*N^-alpha + B*D^-beta\"",
      "  farfit laws --check mine.yaml --emit"
    })
final class LawsCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Print the file of this law.")
  String name;

  @Option(
      names = "--check",
      paramLabel = "FORMULA",
      description =
          "Parse a formula, a law file (.yaml) or a law by name, and print columns, parameters,"
              + " coordinates, linear parameters and how often what is computed.")
  String check;

  @Option(
      names = "--columns",
      paramLabel = "NAMES",
      split = ",",
      description = "With --check: names that are columns, beside N and D.")
  List<String> columns = List.of();

  @Option(
      names = "--objective",
      paramLabel = "SCALE",
      completionCandidates = Candidates.Residuals.class,
      defaultValue = "log",
      description = "With --check: residuals of log losses (log) or of losses (linear).")
  Objective.Residual objective;

  @Option(names = "--emit", description = "With --check: print the generated loops too.")
  boolean emit;

  @Mixin ScaleBenchRun benchmark;

  @Mixin EngineChoice engine;

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    int asked = (name == null ? 0 : 1) + (check == null ? 0 : 1) + (benchmark.isAsked() ? 1 : 0);
    if (asked > 1) {
      throw new ParameterException(
          spec.commandLine(), "NAME, --check and --benchmark exclude each other");
    }
    PrintWriter output = spec.commandLine().getOut();
    if (name != null) {
      output.print(file());
    } else if (check != null) {
      printDerived(output);
    } else if (benchmark.isAsked()) {
      printing.print(benchmark.run(engine, spec.commandLine().getErr()), spec);
    } else {
      printing.print(new LawList(), spec);
    }
    output.flush();
    return ExitCode.DONE;
  }

  private String file() {
    return Shelf.file(name)
        .orElseThrow(() ->
            new InputException(
                "unknown law '%s'; the laws are %s"
                    .formatted(name, String.join(", ", Shelf.names()))));
  }

  private void printDerived(PrintWriter output) {
    LawText law = StatedLaw.textOf(check).orElseGet(() -> LawText.formula(check));
    LawCheck derived =
        new LawCheck(
            Model.of(
                (law.origin().equals(Setting.LAW.term()) ? law.from("--check") : law)
                    .withColumns(columns.stream().map(String::strip).toList())),
            objective == Objective.Residual.LOG);
    output.print(derived.text());
    if (emit) {
      output.println();
      output.print(derived.code());
    }
  }
}
