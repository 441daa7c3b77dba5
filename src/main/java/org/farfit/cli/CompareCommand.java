package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.farfit.analysis.Comparison;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.inference.ComparedInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.InputLimits;
import org.farfit.fit.Surface;
import org.farfit.report.AlignedTable;
import org.farfit.report.FitArchive;
import org.farfit.report.Json;
import org.farfit.report.figure.DecisionFigures;
import org.farfit.report.figure.Figure;
import org.farfit.report.html.HtmlReport;
import org.farfit.solver.Parallel;
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

  /** Points along each side of the maps of a report. */
  private static final int MAP_STEPS = 24;

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

  /**
   * A point with its winner; what is not known is null, and {@code problem} says why.
   *
   * @param probabilityA that the loss of A is lower; null without replicates of both
   * @param problem why a loss is none, and nobody wins; null if both may be believed
   */
  record PointRow(
      double n,
      double d,
      Double lossA,
      Double lossB,
      Double differencePercent,
      String winner,
      double factorBeyond,
      Double probabilityA,
      String problem) {

    static PointRow of(
        Comparison.Point point, Optional<ComparedInference> sure, Optional<String> problem) {
      return problem.isPresent()
          ? new PointRow(
              point.n(),
              point.d(),
              null,
              null,
              null,
              "unknown",
              point.factorBeyond(),
              null,
              problem.get())
          : of(point, sure);
    }

    private static PointRow of(Comparison.Point point, Optional<ComparedInference> sure) {
      return new PointRow(
          point.n(),
          point.d(),
          point.lossA(),
          point.lossB(),
          100 * point.relativeDifference(),
          point.winner(),
          point.factorBeyond(),
          sure.map(inference -> inference.probabilityThatAWins(point.n(), point.d())).orElse(null),
          null);
    }
  }

  /**
   * A point of the parity curve.
   *
   * @param low lower end of the interval of D; null without replicates of both
   * @param high upper end
   * @param crossingShare share of pairs of replicates in which the surfaces cross at this N
   */
  record ParityRow(
      double n,
      double d,
      double loss,
      String winnerBeyond,
      double factorBeyond,
      Double low,
      Double high,
      Double crossingShare) {

    static ParityRow of(Comparison.Crossing crossing, Optional<ComparedInference> sure) {
      Optional<ComparedInference.Parity> parity =
          sure.map(inference -> inference.parity(crossing.n(), crossing.d()));
      return new ParityRow(
          crossing.n(),
          crossing.d(),
          crossing.loss(),
          crossing.winnerBeyond(),
          crossing.factorBeyond(),
          parity.map(found -> Json.finite(found.d().low())).orElse(null),
          parity.map(found -> Json.finite(found.d().high())).orElse(null),
          parity.map(ComparedInference.Parity::share).orElse(null));
    }
  }

  /** A compute multiplier; null if B cannot reach the loss, or there is none: the problem says. */
  record MultiplierRow(double compute, Double loss, Double multiplier, String problem) {}

  /** The result as JSON. */
  record Result(
      String lawA,
      String lawB,
      List<PointRow> grid,
      List<ParityRow> parity,
      List<PointRow> points,
      List<MultiplierRow> multipliers,
      List<String> warnings) {}

  @Override
  public Integer call() {
    if (steps < 2) {
      throw new ParameterException(spec.commandLine(), "--grid needs at least 2 points a side");
    }
    if ((long) steps * steps > InputLimits.LISTED_POINTS) {
      throw new ParameterException(
          spec.commandLine(),
          "--grid %d has more than the %,d points that are accepted"
              .formatted(steps, InputLimits.LISTED_POINTS));
    }
    QuantityRange.checkBudgets(budgets, spec.commandLine());
    List<Estimands.Point> asked = Points.of(n, d, spec.commandLine());
    report.declare(new Outputs(spec).reads(fileA).reads(fileB));
    FitArchive archiveA = FitArchive.open(fileA);
    FitArchive archiveB = FitArchive.open(fileB);
    FitArchive.Named a = archiveA.chosen(Optional.ofNullable(law));
    FitArchive.Named b = archiveB.chosen(Optional.ofNullable(law));
    Comparison comparison =
        new Comparison(a.surface(), archiveA.range(), b.surface(), archiveB.range(), flops);
    Optional<ComparedInference> sure = inference(a, archiveA, b, archiveB);
    LossLimits limitsA = archiveA.limits();
    LossLimits limitsB = archiveB.limits();
    List<PointRow> grid =
        each(
            "grid",
            comparison.grid(comparison.range(), steps),
            point -> PointRow.of(point, sure, refusal(point, limitsA, limitsB)));
    List<ParityRow> parity =
        each("parity", comparison.parity(4 * steps), crossing -> ParityRow.of(crossing, sure));
    List<PointRow> points =
        asked.stream()
            .map(point -> comparison.at(point.n(), point.d()))
            .map(point -> PointRow.of(point, sure, refusal(point, limitsA, limitsB)))
            .toList();
    List<MultiplierRow> multipliers = new ArrayList<>();
    for (double budget : QuantityRange.all(budgets)) {
      multipliers.add(multiplier(comparison.multiplier(budget), limitsA));
    }
    List<String> warnings = new ArrayList<>();
    archiveA.warnings().forEach(warning -> warnings.add("A: " + warning));
    archiveB.warnings().forEach(warning -> warnings.add("B: " + warning));
    warnBeyond(points, parity, warnings);
    Result result = new Result(a.name(), b.name(), grid, parity, points, multipliers, warnings);
    print(result);
    report.write(
        spec.commandLine().getErr(),
        "Two recipes",
        "A: %s (%s); B: %s (%s)".formatted(fileA, a.name(), fileB, b.name()),
        () -> sections(result, comparison, sure));
    return ExitCode.DONE;
  }

  /** Rows of some points, on every core. */
  private static <T, R> List<R> each(String task, List<T> points, Function<T, R> row) {
    List<R> rows = new ArrayList<>(Collections.nCopies(points.size(), null));
    AtomicInteger done = new AtomicInteger();
    try (Progress progress = new Progress(task)) {
      Parallel.forEach(
          points.size(),
          Runtime.getRuntime().availableProcessors(),
          i -> {
            rows.set(i, row.apply(points.get(i)));
            progress.done(done.incrementAndGet(), points.size());
          });
    }
    return rows;
  }

  private static Optional<String> refusal(
      Comparison.Point point, LossLimits limitsA, LossLimits limitsB) {
    return limitsA
        .refusal(point.lossA())
        .map(reason -> "A: " + reason)
        .or(() -> limitsB.refusal(point.lossB()).map(reason -> "B: " + reason));
  }

  private static MultiplierRow multiplier(Comparison.Multiplier found, LossLimits limitsA) {
    if (Double.isNaN(found.loss())) {
      return new MultiplierRow(found.compute(), null, null, "A has no interior optimum there");
    }
    Optional<String> refusal = limitsA.refusal(found.loss());
    if (refusal.isPresent()) {
      return new MultiplierRow(found.compute(), null, null, "A: " + refusal.get());
    }
    return found.multiplier().isPresent()
        ? new MultiplierRow(found.compute(), found.loss(), found.multiplier().getAsDouble(), null)
        : new MultiplierRow(
            found.compute(), found.loss(), null, "no budget from 1e9 to 1e33 FLOPs gets B there");
  }

  private static List<HtmlReport.Section> sections(
      Result result, Comparison comparison, Optional<ComparedInference> sure) {
    List<Comparison.Point> map = comparison.grid(comparison.range(), MAP_STEPS);
    List<Comparison.Crossing> crossings = comparison.parity(MAP_STEPS * 2);
    double largest =
        map.stream()
            .mapToDouble(point -> Math.abs(100 * point.relativeDifference()))
            .max()
            .orElseThrow();
    List<Figure> figures = new ArrayList<>();
    figures.add(
        DecisionFigures.parity(
            "parity",
            "Loss of A over that of B",
            new Figure.Scale("A/B - 1, %", -largest, largest, true),
            map,
            point -> 100 * point.relativeDifference(),
            crossings));
    sure.ifPresent(inference ->
        figures.add(
            DecisionFigures.parity(
                "probability",
                "Probability that B beats A",
                // Blue where A wins on both maps.
                new Figure.Scale("P(B wins)", 0, 1, true),
                map,
                point -> 1 - inference.probabilityThatAWins(point.n(), point.d()),
                crossings)));
    List<HtmlReport.Table> tables = new ArrayList<>();
    tables.add(new HtmlReport.Table("Grid", pointTable(result.grid()), true));
    if (!result.points().isEmpty()) {
      tables.add(new HtmlReport.Table("Points", pointTable(result.points()), true));
    }
    return List.of(
        HtmlReport.Section.of("Who wins where", figures),
        new HtmlReport.Section("Numbers", result.warnings(), tables, List.of()));
  }

  /** What replicates tell, if both files have them. */
  private Optional<ComparedInference> inference(
      FitArchive.Named a, FitArchive archiveA, FitArchive.Named b, FitArchive archiveB) {
    List<Surface> replicatesA = intervals.inferences(archiveA).get(a.name()).surfaces();
    List<Surface> replicatesB = intervals.inferences(archiveB).get(b.name()).surfaces();
    return replicatesA.isEmpty() || replicatesB.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ComparedInference(
                replicatesA, archiveA.range(), replicatesB, archiveB.range(), intervals.level));
  }

  private static void warnBeyond(
      List<PointRow> points, List<ParityRow> parity, List<String> warnings) {
    for (PointRow point : points) {
      if (point.factorBeyond() > 1) {
        warnings.add(
            "N = %.3g, D = %.3g extrapolates a factor %.1f beyond the runs of A or B"
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
    output.print(points(result.grid()));
    long winsA = result.grid().stream().filter(point -> point.winner().equals("A")).count();
    output.printf(
        "A wins at %d of %d points of the grid of fitted N and D%n%n", winsA, result.grid().size());
    if (result.parity().isEmpty()) {
      output.println("parity: the surfaces do not cross");
    } else {
      AlignedTable parity =
          new AlignedTable(
              "parity at N", "D", "low", "high", "crosses", "loss", "wins with more D", "beyond");
      for (ParityRow crossing : result.parity()) {
        parity.add(
            List.of(
                AlignedTable.number(crossing.n(), 4),
                AlignedTable.number(crossing.d(), 4),
                AlignedTable.number(crossing.low(), 4),
                AlignedTable.number(crossing.high(), 4),
                AlignedTable.number(crossing.crossingShare(), 3),
                AlignedTable.number(crossing.loss(), 5),
                crossing.winnerBeyond(),
                AlignedTable.number(crossing.factorBeyond(), 3)));
      }
      output.print(parity.text());
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
      output.print(points(result.points()));
    }
    if (!result.multipliers().isEmpty()) {
      AlignedTable table = new AlignedTable("C of A", "loss", "compute multiplier of B");
      for (MultiplierRow row : result.multipliers()) {
        table.add(
            List.of(
                AlignedTable.number(row.compute(), 4),
                AlignedTable.number(row.loss(), 5),
                AlignedTable.number(row.multiplier(), 4)));
      }
      output.println();
      output.print(table.text());
      result.multipliers().stream()
          .filter(row -> row.problem() != null)
          .map(row -> "C = %.4g: no multiplier: %s".formatted(row.compute(), row.problem()))
          .forEach(output::println);
    }
    output.flush();
  }

  private static String points(List<PointRow> points) {
    StringBuilder text = new StringBuilder(pointTable(points).text());
    points.stream()
        .filter(point -> point.problem() != null)
        .map(point ->
            "N = %.4g, D = %.4g: not compared: %s%n"
                .formatted(point.n(), point.d(), point.problem()))
        .forEach(text::append);
    return text.toString();
  }

  private static AlignedTable pointTable(List<PointRow> points) {
    AlignedTable table =
        new AlignedTable("N", "D", "loss A", "loss B", "A/B - 1 %", "wins", "P(A wins)", "beyond");
    for (PointRow point : points) {
      table.add(
          List.of(
              AlignedTable.number(point.n(), 4),
              AlignedTable.number(point.d(), 4),
              AlignedTable.number(point.lossA(), 5),
              AlignedTable.number(point.lossB(), 5),
              AlignedTable.number(point.differencePercent(), 3),
              point.winner(),
              AlignedTable.number(point.probabilityA(), 3),
              AlignedTable.number(point.factorBeyond(), 3)));
    }
    return table;
  }
}
