package org.farfit.cli;

import java.io.PrintWriter;
import org.farfit.report.Presentation;
import org.farfit.report.output.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The option that says in which form a result is printed, and printing in it. */
final class JsonChoice {

  @Option(names = "--json", description = "Print JSON instead of tables.")
  boolean json;

  /** Prints what to beware of on standard error, and the result on standard output. */
  void print(Presentation found, CommandSpec spec) {
    print(found, json, spec);
  }

  /** {@link #print(Presentation, CommandSpec)} for commands whose option says something else. */
  static void print(Presentation found, boolean json, CommandSpec spec) {
    warn(found, spec);
    PrintWriter output = spec.commandLine().getOut();
    output.print(json ? Json.text(found.data()) : found.text());
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
