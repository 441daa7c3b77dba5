package org.farfit.cli;

import java.io.PrintWriter;
import java.util.Set;
import org.farfit.report.Presentation;
import org.farfit.report.output.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option that says in which form a result is printed, and printing in it. */
final class JsonChoice {

  /**
   * Keys of JSON under which there are sentences, which speak of options and not of the library.
   */
  private static final Set<String> SENTENCES =
      Set.of(
          "warnings", "statements", "problem", "backTest", "intervalProblem", "reason", "message");

  @Option(names = "--json", description = "Print JSON instead of tables.")
  boolean json;

  /** Prints what to beware of on standard error, and the result on standard output. */
  void print(Presentation found, CommandSpec spec) {
    warn(found, spec);
    write(json ? Json.text(found.data(), SENTENCES, SettingNames::in) : found.text(), spec);
  }

  /**
   * The same for commands whose option says something else: of {@code fit} the JSON is the fit file
   * as it is.
   */
  static void print(Presentation found, boolean json, CommandSpec spec) {
    warn(found, spec);
    write(json ? Json.text(found.data()) : found.text(), spec);
  }

  private static void write(String text, CommandSpec spec) {
    PrintWriter output = spec.commandLine().getOut();
    output.print(text);
    output.flush();
  }

  /** Prints what to beware of on standard error. */
  static void warn(Presentation found, CommandSpec spec) {
    PrintWriter log = spec.commandLine().getErr();
    found.warnings().stream()
        .map(SettingNames::in)
        .forEach(warning -> log.println("warning: " + warning));
    log.flush();
  }
}
