package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.inference.AllocationStudy;
import org.farfit.analysis.inference.Inference;
import org.farfit.report.AlignedTable;
import org.farfit.report.AllocationTables;
import org.farfit.report.FitArchive;
import org.farfit.report.IntervalTable;
import org.farfit.report.Json;
import org.farfit.report.figure.Figure;
import org.farfit.report.figure.SurfaceFigures;
import org.farfit.report.html.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit allocate}: compute-optimal N and D, and the inverse questions. */
@Command(
    name = "allocate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Splits a budget of compute between parameters and tokens.",
    footer = {
      "",
      "Examples:",
      "  farfit allocate runs.fit.json --compute 1e20,1e21,1e22,1e23",
      "  farfit allocate runs.fit.json --compute 1e18:1e26:9 --within 1",
      "  farfit allocate runs.fit.json --target-loss 0.5 --for-n 7B",
      "  farfit allocate runs.fit.json --compute 1e22 --flops \"6*N*D + 12*N^(2/3)*D\""
    })
final class AllocateCommand implements Callable<Integer> {

  /** Below, a share of the loss is beneath the digits of the search. */
  private static final double LEAST_WITHIN = 1e-6;

  private static final double MOST_WITHIN = 1000;

  @Parameters(index = "0", paramLabel = "FIT.json", description = "A fit file of farfit fit.")
  Path file;

  @Option(
      names = "--compute",
      paramLabel = "C",
      split = ",",
      converter = QuantityRange.Converter.class,
      description = "Budgets in FLOPs, joined by commas; LOW:HIGH:COUNT spaces them evenly.")
  List<QuantityRange> budgets = List.of();

  @Option(
      names = "--target-loss",
      paramLabel = "L",
      split = ",",
      converter = QuantityConverter.class,
      description = "Which budget reaches this loss at its optimum?")
  List<Double> targets = List.of();

  @Option(
      names = "--for-n",
      paramLabel = "N",
      split = ",",
      converter = QuantityConverter.class,
      description = "For how many tokens is a model of N parameters the optimal one?")
  List<Double> sizes = List.of();

  @Option(
      names = "--within",
      paramLabel = "PERCENT",
      converter = QuantityConverter.class,
      description =
          "For each budget also the smallest N whose loss is within so much of the optimum.")
  Double within;

  @Option(
      names = "--flops",
      paramLabel = "FORMULA",
      defaultValue = "6*N*D",
      converter = ComputeConverter.class,
      description = "FLOPs of a run in N and D (default ${DEFAULT-VALUE}).")
  ComputeModel flops;

  @Option(
      names = "--law",
      paramLabel = "NAME",
      description = "Only this law of the fit file, or auto.")
  String law;

  @Mixin IntervalChoices intervals;

  @Mixin ReportChoices report;

  @Option(names = "--json", description = "Print JSON instead of tables.")
  boolean json;

  @Spec CommandSpec spec;

  /** The result as JSON. */
  record Result(
      String flops, double interval, List<AllocationTables.Row> rows, List<String> warnings) {}

  @Override
  public Integer call() {
    if (budgets.isEmpty() && targets.isEmpty() && sizes.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "say what to allocate: --compute, --target-loss or --for-n");
    }
    checkBounds();
    report.declare(new Outputs(spec).reads(file));
    FitArchive archive = FitArchive.open(file);
    Map<String, Inference> inferences = chosen(archive);
    AllocationStudy study = new AllocationStudy(archive.runs(), flops);
    AllocationStudy.Questions questions =
        new AllocationStudy.Questions(
            QuantityRange.all(budgets),
            targets,
            sizes,
            within == null ? OptionalDouble.empty() : OptionalDouble.of(within / 100));
    List<AllocationTables.Row> rows = new ArrayList<>();
    StringBuilder disputed = new StringBuilder();
    Set<String> warnings = new LinkedHashSet<>(archive.warnings());
    inferences.forEach((name, inference) -> {
      try (Progress progress = new Progress("budgets of " + name)) {
        AllocationStudy.Findings found = study.of(inference, questions, progress);
        found.answers().forEach(answer -> rows.add(AllocationTables.Row.of(name, answer)));
        found.warnings().forEach(warning -> warnings.add(name + ": " + warning));
        disputed.append(IntervalTable.text(name, found.estimates()));
      }
    });
    print(
        new Result(flops.formula(), 100 * intervals.level, rows, List.copyOf(warnings)),
        disputed.toString());
    report.write(
        spec.commandLine().getErr(),
        "Compute-optimal training",
        archive.title(),
        () -> sections(archive, inferences, rows));
    return ExitCode.DONE;
  }

  private void checkBounds() {
    QuantityRange.checkBudgets(budgets, spec.commandLine());
    if (within != null && budgets.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--within needs --compute");
    }
    if (within != null && !(within >= LEAST_WITHIN && within <= MOST_WITHIN)) {
      throw new ParameterException(
          spec.commandLine(),
          "--within %s is not between %s and %s percent"
              .formatted(within, LEAST_WITHIN, MOST_WITHIN));
    }
  }

  /** Inference on the surfaces that are asked for. */
  private Map<String, Inference> chosen(FitArchive archive) {
    Map<String, Inference> inferences = intervals.inferences(archive);
    if (law != null) {
      inferences.keySet().retainAll(Set.of(archive.chosen(Optional.of(law)).name()));
    }
    return inferences;
  }

  private List<HtmlReport.Section> sections(
      FitArchive archive, Map<String, Inference> inferences, List<AllocationTables.Row> rows) {
    List<SurfaceFigures> figures = new ArrayList<>();
    inferences.forEach((name, inference) ->
        figures.add(new SurfaceFigures(name, inference, archive.runs(), flops)));
    List<Figure> drawn = new ArrayList<>();
    drawn.add(SurfaceFigures.ratios(figures));
    figures.forEach(each -> drawn.add(each.plane()));
    return List.of(
        HtmlReport.Section.of("Optimum", drawn),
        new HtmlReport.Section(
            "Answers",
            AllocationTables.missing(rows),
            List.of(
                new HtmlReport.Table("Optima", AllocationTables.answers(rows), true),
                new HtmlReport.Table(
                    AlignedTable.number(100 * intervals.level, 3) + "% intervals",
                    AllocationTables.intervals(rows),
                    true)),
            List.of()));
  }

  private void print(Result result, String disputed) {
    PrintWriter output = spec.commandLine().getOut();
    PrintWriter log = spec.commandLine().getErr();
    result.warnings().forEach(warning -> log.println("warning: " + warning));
    log.flush();
    List<AllocationTables.Row> rows = result.rows();
    if (json) {
      output.print(Json.text(result));
    } else {
      output.print(AllocationTables.answers(rows).text());
      AllocationTables.problems(rows).forEach(output::println);
      output.println("beyond: factor by which N or D lies outside the fitted runs");
      if (rows.stream().anyMatch(row -> !row.intervals().isEmpty())) {
        output.printf(
            "%n%s%% intervals:%n%s",
            AlignedTable.number(100 * intervals.level, 3), AllocationTables.intervals(rows).text());
      }
      AllocationTables.missing(rows).forEach(output::println);
      if (!disputed.isEmpty()) {
        output.printf("%nintervals that depend on how they are made:%n%s", disputed);
      }
    }
    output.flush();
  }
}
