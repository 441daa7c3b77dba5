package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.fit.Surface;
import org.farfit.report.AlignedTable;
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

  private LossLimits limits;

  /**
   * One answer; what is not known is null, and {@code problem} says why.
   *
   * @param question optimum, target-loss, for-n or within
   * @param intervals ends by quantity: n, d, ratio and loss of an optimum, compute for a target;
   *     empty where they cannot be estimated
   * @param replicates which bootstrap replicates have no such answer; null without replicates, and
   *     where there is no interval
   * @param problem why there is no answer, or none that can be believed; null if there is one
   */
  record Row(
      String law,
      String question,
      Double compute,
      Double n,
      Double d,
      Double ratio,
      Double loss,
      Double factorBeyond,
      Map<String, IntervalChoices.Ends> intervals,
      ReplicateCount replicates,
      String problem) {

    static Row without(String law, String question, double compute, String problem) {
      return new Row(law, question, compute, null, null, null, null, null, Map.of(), null, problem);
    }

    Row with(Map<String, IntervalChoices.Ends> ends, ReplicateCount counted) {
      Map<String, IntervalChoices.Ends> known = n == null ? Map.of() : ends;
      return new Row(
          law, question, compute, n, d, ratio, loss, factorBeyond, known, counted, problem);
    }
  }

  /**
   * On how many bootstrap replicates an interval rests.
   *
   * @param drawn how many replicates there are
   * @param failed how many have no fit
   * @param without how many fits have no such answer; intervals are of the others
   * @param reasons why, each with the number of fits
   */
  record ReplicateCount(int drawn, int failed, int without, Map<String, Long> reasons) {

    static ReplicateCount of(
        Inference inference, Inference.Estimate estimate, Function<Surface, String> reason) {
      if (!inference.isBootstrapped()) {
        return null;
      }
      return new ReplicateCount(
          inference.drawn(),
          inference.drawn() - inference.surfaces().size(),
          estimate.undefined().size(),
          estimate.undefined().stream()
              .collect(Collectors.groupingBy(reason, TreeMap::new, Collectors.counting())));
    }

    private boolean isWhole() {
      return failed == 0 && without == 0;
    }

    private String used() {
      return "%d of %d".formatted(drawn - failed - without, drawn);
    }

    private String words() {
      List<String> parts = new ArrayList<>();
      if (failed > 0) {
        parts.add("%d have no fit that converged".formatted(failed));
      }
      reasons.forEach((reason, count) -> parts.add("in %d %s".formatted(count, reason)));
      return String.join(", ", parts);
    }
  }

  /** The result as JSON. */
  record Result(String flops, double interval, List<Row> rows, List<String> warnings) {}

  @Override
  public Integer call() {
    if (budgets.isEmpty() && targets.isEmpty() && sizes.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "say what to allocate: --compute, --target-loss or --for-n");
    }
    checkBounds();
    report.declare(new Outputs(spec).reads(file));
    FitArchive archive = FitArchive.open(file);
    SurfaceRange range = archive.range();
    if (law != null) {
      archive.chosen(Optional.of(law));
    }
    limits = archive.limits();
    List<Row> rows = new ArrayList<>();
    StringBuilder disputed = new StringBuilder();
    Set<String> warnings = new LinkedHashSet<>(archive.warnings());
    intervals
        .inferences(archive)
        .forEach((name, inference) -> {
          if (law == null || law.equals(name)) {
            Surface surface = inference.surface();
            Allocation allocation = new Allocation(surface, range, flops);
            disputed.append(optima(name, allocation, inference, rows, warnings));
            inverse(name, allocation, surface, inference, rows, warnings);
          }
        });
    print(rows, disputed.toString(), List.copyOf(warnings));
    report.write(
        spec.commandLine().getErr(),
        "Compute-optimal training",
        archive.title(),
        () -> sections(archive, rows));
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

  private List<HtmlReport.Section> sections(FitArchive archive, List<Row> rows) {
    List<SurfaceFigures> figures = new ArrayList<>();
    intervals
        .inferences(archive)
        .forEach((name, inference) -> {
          if (law == null || law.equals(name)) {
            figures.add(new SurfaceFigures(name, inference, archive.runs(), flops));
          }
        });
    List<Figure> drawn = new ArrayList<>();
    drawn.add(SurfaceFigures.ratios(figures));
    figures.forEach(each -> drawn.add(each.plane()));
    return List.of(
        HtmlReport.Section.of("Optimum", drawn),
        new HtmlReport.Section(
            "Answers",
            missing(rows),
            List.of(
                new HtmlReport.Table("Optima", answers(rows), true),
                new HtmlReport.Table(
                    AlignedTable.number(100 * intervals.level, 3) + "% intervals",
                    intervalTable(rows),
                    true)),
            List.of()));
  }

  /** Adds the optima; returns the table of intervals that depend on how they are made. */
  private String optima(
      String name,
      Allocation allocation,
      Inference inference,
      List<Row> rows,
      Set<String> warnings) {
    List<Inference.Estimate> estimates = new ArrayList<>();
    List<Double> each = QuantityRange.all(budgets);
    try (Progress progress = new Progress("budgets of " + name)) {
      for (double budget : each) {
        Allocation.Answer answer = allocation.at(budget);
        List<Inference.Estimate> own = sure(allocation.range(), answer, inference);
        estimates.addAll(own);
        add(name, allocation, answer, inference, own, rows, warnings);
        progress.done(estimates.size() / Estimands.OPTIMUM.size(), each.size());
      }
    }
    return IntervalTable.text(name, estimates);
  }

  /** How sure an optimum is. */
  private List<Inference.Estimate> sure(
      SurfaceRange range, Allocation.Answer answer, Inference inference) {
    double near = answer.best().map(Allocation.Point::n).orElse(Double.NaN);
    return inference.of(
        Estimands.optima(range, flops, new double[] {answer.compute()}, new double[] {near}), true);
  }

  /** Adds the rows of one budget. */
  private void add(
      String name,
      Allocation allocation,
      Allocation.Answer answer,
      Inference inference,
      List<Inference.Estimate> estimates,
      List<Row> rows,
      Set<String> warnings) {
    double budget = answer.compute();
    answer.warnings().forEach(warning -> warnings.add(name + ": " + warning));
    Map<String, IntervalChoices.Ends> ends = ends(estimates, List.of("n", "d", "ratio", "loss"));
    ReplicateCount counted =
        ReplicateCount.of(
            inference,
            estimates.getFirst(),
            surface ->
                new Allocation(surface, allocation.range(), flops)
                    .whyNone(budget)
                    .orElse("the optimum is not a number"));
    rows.add(
        answer
            .best()
            .map(point -> row(name, "optimum", point))
            .orElseGet(
                () -> Row.without(name, "optimum", budget, String.join("; ", answer.warnings())))
            .with(ends, counted));
    if (within != null) {
      allocation
          .smallestWithin(budget, within / 100)
          .ifPresentOrElse(
              point -> rows.add(row(name, "within", point)),
              () ->
                  warnings.add(
                      "%s: C = %.3g: no smaller N with a loss above the bound"
                          .formatted(name, budget)));
    }
  }

  private static Map<String, IntervalChoices.Ends> ends(
      List<Inference.Estimate> estimates, List<String> names) {
    Map<String, IntervalChoices.Ends> ends = new LinkedHashMap<>();
    for (int k = 0; k < names.size(); k++) {
      if (estimates.get(k).interval().isKnown()) {
        ends.put(names.get(k), IntervalChoices.Ends.of(estimates.get(k).interval()));
      }
    }
    return ends;
  }

  private void inverse(
      String name,
      Allocation allocation,
      Surface surface,
      Inference inference,
      List<Row> rows,
      Set<String> warnings) {
    for (double target : targets) {
      OptionalDouble needed = allocation.computeFor(target);
      if (needed.isPresent()) {
        allocation
            .at(needed.getAsDouble())
            .best()
            .ifPresent(point -> {
              List<Inference.Estimate> needs =
                  inference.of(
                      Estimands.requiredCompute(allocation.range(), flops, target, point), false);
              rows.add(
                  row(name, "target-loss", point)
                      .with(
                          ends(needs, List.of("compute")),
                          ReplicateCount.of(
                              inference,
                              needs.getFirst(),
                              each -> "no budget reaches it at an interior optimum")));
            });
      } else {
        warnings.add("%s: no budget reaches a loss of %.6g".formatted(name, target));
      }
    }
    for (double size : sizes) {
      OptionalDouble tokens = allocation.tokensFor(size);
      if (tokens.isPresent()) {
        double d = tokens.getAsDouble();
        rows.add(
            row(
                name,
                "for-n",
                new Allocation.Point(
                    flops.flops(size, d),
                    size,
                    d,
                    surface.loss(size, d),
                    allocation.range().factorBeyond(size, d))));
      } else {
        warnings.add("%s: N = %.3g is optimal for no budget".formatted(name, size));
      }
    }
  }

  private Row row(String name, String question, Allocation.Point point) {
    Optional<String> refusal = limits.refusal(point.n(), point.d(), point.loss());
    if (refusal.isPresent()) {
      return Row.without(name, question, point.compute(), refusal.get());
    }
    return new Row(
        name,
        question,
        point.compute(),
        point.n(),
        point.d(),
        point.ratio(),
        point.loss(),
        point.factorBeyond(),
        Map.of(),
        null,
        null);
  }

  private void print(List<Row> rows, String disputed, List<String> warnings) {
    PrintWriter output = spec.commandLine().getOut();
    PrintWriter log = spec.commandLine().getErr();
    warnings.forEach(warning -> log.println("warning: " + warning));
    log.flush();
    if (json) {
      output.print(Json.text(new Result(flops.formula(), 100 * intervals.level, rows, warnings)));
    } else {
      output.print(answers(rows).text());
      rows.stream()
          .filter(row -> row.problem() != null)
          .map(row ->
              "%s, %s, C = %.4g: no answer: %s"
                  .formatted(row.law(), row.question(), row.compute(), row.problem()))
          .forEach(output::println);
      output.println("beyond: factor by which N or D lies outside the fitted runs");
      if (rows.stream().anyMatch(row -> !row.intervals().isEmpty())) {
        output.printf(
            "%n%s%% intervals:%n%s",
            AlignedTable.number(100 * intervals.level, 3), intervalTable(rows).text());
      }
      missing(rows).forEach(output::println);
      if (!disputed.isEmpty()) {
        output.printf("%nintervals that depend on how they are made:%n%s", disputed);
      }
    }
    output.flush();
  }

  /** What intervals leave out, and why, row by row. */
  private static List<String> missing(List<Row> rows) {
    return rows.stream()
        .filter(row -> row.replicates() != null && !row.replicates().isWhole())
        .map(row ->
            "%s, %s: the interval is of %s replicates; %s"
                .formatted(
                    row.law(), asked(row), row.replicates().used(), row.replicates().words()))
        .toList();
  }

  private static String asked(Row row) {
    return row.question().equals("optimum")
        ? "C = " + AlignedTable.number(row.compute(), 4)
        : "loss " + AlignedTable.number(row.loss(), 6);
  }

  private static AlignedTable answers(List<Row> rows) {
    AlignedTable table =
        new AlignedTable("law", "question", "C", "N", "D", "D/N", "loss", "beyond");
    for (Row row : rows) {
      table.add(
          List.of(
              row.law(),
              row.question(),
              AlignedTable.number(row.compute(), 4),
              AlignedTable.number(row.n(), 4),
              AlignedTable.number(row.d(), 4),
              AlignedTable.number(row.ratio(), 4),
              AlignedTable.number(row.loss(), 6),
              AlignedTable.number(row.factorBeyond(), 3)));
    }
    return table;
  }

  private static AlignedTable intervalTable(List<Row> rows) {
    AlignedTable table =
        new AlignedTable("law", "question", "of", "value", "low", "high", "replicates");
    for (Row row : rows) {
      for (Map.Entry<String, IntervalChoices.Ends> entry : row.intervals().entrySet()) {
        table.add(
            List.of(
                row.law(),
                asked(row),
                entry.getKey(),
                AlignedTable.number(value(row, entry.getKey()), 5),
                AlignedTable.number(entry.getValue().low(), 5),
                AlignedTable.number(entry.getValue().high(), 5),
                row.replicates() == null ? "" : row.replicates().used()));
      }
    }
    return table;
  }

  private static Double value(Row row, String name) {
    return switch (name) {
      case "n" -> row.n();
      case "d" -> row.d();
      case "ratio" -> row.ratio();
      case "loss" -> row.loss();
      default -> row.compute();
    };
  }
}
