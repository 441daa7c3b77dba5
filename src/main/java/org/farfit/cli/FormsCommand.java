package org.farfit.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.farfit.data.RunFile;
import org.farfit.fit.Method;
import org.farfit.fit.piecewise.FormSelection;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.report.FormTable;
import org.farfit.report.output.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Option(names = "--json", description = "Print JSON instead of a table.")
  boolean json;

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter log = spec.commandLine().getErr();
    RunFile file = input.read();
    input.notes(file).forEach(log::println);
    RunsInput.warnOfStructure(log, List.of(FormSelection.law()), Method.PIECEWISE, file.runs());
    List<FormSelection.Form> forms = ranked(file);
    int fewest = forms.stream().mapToInt(FormSelection.Form::sizes).min().orElseThrow();
    int most = forms.stream().mapToInt(FormSelection.Form::sizes).max().orElseThrow();
    if (fewest < most) {
      log.printf(
          "warning: forms of G rest on %d of %d sizes; at the others the data term exceeds the loss%n",
          fewest, most);
    }
    log.flush();
    List<FormTable.Row> rows = FormTable.rows(forms);
    PrintWriter output = spec.commandLine().getOut();
    output.print(json ? Json.text(new FormTable.Document(rows)) : FormTable.text(rows));
    output.flush();
    return ExitCode.DONE;
  }

  private static List<FormSelection.Form> ranked(RunFile file) {
    try (Progress progress = new Progress("forms")) {
      return new FormSelection(PiecewiseSettings.DEFAULT, progress).rank(file.runs());
    }
  }
}
