package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands as people type them: what they print and write, and the exit code of each kind of end.
 */
class CommandsTest {

  @TempDir Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static JsonNode json(CommandRun run) throws Exception {
    assertThat(run.exitCode()).as(run.log()).isZero();
    return new ObjectMapper().readTree(run.output());
  }

  @Test
  void fitOfTheBundledExample() throws Exception {
    CommandRun run = CommandRun.of("fit", "--starts", "30", "--out", path("f.json"));
    assertThat(run.exitCode()).isZero();
    assertThat(run.log())
        .contains("runs: 345 from bundled example (simulated)")
        .contains("columns: D from 'D', N from 'N', loss from 'L'")
        .contains("engine: ");
    assertThat(run.output())
        .contains("kaplan", "chinchilla", "skaling", "farseer", "AIC", "BIC")
        .contains("data: simulated by farfit simulate; not real training runs")
        .endsWith("result: " + path("f.json") + "\n");
    JsonNode file = new ObjectMapper().readTree(Files.readString(folder.resolve("f.json")));
    assertThat(file.path("schema").asText()).isEqualTo("farfit.fit/3");
    assertThat(file.path("input").path("simulated").asBoolean()).isTrue();
    assertThat(file.path("fits")).hasSize(4);
    assertThat(file.path("fits").get(3).path("status").asText()).startsWith("converged");
  }

  @Test
  void theBundledExampleIsWhatSimulateWrites() throws Exception {
    CommandRun run =
        CommandRun.of(
            "simulate",
            "--law",
            "farseer",
            "--grid",
            "paper",
            "--noise",
            "0.002",
            "--seed",
            "1",
            "--out",
            path("example.csv"));
    assertThat(run.exitCode()).isZero();
    try (InputStream bundled = Main.class.getResourceAsStream("example.csv")) {
      assertThat(folder.resolve("example.csv")).hasBinaryContent(bundled.readAllBytes());
    }
  }

  @Test
  void jsonOfFitIsTheFitFileAndNothingElse() throws Exception {
    CommandRun run =
        CommandRun.of("fit", "--law", "chinchilla", "--starts", "5", "--json", "--threads", "1");
    JsonNode fit = json(run).path("fits").get(0);
    assertThat(fit.path("law").asText()).isEqualTo("chinchilla");
    assertThat(fit.path("method").asText()).isEqualTo("global");
    assertThat(fit.path("runs").asInt()).isEqualTo(345);
    assertThat(fit.path("starts").path("total").asInt()).isEqualTo(5);
    assertThat(fit.path("parameters").path("alpha").asDouble()).isPositive();
  }

  @Test
  void theSameSeedGivesTheSameFileOnAnyNumberOfThreads() {
    String one = CommandRun.of("fit", "--starts", "20", "--json", "--threads", "1").output();
    String eight = CommandRun.of("fit", "--starts", "20", "--json", "--threads", "8").output();
    assertThat(eight).isEqualTo(one);
  }

  @Test
  void predictReadsWhatFitWrote() throws Exception {
    CommandRun.of("fit", "--law", "farseer,skaling", "--starts", "20", "--out", path("f.json"));
    CommandRun run =
        CommandRun.of(
            "predict",
            path("f.json"),
            "--n",
            "1B,25.1e9",
            "--d",
            "3.2e11",
            "--interval",
            "90",
            "--json");
    JsonNode rows = json(run).path("rows");
    assertThat(rows).hasSize(4);
    assertThat(rows.get(1).path("law").asText()).isEqualTo("farseer");
    assertThat(rows.get(1).path("n").asDouble()).isEqualTo(25.1e9);
    double truth =
        new org.farfit.law.Farseer().loss(new org.farfit.law.Farseer().example(), 1e9, 3.2e11);
    JsonNode near = rows.get(0);
    assertThat(near.path("loss").asDouble()).isCloseTo(truth, within(2e-3 * truth));
    assertThat(near.path("low").asDouble()).isLessThan(near.path("loss").asDouble());
    assertThat(near.path("high").asDouble()).isGreaterThan(near.path("loss").asDouble());

    CommandRun far = CommandRun.of("predict", path("f.json"), "--n", "1T", "--d", "3.2e11");
    assertThat(far.exitCode()).isZero();
    assertThat(far.log()).contains("warning: N = 1.00e+12 is a factor 157 beyond the fitted runs");
    assertThat(far.output()).contains("law", "low", "high").contains("farseer");
  }

  @Test
  void scanWritesTheGridAsTextAndAsJson() throws Exception {
    String[] scan = {
      "scan", "--law", "chinchilla", "--starts", "5", "--vary", "alpha=0.1:0.4:4,beta=0.2:0.4:3"
    };
    CommandRun text = CommandRun.of(scan);
    assertThat(text.exitCode()).isZero();
    assertThat(text.output().lines()).hasSize(1 + 12);
    assertThat(text.output()).startsWith("alpha,beta,cost\n0.1,0.2,");

    String[] profile = Arrays.copyOf(scan, scan.length + 3);
    profile[scan.length] = "--profile";
    profile[scan.length + 1] = "--out";
    profile[scan.length + 2] = path("scan.json");
    CommandRun written = CommandRun.of(profile);
    assertThat(written.output()).isEqualTo("12 grid points\nresult: " + path("scan.json") + "\n");
    JsonNode rows =
        new ObjectMapper().readTree(Files.readString(folder.resolve("scan.json"))).path("rows");
    assertThat(rows).hasSize(12);
    assertThat(rows.get(7).path("status").asText()).startsWith("converged");
    assertThat(rows.get(7).path("lnE").isNumber()).isTrue();
  }

  @Test
  void enginesListsWhatRunsHere() throws Exception {
    JsonNode engines = json(CommandRun.of("engines", "--json")).path("engines");
    assertThat(engines)
        .anySatisfy(row -> assertThat(row.path("engine").asText()).isEqualTo("scalar"));
    assertThat(engines).filteredOn(row -> row.path("auto").asBoolean()).hasSize(1);
    assertThat(CommandRun.of("engines").output()).contains("scalar").contains("yes");
  }

  @Test
  void simulateAsJson() throws Exception {
    JsonNode result =
        json(CommandRun.of("simulate", "--law", "chinchilla", "--json", "--out", path("c.csv")));
    assertThat(result.path("simulated").asBoolean()).isTrue();
    assertThat(result.path("parameters").path("E").asDouble()).isEqualTo(1.8172);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fit", "predict", "scan", "simulate", "engines"})
  void helpReadsWell(String command) {
    CommandRun run = command.isEmpty() ? CommandRun.of("--help") : CommandRun.of(command, "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).startsWith("Usage: farfit").contains("--help");
    assertThat(run.output().lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fit --law kepler           | unknown law 'kepler'; nearest is 'kaplan'; the laws are kaplan, chinchilla",
        "fit --loss cauchy          | 'cauchy' is not squared or huber:DELTA",
        "fit --loss huber:-1        | is not a positive finite number",
        "fit --starts 0             | '0' is not a whole number above 0",
        "fit --frobnicate           | Unknown option: '--frobnicate'",
        "predict f.json --n 1e9     | Missing required option: '--d=D'",
        "predict f --n 1,2 --d 1,2,3| --n has 2 values and --d has 3",
        "predict f --n x --d 1      | 'x' is not a number such as 25.1e9 or 25.1B",
        "scan --law farseer         | Missing required option: '--vary=NAME=LOW:HIGH:COUNT'",
        "scan --law farseer --vary alpha=1:2 | 'alpha=1:2' is not NAME=LOW:HIGH:COUNT",
        "scan --law farseer --starts 2 --vary a1=0:1:2 | 'a1' is not a centred parameter of farseer",
        "scan --vary alpha=0:1:2    | --law must name one law",
        "simulate --law x --out y   | unknown law 'x'",
        "simulate --noise -1 --out y| noise -1.0 is negative",
        "simulate --parameters 1,2 --out y| --parameters has 2 values, expected 9",
        "''                         | Missing required subcommand"
      })
  void usageErrorsEndWithTwo(String line, String message) {
    CommandRun run = line.isBlank() ? CommandRun.of() : CommandRun.of(line.strip().split(" "));
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.log()).contains(message.strip());
    assertThat(run.output()).isEmpty();
  }

  @Test
  void badInputEndsWithThree() throws Exception {
    Path file = Files.writeString(folder.resolve("r.csv"), "N,D,L\n1e9,2e9,three\n");
    CommandRun run = CommandRun.of("fit", file.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.log())
        .isEqualTo(
            "farfit: %s: line 2: column 'L': found 'three', expected a positive finite number such as"
                    .formatted(file)
                + " 2.5e9; correct it or leave the row out with --where \"L != 'three'\"\n");
    assertThat(CommandRun.of("fit", path("none.csv")).log()).contains("none.csv: no such file");
    assertThat(CommandRun.of("predict", path("none.json"), "--n", "1", "--d", "1").exitCode())
        .isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void tooFewRunsNameTheFile() throws Exception {
    Path file = Files.writeString(folder.resolve("r.csv"), "N,D,L\n1e9,2e9,3\n2e9,3e9,2.5\n");
    CommandRun run = CommandRun.of("fit", file.toString(), "--law", "kaplan");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.log()).contains(file + ": 2 runs, expected at least 4");
  }

  @Test
  void fitsThatDoNotConvergeEndWithFour() {
    CommandRun run =
        CommandRun.of(
            "fit", "--law", "chinchilla,farseer", "--max-evaluations", "1", "--out", path("f"));
    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_CONVERGED);
    assertThat(run.output())
        .contains("stopped: evaluation limit reached")
        .doesNotContain(" converged");
    assertThat(folder.resolve("f")).exists();
  }

  @Test
  void enginesThatCannotRunEndWithFive() {
    CommandRun run = CommandRun.of("fit", "--engine", "warp");
    assertThat(run.exitCode()).isEqualTo(ExitCode.ENGINE_UNAVAILABLE);
    assertThat(run.log()).contains("engine 'warp' is not installed");
  }
}
