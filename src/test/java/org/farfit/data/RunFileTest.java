package org.farfit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.farfit.RealData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs from files of every format, and messages that name file, line and column. */
class RunFileTest {

  private static RunFile parse(String text) {
    return parse(text, ColumnOptions.usual());
  }

  private static RunFile parse(String text, ColumnOptions options) {
    return RunFile.parse("runs.csv", text.getBytes(StandardCharsets.UTF_8), options);
  }

  private static ColumnOptions named(String n, String d, String loss, String weight) {
    return new ColumnOptions(
        Optional.ofNullable(n),
        Optional.ofNullable(d),
        Optional.ofNullable(loss),
        Optional.ofNullable(weight),
        Optional.empty(),
        Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {",", "\t", ";", "|"})
  void readsCommaTabSemicolonAndBar(String delimiter) {
    RunFile file = parse("N,D,L\n1e8,2e9,3.5\n\n2e8,4e9,3.25\n".replace(",", delimiter));
    assertThat(file.runs().n()).containsExactly(1e8, 2e8);
    assertThat(file.runs().d()).containsExactly(2e9, 4e9);
    assertThat(file.runs().loss()).containsExactly(3.5, 3.25);
    assertThat(file.runs().weight()).containsExactly(1, 1);
  }

  /** What stands in a cell says what to do about it; the filter that is named does it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "40.000,5 # 3 # found '40.000,5', expected a positive finite number such as 2.5e9; correct it or",
        "4000,5 # 3 # write decimals of the column after a point, as in 4000.5",
        "4000,5e3 # 3 # after a point, as in 4000.5e3",
        "40,000,000 # 3 # without separators of thousands, as in 40000000",
        "1e8 # NA # correct it or leave the row out with ColumnOptions.where \"loss != 'NA'\"",
        "1e8 # -1 # correct it or leave the row out with ColumnOptions.where \"loss != '-1'\"",
        "1e8 # inf # correct it or leave the row out with ColumnOptions.where \"loss != 'inf'\"",
        "1e8 # nan # correct it or leave the row out with ColumnOptions.where \"loss is not empty\"",
      })
  void saysWhatToDoAboutACell(String n, String loss, String advice) {
    String text = "N;D;loss\n1e8;2e9;3\n%s;4e9;%s\n2e8;4e9;2.9\n".formatted(n, loss);
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("runs.csv: line 3: column '")
        .hasMessageContaining(advice);
    Matcher filter = Pattern.compile("ColumnOptions.where \"(.*)\"").matcher(advice);
    if (filter.find()) {
      RunFile left = parse(text, ColumnOptions.usual().where(filter.group(1)));
      assertThat(left.runs().n()).containsExactly(1e8, 2e8);
    }
  }

  /** Comments above the header, blanks for commas: no column is proposed that holds the others. */
  @Test
  void aTableOfOneColumnIsToldAsSuch() {
    assertThatThrownBy(() -> parse("N D loss\n1e8 2e9 3\n"))
        .hasMessageContaining("the columns are N D loss. There is one column: others go behind a")
        .hasMessageNotContaining("try 'N D loss'");
    assertThatThrownBy(() -> parse("# my runs\nN,D,loss\n1e8,2e9,3\n"))
        .hasMessage(
            "runs.csv: line 2: 3 cells, expected 1 as in the header, which is '# my runs'; names of"
                + " columns must come first");
  }

  /** FLOPs in the place of tokens: D follows from them. */
  @ParameterizedTest
  @ValueSource(strings = {"flops", "C", "train_flops", "Training FLOPs"})
  void aColumnOfComputeIsProposedWhereTokensAreMissing(String name) {
    String text = "N,%s,loss\n1e8,2e17,3\n2e8,4e17,2.9\n".formatted(name);
    assertThatThrownBy(() -> parse(text))
        .hasMessageContaining(
            "or training FLOPs with ColumnOptions.compute, from which D = C / (6 N): '%s';"
                .formatted(name));
    assertThat(parse(text, ColumnOptions.usual().computeColumns("N", name, "loss")).runs().d(0))
        .isEqualTo(2e17 / (6 * 1e8));
  }

  /** A loss is the logarithm of a perplexity. */
  @ParameterizedTest
  @CsvSource({"ppl, log(ppl)", "Valid Perplexity, log(`Valid Perplexity`)"})
  void theLogarithmOfAPerplexityIsProposed(String name, String expression) {
    String text = "N,D,%s\n1e8,2e9,30\n2e8,4e9,20\n".formatted(name);
    assertThatThrownBy(() -> parse(text))
        .hasMessageContaining("ColumnOptions.loss, try '%s';".formatted(expression));
    assertThat(parse(text, named("N", "D", expression, null)).runs().loss())
        .containsExactly(Math.log(30), Math.log(20));
    assertThat(parse(text, named("N", "D", name, null)).notes())
        .anyMatch(note -> note.startsWith("warning: losses up to 30.00 are above the logarithm"));
    assertThat(parse(text, named("N", "D", expression, null)).notes())
        .noneMatch(note -> note.contains("logarithm"));
  }

  /** Error rates fall like losses; of an accuracy what it lacks does. */
  @ParameterizedTest
  @CsvSource({
    "accuracy, 1 - accuracy, 0.75",
    "Top1 acc, 1 - `Top1 acc`, 0.75",
    "error_rate, error_rate, 0.25",
    "Top1 error, Top1 error, 0.25"
  })
  void whatFallsLikeALossIsProposed(String name, String expression, double loss) {
    String text = "N,D,%s\n1e8,2e9,0.25\n2e8,4e9,0.5\n".formatted(name);
    assertThatThrownBy(() -> parse(text))
        .hasMessageContaining("ColumnOptions.loss, try '%s';".formatted(expression));
    assertThat(parse(text, named("N", "D", expression, null)).runs().loss(0)).isEqualTo(loss);
  }

  @Test
  void aQuoteThatIsNotClosedIsToldInALine() {
    assertThatThrownBy(() -> parse("N,D,loss\n1e8,2e9,3\n\"1e8,3e9,3\n2e8,3e9,3\n"))
        .isInstanceOf(InputException.class)
        .hasMessage("runs.csv: after line 2: Missing closing quote for value");
  }

  /** Python writes them so. */
  @Test
  void jsonMayHaveNumbersThatAreNone() {
    String text =
        """
        {"N": 1e8, "D": 2e9, "loss": 3}
        {"N": 2e8, "D": 2e9, "loss": NaN}
        {"N": 3e8, "D": 2e9, "loss": Infinity}
        """;
    assertThatThrownBy(() -> parse(text))
        .hasMessageContaining("line 2: column 'loss': found 'NaN', expected a positive finite");
    assertThat(parse(text, ColumnOptions.usual().where("loss < 100")).runs().n())
        .containsExactly(1e8);
  }

  @Test
  void readsJsonLines() {
    RunFile file =
        parse(
            """
            {"N": 1e8, "D": 2000000000, "L": 3.5, "note": null}

            {"L": 3.25, "D": 4e9, "N": 2e8, "ok": true}
            """);
    assertThat(file.runs().n()).containsExactly(1e8, 2e8);
    assertThat(file.runs().d()).containsExactly(2e9, 4e9);
    assertThat(file.runs().loss()).containsExactly(3.5, 3.25);
  }

  @Test
  void saysWhatIsWrongWithJsonLines() {
    assertThatThrownBy(
            () -> parse("{\"N\": 1e8, \"D\": 2e9, \"L\": 3.5}\n{\"N\": 1e8, \"D\": 2e9}\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("runs.csv: line 2: column 'L': found an empty cell");
    assertThatThrownBy(() -> parse("{\"N\": 1e8,\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("line 2: is not valid JSON");
    assertThatThrownBy(() -> parse("{\"N\": [1e8]}\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no column for N")
        .hasMessageContaining("the columns are N.0");
  }

  @Test
  void readsParquet(@TempDir Path folder) throws Exception {
    Path parquet = folder.resolve("runs.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          COPY (SELECT * FROM (VALUES (100000000, 2e9, 3.5, 'a'), (200000000, 4e9, 3.25, 'b'))
            AS t(N, D, L, word))
          TO '%s' (FORMAT parquet)
          """
              .formatted(parquet));
    }
    RunFile file = RunFile.read(parquet, ColumnOptions.usual());
    assertThat(file.runs().n()).containsExactly(1e8, 2e8);
    assertThat(file.runs().d()).containsExactly(2e9, 4e9);
    assertThat(file.runs().loss()).containsExactly(3.5, 3.25);
    assertThatThrownBy(() ->
            RunFile.parse(
                "p", Arrays.copyOf(Files.readAllBytes(parquet), 200), ColumnOptions.usual()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("p: cannot be read as Parquet")
        .hasMessageNotContaining(System.getProperty("java.io.tmpdir"));
    assertThatThrownBy(() -> RunFile.read(parquet, named("N", "D", "word", null)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("row 1: column 'word': found 'a'");
  }

  @Test
  void readsQuotesByteOrderMarksAndWindowsLineEnds() {
    RunFile file = parse("\uFEFF\"Model Size\",\"D\",note,L\r\n1e8,2e9,\"a, \"\"b\"\"\",3.5\r\n");
    assertThat(file.runs().n()).containsExactly(1e8);
    assertThat(file.columns()).containsEntry("N", "Model Size").containsEntry("loss", "L");
  }

  @Test
  void readsGzip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write("N,D,L\n1,2,3\n".getBytes(StandardCharsets.UTF_8));
    }
    RunFile file = RunFile.parse("runs.csv.gz", bytes.toByteArray(), ColumnOptions.usual());
    assertThat(file.runs().loss()).containsExactly(3);
  }

  @Test
  void takesTheFirstUsualNameThatOccurs() {
    assertThat(parse("loss,L,tokens,params\n1,2,3,4\n").columns())
        .containsEntry("loss", "L")
        .containsEntry("D", "tokens")
        .containsEntry("N", "params");
  }

  @Test
  void namedColumnsAndWeightsAreTaken() {
    RunFile file = parse("a,b,c,w\n1,2,3,0.5\n", named("a", "b", "c", "w"));
    assertThat(file.runs().weight()).containsExactly(0.5);
    assertThat(file.columns()).containsEntry("weight", "w");
  }

  @Test
  void computeGivesTokens() {
    RunFile file =
        parse("N,C,L\n1e9,1.2e20,2\n", ColumnOptions.usual().computeColumns("N", "C", "L"));
    assertThat(file.runs().d()).containsExactly(2e10);
    assertThat(file.notes()).contains("tokens: D = C / (6 N)");
  }

  @Test
  void duplicatesAreKeptAndMentioned() {
    RunFile file = parse("N,D,L\n1,2,3\n1,2,4\n1,3,3\n");
    assertThat(file.runs().size()).isEqualTo(3);
    assertThat(file.notes())
        .contains(
            "duplicates: 1 run repeats the (N, D) of an earlier run; all are kept"
                + " (ColumnOptions.repeats mean or best merges them)");
  }

  @Test
  void theHashIsThatOfTheBytes() {
    // printf 'N,D,L\n1,2,3\n' | sha256sum
    assertThat(parse("N,D,L\n1,2,3\n").sha256()).isEqualTo(SHA256);
  }

  private static final String SHA256 =
      "b43e4f3278d5365756d0c709ef713e36d014c89bc09ca347964f26286128da6d";

  @ParameterizedTest
  @ValueSource(
      strings = {"abc", "NaN", "Infinity", "1e400", "0", "-1", "", "1e-400", "1d", "3Q", "0x1p3"})
  void badCellsAreNamedByFileLineAndColumn(String cell) {
    String found = cell.isEmpty() ? "an empty cell" : "'" + cell + "'";
    for (String column : List.of("N", "D", "L", "w")) {
      String row =
          Stream.of("N", "D", "L", "w")
              .map(name -> name.equals(column) ? cell : "1")
              .collect(Collectors.joining(","));
      assertThatThrownBy(() -> parse("N,D,L,w\n1,2,3,1\n" + row + "\n", named("N", "D", "L", "w")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(
              "runs.csv: line 3: column '%s': found %s, expected a positive finite number"
                  .formatted(column, found));
    }
  }

  @Test
  void lineNumbersCountBlankAndQuotedLines() {
    assertThatThrownBy(() -> parse("N,D,L,note\n\n1,2,3,\"two\nlines\"\n\n1,2,x,\n"))
        .hasMessageContaining("line 6: column 'L'");
  }

  @Test
  void missingColumnsListWhatThereIsAndTheNearest() {
    assertThatThrownBy(() -> parse("N,Tokns,L\n1,2,3\n"))
        .hasMessage(
            "runs.csv: line 1: no column for D (tried D, d, tokens, num_tokens, n_tokens, train_tokens, tokens_seen): name one with ColumnOptions.d or"
                + " ColumnOptions.compute, try 'Tokns'; the columns are N, Tokns, L");
    assertThatThrownBy(() -> parse("N,Tokns,L\n1,2,3\n", named(null, "Tokens", null, null)))
        .hasMessageContaining("no column 'Tokens': name one with ColumnOptions.d")
        .hasMessageContaining("try 'Tokns'");
  }

  @Test
  void allMissingColumnsAreToldAtOnceAndNearMeansOfLikeMeaning() {
    assertThatThrownBy(() ->
            parse(
                "step,id,batch_size,parameter_count,trainedTokens,c4_eval_loss,x\n1,2,3,4,5,6,7\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no column for N")
        .hasMessageContaining("ColumnOptions.n, try 'parameter_count';")
        .hasMessageContaining("no column for D")
        .hasMessageContaining("ColumnOptions.compute, try 'trainedTokens';")
        .hasMessageContaining("no column for the loss")
        .hasMessageContaining("ColumnOptions.loss, try 'c4_eval_loss';");
    assertThatThrownBy(
            () -> parse("step,params_active_precise,params_total_precise,D,L\n1,2,3,4,5\n"))
        .hasMessageContaining("try 'params_active_precise' or 'params_total_precise';");
    // Nothing has the meaning, so nothing is guessed.
    assertThatThrownBy(() -> parse("step,D,L\n1,2,3\n"))
        .hasMessageContaining("name one with ColumnOptions.n; the columns are step, D, L");
  }

  @Test
  void readsJsonOverSeveralLinesAndArrays() {
    String objects =
        """
        {
          "N": 1e8,
          "D": "2B",
          "L": 3.5
        }%s
        {"N": "200M", "D": 4e9, "L": 3.25}
        """;
    for (String text :
        List.of(
            objects.formatted(""),
            "[" + objects.formatted(",") + "]",
            " \n[\n" + objects.formatted(",") + "\n]\n")) {
      RunFile file = parse(text);
      assertThat(file.runs().n()).containsExactly(1e8, 2e8);
      assertThat(file.runs().d()).containsExactly(2e9, 4e9);
      assertThat(file.runs().loss()).containsExactly(3.5, 3.25);
    }
    assertThatThrownBy(() -> parse("[{\"N\": 1e8,\n \"D\": 2e9,\n \"L\": 3.5},\n {\"N\": 1}]"))
        .hasMessageContaining("runs.csv: line 4: column 'D': found an empty cell");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                       | has no keys in 1 JSON objects, expected one object per run",
        "'{}\n{}'                 | has no keys in 2 JSON objects",
        "[]                       | has no keys in 0 JSON objects",
        "'{\"N\":1}\n5'         | line 2: found '5', expected an object per run",
        "[{\"N\":1},[{}]]       | line 1: found an array in an array",
        "[{\"N\":1}             | close marker for Array (start marker at line: 1, column: 1)",
        "{\"N\":1,\"N\":2}    | is not valid JSON: Duplicate",
        "{\"runs\":[{\"N\":1}]} | the columns are runs.0.N",
        "{\"name\":5,\"runs\":[{\"N\":1},{\"N\":2}]} | in the array 'runs' of one object: give the array alone, as jq '.runs' does",
        "{\"N\":[1,2],\"D\":[3,4],\"L\":[5,6]} | ; the columns are N.0, N.1, D.0, D.1, L.0, L.1. This is one object of columns: write an object per run, as pandas",
        "{\"N\":{\"0\":1,\"1\":2},\"L\":{\"0\":5,\"1\":6}} | This is one object of columns: write an object per run, as pandas",
        "'{\"N\":1e8,\"D\":1e9,\"L\":2}\n{}' | line 2: column 'N': found an empty cell"
      })
  void jsonWithoutRunsIsRefused(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("runs.csv: ")
        .hasMessageContaining(message);
  }

  @Test
  void cellsAreReadAsOptionsAre() {
    RunFile file = parse("N,D,L\n272.5M,5.5 B,3.5\n");
    assertThat(file.runs().n()).containsExactly(272.5e6);
    assertThat(file.runs().d()).containsExactly(5.5e9);
  }

  @Test
  void columnsMayBeExpressions() {
    String text = "n,step,Batch Size,L\n1e8,1000,524288,3.5\n2e8,3e3,524288,3\n";
    RunFile file = parse(text, named(null, "step*524288", null, null));
    assertThat(file.runs().d()).containsExactly(1000 * 524288.0, 3000 * 524288.0);
    assertThat(file.notes().getFirst()).contains("D from 'step*524288'");
    assertThat(
            parse(text, named("n/1k", "(step - 1) * \"Batch Size\" + 2M", "log(L)", "sqrt(n)^2"))
                .runs()
                .d())
        .containsExactly(999 * 524288.0 + 2e6, 2999 * 524288.0 + 2e6);
    assertThat(
            parse(text, ColumnOptions.usual().computeColumns("n", "6*n*step*`Batch Size`", "L"))
                .runs()
                .d())
        .containsExactly(1000 * 524288.0, 3000 * 524288.0);
    // A column of that very name goes first.
    assertThat(parse("D/N,N,D,L\n7,1,2,3\n", named(null, "D/N", null, null)).runs().d())
        .containsExactly(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stp*524288       | no column 'stp*524288': name one with ColumnOptions.d",
        "step*            | is neither a column nor an expression in columns",
        "(step            | is neither a column nor an expression in columns",
        "5*7              | is neither a column nor an expression in columns",
        "step*word        | line 2: column 'word': found 'a', expected a number for \"step*word\"",
        "step*none        | line 2: column 'none': found an empty cell",
        "step-1000        | line 2: \"step-1000\" is 0.0, expected a positive finite number",
        "step/(step-1000) | line 2: \"step/(step-1000)\" is NaN, expected a positive finite"
      })
  void brokenExpressionsAreRefused(String expression, String message) {
    assertThatThrownBy(() ->
            parse("N,step,word,none,L\n1,1000,a,,3\n", named(null, expression.strip(), null, null)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message.strip());
  }

  @Test
  void repeatsAreKeptAveragedOrTheBestTaken() {
    String text = "N,D,L,w\n1,2,3,1\n1,2,4,3\n1,3,5,1\n1,2,2,1\n";
    ColumnOptions weighted = named("N", "D", "L", "w");
    assertThat(parse(text, weighted).runs().loss()).containsExactly(3, 4, 5, 2);
    RunFile mean = parse(text, weighted.repeats(Repeats.MEAN));
    assertThat(mean.runs().loss()).containsExactly((3 + 3 * 4 + 2) / 5.0, 5);
    assertThat(mean.runs().weight()).containsExactly(5.0 / 3, 1);
    assertThat(mean.columns()).containsEntry("repeats", "mean");
    assertThat(mean.notes())
        .contains(
            "duplicates: 2 runs repeat the (N, D) of an earlier run; they are averaged, 2 runs"
                + " remain")
        .noneMatch(note -> note.contains("pass ColumnOptions.where"));
    RunFile best = parse(text, weighted.repeats(Repeats.BEST));
    assertThat(best.runs().loss()).containsExactly(2, 5);
    assertThat(best.runs().d()).containsExactly(2, 3);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(RunFile.passing("r", bytes, weighted.repeats(Repeats.BEST), "L < 3"))
        .containsExactly(true, false);
    assertThat(RunFile.passing("r", bytes, weighted.repeats(Repeats.MEAN), "L > 2.5"))
        .containsExactly(false, true);
  }

  @ParameterizedTest
  @CsvSource({
    "7e9,300,false",
    "7000,1.4e11,false",
    "7,0.14,false",
    "7e9,1.4e11,true",
    "1e6,3e11,true"
  })
  void implausibleUnitsAreRemarkedOn(double n, double d, boolean plausible) {
    List<String> notes = parse("N,D,L\n%s,%s,3\n".formatted(n, d)).notes();
    assertThat(notes.stream().noneMatch(note -> note.startsWith("warning: N up to")))
        .isEqualTo(plausible);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''| is empty",
        "'N,D,L\n'| has a header but no runs",
        "'N,D,L\n1,2\n'| line 2: 2 cells, expected 3 as in the header",
        "'N,D,L\n1,2,3,4\n'| line 2: 4 cells, expected 3 as in the header",
        "'N,N,D,L\n1,2,3,4\n'| column 'N' occurs 2 times",
        "'1,2,3\n4,5,6\n'| found numbers (1, 2, 3), expected column names"
      })
  void brokenTablesAreRefused(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("runs.csv: ")
        .hasMessageContaining(message);
  }

  @Test
  void otherThingsThanTextFilesAreRefused(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> RunFile.read(folder, ColumnOptions.usual()))
        .hasMessageContaining("is a directory");
    assertThatThrownBy(() -> RunFile.read(folder.resolve("no.csv"), ColumnOptions.usual()))
        .hasMessageContaining("no such file");
    Path binary = Files.write(folder.resolve("b.csv"), new byte[] {'N', ',', (byte) 0xff, '\n'});
    assertThatThrownBy(() -> RunFile.read(binary, ColumnOptions.usual()))
        .hasMessageContaining("is not UTF-8 text");
    Path gzip = Files.write(folder.resolve("g.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0, 1});
    assertThatThrownBy(() -> RunFile.read(gzip, ColumnOptions.usual()))
        .hasMessageContaining("broken gzip data");
  }

  @Test
  void readsTheFarseerRelease() {
    RunSet runs = RealData.farseer();
    assertThat(runs.size()).isEqualTo(404);
    assertThat(runs.distinctN()).isEqualTo(25);
    assertThat(runs.duplicates()).isEqualTo(4);
    assertThat(runs.n(0)).isEqualTo(201228288.0);
    assertThat(runs.loss(0)).isEqualTo(0.675320662);
  }

  @Test
  void readsTheChinchillaRuns() {
    RunSet runs = RealData.epoch();
    assertThat(runs.size()).isEqualTo(240);
  }
}
