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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decisions over any columns: {@code farfit allocate}, {@code compare} and {@code design}. */
class ColumnAllocationCommandTest {

  /** Unique tokens make the tokens worth more, so that the optimum of N moves with them. */
  private static final String LAW = "E + A*N^-alpha + B*D^-beta*U^-gamma";

  @TempDir static Path folder;

  private static String fit;

  @BeforeAll
  static void fitRuns() throws Exception {
    StringBuilder csv = new StringBuilder("N,D,U,loss\n");
    SplittableRandom random = new SplittableRandom(1);
    for (double n = 1e8; n < 1e10; n *= 3) {
      for (double d = 1e9; d < 1e12; d *= 4) {
        for (double u : new double[] {1e9, 1e10, 1e11}) {
          double loss =
              1.8 + 400 * Math.pow(n, -0.34) + 8000 * Math.pow(d, -0.34) * Math.pow(u, -0.1);
          csv.append("%s,%s,%s,%s%n".formatted(n, d, u, loss * (1 + 1e-4 * random.nextGaussian())));
        }
      }
    }
    Path runs = Files.writeString(folder.resolve("runs.csv"), csv.toString());
    fit = folder.resolve("runs.fit.json").toString();
    CommandRun run =
        CommandRun.of("fit", runs.toString(), "--law", LAW, "--starts", "30", "--out", fit);
    assertThat(run.exitCode()).as(run.log()).isZero();
  }

  private static JsonNode json(String... options) throws Exception {
    List<String> line = new ArrayList<>(List.of("allocate", fit));
    line.addAll(List.of(options));
    line.add("--json");
    CommandRun run = CommandRun.of(line.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.log()).isZero();
    return new ObjectMapper().readTree(run.output());
  }

  /** Of equal exponents: N* = (A / (B U^-gamma))^(1 / 2 alpha) (C / 6)^(1/2). */
  private static double expected(double budget, double u) {
    return Math.pow(400 / (8000 * Math.pow(u, -0.1)), 1 / 0.68) * Math.sqrt(budget / 6);
  }

  @Test
  void overSizesAndTokensIsWhatBudgetsOfComputeAre() throws Exception {
    JsonNode row =
        json("--over", "N,D", "--cost", "6*N*D", "--budget", "1e21", "--at", "U=1e11")
            .path("rows")
            .get(0);
    JsonNode usual = json("--compute", "1e21", "--at", "U=1e11").path("rows").get(0);
    double n = usual.path("n").asDouble();
    assertThat(row.path("columns").path("N").asDouble()).isCloseTo(n, within(1e-8 * n));
    assertThat(row.path("value").asDouble())
        .isCloseTo(usual.path("loss").asDouble(), within(1e-12));
    assertThat(row.path("cost").asDouble()).isCloseTo(1e21, within(1e9));
    for (String end : List.of("low", "high")) {
      double bound = usual.path("intervals").path("n").path(end).asDouble();
      assertThat(row.path("intervals").path("N").path(end).asDouble())
          .isCloseTo(bound, within(1e-4 * bound));
    }
    double truth = expected(1e21, 1e11);
    assertThat(n).isCloseTo(truth, within(0.02 * truth));
    // Where it is held decides, whether N and D are roles or columns.
    double other =
        json("--compute", "1e21", "--at", "U=1e9").path("rows").get(0).path("n").asDouble();
    assertThat(other).isCloseTo(expected(1e21, 1e9), within(0.02 * other));
    assertThat(other).isLessThan(0.6 * n);
  }

  @Test
  void columnsThatAreNotNamedAreAtTheCentreWhichIsSaid() throws Exception {
    JsonNode found = json("--over", "N,D", "--cost", "6*N*D + 2*N*10T", "--budget", "1e21,1e22");
    assertThat(found.path("at").path("U").asText()).isEqualTo("1.000e+10");
    assertThat(found.path("rows")).hasSize(2);
    CommandRun text =
        CommandRun.of("allocate", fit, "--over", "D", "--cost", "D*U", "--budget", "1e21");
    assertThat(text.output())
        .contains("the least loss over D for a cost of D*U, at N = ", ", U = 1.000e+10")
        .contains("budget", "beyond")
        .contains("95.0% intervals:");
  }

  @Test
  void aPageHasTheSameNumbers() throws Exception {
    Path page = folder.resolve("columns.html");
    CommandRun run =
        CommandRun.of(
            "allocate",
            fit,
            "--over",
            "N,D",
            "--cost",
            "6*N*D",
            "--budget",
            "1e21",
            "--report",
            page.toString());
    assertThat(run.exitCode()).as(run.log()).isZero();
    String[] cells = run.output().lines().skip(1).findFirst().orElseThrow().split(" {2,}", -1);
    assertThat(cells).hasSize(7);
    for (String cell : List.of(cells).subList(1, 7)) {
      assertThat(Files.readString(page).contains("<td>" + cell + "</td>")).as(cell).isTrue();
    }
    assertThat(Files.readString(page))
        .as("of one budget what is predicted along each column")
        .contains("loss over N, ", "loss over D, ")
        .doesNotContain("against the budget");
  }

  @Test
  void figuresShowTheBestValuesAgainstTheBudget() throws Exception {
    Path page = folder.resolve("budgets.html");
    CommandRun run =
        CommandRun.of(
            "allocate",
            fit,
            "--over",
            "N,D",
            "--cost",
            "6*N*D",
            "--budget",
            "1e22,1e20,1e21",
            "--at",
            "U=1e11",
            "--report",
            page.toString());
    assertThat(run.exitCode()).as(run.log()).isZero();
    assertThat(Files.readString(page))
        .contains("Best N against the budget", "Best D against the budget")
        .contains("Best loss against the budget");
    double[] n =
        IntStream.of(20, 21, 22).mapToDouble(c -> expected(Math.pow(10, c), 1e11)).toArray();
    Matcher drawn =
        Pattern.compile("\"y\":\\[([0-9.e+,E]+)\\],\"style\":\"SOLID\"")
            .matcher(Files.readString(page).replaceAll("\\s", ""));
    assertThat(drawn.find()).isTrue();
    double[] y = Stream.of(drawn.group(1).split(",")).mapToDouble(Double::parseDouble).toArray();
    assertThat(y).hasSize(3);
    for (int k = 0; k < 3; k++) {
      assertThat(y[k]).isCloseTo(n[k], within(0.02 * n[k]));
    }
  }

  /** Both are asked where their further columns are held. */
  @Test
  void comparisonsHoldColumns() throws Exception {
    String[] line = {
      "compare", fit, fit, "--n", "1e9", "--d", "1e10", "--at", "U=1e11", "--grid", "2", "--json"
    };
    CommandRun run = CommandRun.of(line);
    assertThat(run.exitCode()).as(run.log()).isZero();
    double loss =
        new ObjectMapper().readTree(run.output()).path("points").get(0).path("lossA").asDouble();
    double truth =
        1.8 + 400 * Math.pow(1e9, -0.34) + 8000 * Math.pow(1e10, -0.34) * Math.pow(1e11, -0.1);
    assertThat(loss).isCloseTo(truth, within(1e-3 * truth));
    line[8] = "V=1";
    assertThat(CommandRun.of(line).log()).contains("no column 'V'; they have N, D, U");
  }

  @Test
  void designsChooseRunsByAllColumns() throws Exception {
    CommandRun run =
        CommandRun.of(
            "design",
            fit,
            "--budget",
            "1e21",
            "--n",
            "1e9",
            "--d",
            "1e10",
            "--column",
            "U=1e9,1e13",
            "--target-at",
            "N=1e9,D=1e10,U=1e13",
            "--simulations",
            "20",
            "--runs",
            "1",
            "--json");
    assertThat(run.exitCode()).as(run.log()).isZero();
    JsonNode first = new ObjectMapper().readTree(run.output()).path("rows").get(0);
    // The run that is the target tells more of it than one that is like the fitted ones.
    assertThat(first.path("at").path("U").asText()).isEqualTo("1.000e+13");
    assertThat(first.path("flops").asDouble()).isEqualTo(6e19);
  }

  /** A file of two responses is opened again, though each row is two runs. */
  @Test
  void filesOfSeveralResponsesAreAnswered() throws Exception {
    StringBuilder csv = new StringBuilder("x,u,w\n");
    for (double x = 1; x < 20; x++) {
      csv.append("%s,%s,%s%n".formatted(x, 1 + 2 / x + 1e-3 * (x % 3), 2 + 3 / x + 1e-3 * (x % 4)));
    }
    Path runs = Files.writeString(folder.resolve("two.csv"), csv.toString());
    String file = folder.resolve("two.fit.json").toString();
    CommandRun fitted =
        CommandRun.of(
            "fit",
            runs.toString(),
            "--law",
            "u = a + b*x^-c; w = d + e*x^-c",
            "--starts",
            "20",
            "--out",
            file);
    assertThat(fitted.exitCode()).as(fitted.log()).isZero();
    CommandRun asked = CommandRun.of("predict", file, "--at", "x=10");
    assertThat(asked.exitCode()).as(asked.log()).isZero();
    assertThat(asked.output()).contains("1.2", "2.3");
  }

  /** More unique tokens than tokens have no loss: such candidates are left out. */
  @Test
  void candidatesWithoutAValueAreLeftOut() throws Exception {
    String file = folder.resolve("unique.fit.json").toString();
    CommandRun fitted =
        CommandRun.of(
            "fit",
            folder.resolve("runs.csv").toString(),
            "--law",
            "E + A*N^-alpha + B*D^-beta*(D/U)^g + h*sqrt(max(D, U) - U + min(0, D - U))/D",
            "--starts",
            "10",
            "--where",
            "D >= U",
            "--out",
            file);
    assertThat(fitted.exitCode()).as(fitted.log()).isIn(0, 4);
    CommandRun run =
        CommandRun.of(
            "design",
            file,
            "--budget",
            "1e22",
            "--n",
            "1e9",
            "--d",
            "1e10",
            "--column",
            "U=1e9,1e12",
            "--target-at",
            "N=7B,D=1T,U=1e9",
            "--simulations",
            "10",
            "--runs",
            "1");
    assertThat(run.exitCode()).as(run.log()).isZero();
    assertThat(run.output()).contains("run 1  1.000e+09  1.000e+10  1.000e+09 ");
  }

  /** A law without N and D is designed under a cost in its own columns. */
  @Test
  void lawsWithoutSizesAreDesignedUnderACostOfTheirOwn() throws Exception {
    StringBuilder csv = new StringBuilder("steps,batch,loss\n");
    SplittableRandom random = new SplittableRandom(2);
    for (double steps = 1e3; steps < 1e5; steps *= 3) {
      for (double batch = 16; batch < 2000; batch *= 4) {
        double loss = 2 + 30 * Math.pow(steps, -0.4) + 3 * Math.pow(batch, -0.5);
        csv.append("%s,%s,%s%n".formatted(steps, batch, loss * (1 + 1e-3 * random.nextGaussian())));
      }
    }
    Path runs = Files.writeString(folder.resolve("steps.csv"), csv.toString());
    String file = folder.resolve("steps.fit.json").toString();
    CommandRun fitted =
        CommandRun.of(
            "fit",
            runs.toString(),
            "--law",
            "E + A*steps^-alpha + B*batch^-beta",
            "--starts",
            "20",
            "--out",
            file);
    assertThat(fitted.exitCode()).as(fitted.log()).isZero();
    String[] line = {
      "design",
      file,
      "--budget",
      "1e8",
      "--column",
      "steps=1e3,1e5",
      "--column",
      "batch=64",
      "--target-at",
      "steps=1e6,batch=64",
      "--cost",
      "steps*batch",
      "--simulations",
      "20",
      "--runs",
      "2"
    };
    CommandRun run = CommandRun.of(line);
    assertThat(run.exitCode()).as(run.log()).isZero();
    assertThat(run.output())
        .contains("target: loss at steps = 1.000e+06, batch = 64.00, ")
        .containsPattern("plan +steps +batch +cost +cost in all")
        .containsPattern("run \\d +1\\.000e\\+05 +64\\.00 +6400000");
    line[11] = "batch-steps";
    assertThat(CommandRun.of(line).log()).contains("--cost: a candidate costs");
    line[11] = "steps*batch";
    Path plan = Files.writeString(folder.resolve("plan.csv"), "batch,steps\n64,1k\n64,1e5\n");
    line[2] = "--plan";
    line[3] = "grid," + plan;
    CommandRun judged = CommandRun.of(line);
    assertThat(judged.exitCode()).as(judged.log()).isZero();
    List<String> scores =
        judged
            .output()
            .lines()
            .filter(each -> each.startsWith("grid ") || each.startsWith(plan.toString()))
            .map(each -> each.replaceFirst("^\\S+ +", ""))
            .toList();
    assertThat(scores).as(judged.output()).hasSize(2);
    assertThat(scores.get(1)).as("the file states the same runs").isEqualTo(scores.get(0));
    Files.writeString(plan, "batch,steps\n64,many\n");
    assertThat(CommandRun.of(line).log())
        .contains("plan.csv: line 2: column 'steps': found 'many', expected a finite number");
    Files.writeString(plan, "batch,step\n64,1\n");
    assertThat(CommandRun.of(line).log()).contains("no column 'steps'").contains("'step'");
    line[3] = "l-shape";
    line[7] = "batch=64,128,256";
    assertThat(CommandRun.of(line).output())
        .as("of two by three runs those with the least steps or batch")
        .containsPattern("l-shape +\\S+ +\\S+ +4 ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--over N,X --cost N --budget 1|'X' is no column of numbers of the laws of this file; they have N, D, U",
        "--over N,N --cost N --budget 1|'N' is given twice",
        "--over N --cost 6*N*Q --budget 1|character 5: unknown name 'Q'",
        "--over N --cost D --budget 1e3|the cost D does not grow with N",
        "--over N,D --cost 6*N*D|--cost and --budget need each other",
        "--cost 6*N*D --budget 1e21 --compute 1e21|need --over",
        "--over N --compute 1e21|--over takes the place of --compute",
        "--over N --at N=3|'N' is to be chosen and also fixed",
        "--over N --at U=x|'x' is not a number",
        "--compute 1e21 --at N=3|N and D are what is asked for",
        "--over N,D --at U=1e9|no optimum inside: the surface keeps falling towards larger",
      })
  void whatCannotBeAskedIsSaid(String options, String problem) {
    List<String> line = new ArrayList<>(List.of("allocate", fit));
    line.addAll(List.of(options.split(" ", -1)));
    CommandRun run = CommandRun.of(line.toArray(String[]::new));
    assertThat(run.log() + run.output()).contains(problem);
  }
}
