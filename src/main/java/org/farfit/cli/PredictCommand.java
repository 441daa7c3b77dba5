package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.SurfaceShape;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.report.AlignedTable;
import org.farfit.report.FitArchive;
import org.farfit.report.FitDocument;
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
          "A point by the columns of the law, for example N=25.1B,D=320B,U=100B; once per point."
              + " Instead of --n and --d, and the only way for laws with other columns.")
  List<String> at = List.of();

  @Mixin IntervalChoices intervals;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  boolean json;

  @Spec CommandSpec spec;

  private FitArchive archive;

  /**
   * One predicted loss; what cannot be estimated is null, and {@code problem} says why.
   *
   * @param at further columns of the law, and which of several responses; empty for N and D alone
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
      Double n,
      Double d,
      Map<String, String> at,
      Double loss,
      Double low,
      Double high,
      String interval,
      Double runLow,
      Double runHigh,
      Map<String, IntervalEnds> others,
      String problem) {

    private String where() {
      StringJoiner where = new StringJoiner(", ");
      if (n != null) {
        where.add("N = %.4g".formatted(n));
      }
      if (d != null) {
        where.add("D = %.4g".formatted(d));
      }
      at.forEach((name, value) -> where.add(name + " = " + value));
      return where.toString();
    }
  }

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
    List<Estimands.Point> ofSizes = at.isEmpty() ? Points.of(n, d, spec.commandLine()) : List.of();
    archive = FitArchive.open(file);
    AtPoints reader = new AtPoints(archive, spec.commandLine());
    List<Estimands.Point> points =
        at.isEmpty()
            ? reader.ofSizes(ofSizes)
            : at.stream().flatMap(text -> reader.whole(text).stream()).toList();
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
            refusal(limits, points.get(i), estimates.get(i))
                .map(problem -> refused(name, points.get(at), problem))
                .orElseGet(
                    () -> row(name, points.get(at), estimates.get(at), ofRuns.get(at), inference)));
      }
      disputed.append(
          IntervalTable.text(
              name,
              IntStream.range(0, points.size())
                  .filter(i -> refusal(limits, points.get(i), estimates.get(i)).isEmpty())
                  .mapToObj(estimates::get)
                  .toList()));
    });
    warn(archive, points);
    print(
        rows,
        disputed.toString(),
        archive.measured(),
        Optional.ofNullable(inferences.get(FitArchive.AUTO)).flatMap(Inference::backTest));
    return ExitCode.DONE;
  }

  /** Why a prediction is none; of a law without N or D its value alone tells. */
  private static Optional<String> refusal(
      LossLimits limits, Estimands.Point point, Inference.Estimate estimate) {
    return Double.isNaN(point.n()) || Double.isNaN(point.d())
        ? limits.refusal(estimate.value())
        : limits.refusal(point.n(), point.d(), estimate.value());
  }

  private List<Inference.Estimate> estimates(
      String name, List<Estimands.Point> points, Inference inference) {
    List<Inference.Estimate> estimates = new ArrayList<>();
    try (Progress progress = new Progress("losses of " + name)) {
      for (Estimands.Point point : points) {
        estimates.addAll(
            inference.of(
                archive.runs().isPositive()
                    ? Estimands.losses(List.of(point))
                    : Estimands.values(List.of(point)),
                true));
        progress.done(estimates.size(), points.size());
      }
    }
    return estimates;
  }

  private Row refused(String name, Estimands.Point point, String problem) {
    return new Row(
        name,
        Json.finite(point.n()),
        Json.finite(point.d()),
        archive.words(point.further()),
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        problem);
  }

  private Row row(
      String name,
      Estimands.Point point,
      Inference.Estimate estimate,
      Interval run,
      Inference inference) {
    return new Row(
        name,
        Json.finite(point.n()),
        Json.finite(point.d()),
        archive.words(point.further()),
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
    for (Estimands.Point point : points) {
      archive.ranges().forEach((name, range) -> warnBeyond(log, name, point.value(name), range));
    }
    if (archive.surfaces().get(FitArchive.AUTO) instanceof GuardedSurface auto) {
      points.forEach(point ->
          auto.refusal(point.n(), point.d())
              .ifPresent(reason -> log.println("warning: auto: " + reason)));
    }
    archive.warnings().forEach(warning -> log.println("warning: " + warning));
    if (archive.hasSizesAndTokens()) {
      warnOfShape(archive, points, log);
    }
    log.flush();
  }

  /** A surface that rises is told of, other columns being where they are asked for. */
  private static void warnOfShape(
      FitArchive archive, List<Estimands.Point> points, PrintWriter log) {
    SurfaceRange used = archive.range();
    for (Estimands.Point point : points) {
      used = used.including(point.n(), point.d());
    }
    List<FittedSurface> surfaces =
        archive.fitted().stream()
            .map(surface -> surface.holding(points.getFirst().further()))
            .toList();
    SurfaceShape.warnings(surfaces, used).forEach(warning -> log.println("warning: " + warning));
  }

  private static void warnBeyond(
      PrintWriter log, String what, double value, FitDocument.Range fitted) {
    if (!(fitted.low() > 0) || !(value > 0)) {
      return;
    }
    double factor = Math.max(value / fitted.high(), fitted.low() / value);
    if (factor > SurfaceRange.FAR) {
      log.printf(
          "warning: %s = %.3g is a factor %s beyond the fitted runs (%.3g to %.3g)%n",
          what,
          value,
          (factor < 1e6 ? "%.0f" : "%.3g").formatted(factor),
          fitted.low(),
          fitted.high());
    }
  }

  private void print(List<Row> rows, String disputed, String measured, Optional<String> backTest) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(new Result(100 * intervals.level, rows, backTest.orElse(null))));
    } else {
      Row first = rows.getFirst();
      List<String> header = new ArrayList<>(List.of("law"));
      if (first.n() != null) {
        header.add("N");
      }
      if (first.d() != null) {
        header.add("D");
      }
      header.addAll(first.at().keySet());
      header.addAll(List.of(measured, "low", "high", "run low", "run high"));
      AlignedTable table = new AlignedTable(header.toArray(String[]::new));
      for (Row row : rows) {
        List<String> cells = new ArrayList<>(List.of(row.law()));
        if (first.n() != null) {
          cells.add(AlignedTable.number(row.n(), 4));
        }
        if (first.d() != null) {
          cells.add(AlignedTable.number(row.d(), 4));
        }
        cells.addAll(row.at().values());
        cells.add(AlignedTable.number(row.loss(), 6));
        cells.add(AlignedTable.number(row.low(), 6));
        cells.add(AlignedTable.number(row.high(), 6));
        cells.add(AlignedTable.number(row.runLow(), 6));
        cells.add(AlignedTable.number(row.runHigh(), 6));
        table.add(cells);
      }
      output.print(table.text());
      rows.stream()
          .filter(row -> row.problem() != null)
          .map(row ->
              row.loss() == null
                  ? "%s, %s: no prediction: %s".formatted(row.law(), row.where(), row.problem())
                  : "%s: no interval: %s".formatted(row.law(), row.problem()))
          .distinct()
          .forEach(output::println);
      if (rows.stream().anyMatch(row -> row.loss() != null)) {
        output.printf(
            "low, high: %s%% interval of the surface, %s; run low, run high: of a single run%n",
            AlignedTable.number(100 * intervals.level, 3),
            IntervalChoices.methods(rows, Row::interval));
      }
      backTest.ifPresent(words -> output.println("auto: " + words));
      if (!disputed.isEmpty()) {
        output.printf("%nintervals that depend on how they are made:%n%s", disputed);
      }
    }
    output.flush();
  }
}
