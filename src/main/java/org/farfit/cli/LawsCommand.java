package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.farfit.data.InputException;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.formula.LawCheck;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.formula.Shelf;
import org.farfit.formula.StatedLaw;
import org.farfit.report.AlignedTable;
import org.farfit.report.Json;
import org.farfit.report.ScaleBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit laws}: lists laws, prints their files, and says what is derived from a formula. */
@Command(
    name = "laws",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Lists laws, prints the file of one, or says what is derived from a formula.",
    footer = {
      "",
      "Examples:",
      "  farfit laws",
      "  farfit laws chinchilla",
      "  farfit laws --check \"E + A*N^-alpha + B*D^-beta\"",
      "  farfit laws --check mine.yaml --emit"
    })
final class LawsCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Print the file of this law.")
  String name;

  @Option(
      names = "--check",
      paramLabel = "FORMULA",
      description =
          "Parse a formula, a law file (.yaml) or a law by name, and print columns, parameters,"
              + " coordinates, linear parameters and how often what is computed.")
  String check;

  @Option(
      names = "--columns",
      paramLabel = "NAMES",
      split = ",",
      description = "With --check: names that are columns, beside N and D.")
  List<String> columns = List.of();

  @Option(
      names = "--objective",
      paramLabel = "SCALE",
      completionCandidates = Candidates.Residuals.class,
      defaultValue = "log",
      description = "With --check: residuals of log losses (log) or of losses (linear).")
  Objective.Residual objective;

  @Option(names = "--emit", description = "With --check: print the generated loops too.")
  boolean emit;

  @Option(
      names = "--benchmark",
      paramLabel = "FOLDER",
      description =
          "Fit every law of a folder in the layout of ScaleBench (laws.yaml, TASK_train.csv,"
              + " TASK_test.csv, reference.csv) and print costs beside its own.")
  Path benchmark;

  @Option(
      names = "--only",
      paramLabel = "TASK[/LAW]",
      description = "With --benchmark: only this task, or this law of it.")
  String only;

  @Option(
      names = "--starts",
      paramLabel = "K",
      defaultValue = "" + FitOptions.DEFAULT_STARTS,
      converter = FitChoices.PositiveInteger.class,
      description = "With --benchmark: starting points per law (default ${DEFAULT-VALUE}).")
  Integer starts;

  @Mixin EngineChoice engine;

  @Option(names = "--json", description = "Print JSON instead of tables.")
  boolean json;

  @Spec CommandSpec spec;

  /** A law in the list; coefficients are empty where none were published. */
  record Entry(
      String law,
      String formula,
      List<String> columns,
      List<String> responses,
      List<String> parameters,
      String source,
      String notes,
      Map<String, Double> coefficients) {}

  /** The list as JSON. */
  record Entries(List<Entry> laws) {}

  /** The benchmark as JSON. */
  record Benchmark(double seconds, List<ScaleBench.Row> rows) {}

  @Override
  public Integer call() {
    int asked = (name == null ? 0 : 1) + (check == null ? 0 : 1) + (benchmark == null ? 0 : 1);
    if (asked > 1) {
      throw new ParameterException(
          spec.commandLine(), "NAME, --check and --benchmark exclude each other");
    }
    PrintWriter output = spec.commandLine().getOut();
    if (name != null) {
      output.print(
          Shelf.file(name)
              .orElseThrow(() ->
                  new InputException(
                      "unknown law '%s'; the laws are %s"
                          .formatted(name, String.join(", ", Shelf.names())))));
    } else if (check != null) {
      LawCheck derived = new LawCheck(checked(), objective == Objective.Residual.LOG);
      output.print(derived.text());
      if (emit) {
        output.println();
        output.print(derived.code());
      }
    } else if (benchmark != null) {
      benchmark(output);
    } else {
      list(output);
    }
    output.flush();
    return ExitCode.DONE;
  }

  private Model checked() {
    LawText law = StatedLaw.textOf(check).orElseGet(() -> LawText.formula(check));
    Map<String, List<String>> known = new LinkedHashMap<>(law.columns());
    columns.forEach(column -> known.putIfAbsent(column.strip(), List.of()));
    return Model.of(
        new LawText(
            law.origin().equals("--law") ? "--check" : law.origin(),
            law.name(),
            law.source(),
            law.notes(),
            known,
            law.text(),
            law.bounds(),
            law.coefficients(),
            law.nested(),
            law.closed()));
  }

  private void list(PrintWriter output) {
    List<Entry> entries = new ArrayList<>();
    for (String law : Shelf.names()) {
      LawText text = Shelf.named(law).orElseThrow();
      Model model = Model.of(text);
      entries.add(
          new Entry(
              law,
              text.text().replace("\n", "; "),
              List.copyOf(text.columns().keySet()),
              model.responses().stream().map(Model.Response::name).toList(),
              model.parameters().stream().map(Model.Parameter::name).toList(),
              text.source(),
              text.notes(),
              text.coefficients()));
    }
    if (json) {
      output.print(Json.text(new Entries(entries)));
      return;
    }
    AlignedTable table = new AlignedTable("law", "columns", "response", "parameters", "source");
    entries.forEach(entry ->
        table.add(
            List.of(
                entry.law(),
                String.join(" ", entry.columns()),
                String.join(" ", entry.responses()),
                String.join(" ", entry.parameters()),
                entry.source())));
    output.print(table.text());
    output.println("\nfarfit laws NAME prints the file of a law: formula, units, coefficients");
  }

  private void benchmark(PrintWriter output) {
    PrintWriter log = spec.commandLine().getErr();
    long begin = System.nanoTime();
    List<ScaleBench.Row> rows;
    AtomicInteger done = new AtomicInteger();
    try (Engine opened = engine.open(log, EngineChoice.MUCH_WORK);
        Progress progress = new Progress("laws")) {
      rows =
          new ScaleBench(benchmark, opened, FitOptions.DEFAULT.withStarts(starts, 1))
              .run(
                  Optional.ofNullable(only),
                  (row, total) -> progress.done(done.incrementAndGet(), total));
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (json) {
      output.print(Json.text(new Benchmark(seconds, rows)));
      return;
    }
    AlignedTable table =
        new AlignedTable(
            "task",
            "law",
            "group",
            "p",
            "cost",
            "cost / best known - 1",
            "at best",
            "theirs",
            "seconds",
            "theirs",
            "test R2",
            "of best known");
    for (ScaleBench.Row row : rows) {
      table.add(
          List.of(
              row.task(),
              row.law(),
              row.group(),
              String.valueOf(row.parameters()),
              AlignedTable.number(row.sum(), 7),
              "%.1e".formatted(row.ratio() - 1),
              "%.3f".formatted(row.shareAtBest()),
              "%.3f".formatted(row.theirShare()),
              "%.2f".formatted(row.seconds()),
              "%.2f".formatted(row.theirSeconds()),
              "%.4f".formatted(row.r2()),
              "%.4f".formatted(row.referenceR2())));
    }
    output.print(table.text());
    output.printf("%d fits, %.1f s%n", rows.size(), seconds);
  }
}
