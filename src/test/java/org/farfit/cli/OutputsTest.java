package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * No output takes the place of an input, of another output or of a file that Farfit did not write,
 * whichever command writes it: refused with exit code 2, before any work, and nothing is changed.
 */
class OutputsTest {

  /** What users wrote themselves. */
  private static final String FOREIGN = "notes of the user\n";

  private static final Set<String> WRITING = Set.of("--out", "--report", "--figures");

  @TempDir static Path folder;

  private static String runs;
  private static String fit;
  private static String sweep;

  /** The shortest call of every command that writes, without its outputs. */
  private static final Map<String, List<String>> CALLS = new LinkedHashMap<>();

  @BeforeAll
  static void makeInputs() throws IOException {
    runs = at("runs.csv");
    fit = at("f.fit.json");
    sweep = at("sweep.yaml");
    run("simulate", "--law", "chinchilla", "--out", runs);
    run("fit", runs, "--law", "chinchilla", "--starts", "4", "--out", fit);
    Files.writeString(
        Path.of(sweep), "inputs: [%s]\nlaws: [chinchilla, skaling]\nstarts: 2\n".formatted(runs));
    CALLS.put("fit", List.of(runs, "--law", "chinchilla", "--starts", "2"));
    CALLS.put("allocate", List.of(fit, "--compute", "1e21"));
    String other = at("g.fit.json");
    run("fit", runs, "--law", "skaling", "--starts", "4", "--out", other);
    CALLS.put("compare", List.of(fit, other, "--grid", "2"));
    CALLS.put(
        "design",
        List.of(
            fit,
            "--budget",
            "1e22",
            "--n",
            "1e9:2e9:2",
            "--d",
            "1e10:2e10:2",
            "--runs",
            "1",
            "--target-n",
            "2e10",
            "--target-d",
            "4e11",
            "--simulations",
            "10"));
    CALLS.put("identify", List.of(fit));
    CALLS.put(
        "validate", List.of(runs, "--law", "chinchilla", "--holdout", "edge", "--starts", "2"));
    CALLS.put(
        "scan", List.of(runs, "--law", "chinchilla", "--starts", "2", "--vary", "alpha=0.3:0.4:2"));
    CALLS.put("sweep", List.of(sweep));
    CALLS.put("simulate", List.of("--law", "chinchilla"));
    CALLS.put("reproduce", List.of("--data", folder.toString()));
  }

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  private static CommandRun run(String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.log()).isZero();
    return run;
  }

  private static CommandRun with(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(CALLS.get(command));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  /** Options that write, by command, as the command line has them. */
  private static Map<String, Set<String>> writingOptions() {
    Map<String, Set<String>> found = new TreeMap<>();
    for (Map.Entry<String, CommandLine> command : Main.commandLine().getSubcommands().entrySet()) {
      Set<String> options =
          command.getValue().getCommandSpec().options().stream()
              .flatMap(option -> Arrays.stream(option.names()))
              .filter(WRITING::contains)
              .collect(Collectors.toCollection(TreeSet::new));
      if (!options.isEmpty()) {
        found.put(command.getKey(), options);
      }
    }
    return found;
  }

  private static Map<Path, String> contents() throws IOException {
    Map<Path, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }

  private static void assertRefused(String message, String command, String... more)
      throws IOException {
    Map<Path, String> before = contents();
    CommandRun run = with(command, more);
    assertThat(run.exitCode()).as(command + run.log()).isEqualTo(ExitCode.USAGE);
    assertThat(run.log()).contains(message).doesNotContain("engine: ", "report: ");
    assertThat(run.output()).isEmpty();
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void everyCommandThatWritesIsTried() {
    assertThat(CALLS.keySet()).isEqualTo(writingOptions().keySet());
  }

  /** For every command and option that writes. */
  @Test
  void foreignFilesAreRefusedBeforeAnyWork() throws IOException {
    Path foreign = Files.writeString(folder.resolve("notes.csv"), FOREIGN);
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    Files.writeString(pictures.resolve("logo.png"), FOREIGN);
    for (Map.Entry<String, Set<String>> command : writingOptions().entrySet()) {
      for (String option : command.getValue()) {
        boolean isFolder = option.equals("--figures");
        assertRefused(
            isFolder ? "pictures that farfit did not draw (logo.png)" : "that farfit wrote; move",
            command.getKey(),
            option,
            isFolder ? pictures.toString() : foreign.toString());
        assertRefused(
            isFolder ? "is a file, expected a folder" : "is a folder, expected a file",
            command.getKey(),
            option,
            isFolder ? foreign.toString() : pictures.resolve("..").resolve("pictures").toString());
      }
    }
  }

  /** By its own name, by another one, and through a link. */
  @Test
  void inputsAreRefusedBeforeAnyWork() throws IOException {
    Path link = folder.resolve("link.csv");
    for (Map.Entry<String, Set<String>> command : writingOptions().entrySet()) {
      List<String> call = CALLS.get(command.getKey());
      if (!Files.isRegularFile(Path.of(call.getFirst()))) {
        continue;
      }
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, Path.of(call.getFirst()));
      for (String option : command.getValue()) {
        if (!option.equals("--figures") && !command.getKey().equals("sweep")) {
          for (String name :
              List.of(
                  call.getFirst(),
                  folder + "/./" + folder.relativize(Path.of(call.getFirst())),
                  link.toString())) {
            assertRefused("would replace the input", command.getKey(), option, name);
          }
        }
      }
    }
    Files.delete(link);
    assertRefused("would replace the input " + runs, "sweep", "--out", runs);
    assertRefused("would replace the input " + sweep, "sweep", "--report", sweep);
    assertRefused("would replace the input " + runs, "sweep", "--report", runs);
  }

  @Test
  void defaultOutputsAreOutputs() throws IOException {
    // x.fit.json gives x.fit.json, in the current folder: here by a link to it.
    Path here = Path.of("outputs-test.fit.json");
    Files.writeString(here, Files.readString(Path.of(fit)));
    try {
      CommandRun run = CommandRun.of("fit", here.toString());
      assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(run.log()).contains("would replace the input outputs-test.fit.json");
      assertThat(here).hasSameTextualContentAs(Path.of(fit));
    } finally {
      Files.delete(here);
    }
  }

  @Test
  void outputsMayNotReplaceEachOther() throws IOException {
    assertRefused(
        "--report %s would replace --out".formatted(at("o")),
        "fit",
        "--out",
        at("o"),
        "--report",
        at("o"));
    assertRefused("would replace --out", "fit", "--out", at("o"), "--report", folder + "/x/../o");
    assertRefused(
        "is a folder", "sweep", "--out", folder.toString() + "/../" + folder.getFileName());
    assertRefused(
        "figures might replace", "fit", "--report", at("r.svg"), "--figures", folder.toString());
    assertRefused("there is no folder", "fit", "--out", at("none/such/f.json"));
    assertRefused(
        "the journal", "fit", "--bootstrap", "5", "--out", at("o"), "--report", at("o.partial"));
  }

  /** What was written before is written again. */
  @Test
  void ownFilesAreReplaced() throws IOException {
    Path own = Files.createDirectories(folder.resolve("own"));
    for (int again = 0; again < 2; again++) {
      for (Map.Entry<String, Set<String>> command : writingOptions().entrySet()) {
        if (command.getKey().equals("reproduce")) {
          continue;
        }
        List<String> more = new ArrayList<>();
        for (String option : command.getValue()) {
          String name = command.getKey() + option;
          more.add(option);
          more.add(
              own
                  + "/"
                  + (command.getKey().equals("sweep") && option.equals("--out")
                      ? name + ".csv"
                      : name));
        }
        CommandRun run = with(command.getKey(), more.toArray(String[]::new));
        assertThat(run.exitCode()).as(command + run.log()).isZero();
      }
    }
    for (String kind : List.of("jsonl", "parquet")) {
      for (int again = 0; again < 2; again++) {
        assertThat(with("sweep", "--out", own + "/s." + kind).exitCode()).isZero();
      }
    }
    for (int again = 0; again < 2; again++) {
      assertThat(with("scan", "--out", own + "/s.json").exitCode()).isZero();
      assertThat(with("scan", "--profile", "--out", own + "/p.csv").exitCode()).isZero();
    }
    // An empty file holds nothing to lose.
    Path empty = Files.createFile(own.resolve("empty"));
    assertThat(with("fit", "--out", empty.toString()).exitCode()).isZero();
    assertThat(empty).isNotEmptyFile();
  }

  /** Runs of the user are not taken for simulated ones, though they have the same columns. */
  @Test
  void runsOfTheUserAreNotSimulatedOnes() throws IOException {
    Path mine = Files.writeString(folder.resolve("mine.csv"), "N,D,L\n1e9,2e9,3\n");
    assertRefused("is not a file of simulated runs", "simulate", "--out", mine.toString());
    Path edited =
        Files.writeString(
            folder.resolve("edited.csv"), Files.readString(Path.of(runs)) + "1,2,3\n");
    assertRefused("is not a file of simulated runs", "simulate", "--out", edited.toString());
  }

  @Test
  void nothingIsWrittenToTheNullDevice() {
    CommandRun run = with("fit", "--out", "/dev/null", "--report", "/dev/null", "--bootstrap", "5");
    assertThat(run.exitCode()).as(run.log()).isZero();
    assertThat(Path.of("/dev/null.partial")).doesNotExist();
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }
}
