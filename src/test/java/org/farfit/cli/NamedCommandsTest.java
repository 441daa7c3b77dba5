package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command line made for some arguments says what the whole one does. */
class NamedCommandsTest {

  private record Said(int code, String output, String log) {}

  private static Said said(CommandLine line, String... arguments) {
    StringWriter output = new StringWriter();
    StringWriter log = new StringWriter();
    int code = line.setOut(new PrintWriter(output)).setErr(new PrintWriter(log)).execute(arguments);
    return new Said(code, output.toString(), log.toString());
  }

  @Test
  void helpAndErrorsAreThoseOfTheWholeCommandLine() {
    List<String[]> calls = new ArrayList<>();
    for (String name : Main.commandLine().getSubcommands().keySet()) {
      calls.add(new String[] {name, "--help"});
      calls.add(new String[] {"help", name});
      calls.add(new String[] {name, "--no-such-option"});
    }
    calls.add(new String[] {});
    calls.add(new String[] {"--help"});
    calls.add(new String[] {"--version"});
    calls.add(new String[] {"fitt"});
    calls.add(new String[] {"help", "none"});
    calls.add(new String[] {"-q", "laws"});
    calls.add(new String[] {"laws", "-q"});
    calls.add(new String[] {"generate-completion"});
    for (String[] call : calls) {
      assertThat(said(Main.commandLine(call), call))
          .as(String.join(" ", call))
          .isEqualTo(said(Main.commandLine(), call));
    }
  }

  @Test
  void onlyNamedCommandsHaveTheirOptionsRead() {
    CommandLine line = Main.commandLine("-q", "predict", "--help");
    assertThat(line.getSubcommands())
        .containsOnlyKeys(Main.commandLine().getSubcommands().keySet());
    line.getSubcommands()
        .forEach((name, command) ->
            assertThat(command.getCommandSpec().findOption("--help") != null)
                .as(name)
                .isEqualTo(name.equals("predict")));
  }

  @Test
  void commandsThatReadFitFilesAreKnownByTheirArguments() {
    assertThat(Main.readsFitFile("predict", "runs.fit.json", "--n", "1e9")).isTrue();
    assertThat(Main.readsFitFile("-q", "compare", "a.fit.json", "b.fit.json")).isTrue();
    assertThat(Main.readsFitFile("fit", "runs.csv", "--out", "runs.fit.json")).isFalse();
    assertThat(Main.readsFitFile("laws")).isFalse();
    assertThat(Main.readsFitFile()).isFalse();
  }
}
