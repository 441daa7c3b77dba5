package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What every command understands beside its own options: quiet, verbose, help and completion. */
class VerbosityTest {

  @TempDir Path folder;

  private CommandRun fit(String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(List.of("fit", "--law", "chinchilla", "--starts", "2", "--out"));
    arguments.add(folder.resolve("x.json").toString());
    arguments.addAll(Arrays.asList(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  @Test
  void quietLeavesWarningsAndErrors() {
    CommandRun usual = fit();
    CommandRun quiet = fit("--quiet");
    assertThat(usual.log()).contains("runs: 345").contains("engine: ");
    assertThat(quiet.log()).isEmpty();
    assertThat(quiet.output()).isEqualTo(usual.output());
    CommandRun refused = CommandRun.of("fit", "-q", folder.resolve("none.csv").toString());
    assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.log()).startsWith("farfit: ").contains("none.csv");
    CommandRun far =
        CommandRun.of(
            "predict", folder.resolve("x.json").toString(), "--n=1e15", "--d=1e16", "--quiet");
    assertThat(far.log()).startsWith("warning: ");
  }

  @Test
  void verboseTellsTimesAndVersions() {
    CommandRun run = fit("--verbose");
    assertThat(run.log().lines().toList())
        .allMatch(line -> Pattern.matches(" *[0-9]+\\.[0-9]{2} s  .*", line))
        .anyMatch(line -> line.contains("Java " + System.getProperty("java.version")))
        .anyMatch(line -> line.contains("runs: 345"))
        .last()
        .asString()
        .endsWith("exit code 0");
    assertThat(fit("-q", "-v").log()).contains("--quiet and --verbose exclude each other");
  }

  @Test
  void warningsAreColouredWhereAPersonReads() throws IOException {
    StringWriter text = new StringWriter();
    try (PrintWriter log = new PrintWriter(new Verbosity.Lines(text, false, false, true))) {
      log.println("warning: far");
      log.println("runs: 3");
      log.print("farfit: no");
    }
    assertThat(text.toString().lines())
        .containsExactly("\033[33mwarning:\033[0m far", "runs: 3", "\033[31mfarfit:\033[0m no");
    assertThat(CommandRun.of("--help").output()).doesNotContain("\033");
  }

  /** Every command has a line in the list that is a sentence, and the list cuts none. */
  @Test
  void summariesAreWhole() {
    String list = CommandRun.of("--help").output();
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      if (command.getCommandSpec().userObject().getClass().getName().startsWith("picocli")) {
        continue;
      }
      String summary = command.getCommandSpec().usageMessage().description()[0];
      assertThat(summary).as(command.getCommandName()).endsWith(".").hasSizeLessThan(84);
      assertThat(list).contains(summary);
    }
  }

  @Test
  void helpAndCompletion() {
    assertThat(CommandRun.of("help", "fit").output())
        .isEqualTo(CommandRun.of("fit", "--help").output())
        .contains("--bootstrap");
    CommandRun script = CommandRun.of("generate-completion");
    assertThat(script.exitCode()).isZero();
    assertThat(script.output())
        .contains("complete -F _complete_farfit")
        .contains("--holdout-by")
        .contains("allocate");
  }
}
