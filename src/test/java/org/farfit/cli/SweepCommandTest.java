package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sweep command: what it prints, writes and refuses. */
class SweepCommandTest {

  @TempDir static Path folder;

  private static String specification;

  @BeforeAll
  static void makeSpecification() throws Exception {
    String runs = folder.resolve("runs.csv").toString();
    assertThat(CommandRun.of("simulate", "--law", "chinchilla", "--out", runs).exitCode()).isZero();
    Path file = folder.resolve("sweep.yaml");
    Files.writeString(
        file,
        """
        inputs: [%s]
        laws: [chinchilla, skaling]
        holdouts: [none, edge]
        starts: 4
        bootstrap: 3
        exclude:
          - {law: skaling, holdout: none}
        include:
          - {law: farseer, method: [global, regularised], holdout: edge}
          - {input: missing.csv, law: chinchilla, holdout: none}
        """
            .formatted(runs));
    specification = file.toString();
  }

  private static String at(String name) {
    return folder.resolve(name).toString();
  }

  /** Sweeps have no options for columns, and a file must have keys. */
  @Test
  void whatASweepCannotReadIsToldInItsOwnWords() throws Exception {
    Files.writeString(folder.resolve("names.csv"), "weights,D,loss\n1e8,2e9,3\n2e8,4e9,2.9\n");
    Path names =
        Files.writeString(
            folder.resolve("names.yaml"), "inputs: [%s]\n".formatted(at("names.csv")));
    CommandRun run = CommandRun.of("sweep", names.toString(), "--out", at("names-rows.csv"));
    assertThat(run.log())
        .contains("n_params): give one of the file such a name; the columns are weights, D, loss")
        .doesNotContain("ColumnOptions");
    Path list = Files.writeString(folder.resolve("list.yaml"), "[1, 2]\n");
    assertThat(CommandRun.of("sweep", list.toString()).log())
        .contains("list.yaml: line 1: expected keys with values, such as inputs: [runs.csv]");
    Path empty = Files.writeString(folder.resolve("empty.yaml"), "");
    assertThat(CommandRun.of("sweep", empty.toString()).log())
        .contains("empty.yaml: line 1: is empty, expected a sweep with key 'inputs'");
  }

  @Test
  void dryRunsCountTheWork() {
    CommandRun run = CommandRun.of("sweep", specification, "--dry-run");
    assertThat(run.exitCode()).as(run.log()).isZero();
    // Two of chinchilla, one of skaling, two of farseer, and one that cannot be read; four starts
    // and three replicates of five starts each.
    assertThat(run.output())
        .contains("5 fits of 6 tasks")
        .contains("%d problems".formatted(5 * (4 + 3 * 5)))
        .contains("1 tasks have an input that cannot be used");
    assertThat(folder.resolve("sweep.csv")).doesNotExist();
  }

  @Test
  void tablesSummariesAndReportsAreWritten() throws Exception {
    CommandRun run =
        CommandRun.of(
            "sweep",
            specification,
            "--out",
            at("r.jsonl"),
            "--summary",
            "--report",
            at("r.html"),
            "--figures",
            at("figures"),
            "--engine",
            "scalar");
    assertThat(run.exitCode()).as(run.log()).isZero();
    assertThat(run.output())
        .contains("best")
        .contains("1 rows without a fit that converged: missing.csv: no such file")
        .contains("rows; result: " + at("r.jsonl"));
    assertThat(Files.readString(folder.resolve("r.jsonl")).lines().count())
        .isEqualTo(1 + 4 * 3 + 1);
    assertThat(folder.resolve("r.html")).exists();
    assertThat(folder.resolve("figures/errors-by-data.png")).exists();
    assertThat(folder.resolve("r.jsonl.parts")).doesNotExist();
  }

  /** The table is there and says why; the exit code does not say that all went well. */
  @Test
  void aSweepOfWhichNothingCameDoesNotEndWithZero() throws Exception {
    Path none = folder.resolve("none.yaml");
    Files.writeString(none, "inputs: [missing.csv, absent.csv]\nlaws: [kaplan]\n");
    CommandRun run = CommandRun.of("sweep", none.toString(), "--out", at("none.csv"));
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.log()).contains("no input could be used; the first: missing.csv");
    assertThat(Files.readAllLines(folder.resolve("none.csv"))).hasSize(3);
    assertThat(folder.resolve("none.csv.parts")).doesNotExist();
  }

  @Test
  void foreignFoldersAreRefusedBeforeAnyWork() throws Exception {
    Path parts = Files.createDirectory(folder.resolve("mine.csv.parts"));
    Path mine = Files.writeString(parts.resolve("thesis.tex"), "mine");
    CommandRun run = CommandRun.of("sweep", specification, "--out", at("mine.csv"));
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.log()).contains("which farfit did not make (thesis.tex)");
    assertThat(mine).hasContent("mine");
    assertThat(folder.resolve("mine.csv")).doesNotExist();
  }

  @Test
  void mistakesAreSaid() {
    CommandRun ending = CommandRun.of("sweep", specification, "--out", at("r.xlsx"));
    assertThat(ending.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(ending.log()).contains("r.xlsx: unknown kind of table, expected .csv");
    CommandRun settings =
        CommandRun.of("sweep", specification, "--out", at("r.csv"), "--cluster-conf", "a=b");
    assertThat(settings.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(settings.log()).contains("--cluster-conf needs --cluster");
    CommandRun threads =
        CommandRun.of(
            "sweep",
            specification,
            "--out",
            at("r.csv"),
            "--cluster",
            "local[2]",
            "--threads",
            "2");
    assertThat(threads.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(threads.log()).contains("--threads is for this machine");
    CommandRun cluster =
        CommandRun.of("sweep", specification, "--out", at("r.csv"), "--cluster", "local[2]");
    assertThat(cluster.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(cluster.log()).contains("a cluster needs Farfit's Spark module");
  }
}
