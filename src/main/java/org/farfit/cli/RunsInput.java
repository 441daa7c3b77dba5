package org.farfit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.farfit.data.ColumnOptions;
import org.farfit.data.ReadingListener;
import org.farfit.data.Repeats;
import org.farfit.data.RunColumns;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.Method;
import org.farfit.fit.search.RunStructure;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Law;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.archive.FitSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Options that say which runs to use, shared by all commands that read runs. */
final class RunsInput {

  /** The name of the bundled example; also its resource. */
  private static final String EXAMPLE = "example.csv";

  static final String EXAMPLE_LABEL = FitArchive.EXAMPLE;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUNS",
      description =
          "One training run per row: delimited text with a header, JSON objects (both plain or"
              + " gzip), or Parquet. Without it, the bundled example, which is simulated.")
  Path file;

  @Option(
      names = "--n-column",
      paramLabel = "NAME",
      description =
          "Column of parameters N. Usual names: N, n, params, parameters, model_size, num_params,"
              + " n_params, also as trackers export them (config/params, params.N). Here and below"
              + " also an expression in columns, such as \"step*524288\".")
  String n;

  @Option(
      names = "--d-column",
      paramLabel = "NAME",
      description =
          "Column of training tokens D. Usual names: D, d, tokens, num_tokens, n_tokens,"
              + " train_tokens, tokens_seen.")
  String d;

  @Option(
      names = "--loss-column",
      paramLabel = "NAME",
      description =
          "Column of the loss. Usual names: L, loss, val_loss, bpc, eval_loss, validation_loss,"
              + " final_loss.")
  String loss;

  @Option(
      names = "--weight-column",
      paramLabel = "NAME",
      description = "Column of weights of squared residuals. Without it every run weighs 1.")
  String weight;

  @Option(
      names = "--compute-column",
      paramLabel = "NAME",
      description = "Column of training FLOPs C, from which D = C / (6 N).")
  String compute;

  @Option(
      names = "--where",
      paramLabel = "EXPR",
      description =
          "Use only rows that pass, for example \"N > 2e8 and L < 0.7\": comparisons joined by and,"
              + " or, not; in ('a', 'b'), like 'a%%', is empty; text in single quotes, column names"
              + " with blanks in double quotes.")
  String where;

  @Option(
      names = "--repeats",
      paramLabel = "HOW",
      completionCandidates = Candidates.Repeats.class,
      defaultValue = "keep",
      description =
          "Runs with the same N and D: keep all (the default), their mean, or the best, that of"
              + " least loss.")
  Repeats repeats;

  @Option(
      names = "--last-of",
      paramLabel = "NAME",
      description =
          "Of each run, that is of rows with the same value in this column, use the last alone, in"
              + " the order of the file, that passes --where and has a loss: for histories with a"
              + " row per step, such as --last-of Name.")
  String lastOf;

  @Option(
      names = "--same-size",
      paramLabel = "PERCENT",
      defaultValue = "1",
      converter = ShareConverter.class,
      description =
          "N that differ by no more are one model size, for whatever goes by size (resampling by"
              + " groups, hold-outs, origins, the piecewise procedure); fits use N as it is"
              + " (default ${DEFAULT-VALUE}; 0 for exact sizes).")
  double sameSize;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  ColumnOptions columns() {
    if (d != null && compute != null) {
      throw new ParameterException(
          command.commandLine(), "--d-column and --compute-column exclude each other");
    }
    return new ColumnOptions(
        Optional.ofNullable(n),
        Optional.ofNullable(d),
        Optional.ofNullable(loss),
        Optional.ofNullable(weight),
        Optional.ofNullable(compute),
        Optional.ofNullable(where),
        repeats,
        Optional.ofNullable(lastOf));
  }

  boolean isExample() {
    return file == null;
  }

  /** The file name without its endings, from which names of results are made. */
  String stem() {
    if (isExample()) {
      return "example";
    }
    String name = String.valueOf(file.getFileName());
    int dot = name.indexOf('.', 1);
    return dot < 0 ? name : name.substring(0, dot);
  }

  RunFile read() {
    return read(columns());
  }

  /**
   * Reads the runs that the chosen laws need, and what these laws are for such runs.
   *
   * @throws InputException as {@link RunFile#read}, or pointing at what a formula has wrong
   */
  StatedLaw.Read read(FitChoices choices) {
    return read(choices, columns());
  }

  private StatedLaw.Read read(FitChoices choices, ColumnOptions columns) {
    if (choices.laws.areMade()) {
      return new StatedLaw.Read(
          read(columns),
          choices.laws.stated().stream().map(law -> law.made().orElseThrow()).toList());
    }
    StatedLaw.Read found =
        isExample()
            ? read(choices, columns, RunColumns.parse(EXAMPLE_LABEL, example(), columns))
            : showing(listener -> read(choices, columns, RunColumns.read(file, columns, listener)));
    return new StatedLaw.Read(found.file().withSizeTolerance(sameSize), found.laws());
  }

  private static StatedLaw.Read read(FitChoices choices, ColumnOptions columns, RunColumns file) {
    return StatedLaw.read(
        file, columns, choices.laws.stated(), choices.objective == Objective.Residual.LOG);
  }

  /** The different values of a column among the runs; {@code option} asked for them. */
  List<String> values(String column, String option) {
    return isExample()
        ? RunFile.values(EXAMPLE_LABEL, example(), columns(), column, option)
        : RunFile.values(file, columns(), column, option);
  }

  /** Positive numbers of a column, one per run; {@code option} asked for them. */
  double[] numbers(String column, String option) {
    return isExample()
        ? RunFile.numbers(EXAMPLE_LABEL, example(), columns(), column, option)
        : RunFile.numbers(file, columns(), column, option);
  }

  /** Reads the runs with N from another column. */
  StatedLaw.Read readWithSizesFrom(String nColumn, FitChoices choices) {
    return read(choices, columns().sizesFrom(nColumn));
  }

  private RunFile read(ColumnOptions columns) {
    RunFile read =
        isExample()
            ? RunFile.parse(EXAMPLE_LABEL, example(), columns)
            : showing(listener -> RunFile.read(file, columns, listener));
    return read.withSizeTolerance(sameSize);
  }

  /** Reads with a progress bar, in megabytes, then one of the columns that are made of them. */
  private <T> T showing(Function<ReadingListener, T> reading) {
    try (ReadingProgress progress = new ReadingProgress(String.valueOf(file.getFileName()))) {
      return reading.apply(progress);
    }
  }

  /** Which of the runs pass a further filter. */
  boolean[] passing(String expression) {
    return isExample()
        ? RunFile.passing(EXAMPLE_LABEL, example(), columns(), expression)
        : RunFile.passing(file, columns(), expression);
  }

  private static byte[] example() {
    try (InputStream in = RunsInput.class.getResourceAsStream(EXAMPLE)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Warns, before any work, of what runs cannot tell about some laws. */
  static void warnOfStructure(PrintWriter log, List<Law> laws, Method method, RunSet runs) {
    for (Law law : laws) {
      RunStructure.remarks(law, method, runs).forEach(remark -> log.println("warning: " + remark));
    }
    log.flush();
  }

  /** What a fit file says of where its fits come from. */
  FitSource source(RunFile runs, FitOptions options, String engine) {
    return new FitSource(Version.text(), runs, isExample(), columns().where(), options, engine);
  }

  /** What to tell the user about the input. */
  List<String> notes(RunFile runs) {
    List<String> notes = new ArrayList<>();
    notes.add("runs: %d from %s".formatted(runs.runs().size(), runs.file()));
    runs.notes().stream().map(SettingNames::in).forEach(notes::add);
    return notes;
  }
}
