package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

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
        .isNotEmpty()
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

  /** Labels such as FIT.json stay whole where the synopsis is broken into lines. */
  @Test
  void synopsesBreakNoLabel() {
    for (String command : Main.commandLine().getSubcommands().keySet()) {
      assertThat(
              CommandRun.of("help", command)
                  .output()
                  .lines()
                  .takeWhile(line -> line.startsWith("Usage") || line.startsWith(" ")))
          .as(command)
          .noneMatch(line -> line.matches(".*[=\\[ ][A-Z]+\\."));
    }
    assertThat(CommandRun.of("fit", "--help").output()).contains("=FIT.json", "=R.html");
  }

  /** A shell keeps candidates by label: two options with one label must have the same. */
  @Test
  void candidatesOfOneLabelAreTheSame() {
    Main.commandLine()
        .getSubcommands()
        .forEach((name, command) -> {
          Map<String, Object> known = new HashMap<>();
          for (OptionSpec option : command.getCommandSpec().options()) {
            if (option.completionCandidates() != null) {
              List<String> words = new ArrayList<>();
              option.completionCandidates().forEach(words::add);
              Object before = known.putIfAbsent(option.paramLabel(), words);
              assertThat(before == null ? words : before).as(name + " " + option).isEqualTo(words);
            }
          }
        });
  }

  @Test
  void bashCompletes() throws Exception {
    Path script = folder.resolve("completion");
    Files.writeString(script, CommandRun.of("generate-completion").output());
    String program =
        """
        compopt() { :; }
        source "$1"
        shift
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _complete_farfit
        echo "${COMPREPLY[*]}"
        """;
    Map<List<String>, String> expected =
        Map.of(
            List.of("fi"), "fit",
            List.of("fit", "--boot"), "--bootstrap",
            List.of("fit", "--repeats", ""), "keep mean best",
            List.of("fit", "--resampling", "p"), "pairs parametric",
            List.of("fit", "--noise", "v"), "variance",
            List.of("fit", "--engine", "s"), "scalar simd",
            List.of("fit", "--law", "ch"), "chinchilla",
            List.of("validate", "--method", "reg"), "regularised",
            List.of("help", "pred"), "predict");
    for (Map.Entry<List<String>, String> each : expected.entrySet()) {
      List<String> arguments =
          new ArrayList<>(List.of("bash", "-c", program, "bash", script.toString(), "farfit"));
      arguments.addAll(each.getKey());
      Process bash = new ProcessBuilder(arguments).start();
      String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(bash.waitFor()).isZero();
      assertThat(said.strip()).as(each.getKey().toString()).isEqualTo(each.getValue());
    }
  }
}
