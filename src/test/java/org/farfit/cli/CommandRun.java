package org.farfit.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a command printed and how it ended, run inside the test. */
record CommandRun(int exitCode, String output, String log) {

  static CommandRun of(String... arguments) {
    StringWriter output = new StringWriter();
    StringWriter log = new StringWriter();
    CommandLine commandLine =
        Main.commandLine(arguments).setOut(new PrintWriter(output)).setErr(new PrintWriter(log));
    int exitCode = commandLine.execute(arguments);
    commandLine.getErr().flush();
    commandLine.getOut().flush();
    return new CommandRun(exitCode, output.toString(), log.toString());
  }
}
