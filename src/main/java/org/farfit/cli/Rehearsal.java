package org.farfit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the usual commands once and says nothing. The launchers do that while the JVM notes which
 * classes are loaded, for the archive from which later starts take them.
 */
final class Rehearsal {

  private Rehearsal() {}

  /** Runs them; the exit code is that of the first that failed, or 0. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("farfit");
    Path fit = folder.resolve("example.fit.json");
    int code = run(fit.toString());
    Files.deleteIfExists(fit);
    Files.delete(folder);
    System.exit(code);
  }

  private static int run(String fit) {
    String[][] commands = {
      {"--help"},
      {"engines"},
      {"laws"},
      {"fit", "--quiet", "--out", fit},
      {"predict", fit, "--n", "25.1B", "--d", "320B"},
      {"allocate", fit, "--compute", "1e22"},
    };
    for (String[] command : commands) {
      int code =
          Main.commandLine(command)
              .setOut(new PrintWriter(Writer.nullWriter()))
              .setErr(new PrintWriter(Writer.nullWriter()))
              .execute(command);
      if (code != ExitCode.DONE) {
        return code;
      }
    }
    return ExitCode.DONE;
  }
}
