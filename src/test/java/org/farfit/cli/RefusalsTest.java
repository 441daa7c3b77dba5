package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.farfit.law.Chinchilla;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be answered is refused with a reason, before work and in every form of output. */
class RefusalsTest {

  @TempDir Path folder;

  private Path runs;

  @BeforeEach
  void write() throws IOException {
    runs = runs("runs.csv", 6, 6);
  }

  private Path runs(String name, int sizes, int tokens) throws IOException {
    StringBuilder text = new StringBuilder("N,D,L\n");
    for (int i = 0; i < sizes * tokens; i++) {
      double n = 1e8 * Math.pow(2, i % sizes);
      double d = 1e9 * Math.pow(3, Math.floorDiv(i, sizes));
      double loss = new Chinchilla().loss(new Chinchilla().example(), n, d);
      text.append("%s,%s,%s%n".formatted(n, d, loss * (1 + 0.002 * Math.sin(7.0 * i))));
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static JsonNode json(CommandRun run) throws IOException {
    assertThat(run.exitCode()).as(run.log()).isZero();
    return new ObjectMapper().readTree(run.output());
  }

  private CommandRun fit(Path data, String out, String... more) {
    String[] fixed = {
      "fit", data.toString(), "--law", "chinchilla", "--starts", "10", "--out", path(out)
    };
    return CommandRun.of(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "predict f --n , --d 1            | --n ',': a value is missing beside a comma",
        "predict f --n 1,,2 --d 1         | '' is not a number such as 25.1e9",
        "predict f --n 1 --d 1,           | --d '1,': a value is missing",
        "compare a b --n , --d ,          | --n ',': a value is missing",
        "validate --method ,              | --method ',': a value is missing",
        "allocate f --compute ,           | --compute ',': a value is missing",
        "predict f --n 1 --d 1 --interval 0.95 | '0.95' is below one percent; did you mean 95.0?",
        "fit --bootstrap 20 --interval 0.9     | '0.9' is below one percent; did you mean 90.0?",
        "fit --resume                     | --resume needs --bootstrap",
        "fit --resampling wild            | --resampling needs --bootstrap",
        "fit --restarts 2                 | --restarts needs --bootstrap",
        "fit --bootstrap 2147483647       | is more than the 10,000,000",
        "coverage --bootstrap 2147483647  | is more than the 10,000,000",
        "coverage --noise 1e300           | --noise 1.0E300 is above 10.0",
        "coverage --factor 1e300          | --factor 1.0E300 is above 1e+06",
        "coverage --column P=1,2         | --column and --at go together",
        "coverage --parameters 1,2       | --parameters goes with --column or --scatter, and one law",
        "coverage --law chinchilla --scatter size --parameters 1,2 | --parameters has 2 values, expected 5",
        "coverage --grid 1x8             | '1x8' is none of paper, small, isoflop",
        "coverage --column P=1 --at P=2 --scatter size | leave it out with --column",
        "coverage --law a+b/P --parameters 1,1 --column P=1,2 --at Q=2 | expected one value of each column of a+b/P: P",
        "coverage --law a+b/P --parameters 1 --column P=1,2 --at P=2 | --parameters has 1 values, expected 2: [a, b]",
        "simulate --noise 1e300 --out y   | noise 1.0E300 is above 10.0",
        "fit --d-column D --compute-column C | --d-column and --compute-column exclude each other",
        "validate --d-column D --compute-column C | exclude each other",
        "validate --from 1e9              | --from belongs to --holdout size",
        "allocate f --target-loss 2 --within 1     | --within needs --compute",
        "allocate f --compute 1e21 --within 4.9e-324 | --within 4.9E-324 is not between",
        "allocate f --compute 1e-300:1e300:5       | --compute 1.0E-300 is not between",
        "compare a b --compute 1e300               | --compute 1.0E300 is not between",
        "allocate f --compute 1 --flops sin(N)*D   | 'sin(N)*D' is not positive, or does not grow",
        "allocate f --compute 1 --flops N*sqrt(D-1e9) | is not positive, or does not grow"
      })
  void optionsThatMeanNothingAreUsageErrors(String line, String message) {
    CommandRun run = CommandRun.of(line.strip().split(" +"));
    assertThat(run.exitCode()).as(run.log()).isEqualTo(ExitCode.USAGE);
    assertThat(run.log()).contains(message.strip());
    assertThat(run.output()).isEmpty();
  }

  @Test
  void otherFormulasOfComputeAreTaken() {
    assertThat(fit(runs, "f.json").exitCode()).isZero();
    for (String formula :
        new String[] {"6*N*D + 12*N^(2/3)*D", "6*N*D + 1e20", "2*N*D*log(N)", "N*D/1e12"}) {
      CommandRun run =
          CommandRun.of("allocate", path("f.json"), "--compute", "1e21", "--flops", formula);
      assertThat(run.exitCode()).as(formula + run.log()).isZero();
    }
  }

  @Test
  void allAndAutoStandAlone() {
    for (String laws : new String[] {"auto,chinchilla", "chinchilla, all"}) {
      CommandRun run = CommandRun.of("validate", runs.toString(), "--law", laws);
      assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(run.log()).contains("all and auto are given alone, not beside other laws");
    }
  }

  @Test
  void whatCannotBeWrittenIsNoFaultOfTheInput() {
    Path full = Path.of("/dev/full");
    assumeThat(full).as("a device that is always full").exists();
    CommandRun run =
        CommandRun.of(
            "fit", runs.toString(), "--law", "chinchilla", "--starts", "5", "--out", "/dev/full");
    assertThat(run.exitCode()).as(run.log()).isEqualTo(ExitCode.OUTPUT_FAILED);
    assertThat(run.log()).contains("farfit: /dev/full: cannot be written: No space left on device");
  }

  /** A disk that takes some characters and is full then. */
  private static Writer disk(int size) {
    return new Writer() {
      private int left = size;

      @Override
      public void write(char[] characters, int offset, int length) throws IOException {
        left -= length;
        if (left < 0) {
          throw new IOException("No space left on device");
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "predict FIT --n 1e9 --d 1e10",
        "predict FIT --n 1e9 --d 1e10 --json",
        "allocate FIT --compute 1e21",
        "properties FIT",
        "fit RUNS --law chinchilla --starts 5 --out OUT",
        "laws",
        "engines",
        "predict --help",
        "--version"
      })
  void whatCannotBePrintedIsNotDone(String line) {
    assertThat(fit(runs, "f.json").exitCode()).isZero();
    String[] arguments =
        line.replace("FIT", path("f.json"))
            .replace("RUNS", runs.toString())
            .replace("OUT", path("o.json"))
            .split(" ");
    for (int size : new int[] {0, 5}) {
      StringWriter log = new StringWriter();
      PrintWriter output = StandardOutput.of(disk(size));
      int code = Main.commandLine().setOut(output).setErr(new PrintWriter(log)).execute(arguments);
      assertThat(log.toString())
          .contains("farfit: standard output: cannot be written: No space left on device");
      assertThat(code).isEqualTo(ExitCode.OUTPUT_FAILED);
    }
  }

  @Test
  void aSweepOfOneLawAndInputHasFigures() throws IOException {
    Path spec =
        Files.writeString(
            folder.resolve("s.yaml"), "inputs: [%s]\nlaws: [chinchilla]\n".formatted(runs));
    CommandRun run =
        CommandRun.of(
            "sweep",
            spec.toString(),
            "--out",
            path("s.csv"),
            "--figures",
            path("figures"),
            "--report",
            path("s.html"));
    assertThat(run.exitCode()).as(run.log()).isZero();
    assertThat(folder.resolve("figures/errors-by-data.svg")).isNotEmptyFile();
  }

  @Test
  void lossesThatNoRunCameNearAreRefusedWithAReason() throws IOException {
    assertThat(fit(runs, "f.json").exitCode()).isZero();
    String[] far = {"predict", path("f.json"), "--n", "1e-300,1e9", "--d", "1e10", "--json"};
    JsonNode rows = json(CommandRun.of(far)).path("rows");
    assertThat(rows.get(0).path("loss").isNull()).isTrue();
    assertThat(rows.get(0).path("problem").asText())
        .contains("more than a factor 10 outside of the fitted losses");
    assertThat(rows.get(1).path("loss").asDouble()).isBetween(2.0, 4.0);
    assertThat(rows.get(1).path("problem").isNull()).isTrue();
    far[far.length - 1] = "--interval=90";
    CommandRun text = CommandRun.of(far);
    assertThat(text.output())
        .contains("chinchilla, N = 1.000e-300, D = 1.000e+10: no prediction: the surface gives");
    assertThat(text.log().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(400));

    JsonNode allocated =
        json(CommandRun.of("allocate", path("f.json"), "--compute", "1e-8,1e20", "--json"))
            .path("rows");
    assertThat(allocated.get(0).path("n").isNull()).isTrue();
    assertThat(allocated.get(0).path("problem").asText()).contains("fitted losses");
    assertThat(allocated.get(1).path("problem").isNull()).isTrue();

    CommandRun compared =
        CommandRun.of(
            "compare",
            path("f.json"),
            path("f.json"),
            "--n",
            "1e-300",
            "--d",
            "1e10",
            "--compute",
            "1e-8",
            "--json");
    JsonNode result = json(compared);
    assertThat(result.path("points").get(0).path("winner").asText()).isEqualTo("unknown");
    assertThat(result.path("points").get(0).path("problem").asText()).startsWith("A: the surface");
    assertThat(result.path("multipliers").get(0).path("problem").asText()).startsWith("A: ");
  }

  @Test
  void heldOutRunsThatAFitMissesByOrdersAreNoErrors() throws IOException {
    // Three sizes close together say nothing of one 1e200 times as large.
    Path data = runs("far.csv", 4, 6);
    Files.writeString(data, Files.readString(data).replaceAll("(?m)^8\\.0E8,", "1e-200,"));
    CommandRun run =
        CommandRun.of(
            "validate",
            data.toString(),
            "--law",
            "chinchilla",
            "--starts",
            "10",
            "--hold-where",
            "N < 1",
            "--json");
    JsonNode rows = json(run).path("rows");
    assertThat(rows)
        .anySatisfy(row -> {
          assertThat(row.path("mape").isNull()).isTrue();
          assertThat(row.path("problem").asText()).startsWith("no errors: at N = 1.000e-200");
        });
  }

  @Test
  void tooFewReplicatesGiveNoIntervalAndSaySo() throws IOException {
    CommandRun fitted = fit(runs, "f.json", "--bootstrap", "5");
    assertThat(fitted.exitCode()).as(fitted.log()).isZero();
    assertThat(fitted.output()).contains("5 replicates").contains("too few for 90.0% intervals");
    String[] predict = {"predict", path("f.json"), "--n", "1e9", "--d", "1e10", "--interval", "95"};
    CommandRun text = CommandRun.of(predict);
    assertThat(text.output())
        .contains("chinchilla: no interval: 5 usable replicates are too few for expanded intervals")
        .contains("which cannot be estimated, for the reasons above")
        .doesNotContain("fit with --bootstrap");
    JsonNode row =
        json(CommandRun.of(
                Stream.concat(Stream.of(predict), Stream.of("--json")).toArray(String[]::new)))
            .path("rows")
            .get(0);
    assertThat(row.path("low").isNull()).isTrue();
    assertThat(row.path("problem").asText()).contains("5 usable replicates are too few");
  }

  @Test
  void whatTheRunsCannotTellIsSaidBeforeAnyNumber() throws IOException {
    CommandRun run = fit(runs("two.csv", 2, 8), "two.json");
    String sentence = "warning: chinchilla: 2 sizes N cannot tell E, A and alpha apart";
    assertThat(run.log()).contains(sentence);
    for (String[] command :
        new String[][] {
          {"predict", path("two.json"), "--n", "1e9", "--d", "1e10"},
          {"allocate", path("two.json"), "--compute", "1e20"},
          {"compare", path("two.json"), path("two.json")}
        }) {
      CommandRun used = CommandRun.of(command);
      assertThat(used.log()).as(command[0]).contains("2 sizes N cannot tell E, A and alpha apart");
    }
    assertThat(CommandRun.of("identify", path("two.json")).output())
        .contains("2 sizes N cannot tell E, A and alpha apart");
  }

  @Test
  void commandsOnRunsSayItToo() throws IOException {
    Path two = runs("two.csv", 2, 8);
    String data = two.toString();
    for (String[] command :
        new String[][] {
          {"select", data, "--law", "chinchilla", "--starts", "5"},
          {"validate", data, "--law", "chinchilla", "--starts", "5", "--hold-where", "D > 1e12"},
          {"approaches", data},
          {"scan", data, "--law", "chinchilla", "--starts", "5", "--vary", "alpha=0:1:3"}
        }) {
      assertThat(CommandRun.of(command).log())
          .as(command[0])
          .contains("warning: chinchilla: 2 sizes N cannot tell E, A and alpha apart");
    }
    assertThat(CommandRun.of("forms", data).log()).contains("warning: farseer: 2 sizes N cannot");
    // What is held out leaves two sizes of six.
    assertThat(
            CommandRun.of(
                    "validate",
                    runs.toString(),
                    "--law=chinchilla",
                    "--starts=5",
                    "--hold-where",
                    "N > 2.5e8")
                .log())
        .contains("warning: hold-out N > 2.5e8: chinchilla: 2 sizes N cannot tell E, A and alpha");
    Path spec =
        Files.writeString(
            folder.resolve("spec.json"),
            """
            {"inputs": ["%s"], "laws": ["chinchilla"], "holdouts": ["none"], "starts": 5}
            """
                .formatted(two));
    CommandRun sweep = CommandRun.of("sweep", spec.toString(), "--out", path("rows.csv"));
    assertThat(sweep.exitCode()).as(sweep.log()).isZero();
    assertThat(Files.readString(folder.resolve("rows.csv")))
        .contains("chinchilla: 2 sizes N cannot tell E, A and alpha apart");
  }

  @Test
  void tooFewRunsForAutoAreSaidOfTheFile() throws IOException {
    Path few =
        Files.writeString(
            folder.resolve("few.csv"),
            "N,D,loss\n1e8,2e9,3\n2e8,4e9,2.9\n3e8,4e9,2.8\n4e8,5e9,2.7\n6e8,5e9,2.6\n");
    CommandRun run = CommandRun.of("fit", few.toString(), "--law", "auto", "--json");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.log())
        .endsWith("farfit: %s: 5 runs, expected at least 6; add runs\n".formatted(few));
  }

  /** D in billions: said where runs are read, and wherever a fit to them is used. */
  @Test
  void unitsThatCannotBeAreSaidByCommandsOnFitsToo() throws IOException {
    StringBuilder text = new StringBuilder("N,D,loss\n");
    for (int i = 0; i < 30; i++) {
      double n = 1e8 * Math.pow(2, i % 6);
      double billions = Math.pow(2, Math.floorDiv(i, 6));
      double loss = 1.8 + 400 * Math.pow(n, -0.34) + 2 * Math.pow(billions, -0.3);
      text.append("%s,%s,%s%n".formatted(n, billions, loss * (1 + 1e-3 * (i % 4))));
    }
    Path billions = Files.writeString(folder.resolve("billions.csv"), text);
    CommandRun fitted = fit(billions, "billions.json");
    assertThat(fitted.exitCode()).as(fitted.log()).isZero();
    assertThat(fitted.log()).contains("are not those of language models");
    String file = path("billions.json");
    for (String[] command :
        new String[][] {
          {"predict", file, "--n", "1e9", "--d", "20"},
          {"allocate", file, "--compute", "1e12"},
          {"compare", file, file, "--grid", "2"},
          {"properties", file},
          {"identify", file},
          {
            "design",
            file,
            "--budget=1e12",
            "--n=1e8:1e9:2",
            "--d=1:20:2",
            "--target-n=1e10",
            "--target-d=20",
            "--simulations=20"
          }
        }) {
      CommandRun run = CommandRun.of(command);
      assertThat(run.output() + run.log())
          .as(command[0])
          .contains("are not those of language models");
      assertThat(run.log()).as(command[0]).doesNotContain("ColumnOptions");
    }
  }

  /** One of two recipes has its losses in thousandths. */
  @Test
  void lossesOfDifferentUnitsAreNotComparedWithoutAWord() throws IOException {
    fit(runs, "nats.json");
    CommandRun thousandths =
        CommandRun.of(
            "fit",
            runs.toString(),
            "--loss-column",
            "L*1000",
            "--law",
            "chinchilla",
            "--starts",
            "5",
            "--out",
            path("thousandths.json"));
    assertThat(thousandths.exitCode()).as(thousandths.log()).isZero();
    CommandRun compared =
        CommandRun.of("compare", path("nats.json"), path("thousandths.json"), "--grid", "2");
    assertThat(compared.log()).contains("warning: losses of A (").contains("must be of one unit");
    assertThat(CommandRun.of("compare", path("nats.json"), path("nats.json"), "--grid", "2").log())
        .doesNotContain("one unit");
  }

  /** Parameters under D and tokens under N: by the loss alone nothing is amiss. */
  @Test
  void exchangedColumnsAreRemarkedOn() throws IOException {
    StringBuilder text = new StringBuilder("N,D,loss\n");
    StringBuilder right = new StringBuilder("D,N,loss\n");
    for (int i = 0; i < 30; i++) {
      double n = 4e7 * Math.pow(2, i % 6);
      double d = 20 * n * Math.pow(2, Math.floorDiv(i, 6));
      double loss = 1.8 + 400 * Math.pow(n, -0.34) + 410 * Math.pow(d, -0.28);
      String row = "%s,%s,%s%n".formatted(d, n, loss * (1 + 1e-3 * (i % 4)));
      text.append(row);
      right.append(row);
    }
    Path exchanged = Files.writeString(folder.resolve("exchanged.csv"), text);
    CommandRun fitted = fit(exchanged, "exchanged.json");
    assertThat(fitted.log())
        .contains("warning: D is less than N in nearly every run (D/N about 0.0")
        .contains("name that of parameters with --n-column and that of tokens with --d-column");
    Path usual = Files.writeString(folder.resolve("usual.csv"), right);
    assertThat(fit(usual, "usual.json").log()).doesNotContain("nearly every run");
  }

  /** Losses that are all the same leave nothing to explain a share of. */
  @Test
  void constantLossesHaveNoShareThatIsExplained() throws IOException {
    StringBuilder text = new StringBuilder("N,D,loss\n");
    for (int i = 0; i < 20; i++) {
      text.append("%s,%s,2.5%n".formatted(1e8 * (1 + i % 4), 1e9 * (1 + i % 5)));
    }
    Path constant = Files.writeString(folder.resolve("constant.csv"), text);
    CommandRun fitted = fit(constant, "constant.json");
    assertThat(fitted.output()).doesNotContain("NaN");
    JsonNode fit = new ObjectMapper().readTree(Path.of(path("constant.json")).toFile());
    assertThat(fit.path("fits").get(0).path("r2").isNull()).isTrue();
    assertThat(fit.path("fits").get(0).path("unknown").path("r2").asText())
        .isEqualTo("the losses are all the same");
  }

  /** A surface that is as flat as E says nothing, and rounding is no rise. */
  @Test
  void pointsOutOfSightAreRefused() throws IOException {
    assertThat(fit(runs, "f.json").exitCode()).isZero();
    assertThat(fit(runs, "g.json", "--where", "D > 3e9").exitCode()).isZero();
    CommandRun predicted =
        CommandRun.of("predict", path("f.json"), "--n=1e300,1e13", "--d=1e14", "--json");
    JsonNode rows = json(predicted).path("rows");
    assertThat(rows.get(0).path("loss").isNull()).isTrue();
    assertThat(rows.get(0).path("problem").asText()).contains("beyond the fitted runs");
    assertThat(rows.get(1).path("loss").asDouble()).isBetween(1.5, 2.5);
    assertThat(predicted.log()).doesNotContain("not monotone");
    CommandRun none = CommandRun.of("predict", path("f.json"), "--n=1e300", "--d=1e14");
    assertThat(none.output()).contains("no prediction: N or D").doesNotContain("low, high:");
    JsonNode unreachable =
        json(CommandRun.of("allocate", path("f.json"), "--target-loss=1e-3", "--json"))
            .path("rows")
            .get(0);
    assertThat(unreachable.path("compute").isNull()).isTrue();
    assertThat(unreachable.path("problem").asText()).startsWith("no budget reaches a loss");

    JsonNode selected =
        json(CommandRun.of(
                "select",
                runs.toString(),
                "--law=chinchilla,skaling",
                "--starts=5",
                "--bootstrap=40",
                "--n=1e300",
                "--d=1e10",
                "--json"))
            .path("averages");
    assertThat(selected).isNotEmpty();
    assertThat(selected)
        .allSatisfy(row -> {
          assertThat(row.path("loss").isNull()).isTrue();
          assertThat(row.path("problem").asText()).isNotEmpty();
        });

    CommandRun designed =
        CommandRun.of(
            "design",
            path("f.json"),
            "--n=1e9",
            "--d=1e10",
            "--budget=1e22",
            "--target-n=1e300",
            "--target-d=1e10");
    assertThat(designed.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(designed.log()).contains("no target: ").contains("beyond the fitted runs");
    CommandRun budget =
        CommandRun.of(
            "design",
            path("f.json"),
            "--n=1e9",
            "--d=1e10",
            "--budget=1e22",
            "--target-compute=1e40");
    assertThat(budget.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(budget.log()).contains("no target: ");

    JsonNode parity =
        json(CommandRun.of("compare", path("f.json"), path("g.json"), "--grid", "4", "--json"))
            .path("parity");
    for (JsonNode row : parity) {
      double loss = row.path("loss").asDouble();
      assertThat(row.path("problem").isNull() ? loss > 0.1 && loss < 60 : loss == 0).isTrue();
    }
  }

  @Test
  void aSweepRefusesWhatNoRunCameNear() throws IOException {
    Path data = runs("far.csv", 4, 6);
    Files.writeString(data, Files.readString(data).replaceAll("(?m)^8\\.0E8,", "1e200,"));
    Path spec =
        Files.writeString(
            folder.resolve("spec.json"),
            """
            {"inputs": ["%s"], "laws": ["chinchilla"], "holdouts": ["size:4e8"], "starts": 9}
            """
                .formatted(data));
    CommandRun sweep = CommandRun.of("sweep", spec.toString(), "--out", path("rows.jsonl"));
    assertThat(sweep.exitCode()).as(sweep.log()).isZero();
    JsonNode row = null;
    for (String line : Files.readAllLines(folder.resolve("rows.jsonl"))) {
      JsonNode read = new ObjectMapper().readTree(line);
      row = read.path("split").asText().equals("fit") ? row : read;
    }
    assertThat(row.path("mape").isNull()).isTrue();
    assertThat(row.path("message").asText())
        .startsWith("at N = 1.000e+200")
        .contains("beyond the fitted runs");
  }

  /** A law that goes through all runs leaves no scatter that plans could be simulated with. */
  @Test
  void plansNeedRunsThatScatter() throws IOException {
    Files.writeString(
        folder.resolve("five.csv"),
        """
        N,D,L
        1e8,2e9,3.6
        3e8,6e9,3.1
        1e9,2e10,2.7
        3e9,6e10,2.45
        1e9,1e11,2.55
        """);
    CommandRun.of(
        "fit", path("five.csv"), "--law=chinchilla", "--starts=20", "--out", path("five.json"));
    CommandRun run =
        CommandRun.of(
            "design",
            path("five.json"),
            "--budget=1e22",
            "--n=1e8:1e10:3",
            "--d=1e9:1e11:3",
            "--target-n=1e10",
            "--target-d=2e11");
    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.log())
        .contains(
            "five.json: 5 runs leave nothing to tell by how much runs scatter, as chinchilla has 5 parameters");
  }
}
