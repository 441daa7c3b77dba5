package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Formulas on the command line. */
class FormulaCommandsTest {

  @TempDir Path folder;

  private static JsonNode json(CommandRun run) throws Exception {
    assertThat(run.exitCode()).as(run.log()).isZero();
    return new ObjectMapper().readTree(run.output());
  }

  /** The formula of a law that is also made by hand. */
  private static final String CHINCHILLA = "E + A*N^-alpha + B*D^-beta";

  private String fitted(String name, String... options) {
    String fit = folder.resolve(name).toString();
    List<String> line = new ArrayList<>(List.of("fit", "--starts", "24", "--out", fit));
    line.addAll(List.of(options));
    CommandRun run = CommandRun.of(line.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.log()).isZero();
    return fit;
  }

  /** All numbers of both, but names of laws and how a search went. */
  private static void assertSame(JsonNode formula, JsonNode law, double tolerance) {
    assertThat(formula.size()).isEqualTo(law.size());
    if (law.isNumber()) {
      double expected = law.asDouble();
      assertThat(formula.asDouble())
          .isCloseTo(expected, within(tolerance * Math.abs(expected) + 1e-12));
    }
    for (int i = 0; i < law.size() && law.isArray(); i++) {
      assertSame(formula.get(i), law.get(i), tolerance);
    }
    law.properties()
        .forEach(entry -> assertSame(formula.get(entry.getKey()), entry.getValue(), tolerance));
  }

  @Test
  void aFormulaPredictsWithIntervalsAsTheLawMadeByHandDoes() throws Exception {
    String formula = fitted("formula.json", "--law", CHINCHILLA);
    String law = fitted("law.json", "--law", "chinchilla");
    JsonNode expected =
        json(CommandRun.of("predict", law, "--n", "25.1B", "--d", "320B", "--json"));
    assertSame(
        json(CommandRun.of("predict", formula, "--n", "25.1B", "--d", "320B", "--json")),
        expected,
        1e-5);
    assertThat(json(CommandRun.of("predict", law, "--at", "N=25.1B,D=320B", "--json")))
        .isEqualTo(expected);
  }

  @Test
  void decisionsByAFormulaAreThoseByTheLawMadeByHand() throws Exception {
    String formula = fitted("formula.json", "--law", CHINCHILLA);
    String law = fitted("law.json", "--law", "chinchilla");
    for (String line :
        List.of(
            "allocate FIT --compute 1e22 --json",
            "compare FIT FIT --json",
            "properties FIT --json")) {
      assertSame(
          json(CommandRun.of(line.replace("FIT", formula).split(" ", -1))),
          json(CommandRun.of(line.replace("FIT", law).split(" ", -1))),
          1e-4);
    }
  }

  @Test
  void replicatesOfAFormulaAreThoseOfTheLawMadeByHand() throws Exception {
    String formula = fitted("formula.json", "--law", CHINCHILLA, "--bootstrap", "12");
    String law = fitted("law.json", "--law", "chinchilla", "--bootstrap", "12");
    JsonNode samples =
        new ObjectMapper().readTree(Path.of(formula).toFile()).at("/fits/0/bootstrap");
    JsonNode expected = new ObjectMapper().readTree(Path.of(law).toFile()).at("/fits/0/bootstrap");
    assertThat(samples.at("/failed")).isEqualTo(expected.at("/failed"));
    for (String name : List.of("E", "A", "B", "alpha", "beta")) {
      double error = expected.at("/parameters/" + name + "/standardError").asDouble();
      assertThat(samples.at("/parameters/" + name + "/standardError").asDouble())
          .isCloseTo(error, within(1e-4 * error));
    }
  }

  @Test
  void validationAndSelectionTakeFormulasBesideOtherLaws() throws Exception {
    JsonNode rows =
        json(CommandRun.of(
                "validate", "--law", CHINCHILLA + ",chinchilla", "--holdout", "edge", "--json"))
            .get("rows");
    int half = rows.size() / 2;
    for (int i = 0; i < half; i++) {
      double expected = rows.get(half + i).get("mape").asDouble();
      assertThat(rows.get(i).get("mape").asDouble()).isCloseTo(expected, within(1e-4 * expected));
      assertThat(rows.get(i).get("held")).isEqualTo(rows.get(half + i).get("held"));
    }
    JsonNode laws =
        json(CommandRun.of(
                "select", "--law", CHINCHILLA + ",chinchilla", "--starts", "24", "--json"))
            .get("laws");
    assertThat(laws.get(0).get("aicc").asDouble())
        .isCloseTo(laws.get(1).get("aicc").asDouble(), within(1e-6));
  }

  @Test
  void scansOfAFormulaAreThoseOfTheLawMadeByHand() {
    String options = " --vary alpha=0.2:0.4:3 --profile --starts 24";
    List<String> formula =
        CommandRun.of(
                ("scan --law X" + options).replace("X", CHINCHILLA.replace(" ", "")).split(" ", -1))
            .output()
            .lines()
            .toList();
    List<String> law =
        CommandRun.of(("scan --law chinchilla" + options).split(" ", -1)).output().lines().toList();
    assertThat(formula).hasSize(law.size());
    for (int i = 1; i < law.size(); i++) {
      double expected = Double.parseDouble(law.get(i).split(",", -1)[1]);
      assertThat(Double.parseDouble(formula.get(i).split(",", -1)[1]))
          .isCloseTo(expected, within(1e-6 * expected));
    }
  }

  /** Runs over columns of other names, of two kinds, from a law that is known. */
  private Path runs() throws Exception {
    StringBuilder text = new StringBuilder("width,rate,kind,error\n");
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 60; i++) {
      double width = 50 + 900 * random.nextDouble();
      double rate = Math.exp(-6 + 4 * random.nextDouble());
      boolean big = random.nextBoolean();
      double best = Math.log(rate) + 4;
      double error =
          (big ? 0.3 : 0.2)
              + 5 / Math.sqrt(width)
              + 0.05 * best * best
              + 1e-4 * random.nextGaussian();
      text.append("%s,%s,%s,%s%n".formatted(width, rate, big ? "big" : "small", error));
    }
    return Files.writeString(folder.resolve("runs.csv"), text);
  }

  private static final String OVER_OTHER_COLUMNS =
      "error = E[kind] + A*width^-alpha + c*(ln(rate) + m)^2";

  @Test
  void lawsOverOtherColumnsArePredictedResampledAndIdentified() throws Exception {
    String fit = folder.resolve("fit.json").toString();
    CommandRun run =
        CommandRun.of(
            "fit",
            runs().toString(),
            "--law",
            OVER_OTHER_COLUMNS,
            "--bootstrap",
            "400",
            "--report",
            folder.resolve("report.html").toString(),
            "--out",
            fit);
    assertThat(run.exitCode()).as(run.log()).isZero();
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("two at a time, within the runs", "error over width and rate, ");
    JsonNode row =
        json(CommandRun.of("predict", fit, "--at", "width=400,rate=0.01,kind=big", "--json"))
            .at("/rows/0");
    double truth = 0.3 + 5 / 20.0 + 0.05 * Math.pow(Math.log(0.01) + 4, 2);
    assertThat(row.get("loss").asDouble()).isCloseTo(truth, within(3e-4));
    assertThat(row.get("low").asDouble()).isLessThan(row.get("high").asDouble());
    assertThat(row.at("/at/kind").asText()).isEqualTo("big");
    assertThat(CommandRun.of("identify", fit).output())
        .contains("E[big]", "profile-likelihood interval")
        .doesNotContain("not identified");
    CommandRun unknown = CommandRun.of("predict", fit, "--at", "width=400,rate=0.01,kind=huge");
    assertThat(unknown.log()).contains("no run has kind = 'huge'; there are big, small");
    CommandRun plane = CommandRun.of("predict", fit, "--n", "1B", "--d", "2B");
    assertThat(plane.exitCode()).isEqualTo(2);
    assertThat(plane.log()).contains("need width, rate, kind");
    CommandRun allocate = CommandRun.of("allocate", fit, "--compute", "1e20");
    assertThat(allocate.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(allocate.log()).contains("needs runs with N and D");
  }

  @Test
  void aLawFileSaysWhereParametersMayBe() throws Exception {
    Path law = folder.resolve("mine.yaml");
    Files.writeString(
        law,
        """
        name: mine
        columns: {N: [params]}
        let: {capacity: A*N^-alpha}
        loss: E + capacity
        parameters: {E: [0.5, 0.6], A: positive, alpha: any}
        """);
    JsonNode fit =
        json(
            CommandRun.of(
                "fit",
                "--law",
                law.toString(),
                "--objective",
                "linear",
                "--starts",
                "8",
                "--json"));
    assertThat(fit.at("/fits/0/parameters/E").asDouble()).isBetween(0.5, 0.6);
    assertThat(fit.at("/fits/0/formula/formula").asText()).contains("capacity");
    assertThat(fit.at("/fits/0/status").asText()).startsWith("converged");
  }

  @Test
  void sweepsTakeFormulasAndLawFiles() throws Exception {
    Path runs = folder.resolve("plane.csv");
    CommandRun.of("simulate", "--law", "chinchilla", "--out", runs.toString());
    Path law = folder.resolve("own.yaml");
    Files.writeString(
        law,
        """
        name: own
        loss: E + A*N^-alpha + B*D^-beta
        parameters: {E: positive, A: positive, B: positive, alpha: [0, 2], beta: [0, 2]}
        """);
    Path sweep = folder.resolve("sweep.yaml");
    Files.writeString(
        sweep,
        """
        inputs: [%s]
        laws: [chinchilla, "%s", %s]
        holdouts: [edge]
        methods: [global, regularised]
        starts: 12
        """
            .formatted(runs, CHINCHILLA, law));
    Path rows = folder.resolve("rows.jsonl");
    CommandRun run = CommandRun.of("sweep", sweep.toString(), "--out", rows.toString());
    assertThat(run.exitCode()).as(run.log()).isZero();
    List<JsonNode> found = new ArrayList<>();
    for (String line : Files.readAllLines(rows)) {
      JsonNode row = new ObjectMapper().readTree(line);
      if (row.path("method").asText().equals("global")) {
        found.add(row);
      }
    }
    assertThat(found).hasSize(9);
    for (int i = 0; i < 3; i++) {
      double expected = found.get(i).get("mape").asDouble();
      for (int other : new int[] {i + 3, i + 6}) {
        assertThat(found.get(other).get("mape").asDouble())
            .isCloseTo(expected, within(1e-4 * expected));
      }
    }
  }

  @Test
  void pointsMustNameEveryColumn() {
    String fit = folder.resolve("fit.json").toString();
    CommandRun.of("fit", "--law", "E + A*N^-alpha", "--starts", "4", "--out", fit);
    CommandRun missing = CommandRun.of("predict", fit, "--at", "D=1B");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.log()).contains("no value for 'N'");
    CommandRun unknown = CommandRun.of("predict", fit, "--at", "N=1B,U=3");
    assertThat(unknown.log()).contains("no column 'U'");
    CommandRun broken = CommandRun.of("predict", fit, "--at", "N");
    assertThat(broken.log()).contains("NAME=VALUE");
  }

  @Test
  void lawsAreListedPrintedAndChecked() {
    assertThat(CommandRun.of("laws").output()).contains("kaplan", "farseer", "Hoffmann");
    assertThat(CommandRun.of("laws", "chinchilla").output()).startsWith("name: chinchilla");
    assertThat(CommandRun.of("laws", "chinchila").exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    CommandRun check =
        CommandRun.of("laws", "--check", "E + A*N^-alpha + C*U^g", "--columns", "U", "--emit");
    assertThat(check.exitCode()).as(check.log()).isZero();
    assertThat(check.output())
        .contains("columns: N, U")
        .contains("per distinct N")
        .contains("per run")
        .contains("summed up per run            3 factors, 9 sums")
        .contains("expanded per distinct N      5 parts of 5 derivatives, 20 entries")
        .contains("// derivative by alpha: factor 0 * by_N[2]");
    CommandRun wrong = CommandRun.of("laws", "--check", "E + A*N^");
    assertThat(wrong.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(wrong.log()).contains("character 9");
  }
}
