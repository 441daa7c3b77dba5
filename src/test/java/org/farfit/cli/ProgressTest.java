package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands tell how far they are, from a first step to the last. */
class ProgressTest {

  @TempDir Path folder;

  /** What a command told: of each task, how many of how many steps. */
  private static Map<String, List<int[]>> reported(String... arguments) {
    Map<String, List<int[]>> reported = new LinkedHashMap<>();
    StringWriter log = new StringWriter();
    Host host =
        new Host(
            (task, done, total) -> {
              synchronized (reported) {
                reported
                    .computeIfAbsent(task, each -> new ArrayList<>())
                    .add(new int[] {done, total});
              }
            },
            new Host.EnginePool());
    int exitCode =
        ScopedValue.where(Host.CURRENT, host)
            .call(() ->
                Main.commandLine()
                    .setOut(new PrintWriter(new StringWriter()))
                    .setErr(new PrintWriter(log))
                    .execute(arguments));
    assertThat(exitCode).as(log.toString()).isZero();
    return reported;
  }

  private static void assertWhole(List<int[]> steps, int fewest) {
    assertThat(steps).hasSizeGreaterThanOrEqualTo(fewest);
    int total = steps.getLast()[1];
    assertThat(steps).allMatch(step -> step[1] == total && step[0] >= 1 && step[0] <= total);
    assertThat(steps.stream().mapToInt(step -> step[0])).contains(total);
  }

  @Test
  void reportsTellOfTheirPaths() {
    String fit = folder.resolve("fit.json").toString();
    Map<String, List<int[]>> of =
        reported(
            "fit",
            "--law",
            "chinchilla,kaplan",
            "--starts",
            "5",
            "--out",
            fit,
            "--report",
            folder.resolve("fit.html").toString());
    assertThat(of.keySet()).containsExactly("chinchilla", "kaplan", "report");
    assertWhole(of.get("report"), 20);
    Map<String, List<int[]>> allocated =
        reported("allocate", fit, "--compute", "1e21", "--report", folder + "/allocate.html");
    assertWhole(allocated.get("report"), 20);
  }

  @Test
  void formsTell() throws Exception {
    assertWhole(reported("forms", runs().toString()).get("forms"), 4);
  }

  @Test
  void plansTell() {
    String fit = folder.resolve("fit.json").toString();
    reported("fit", "--law", "chinchilla", "--starts", "5", "--out", fit);
    String[] searched = {
      "design",
      fit,
      "--n",
      "1e8:1e10:3",
      "--d",
      "1e9:1e11:3",
      "--target-n",
      "1e11",
      "--target-d",
      "1e12",
      "--simulations",
      "20",
      "--runs",
      "2",
      "--budget",
      "1e22"
    };
    assertWhole(reported(searched).get("plans"), 4);
    searched[searched.length - 2] = "--plan";
    searched[searched.length - 1] = "grid,l-shape";
    assertWhole(reported(searched).get("plans"), 2);
  }

  /** Runs on a grid, as algorithm 1 of the Farseer paper wants them. */
  private Path runs() throws Exception {
    Path file = folder.resolve("runs.csv");
    reported(
        "simulate",
        "--law",
        "farseer",
        "--noise",
        "0.001",
        "--seed",
        "1",
        "--out",
        file.toString());
    assertThat(Files.size(file)).isPositive();
    return file;
  }
}
