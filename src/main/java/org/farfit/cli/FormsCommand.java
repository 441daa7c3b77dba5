package org.farfit.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.farfit.data.RunFile;
import org.farfit.fit.Method;
import org.farfit.fit.piecewise.FormSelection;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.report.FormReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code farfit forms}: ranks functional forms of A(N), B(N) and G(N). */
@Command(
    name = "forms",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Ranks the forms of A(N), B(N) and G(N) in L = G(N) + B(N) D^-A(N).",
      "By algorithm 1 of the Farseer paper."
    },
    footer = {"", "Example:", "  farfit forms runs.csv --where \"N > 2e8\""})
final class FormsCommand implements Callable<Integer> {

  @Mixin RunsInput input;

  @Mixin JsonChoice printing;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter log = spec.commandLine().getErr();
    RunFile file = input.read();
    input.notes(file).forEach(log::println);
    RunsInput.warnOfStructure(log, List.of(FormSelection.law()), Method.PIECEWISE, file.runs());
    printing.print(new FormReport(ranked(file)), spec);
    return ExitCode.DONE;
  }

  private static List<FormSelection.Form> ranked(RunFile file) {
    try (Progress progress = new Progress("forms")) {
      return new FormSelection(PiecewiseSettings.DEFAULT, progress).rank(file.runs());
    }
  }
}
