package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Callable;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.SurfaceShape;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.report.AlignedTable;
import org.farfit.report.FitArchive;
import org.farfit.report.FormulaFitFile;
import org.farfit.report.IntervalEnds;
import org.farfit.report.IntervalTable;
import org.farfit.report.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code farfit predict}: the loss of every fitted law at given N and D. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Predicts the loss at given N and D with every law of a fit file.",
    footer = {"", "Example:", "  farfit predict runs.fit.json --n 25.1B --d 320B --interval 95"})
final class PredictCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "FIT.json", description = "A fit file of farfit fit.")
  Path file;

  @Option(
      names = "--n",
      paramLabel = "N",
      split = ",",
      converter = QuantityConverter.class,
      description = "Parameters without embeddings, for example 25.1B; several joined by commas.")
  List<Double> n;

  @Option(
      names = "--d",
      paramLabel = "D",
      split = ",",
      converter = QuantityConverter.class,
      description = "Training tokens: as many as --n, or one for all.")
  List<Double> d;

  @Option(
      names = "--at",
      paramLabel = "NAME=VALUE,...",
      description =
          "A point by the columns of the law, for example N=25.1B,D=320B; once per point. Instead of"
              + " --n and --d, and the only way for a law that is a formula.")
  List<String> at = List.of();

  @Mixin IntervalChoices intervals;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  boolean json;

  @Spec CommandSpec spec;

  /**
   * One predicted loss; what cannot be estimated is null, and {@code problem} says why.
   *
   * @param low lower end of the interval of the surface
   * @param high upper end
   * @param interval how it was made
   * @param runLow lower end of the interval for a single run, which scatters around the surface
   * @param runHigh upper end
   * @param others intervals of the surface by other methods
   * @param problem why there is no loss, or no interval; null if there are both
   */
  record Row(
      String law,
      double n,
      double d,
      Double loss,
      Double low,
      Double high,
      String interval,
      Double runLow,
      Double runHigh,
      Map<String, IntervalEnds> others,
      String problem) {}

  /**
   * The result as JSON.
   *
   * @param backTest how intervals like those of an average did within the runs; null without one
   */
  record Result(double interval, List<Row> rows, String backTest) {}

  @Override
  public Integer call() {
    if (at.isEmpty() && (n == null || d == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "Missing required option: '%s'; or give points with --at, such as N=25.1B,D=320B"
              .formatted(n == null ? "--n=N" : "--d=D"));
    }
    if (!at.isEmpty() && (n != null || d != null)) {
      throw new ParameterException(spec.commandLine(), "--at takes the place of --n and --d");
    }
    if (FormulaFitFile.isOne(file)) {
      return predictFormula();
    }
    if (!at.isEmpty()) {
      takePoints();
    }
    List<Estimands.Point> points = Points.of(n, d, spec.commandLine());
    FitArchive archive = FitArchive.open(file);
    List<Row> rows = new ArrayList<>();
    StringBuilder disputed = new StringBuilder();
    LossLimits limits = archive.limits();
    SequencedMap<String, Inference> inferences = intervals.inferences(archive);
    inferences.forEach((name, inference) -> {
      List<Inference.Estimate> estimates = estimates(name, points, inference);
      List<Interval> ofRuns = inference.ofRuns(points);
      for (int i = 0; i < points.size(); i++) {
        int at = i;
        rows.add(
            limits
                .refusal(estimates.get(i).value())
                .map(problem -> refused(name, points.get(at), problem))
                .orElseGet(
                    () -> row(name, points.get(at), estimates.get(at), ofRuns.get(at), inference)));
      }
      disputed.append(
          IntervalTable.text(
              name,
              estimates.stream()
                  .filter(estimate -> limits.refusal(estimate.value()).isEmpty())
                  .toList()));
    });
    warn(archive, points);
    print(
        rows,
        disputed.toString(),
        Optional.ofNullable(inferences.get(FitArchive.AUTO)).flatMap(Inference::backTest));
    return ExitCode.DONE;
  }

  private static List<Inference.Estimate> estimates(
      String name, List<Estimands.Point> points, Inference inference) {
    List<Inference.Estimate> estimates = new ArrayList<>();
    try (Progress progress = new Progress("losses of " + name)) {
      for (Estimands.Point point : points) {
        estimates.addAll(inference.of(Estimands.losses(List.of(point)), true));
        progress.done(estimates.size(), points.size());
      }
    }
    return estimates;
  }

  private static Row refused(String name, Estimands.Point point, String problem) {
    return new Row(
        name, point.n(), point.d(), null, null, null, null, null, null, Map.of(), problem);
  }

  private int predictFormula() {
    if (spec.commandLine().getParseResult().hasMatchedOption("--interval")) {
      throw new ParameterException(
          spec.commandLine(), "--interval: intervals are not made for a law that is a formula");
    }
    List<String> points = at;
    if (points.isEmpty()) {
      points =
          Points.of(n, d, spec.commandLine()).stream()
              .map(point -> "N=%s,D=%s".formatted(point.n(), point.d()))
              .toList();
    }
    return new FormulaPrediction(spec.commandLine()).run(file, points, json);
  }

  /** N and D of the points of {@code --at}. */
  private void takePoints() {
    n = new ArrayList<>();
    d = new ArrayList<>();
    for (String text : at) {
      Map<String, String> point = FormulaPrediction.point(text, spec.commandLine());
      if (!point.keySet().equals(Set.of("N", "D"))) {
        throw new ParameterException(
            spec.commandLine(), "--at: '%s': the laws of this file need N and D".formatted(text));
      }
      n.add(quantity(point.get("N")));
      d.add(quantity(point.get("D")));
    }
  }

  private double quantity(String text) {
    try {
      return new QuantityConverter().convert(text);
    } catch (TypeConversionException e) {
      throw new ParameterException(spec.commandLine(), "--at: " + e.getMessage());
    }
  }

  private static Row row(
      String name,
      Estimands.Point point,
      Inference.Estimate estimate,
      Interval run,
      Inference inference) {
    return new Row(
        name,
        point.n(),
        point.d(),
        Json.finite(estimate.value()),
        Json.finite(estimate.interval().low()),
        Json.finite(estimate.interval().high()),
        estimate.interval().isKnown() ? estimate.method() : null,
        Json.finite(run.low()),
        Json.finite(run.high()),
        IntervalEnds.of(estimate.others()),
        estimate.interval().isKnown() && run.isKnown()
            ? null
            : inference.lack().orElse("an end of the interval cannot be estimated"));
  }

  private void warn(FitArchive archive, List<Estimands.Point> points) {
    PrintWriter log = spec.commandLine().getErr();
    SurfaceRange fitted = archive.range();
    warnBeyond(log, "N", n, fitted.lowN(), fitted.highN());
    warnBeyond(log, "D", d, fitted.lowD(), fitted.highD());
    if (archive.surfaces().get(FitArchive.AUTO) instanceof GuardedSurface auto) {
      points.forEach(point ->
          auto.refusal(point.n(), point.d())
              .ifPresent(reason -> log.println("warning: auto: " + reason)));
    }
    archive.warnings().forEach(warning -> log.println("warning: " + warning));
    SurfaceRange used = fitted;
    for (Estimands.Point point : points) {
      used = used.including(point.n(), point.d());
    }
    SurfaceShape.warnings(archive.fitted(), used)
        .forEach(warning -> log.println("warning: " + warning));
    log.flush();
  }

  private static void warnBeyond(
      PrintWriter log, String what, List<Double> values, double low, double high) {
    for (double value : values) {
      double factor = Math.max(value / high, low / value);
      if (factor > SurfaceRange.FAR) {
        log.printf(
            "warning: %s = %.3g is a factor %s beyond the fitted runs (%.3g to %.3g)%n",
            what, value, (factor < 1e6 ? "%.0f" : "%.3g").formatted(factor), low, high);
      }
    }
  }

  private void print(List<Row> rows, String disputed, Optional<String> backTest) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(new Result(100 * intervals.level, rows, backTest.orElse(null))));
    } else {
      AlignedTable table =
          new AlignedTable("law", "N", "D", "loss", "low", "high", "run low", "run high");
      for (Row row : rows) {
        table.add(
            List.of(
                row.law(),
                AlignedTable.number(row.n(), 4),
                AlignedTable.number(row.d(), 4),
                AlignedTable.number(row.loss(), 6),
                AlignedTable.number(row.low(), 6),
                AlignedTable.number(row.high(), 6),
                AlignedTable.number(row.runLow(), 6),
                AlignedTable.number(row.runHigh(), 6)));
      }
      output.print(table.text());
      rows.stream()
          .filter(row -> row.problem() != null)
          .map(row ->
              row.loss() == null
                  ? "%s, N = %.4g, D = %.4g: no prediction: %s"
                      .formatted(row.law(), row.n(), row.d(), row.problem())
                  : "%s: no interval: %s".formatted(row.law(), row.problem()))
          .distinct()
          .forEach(output::println);
      output.printf(
          "low, high: %s%% interval of the surface, %s; run low, run high: of a single run%n",
          AlignedTable.number(100 * intervals.level, 3),
          IntervalChoices.methods(rows, Row::interval));
      backTest.ifPresent(words -> output.println("auto: " + words));
      if (!disputed.isEmpty()) {
        output.printf("%nintervals that depend on how they are made:%n%s", disputed);
      }
    }
    output.flush();
  }
}
