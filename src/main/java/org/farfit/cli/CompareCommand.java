package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.inference.ComparisonStudy;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.InputLimits;
import org.farfit.report.AlignedTable;
import org.farfit.report.ComparisonTables;
import org.farfit.report.FileNames;
import org.farfit.report.FitArchive;
import org.farfit.report.Json;
import org.farfit.report.figure.DecisionFigures;
import org.farfit.report.html.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit compare}: which of two recipes wins where. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares two training recipes by their fitted surfaces.",
      "Both must measure the same loss: same validation set, same unit."
    },
    footer = {
      "",
      "Example:",
      "  farfit compare a.fit.json b.fit.json --n 7B,70B --d 1e12 --compute 1e22,1e24"
    })
final class CompareCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "A.json", description = "A fit file of recipe A.")
  Path fileA;

  @Parameters(index = "1", paramLabel = "B.json", description = "A fit file of recipe B.")
  Path fileB;

  @Option(
      names = "--law",
      paramLabel = "NAME",
      description =
          "Which fit of the files to compare (default: auto where the file has it, else the law of"
              + " least BIC).")
  String law;

  @Option(
      names = "--n",
      paramLabel = "N",
      split = ",",
      converter = QuantityConverter.class,
      description = "Who wins at these N ...")
  List<Double> n = List.of();

  @Option(
      names = "--d",
      paramLabel = "D",
      split = ",",
      converter = QuantityConverter.class,
      description = "... and these D: as many as --n, or one for all.")
  List<Double> d = List.of();

  @Option(
      names = "--compute",
      paramLabel = "C",
      split = ",",
      converter = QuantityRange.Converter.class,
      description = "Compute multipliers at these budgets of A, in FLOPs.")
  List<QuantityRange> budgets = List.of();

  @Option(
      names = "--flops",
      paramLabel = "FORMULA",
      defaultValue = "6*N*D",
      converter = ComputeConverter.class,
      description = "FLOPs of a run in N and D (default ${DEFAULT-VALUE}).")
  ComputeModel flops;

  @Option(
      names = "--grid",
      paramLabel = "STEPS",
      defaultValue = "6",
      converter = FitChoices.PositiveInteger.class,
      description = "Points along each side of the grid (default ${DEFAULT-VALUE}).")
  Integer steps;

  @Mixin IntervalChoices intervals;

  @Mixin ReportChoices report;

  @Option(names = "--json", description = "Print JSON instead of tables.")
  boolean json;

  @Spec CommandSpec spec;

  /** The result as JSON. */
  record Result(
      String lawA,
      String lawB,
      List<ComparisonTables.PointRow> grid,
      List<ComparisonTables.ParityRow> parity,
      List<ComparisonTables.PointRow> points,
      List<ComparisonTables.MultiplierRow> multipliers,
      List<String> warnings) {}

  @Override
  public Integer call() {
    checkGrid();
    QuantityRange.checkBudgets("--compute", budgets, spec.commandLine());
    List<Estimands.Point> asked = Points.of(n, d, spec.commandLine());
    report.declare(new Outputs(spec).reads(fileA).reads(fileB));
    FitArchive archiveA = FitArchive.open(fileA);
    FitArchive archiveB = FitArchive.open(fileB);
    String lawA = archiveA.chosen(Optional.ofNullable(law)).name();
    String lawB = archiveB.chosen(Optional.ofNullable(law)).name();
    ComparisonStudy study =
        new ComparisonStudy(side(archiveA, lawA), side(archiveB, lawB), flops, intervals.level);
    List<String> warnings = new ArrayList<>();
    archiveA.warnings().forEach(warning -> warnings.add("A: " + warning));
    archiveB.warnings().forEach(warning -> warnings.add("B: " + warning));
    Result result = result(lawA, lawB, study, asked, warnings);
    print(result);
    report.write(
        spec.commandLine().getErr(),
        "Two recipes",
        "A: %s (%s); B: %s (%s)".formatted(FileNames.of(fileA), lawA, FileNames.of(fileB), lawB),
        progress -> sections(result, study));
    return ExitCode.DONE;
  }

  private void checkGrid() {
    if (steps < 2) {
      throw new ParameterException(spec.commandLine(), "--grid needs at least 2 points a side");
    }
    if ((long) steps * steps > InputLimits.LISTED_POINTS) {
      throw new ParameterException(
          spec.commandLine(),
          "--grid %d has more than the %,d points that are accepted"
              .formatted(steps, InputLimits.LISTED_POINTS));
    }
  }

  private ComparisonStudy.Side side(FitArchive archive, String name) {
    return ComparisonStudy.Side.of(intervals.inferences(archive).get(name), archive.runs());
  }

  private Result result(
      String lawA,
      String lawB,
      ComparisonStudy study,
      List<Estimands.Point> asked,
      List<String> warnings) {
    List<ComparisonStudy.Verdict> grid;
    try (Progress progress = new Progress("grid")) {
      grid = study.grid(steps, progress);
    }
    List<ComparisonTables.ParityRow> parity;
    try (Progress progress = new Progress("parity")) {
      parity =
          study.parity(4 * steps, progress).stream().map(ComparisonTables.ParityRow::of).toList();
    }
    List<ComparisonTables.PointRow> points =
        asked.stream().map(study::at).map(ComparisonTables.PointRow::of).toList();
    warnBeyond(points, parity, warnings);
    return new Result(
        lawA,
        lawB,
        grid.stream().map(ComparisonTables.PointRow::of).toList(),
        parity,
        points,
        QuantityRange.all(budgets).stream()
            .map(study::saving)
            .map(ComparisonTables.MultiplierRow::of)
            .toList(),
        warnings);
  }

  private static void warnBeyond(
      List<ComparisonTables.PointRow> points,
      List<ComparisonTables.ParityRow> parity,
      List<String> warnings) {
    for (ComparisonTables.PointRow point : points) {
      if (point.factorBeyond() > 1) {
        warnings.add(
            "N = %.3g, D = %.3g extrapolates a factor %.3g beyond the runs of A or B"
                .formatted(point.n(), point.d(), point.factorBeyond()));
      }
    }
    long far = parity.stream().filter(crossing -> crossing.factorBeyond() > 1).count();
    if (far > 0) {
      warnings.add(
          "%d of %d points of the parity curve lie beyond the runs of A or B"
              .formatted(far, parity.size()));
    }
  }

  private static List<HtmlReport.Section> sections(Result result, ComparisonStudy study) {
    List<HtmlReport.Table> tables = new ArrayList<>();
    tables.add(new HtmlReport.Table("Grid", ComparisonTables.points(result.grid()), true));
    if (!result.points().isEmpty()) {
      tables.add(new HtmlReport.Table("Points", ComparisonTables.points(result.points()), true));
    }
    return List.of(
        HtmlReport.Section.of("Who wins where", DecisionFigures.comparison(study)),
        new HtmlReport.Section("Numbers", result.warnings(), tables, List.of()));
  }

  private void print(Result result) {
    PrintWriter output = spec.commandLine().getOut();
    PrintWriter log = spec.commandLine().getErr();
    result.warnings().forEach(warning -> log.println("warning: " + warning));
    log.flush();
    if (json) {
      output.print(Json.text(result));
      output.flush();
      return;
    }
    output.printf("A: %s (%s)%nB: %s (%s)%n%n", fileA, result.lawA(), fileB, result.lawB());
    printPoints(output, result.grid());
    long winsA = result.grid().stream().filter(point -> point.winner().equals("A")).count();
    output.printf(
        "A wins at %d of %d points of the grid of fitted N and D%n%n", winsA, result.grid().size());
    if (result.parity().isEmpty()) {
      output.println("parity: the surfaces do not cross");
    } else {
      output.print(ComparisonTables.parity(result.parity()).text());
      ComparisonTables.withoutParity(result.parity()).forEach(output::println);
    }
    if (result.grid().stream().allMatch(point -> point.probabilityA() == null)) {
      output.println("P(A wins), low, high: fit both with --bootstrap");
    } else {
      output.printf(
          "P(A wins): share of pairs of replicates; low, high: %s%% interval of D%n",
          AlignedTable.number(100 * intervals.level, 3));
    }
    if (!result.points().isEmpty()) {
      output.println();
      printPoints(output, result.points());
    }
    if (!result.multipliers().isEmpty()) {
      output.println();
      output.print(ComparisonTables.multipliers(result.multipliers()).text());
      ComparisonTables.withoutMultiplier(result.multipliers()).forEach(output::println);
    }
    output.flush();
  }

  private static void printPoints(PrintWriter output, List<ComparisonTables.PointRow> points) {
    output.print(ComparisonTables.points(points).text());
    ComparisonTables.problems(points).forEach(output::println);
  }
}
