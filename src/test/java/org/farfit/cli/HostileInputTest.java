package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.farfit.data.InputLimits;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * Inputs that are made to exhaust memory, depth or patience end with a message of less than a
 * screen and exit 2 or 3. The time limits are many times what each takes, and a fraction of what it
 * took to go through a text again from each of its characters.
 */
@Timeout(60)
class HostileInputTest {

  private static final String GOOD = "N,D,L\n";

  /** The beginning of a law file. */
  private static final String LAW = "name: x\nparameters:\n  E: positive\n";

  /** Lines and characters of a screen. */
  private static final int SCREEN_LINES = 24;

  private static final int SCREEN_CHARACTERS = 24 * 100;

  @TempDir static Path folder;

  private static Path good;
  private static String fit;

  @BeforeAll
  static void makeInputs() throws IOException {
    StringBuilder rows = new StringBuilder(GOOD);
    for (int i = 0; i < 24; i++) {
      double n = 1e8 * Math.pow(2, i % 6);
      int step = i / 6;
      double d = 1e9 * Math.pow(3, step);
      double loss = 1.7 + 400 / Math.pow(n, 0.34) + 410 / Math.pow(d, 0.28);
      rows.append("%s,%s,%s%n".formatted(n, d, loss * (1 + 0.001 * Math.sin(i))));
    }
    good = Files.writeString(folder.resolve("good.csv"), rows);
    fit = folder.resolve("good.fit.json").toString();
    CommandRun run =
        CommandRun.of("fit", good.toString(), "--law=chinchilla", "--starts=4", "--out=" + fit);
    assertThat(run.exitCode()).as(run.log()).isZero();
  }

  private static void checkRefused(CommandRun run, String... words) {
    assertThat(run.exitCode()).as(run.log()).isIn(ExitCode.USAGE, ExitCode.BAD_INPUT);
    checkMessage(run);
    for (String word : words) {
      assertThat(run.log()).contains(word);
    }
  }

  private static void checkMessage(CommandRun run) {
    assertThat(run.log()).doesNotContain("defect of farfit");
    assertThat(run.log().length()).as(run.log()).isLessThan(SCREEN_CHARACTERS);
    assertThat(run.log().lines().count()).as(run.log()).isLessThan(SCREEN_LINES);
    assertThat(run.log().chars().filter(c -> Character.isISOControl(c) && c != '\n' && c != '\r'))
        .as(run.log())
        .isEmpty();
  }

  private static CommandRun fit(Path file, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("fit", file.toString(), "--law=chinchilla", "--starts=2"));
    arguments.add("--out=" + folder.resolve("out.json"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private static Path file(String name, String text) throws IOException {
    // Not writeString, which refuses lone surrogates.
    return Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void longLinesEnd() throws IOException {
    Path line = file("line.csv", GOOD + "9".repeat(InputLimits.LINE_CHARACTERS + 1));
    checkRefused(fit(line), "line.csv: line 2: is longer than the 1,048,576 characters");
    Path header = file("header.csv", "N".repeat(InputLimits.LINE_CHARACTERS + 1));
    checkRefused(fit(header), "line 1: is longer than");
    Path json = file("line.jsonl", "{\"N\": \"" + "9".repeat(InputLimits.LINE_CHARACTERS));
    checkRefused(fit(json), "line 1: is longer than");
    Path quote = file("quote.csv", GOOD + "1,2,\"\n" + "1,2,3\n".repeat(200_000));
    checkRefused(fit(quote), "a cell is longer than", "is a quote not closed?");
  }

  @Test
  void bombsAndDevicesEnd() throws IOException {
    Path lines = folder.resolve("lines.csv.gz");
    Path zeros = folder.resolve("zeros.gz");
    try (OutputStream a = new GZIPOutputStream(Files.newOutputStream(lines));
        OutputStream b = new GZIPOutputStream(Files.newOutputStream(zeros))) {
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        b.write(block);
      }
      Arrays.fill(block, (byte) '7');
      for (int i = 0; i < 64; i++) {
        a.write(block);
      }
    }
    checkRefused(fit(lines), "line 1: is longer than");
    checkRefused(fit(zeros), "it holds zero bytes");
    Path device = Path.of("/dev/zero");
    if (Files.exists(device)) {
      checkRefused(fit(device), "it holds zero bytes");
    }
  }

  @Test
  void waitingOnAPipeIsSaid() throws Exception {
    Path pipe = folder.resolve("pipe.csv");
    int made = -1;
    try {
      made = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start().waitFor();
    } catch (IOException e) {
      // told below
    }
    Assumptions.assumeTrue(made == 0, "no mkfifo here");
    Thread writer =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                Files.write(pipe, Files.readAllBytes(good), StandardOpenOption.WRITE);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    CommandRun run = fit(pipe);
    writer.join();
    assertThat(run.exitCode()).as(run.log()).isZero();
    assertThat(run.log()).startsWith("farfit: reading " + pipe + ", which is no regular file");
    assertThat(fit(good).log()).doesNotContain("regular file");
  }

  @Test
  void columnsAndKeysEnd() throws IOException {
    Path columns =
        file(
            "columns.csv",
            IntStream.range(0, 60_000).mapToObj(i -> "c" + i).collect(Collectors.joining(",")));
    checkRefused(fit(columns), "more than the 10,000 columns");
    Path line =
        file(
            "keys.jsonl",
            IntStream.range(0, 60_000)
                .mapToObj(i -> "\"k%d\":%d".formatted(i, i))
                .collect(Collectors.joining(",", "{", "}")));
    checkRefused(fit(line), "line 1: has more than the 10,000 columns (keys)");
    Path lines =
        file(
            "keys-by-line.jsonl",
            IntStream.range(0, 60_000)
                .mapToObj(i -> "{\"k%d\":%d}".formatted(i, i))
                .collect(Collectors.joining("\n")));
    checkRefused(fit(lines), "line 10001: has more than the 10,000 columns (keys)");

    Path nearest =
        file("nearest.csv", "Q".repeat(300) + ",x".repeat(9_000) + "\n1" + ",2".repeat(9_000));
    checkRefused(fit(nearest), "the columns are QQQ", "more");
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 10_000})
  void nestingEnds(int depth) throws IOException {
    String open = "(".repeat(depth);
    String close = ")".repeat(depth);
    checkRefused(
        fit(good, "--where", open + "N > 1" + close),
        "has more than 100 parentheses or 'not' inside each other");
    Path json = file("deep.jsonl", "{\"N\": " + "[".repeat(depth) + "]".repeat(depth) + "}\n");
    checkRefused(fit(json), "deep.jsonl: line 1: ");
    for (String kind : List.of("json", "yaml")) {
      Path spec =
          file("deep." + kind, "{\"inputs\": " + "[".repeat(depth) + "]".repeat(depth) + "}\n");
      checkRefused(CommandRun.of("sweep", spec.toString(), "--dry-run"), "deep." + kind);
    }
  }

  @Test
  void longFormulasEnd() throws IOException {
    String deep = "(".repeat(10_000);
    checkRefused(
        CommandRun.of(
            "allocate", fit, "--compute=1e21", "--flops", deep + "6*N*D" + ")".repeat(10_000)),
        "longer than the 2,000 characters that a formula may have");
    checkRefused(
        CommandRun.of("allocate", fit, "--compute=1e21", "--flops", "-".repeat(10_000) + "N*D"),
        "longer than the 2,000 characters");
    checkRefused(
        CommandRun.of("allocate", fit, "--compute=1e21", "--flops", "6*N*D" + "+N*D".repeat(3_000)),
        "longer than the 2,000 characters");
  }

  /** Laws as text and as files, and files that state a sweep. */
  @Test
  void longLawsAndSpecificationsEnd() throws IOException {
    checkRefused(CommandRun.of(lawOf("E + \u001b[2J*N")), "character 5");
    checkRefused(CommandRun.of(lawOf("E + " + "x".repeat(40_000) + "(N)")), "unknown function");
    checkRefused(
        CommandRun.of(lawOf("E" + " + E".repeat(InputLimits.LAW_CHARACTERS))), "characters");
    checkRefused(
        CommandRun.of(lawOf("(".repeat(InputLimits.LAW_NESTING + 1) + "E")), "nested more than");
    Path law = file("long.yaml", "notes: " + "x".repeat(InputLimits.LAW_FILE_CHARACTERS));
    checkRefused(CommandRun.of(lawOf(law.toString())), "longer than the 1,000,000");
    Path key = file("key.yaml", "\"" + "k".repeat(900) + "\\u001b\": 1\n");
    checkRefused(CommandRun.of(lawOf(key.toString())), "unknown key");
    Path sweep = file("long.json", " ".repeat(InputLimits.SPECIFICATION_CHARACTERS + 1));
    checkRefused(
        CommandRun.of("sweep", sweep.toString(), "--dry-run"), "longer than the 16,777,216");
    if (Files.exists(Path.of("/dev/zero"))) {
      checkRefused(CommandRun.of("sweep", "/dev/zero", "--dry-run"), "longer than");
      checkRefused(CommandRun.of("laws", "--check", "/dev/zero"), "/dev/zero");
    }
  }

  @Test
  void longFiltersAreRead() {
    String chain = "N > 1" + " and D > 1 or N > 2".repeat(4_000);
    assertThat(fit(good, "--where", chain).exitCode()).isZero();
    String list = "N in (1e8" + ", 3".repeat(10_000) + ", 2e8) or N > 1";
    assertThat(fit(good, "--where", list).exitCode()).isZero();
    String quotes = "'a" + "''".repeat(40_000) + "' != 'b' and N > 1";
    assertThat(fit(good, "--where", quotes).exitCode()).isZero();
    checkRefused(fit(good, "--where", "not ".repeat(10_000) + "N > 1"), "inside each other");
    checkRefused(fit(good, "--where", "'x' like '" + "%a".repeat(1_000) + "'"), "a pattern is");
    checkRefused(fit(good, "--where", chain.repeat(2)), "longer than the 100,000 characters");
  }

  /** A text that is nearly a number is told from one in a single pass. */
  @ParameterizedTest
  @ValueSource(strings = {"9", "0.", "1e", " ", "-", "9 ", "'", "\"", "( "})
  void longTokensEnd(String repeated) throws IOException {
    String token = repeated.repeat(50_000 / repeated.length()) + "x";
    String cell = token.replace("\"", "'");
    checkRefused(fit(file("cell.csv", GOOD + "1,2," + cell + "\n")), "line 2: column 'L'");
    checkRefused(fit(file("name.csv", cell + ",N,L\n1,2,3\n")), "no column for D");
    checkRefused(fit(good, "--where", token + " > 1"));
    checkRefused(fit(good, "--where", "N > " + token));
    checkRefused(CommandRun.of("predict", fit, "--n", token, "--d=1e9"));
    checkRefused(CommandRun.of("predict", fit, "--n=1e9", "--d", token.repeat(2)));
    checkRefused(CommandRun.of("allocate", fit, "--compute", token));
    checkRefused(CommandRun.of("allocate", fit, "--compute=1e21", "--flops", token + "*N*D"));
    checkRefused(fit(good, "--loss", "huber:" + token));
    checkRefused(fit(good, "--law", token));
    checkRefused(fit(good, "--loss-column", token));
    checkRefused(CommandRun.of("scan", good.toString(), "--law=chinchilla", "--vary", token));
    checkRefused(CommandRun.of("validate", good.toString(), "--holdout", "size:" + token));
    checkRefused(CommandRun.of(token));
  }

  @Test
  void countsEnd() {
    String most = Integer.toString(Integer.MAX_VALUE);
    checkRefused(fit(good, "--starts", most), "more than the 10,000,000 starts that are accepted");
    checkRefused(fit(good, "--bootstrap", most), "more than the 10,000,000");
    checkRefused(fit(good, "--threads", most), "more than the 1,024 threads");
    checkRefused(
        CommandRun.of("allocate", fit, "--compute", "1e20:1e24:" + most),
        "more than the 100,000 values that a range may have");
    checkRefused(
        CommandRun.of("compare", fit, fit, "--grid", "100000"), "more than the 1,000,000 points");
    checkRefused(
        CommandRun.of(
            ("design "
                    + fit
                    + " --law=chinchilla --budget=1e22 --n=1e9:1e10:100000"
                    + " --d=1e9:1e10:100000 --target-n=1e10 --target-d=1e11")
                .split(" ")),
        "--n and --d have 100,000 x 100,000 combinations; at most 1,000,000");
  }

  @Test
  void exhaustionIsAMessage() {
    record Exhausting(Error error) implements Callable<Integer> {
      @Override
      public Integer call() {
        throw error;
      }
    }
    for (Error error : List.of(new OutOfMemoryError("x"), new StackOverflowError())) {
      StringWriter log = new StringWriter();
      int exitCode =
          Main.commandLine()
              .addSubcommand(
                  "exhaust",
                  CommandLine.Model.CommandSpec.wrapWithoutInspection(new Exhausting(error)))
              .setErr(new PrintWriter(log))
              .execute("exhaust");
      assertThat(exitCode).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(log.toString()).startsWith("farfit: ").hasSizeLessThan(300);
    }
  }

  @Test
  void hostileInputsOfASweepAreRows() throws IOException {
    Path line = file("sweep-line.csv", GOOD + "9".repeat(InputLimits.LINE_CHARACTERS + 1));
    Path deep = file("sweep-deep.jsonl", "{\"N\": " + "[".repeat(10_000));
    Path digits = file("sweep-digits.csv", GOOD + "1,2," + "9".repeat(50_000) + "x\n");
    Path spec =
        file(
            "sweep.json",
            "{\"inputs\": [\"%s\", \"%s\", \"%s\", \"%s\"], \"laws\": [\"chinchilla\"], \"starts\": 2}"
                .formatted(good, line, deep, digits));
    Path out = folder.resolve("sweep.csv");
    CommandRun run = CommandRun.of("sweep", spec.toString(), "--out=" + out);
    assertThat(run.exitCode()).as(run.log()).isZero();
    List<String> rows = Files.readAllLines(out);
    assertThat(rows).hasSize(1 + 4);
    assertThat(rows.stream().filter(row -> row.contains("failed: input"))).hasSize(3);
    assertThat(rows.stream().filter(row -> row.contains("converged"))).hasSize(1);
    assertThat(rows).allSatisfy(row -> assertThat(row).hasSizeLessThan(3_000));
  }

  @Test
  void sweepsThatAreTooLargeAreRefused() throws IOException {
    String many =
        IntStream.range(0, 3_000).mapToObj(Integer::toString).collect(Collectors.joining(","));
    String names =
        IntStream.range(0, 3_000)
            .mapToObj(i -> "\"%d\"".formatted(i))
            .collect(Collectors.joining(","));
    Path product =
        file(
            "product.json",
            "{\"inputs\": [%s], \"where\": [%s], \"losses\": [%s], \"holdouts\": [\"none\"], \"seeds\": [%s]}"
                .formatted(names, names, names, many));
    checkRefused(
        CommandRun.of("sweep", product.toString(), "--dry-run"),
        "more than the 10,000,000 combinations");
    Path zero = file("zero.json", "{\"inputs\": [\"a\\u0000b\"]}");
    checkRefused(CommandRun.of("sweep", zero.toString(), "--dry-run"), "zero.json", "'inputs'");
    checkRefused(fit(Path.of("no.csv"), "--out=a\0b"), "--out");
    Path starts = file("starts.json", "{\"inputs\": [\"a\"], \"starts\": 2147483647}");
    checkRefused(CommandRun.of("sweep", starts.toString(), "--dry-run"), "key 'starts'");
  }

  /** Cells that a spreadsheet would calculate, and numbers, which stay as they are. */
  @Test
  void textCellsOfTablesAreGuarded() throws IOException {
    Path spec =
        file(
            "guard.json",
            """
            {"inputs": ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(1)", "\\tx", "\\rx", "plain.csv"],
             "laws": ["chinchilla"], "seeds": [-3]}
            """);
    Path out = folder.resolve("guard.csv");
    // No input is there: the table is written, and says so.
    assertThat(CommandRun.of("sweep", spec.toString(), "--out=" + out).exitCode())
        .isEqualTo(ExitCode.BAD_INPUT);
    String guarded = Files.readString(out);
    assertThat(guarded)
        .contains("'=cmd", "'+1+1", "'-2", "'@SUM(1)", "'\tx", "'\rx", ",-3,", ",plain.csv,")
        .doesNotContain(",=cmd", ",+1+1", ",-2", ",@SUM", "'-3", "'plain");
    assertThat(
            CommandRun.of("sweep", spec.toString(), "--no-guard-cells", "--out=" + out).exitCode())
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Files.readString(out)).contains("=cmd", "+1+1").doesNotContain("'=cmd", "'+1+1");
  }

  /** Kinds of hostile text, each of a size. */
  private static String hostile(SplittableRandom random) {
    int size = 1 << random.nextInt(17);
    return switch (random.nextInt(16)) {
      case 0 -> "9".repeat(size);
      case 1 -> "(".repeat(size);
      case 2 -> "[".repeat(size) + "]".repeat(size);
      case 3 -> "{\"a\":".repeat(size);
      case 4 -> "-".repeat(size) + "1";
      case 5 -> " ".repeat(size);
      case 6 -> "\"" + "x".repeat(size);
      case 7 -> "'" + ",".repeat(size);
      case 8 -> "\u001b[2J" + "\u0007".repeat(size);
      case 9 -> "1e" + "9".repeat(size);
      case 10 -> "0." + "0".repeat(size) + "1";
      case 11 -> "a or ".repeat(size);
      case 12 -> "\ud800\u202e".repeat(size);
      case 13 -> "1:".repeat(size);
      case 14 -> ",1".repeat(size);
      default ->
          random.ints(size, 1, 0x180).mapToObj(Character::toString).collect(Collectors.joining());
    };
  }

  /**
   * Hostile text anywhere: an answer or a message, never a defect. {@code -Dfarfit.hostile=10000}
   * tries more.
   */
  @Test
  @Timeout(36_000)
  void hostileTextAnywhereEnds() throws IOException {
    int cases = Integer.getInteger("farfit.hostile", 300);
    for (int i = 0; i < cases; i++) {
      SplittableRandom random = new SplittableRandom(i);
      String text = hostile(random);
      int place = random.nextInt(32);
      String[] command =
          switch (place) {
            case 0 -> fitOf(file("f.csv", GOOD + "1,2," + text));
            case 1 -> fitOf(file("f.csv", text + ",N,D,L\n1,2,3,4\n"));
            case 2 -> fitOf(file("f.csv", Files.readString(good) + text));
            case 3 -> fitOf(file("f.jsonl", "{\"N\":" + text + "}"));
            case 4 -> fitOf(file("f.jsonl", "{\"" + text));
            case 5 -> fitOf(file("f.csv", text));
            case 6 -> fitOf(good, "--where", text);
            case 7 -> fitOf(good, "--where", "N > " + text);
            case 8 -> fitOf(good, "--loss-column", text);
            case 9 -> fitOf(good, "--starts", text);
            case 10 -> new String[] {"predict", fit, "--n", text, "--d", "1e9"};
            case 11 -> new String[] {"allocate", fit, "--compute", text};
            case 12 -> new String[] {"allocate", fit, "--compute", "1e21", "--flops", text};
            case 13 -> sweepOf(file("s.yaml", "inputs: [" + text + "]\nlaws: [chinchilla]\n"));
            case 14 -> sweepOf(file("s.json", "{\"inputs\":[\"a\"], \"" + text + "\": 1}"));
            case 15 -> lawOf("E + " + text);
            case 16 -> lawOf("E + A*" + text + "(N)");
            case 17 -> lawOf(file("l.yaml", "name: " + text + "\nloss: E\n").toString());
            case 18 -> lawOf(file("l.yaml", text).toString());
            case 19 -> lawOf(file("l.yaml", LAW + "loss: E + " + text).toString());
            case 20 -> lawOf(file("l.yaml", LAW + "  " + text + ": 1").toString());
            case 21 -> new String[] {"laws", "--check", file("l.yaml", text).toString()};
            case 22 -> new String[] {"predict", fit, "--at", "N=1e9," + text};
            case 23 -> fitOf(good, "--n-column", "N*" + text);
            case 24 -> fitOf(good, "--by", text);
            case 25 -> new String[] {"scan", good.toString(), "--law=chinchilla", "--vary", text};
            case 26 -> new String[] {"validate", good.toString(), "--holdout", text};
            case 27 -> planOf(file("p.csv", "N,D\n1e9," + text));
            case 28 ->
                new String[] {"predict", file("x.fit.json", text).toString(), "--n=1", "--d=1"};
            case 29 -> fitOf(good, "--noise", text);
            case 30 -> new String[] {text};
            default -> new String[] {"fit", text};
          };
      CommandRun run = CommandRun.of(command);
      String which = "case %d, place %d: %s".formatted(i, place, run.log());
      assertThat(run.exitCode())
          .as(which)
          .isIn(ExitCode.DONE, ExitCode.USAGE, ExitCode.BAD_INPUT, ExitCode.NOT_CONVERGED);
      if (run.exitCode() != ExitCode.DONE) {
        checkMessage(run);
      }
    }
  }

  private static String[] fitOf(Path file, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("fit", file.toString(), "--law=chinchilla", "--starts=1", "--out"));
    arguments.add(folder.resolve("fuzz.fit.json").toString());
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static String[] lawOf(String law) {
    String out = folder.resolve("law.fit.json").toString();
    return new String[] {"fit", good.toString(), "--starts=1", "--law", law, "--out", out};
  }

  private static String[] planOf(Path plan) {
    return ("design " + fit + " --n=1e9 --d=1e10 --target-n=1e10 --target-d=1e11 --plan=" + plan)
        .split(" ");
  }

  private static String[] sweepOf(Path file) {
    return new String[] {"sweep", file.toString(), "--dry-run"};
  }
}
