package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.farfit.analysis.Prediction;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.SurfaceShape;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Surface;
import org.farfit.report.AlignedTable;
import org.farfit.report.FitDocument;
import org.farfit.report.FitFile;
import org.farfit.report.Json;
import picocli.CommandLine.Command;
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
      required = true,
      split = ",",
      converter = QuantityConverter.class,
      description = "Parameters without embeddings, for example 25.1B; several joined by commas.")
  List<Double> n;

  @Option(
      names = "--d",
      paramLabel = "D",
      required = true,
      split = ",",
      converter = QuantityConverter.class,
      description = "Training tokens: as many as --n, or one for all.")
  List<Double> d;

  @Option(
      names = "--interval",
      paramLabel = "PERCENT",
      defaultValue = "95",
      converter = QuantityConverter.class,
      description = "Coverage of the interval of the surface, in percent (default 95).")
  Double interval;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  boolean json;

  @Spec CommandSpec spec;

  /** One predicted loss; low and high are null where no interval can be estimated. */
  record Row(String law, double n, double d, double loss, Double low, Double high) {}

  /** The result as JSON. */
  record Result(double interval, List<Row> rows) {}

  @Override
  public Integer call() {
    if (interval >= 100) {
      throw new ParameterException(spec.commandLine(), "--interval must be below 100 percent");
    }
    List<Points.Point> points = Points.of(n, d, spec.commandLine());
    FitDocument document = FitFile.read(file);
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, Surface> entry : FitFile.named(file, document).entrySet()) {
      for (Points.Point point : points) {
        rows.add(row(entry.getKey(), entry.getValue(), point.n(), point.d()));
      }
    }
    warn(document, points);
    print(rows);
    return ExitCode.DONE;
  }

  /** An average of laws has no interval from a covariance. */
  private Row row(String name, Surface surface, double size, double tokens) {
    if (surface instanceof FittedSurface fitted) {
      Prediction prediction = Prediction.of(fitted, size, tokens, interval / 100);
      return new Row(
          name, size, tokens, prediction.loss(), boxed(prediction.low()), boxed(prediction.high()));
    }
    return new Row(name, size, tokens, surface.loss(size, tokens), null, null);
  }

  private void warn(FitDocument document, List<Points.Point> points) {
    PrintWriter log = spec.commandLine().getErr();
    warnBeyond(log, "N", n, document.input().n());
    warnBeyond(log, "D", d, document.input().d());
    FitFile.warnings(document).forEach(warning -> log.println("warning: " + warning));
    SurfaceRange used = FitFile.range(document);
    for (Points.Point point : points) {
      used = used.including(point.n(), point.d());
    }
    SurfaceShape.warnings(FitFile.surfaces(file, document), used)
        .forEach(warning -> log.println("warning: " + warning));
    log.flush();
  }

  private static void warnBeyond(
      PrintWriter log, String what, List<Double> values, FitDocument.Range fitted) {
    for (double value : values) {
      double factor = Math.max(value / fitted.high(), fitted.low() / value);
      if (factor > SurfaceRange.FAR) {
        log.printf(
            "warning: %s = %.3g is a factor %.0f beyond the fitted runs (%.3g to %.3g)%n",
            what, value, factor, fitted.low(), fitted.high());
      }
    }
  }

  private void print(List<Row> rows) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(new Result(interval, rows)));
    } else {
      AlignedTable table = new AlignedTable("law", "N", "D", "loss", "low", "high");
      for (Row row : rows) {
        table.add(
            List.of(
                row.law(),
                AlignedTable.number(row.n(), 4),
                AlignedTable.number(row.d(), 4),
                AlignedTable.number(row.loss(), 6),
                AlignedTable.number(row.low(), 6),
                AlignedTable.number(row.high(), 6)));
      }
      output.print(table.text());
      output.printf(
          "low and high: %s%% interval of the surface, from the fit's covariance%n",
          AlignedTable.number(interval, 3));
    }
    output.flush();
  }

  private static Double boxed(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
