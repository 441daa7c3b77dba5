package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.farfit.RealData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands with which people decide: what they print, and how they refuse. */
class DecisionCommandsTest {

  @TempDir static Path folder;

  private static String all;
  private static String auto;
  private static String piecewise;

  @BeforeAll
  static void fitTheExample() {
    all = fit("all.json");
    auto = fit("auto.json", "--law", "auto");
    piecewise = fit("piecewise.json", "--law", "farseer,chinchilla", "--method", "piecewise");
  }

  private static String fit(String name, String... options) {
    String file = folder.resolve(name).toString();
    String[] arguments = new String[options.length + 5];
    System.arraycopy(options, 0, arguments, 5, options.length);
    arguments[0] = "fit";
    arguments[1] = "--starts";
    arguments[2] = "24";
    arguments[3] = "--out";
    arguments[4] = file;
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.log()).isZero();
    return file;
  }

  private static JsonNode json(CommandRun run) throws Exception {
    assertThat(run.exitCode()).as(run.log()).isZero();
    return new ObjectMapper().readTree(run.output());
  }

  @Test
  void autoFitSaysWhatItChoseAndPredictsTheAverage() throws Exception {
    JsonNode file = new ObjectMapper().readTree(Files.readString(Path.of(auto)));
    assertThat(file.path("auto").path("reason").asText())
        .contains("from smaller to larger N, D and compute at");
    assertThat(file.path("auto").path("scores").size()).isGreaterThanOrEqualTo(3);
    JsonNode result = json(CommandRun.of("predict", auto, "--n", "25B", "--d", "320B", "--json"));
    JsonNode rows = result.path("rows");
    double sum = 0;
    int members = file.path("fits").size();
    for (int i = 0; i < members; i++) {
      sum +=
          file.path("auto").path("weights").get(i).asDouble() * rows.get(i).path("loss").asDouble();
    }
    JsonNode last = rows.get(rows.size() - 1);
    assertThat(last.path("law").asText()).isEqualTo("auto");
    assertThat(last.path("loss").asDouble()).isCloseTo(sum, within(1e-9));
    // Without replicates, too, its interval holds what the laws differ by, and was tested.
    assertThat(last.path("low").asDouble()).isPositive().isLessThan(sum);
    assertThat(last.path("high").asDouble()).isGreaterThan(sum);
    assertThat(result.path("backTest").path("auto").asText())
        .matches("95% intervals like these, made from .* held .*% of .* larger runs.*");
  }

  /** Of each law, in the table of the fit, in its file and where intervals are made from it. */
  @Test
  void backTestsOfLawsAreKeptAndSaid() throws Exception {
    String tested = fit("tested.json", "--law", "chinchilla", "--back-test");
    JsonNode fits = new ObjectMapper().readTree(Files.readString(Path.of(tested))).path("fits");
    assertThat(fits.get(0).path("backTest").path("ways")).hasSize(3);
    CommandRun predicted = CommandRun.of("predict", tested, "--n", "25B", "--d", "320B");
    assertThat(predicted.output())
        .containsPattern(
            "chinchilla: 95% intervals like these, made from the smaller runs at .* origins, held"
                + " .*% of .* larger runs; its intervals beyond all runs are widened as if losses"
                + " drifted from it by");
  }

  /** Eight runs are fewer than farseer's nine parameters, which have no errors then. */
  @Test
  void averagesOfFewRunsAreAskedWithIntervalsByTheLawsThatTheySufficeFor() throws Exception {
    Path runs = folder.resolve("few.csv");
    StringBuilder text = new StringBuilder("N,D,loss\n");
    for (double n : new double[] {1e8, 4e8, 1.6e9}) {
      for (double d : n < 1e9 ? new double[] {2e9, 1e10, 5e10} : new double[] {2e9, 1e10}) {
        double scatter = 1 + 2e-3 * Math.sin(1e-8 * n + 1e-9 * d);
        text.append(
            "%s,%s,%s%n"
                .formatted(
                    n, d, scatter * (1.7 + 400 / Math.pow(n, 0.34) + 410 / Math.pow(d, 0.28))));
      }
    }
    Files.writeString(runs, text);
    String few = folder.resolve("few.json").toString();
    CommandRun fit = CommandRun.of("fit", runs.toString(), "--law", "auto", "--out", few);
    assertThat(fit.exitCode()).as(fit.log()).isZero();
    assertThat(fit.log()).contains("farseer");
    JsonNode rows = json(CommandRun.of("predict", few, "--n", "2B", "--d", "40B", "--json"));
    JsonNode average = rows.path("rows").get(rows.path("rows").size() - 1);
    assertThat(average.path("law").asText()).isEqualTo("auto");
    assertThat(average.path("low").asDouble())
        .isPositive()
        .isLessThan(average.path("loss").asDouble());
    assertThat(average.path("runHigh").asDouble()).isGreaterThan(average.path("high").asDouble());
  }

  /** Members have numbers there; they are too far apart for their average to be one. */
  @Test
  void whatAnAverageHoldsBackHasItsOwnReason() throws Exception {
    JsonNode rows =
        json(CommandRun.of("predict", auto, "--n", "1e5", "--d", "1e6", "--json")).path("rows");
    JsonNode average = rows.get(rows.size() - 1);
    assertThat(average.path("loss").isNull()).isTrue();
    assertThat(average.path("problem").asText()).contains("laws that describe the runs differ");
    CommandRun compared =
        CommandRun.of("compare", auto, auto, "--n", "1e5", "--d", "1e6", "--json");
    assertThat(compared.output()).contains("A: laws that describe the runs differ from");
    CommandRun optimum = CommandRun.of("allocate", auto, "--compute", "1e12");
    assertThat(optimum.output())
        .containsPattern(
            "auto, optimum, C = 1.000e\\+12: no answer: no interior optimum.*; at N = .* laws that describe the runs differ")
        .doesNotContain("searched");
  }

  @Test
  void piecewiseFitShowsItsStages() throws Exception {
    JsonNode fits = new ObjectMapper().readTree(Files.readString(Path.of(piecewise))).path("fits");
    assertThat(fits.get(0).path("method").asText()).isEqualTo("piecewise");
    assertThat(fits.get(0).path("stages").path("sizes")).hasSize(21);
    assertThat(fits.get(0).path("starts").isNull()).isTrue();
    assertThat(fits.get(1).path("law").asText()).isEqualTo("chinchilla");
  }

  @Test
  void validateGivesARowPerFitAndTestSet() throws Exception {
    JsonNode result =
        json(
            CommandRun.of(
                "validate",
                "--holdout",
                "edge",
                "--law",
                "chinchilla,farseer",
                "--method",
                "global,piecewise",
                "--starts",
                "10",
                "--json"));
    assertThat(result.path("protocol").asText()).isEqualTo("edge");
    assertThat(result.path("rows")).hasSize(12);
    JsonNode row = result.path("rows").get(1);
    assertThat(row.path("split").asText()).isEqualTo("ext N");
    assertThat(row.path("mape").asDouble()).isBetween(0.1, 5.0);
    assertThat(row.path("fitRuns").asInt() + row.path("testRuns").asInt()).isLessThan(345);
    CommandRun where =
        CommandRun.of("validate", "--hold-where", "N > 5e9", "--law", "skaling", "--starts", "5");
    assertThat(where.output()).contains("skaling", "held out");
  }

  @Test
  void validateCountsEmbeddingsInTheSameCommand() {
    CommandRun run =
        CommandRun.of(
            "validate",
            RealData.file("farseer_1222_full.csv").toString(),
            "--law",
            "skaling",
            "--also-n-column",
            "N_add_emb");
    assertThat(run.exitCode()).isZero();
    assertThat(run.output().lines().filter(line -> line.contains("N_add_emb"))).hasSize(3);
  }

  @Test
  void allocateAnswersEveryQuestion() throws Exception {
    JsonNode rows =
        json(CommandRun.of(
                "allocate",
                all,
                "--law",
                "chinchilla",
                "--compute",
                "1e20:1e22:3",
                "--within",
                "1",
                "--target-loss",
                "0.5",
                "--for-n",
                "1B",
                "--json"))
            .path("rows");
    assertThat(rows.findValuesAsText("question"))
        .containsExactly(
            "optimum", "within", "optimum", "within", "optimum", "within", "target-loss", "for-n");
    JsonNode first = rows.get(0);
    assertThat(first.path("compute").asDouble()).isCloseTo(1e20, within(1e8));
    assertThat(first.path("ratio").asDouble())
        .isCloseTo(first.path("d").asDouble() / first.path("n").asDouble(), within(1e-9));
    assertThat(rows.get(6).path("loss").asDouble()).isCloseTo(0.5, within(1e-9));
    CommandRun far = CommandRun.of("allocate", all, "--compute", "1e25");
    assertThat(far.log()).contains("beyond the fitted runs");
    assertThat(CommandRun.of("allocate", auto, "--compute", "1e21").output()).contains("auto");
    // The example's largest run has 3.6e21 FLOPs; back-tests reach some tens of times.
    assertThat(CommandRun.of("allocate", auto, "--compute", "1e21").log())
        .doesNotContain("was not tested");
    assertThat(CommandRun.of("allocate", auto, "--compute", "1e24").log())
        .containsPattern(
            "auto: C = 1.00e\\+24: N D is .* how intervals do so far out was not tested");
    assertThat(CommandRun.of("predict", auto, "--n", "1T", "--d", "20T").log())
        .contains("how intervals do so far out was not tested");
    assertThat(far.log()).doesNotContain("was not tested");
  }

  @Test
  void compareSaysWhoWinsWhere() throws Exception {
    JsonNode result =
        json(
            CommandRun.of(
                "compare",
                all,
                auto,
                "--law",
                "farseer",
                "--n",
                "7B",
                "--d",
                "1e12",
                "--compute",
                "1e21",
                "--json"));
    assertThat(result.path("grid")).hasSize(36);
    assertThat(result.path("points")).hasSize(1);
    assertThat(result.path("multipliers").get(0).path("multiplier").asDouble())
        .isCloseTo(1, within(0.02));
    CommandRun run = CommandRun.of("compare", all, piecewise);
    assertThat(run.exitCode()).isZero();
    assertThat(run.output()).contains("A wins at", "B: " + piecewise + " (farseer)");
  }

  @Test
  void propertiesFormsAndApproachesPrintTheirTables() throws Exception {
    assertThat(CommandRun.of("properties", all).output()).contains("falls with N and D", "yes");
    JsonNode shape = json(CommandRun.of("properties", all, "--to-n", "1e14", "--json"));
    assertThat(shape.path("range").path("highN").asDouble()).isEqualTo(1e14);
    assertThat(CommandRun.of("forms").output()).contains("one size ahead %", "power");
    JsonNode approaches = json(CommandRun.of("approaches", "--json"));
    assertThat(approaches.path("rows")).hasSize(5);
    assertThat(approaches.path("rows").get(3).path("a").asDouble()).isBetween(0.3, 0.7);
  }

  @Test
  void reproduceNeedsTheRuns() {
    CommandRun run = CommandRun.of("reproduce", "--data", folder.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.log()).contains("farseer_1222_full.csv: no such file; docs/data.md says where");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fit --law skaling --method piecewise | defined for chinchilla and farseer, not for"
            + " skaling",
        "fit --method guess                   | expected one of [GLOBAL, REGULARISED, PIECEWISE]",
        "validate --holdout edge --hold-where x>1 | exclude each other",
        "validate --law kaplan --method piecewise | piecewise is defined for",
        "allocate f                           | say what to allocate",
        "allocate f --compute 1e20:1e18:3     | nor LOW:HIGH:COUNT",
        "allocate f --compute 1 --flops 6*X   | FLOPs formula '6*X' cannot be read",
        "compare a b --n 1,2 --d 1,2,3        | --n has 2 values and --d has 3",
        "compare a b --grid 1                 | --grid needs at least 2 points"
      })
  void usageErrorsSayWhatToDo(String line, String message) {
    CommandRun run = CommandRun.of(line.strip().split(" "));
    assertThat(run.exitCode()).as(run.log()).isEqualTo(ExitCode.USAGE);
    assertThat(run.log()).contains(message.strip());
  }

  @Test
  void aLawThatTheFileLacksIsBadInput() {
    CommandRun run = CommandRun.of("allocate", piecewise, "--law", "kaplan", "--compute", "1e20");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.log()).contains("no fit of 'kaplan'; it has farseer, chinchilla");
  }

  @Test
  void validateRefusesWhatCannotBeFitted() throws Exception {
    StringBuilder text = new StringBuilder("N,D,loss\n");
    for (int i = 0; i < 20; i++) {
      double n = 1e8 * Math.pow(2, Math.floorDiv(i, 4));
      double d = 1e10 * Math.pow(2, i % 4);
      text.append("%s,%s,%s%n".formatted(n, d, 2 + 400 / Math.pow(n, 0.34)));
    }
    Path few = folder.resolve("few.csv");
    Files.writeString(few, text);
    CommandRun none = CommandRun.of("validate", few.toString());
    assertThat(none.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(none.log()).contains("few.csv", "hold-out edge: 2 runs, expected at least 4");
    CommandRun some =
        CommandRun.of("validate", few.toString(), "--hold-where", "N > 2e8", "--starts", "5");
    assertThat(some.exitCode()).as(some.log()).isZero();
    assertThat(some.output())
        .contains("farseer/global, N > 2e8: 8 runs, expected at least 9 for the 9 parameters");
  }

  @Test
  void validateHoldsOutValuesOfAColumnAndTheTopOfCompute() throws Exception {
    StringBuilder text = new StringBuilder("N,D,loss,recipe\n");
    for (int i = 0; i < 48; i++) {
      double n = 1e8 * Math.pow(2, Math.floorDiv(i, 8)) * (1 + 1e-4 * (i % 3));
      double d = 1e10 * Math.pow(2, i % 8);
      double loss = 2 + 400 / Math.pow(n, 0.34) + 400 / Math.pow(d, 0.3);
      text.append(
          "%s,%s,%s,%s%n".formatted(n, d, loss, i % 3 == 0 ? "it's" : i % 3 == 1 ? "b" : ""));
    }
    Path file = folder.resolve("recipes.csv");
    Files.writeString(file, text);
    String[] common = {
      "validate", file.toString(), "--law", "chinchilla", "--starts", "10", "--json"
    };
    JsonNode byRecipe = json(CommandRun.of(with(common, "--holdout-by", "recipe")));
    assertThat(byRecipe.path("protocol").asText()).isEqualTo("by recipe");
    assertThat(byRecipe.path("rows")).hasSize(6);
    for (JsonNode row : byRecipe.path("rows")) {
      boolean fitted = row.path("split").asText().equals("fit");
      assertThat(row.path("testRuns").asInt()).isEqualTo(fitted ? 32 : 16);
      assertThat(row.path("mape").asDouble()).isLessThan(1e-3);
    }
    assertThat(byRecipe.path("rows").get(1).path("holdout").asText()).isEqualTo("recipe = it's");
    JsonNode top = json(CommandRun.of(with(common, "--holdout", "top:0.25")));
    // Runs of equal 6 N D go together: of 48, 15 have at least the compute of the twelfth.
    assertThat(top.path("rows").get(1).path("split").asText()).isEqualTo("most compute");
    assertThat(top.path("rows").get(1).path("testRuns").asInt()).isBetween(12, 15);
    CommandRun read = CommandRun.of("validate", file.toString(), "--holdout-by", "recipe");
    assertThat(read.log()).contains("18 different N make 6 sizes", "(--same-size)");
    CommandRun wrong = CommandRun.of(with(common, "--holdout", "top:25"));
    assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.log()).contains("expected a share between 0 and 1 after top:");
    CommandRun both = CommandRun.of(with(common, "--holdout", "edge", "--holdout-by", "recipe"));
    assertThat(both.exitCode()).isEqualTo(ExitCode.USAGE);
    CommandRun column = CommandRun.of(with(common, "--holdout-by", "recipes"));
    assertThat(column.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(column.log()).contains("--holdout-by", "recipe");
    CommandRun one =
        CommandRun.of(with(common, "--where", "recipe = 'b'", "--holdout-by", "recipe"));
    assertThat(one.log()).contains("hold-out by recipe: only one value, b");
  }

  private static String[] with(String[] common, String... more) {
    String[] all = Arrays.copyOf(common, common.length + more.length);
    System.arraycopy(more, 0, all, common.length, more.length);
    return all;
  }
}
