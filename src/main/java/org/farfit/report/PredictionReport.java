package org.farfit.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.SurfaceShape;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Estimate;
import org.farfit.analysis.inference.Inference;
import org.farfit.analysis.study.PredictionStudy;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.extrapolation.GuardedSurface;
import org.farfit.fit.extrapolation.TestedReach;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;
import org.farfit.report.output.Lines;
import org.farfit.report.output.TableColumns;

/** What every surface of a fit file predicts at some points, as it is shown. */
public final class PredictionReport implements Presentation {

  private final FitArchive archive;
  private final List<Estimands.Point> points;
  private final double level;
  private final List<Row> rows = new ArrayList<>();
  private final StringBuilder disputed = new StringBuilder();
  private final SequencedMap<String, String> backTests = new LinkedHashMap<>();

  /**
   * A report to add findings to.
   *
   * @param level probability that an interval should cover
   */
  public PredictionReport(FitArchive archive, List<Estimands.Point> points, double level) {
    this.archive = archive;
    this.points = points;
    this.level = level;
  }

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
   * @param problem why there is no loss, or no interval, or that the interval says nothing; else
   *     null
   */
  private record Row(
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

    /** What the problem keeps from being said; there is one. */
    private String words() {
      return loss == null
          ? "%s, %s: no prediction: %s".formatted(law, where(), problem)
          : low == null || high == null || runLow == null || runHigh == null
              ? "%s: no interval: %s".formatted(law, problem)
              : "%s, %s: %s".formatted(law, where(), problem);
    }
  }

  /** Adds what was found on a surface. */
  public void add(String name, Inference inference, List<PredictionStudy.Prediction> found) {
    found.stream()
        .map(each -> each.refusal().isPresent() ? refused(name, each) : row(name, each))
        .forEach(rows::add);
    disputed.append(
        IntervalTable.text(
            name,
            found.stream()
                .filter(each -> each.refusal().isEmpty())
                .map(PredictionStudy.Prediction::estimate)
                .toList()));
    inference.backTest().ifPresent(words -> backTests.put(name, words));
  }

  private Row refused(String name, PredictionStudy.Prediction found) {
    return new Row(
        name,
        Json.finite(found.point().n()),
        Json.finite(found.point().d()),
        archive.words(found.point().further()),
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        found.refusal().orElseThrow());
  }

  private Row row(String name, PredictionStudy.Prediction found) {
    Estimate estimate = found.estimate();
    return new Row(
        name,
        Json.finite(found.point().n()),
        Json.finite(found.point().d()),
        archive.words(found.point().further()),
        Json.finite(estimate.value()),
        Json.finite(estimate.interval().low()),
        Json.finite(estimate.interval().high()),
        estimate.interval().isKnown() ? estimate.method() : null,
        Json.finite(found.ofRun().low()),
        Json.finite(found.ofRun().high()),
        IntervalEnds.of(estimate.others(), estimate.lacks()),
        found.lack().orElse(null));
  }

  /**
   * The result as JSON.
   *
   * @param backTest how intervals like these did within the runs, in words, by law, of those of
   *     which it is known
   */
  private record Result(double interval, List<Row> rows, Map<String, String> backTest) {}

  @Override
  public Object data() {
    return new Result(100 * level, rows, backTests);
  }

  /** The columns: those of points are the ones that they have. */
  private TableColumns<Row> columns() {
    Row first = rows.getFirst();
    TableColumns<Row> columns = new TableColumns<Row>().text("law", Row::law);
    if (first.n() != null) {
      columns.number("N", 4, Row::n);
    }
    if (first.d() != null) {
      columns.number("D", 4, Row::d);
    }
    first.at().keySet().forEach(name -> columns.text(name, row -> row.at().get(name)));
    return columns
        .number(archive.measured(), 6, Row::loss)
        .number("low", 6, Row::low)
        .number("high", 6, Row::high)
        .number("run low", 6, Row::runLow)
        .number("run high", 6, Row::runHigh);
  }

  @Override
  public String text() {
    Lines text = new Lines().add(columns().of(rows));
    rows.stream()
        .filter(row -> row.problem() != null)
        .map(Row::words)
        .distinct()
        .forEach(text::line);
    if (rows.stream().anyMatch(row -> row.loss() != null)) {
      text.line(
          "low, high: %s%% interval of the surface, %s; run low, run high: of a single run"
              .formatted(AlignedTable.number(100 * level, 3), methods()));
    }
    backTests.forEach((name, words) -> text.line(name + ": " + words));
    if (!disputed.isEmpty()) {
      text.line("").line("intervals that depend on how they are made:").add(disputed);
    }
    return text.toString();
  }

  /** How the intervals were made, in words. */
  private String methods() {
    String methods =
        rows.stream()
            .map(Row::interval)
            .filter(name -> name != null)
            .distinct()
            .map(name ->
                name.equals(Inference.ASYMPTOTIC)
                    ? "from the fit's covariance"
                    : "from its bootstrap replicates")
            .collect(Collectors.joining(" or "));
    return methods.isEmpty() ? "which cannot be estimated, for the reasons above" : methods;
  }

  @Override
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Estimands.Point point : points) {
      archive
          .ranges()
          .forEach(
              (name, range) -> beyond(name, point.value(name), range).ifPresent(warnings::add));
    }
    if (archive.surfaces().get(FitArchive.AUTO) instanceof GuardedSurface auto) {
      points.forEach(point ->
          auto.refusal(point.n(), point.d())
              .ifPresent(why ->
                  warnings.add(
                      "auto: no prediction at N = %.3g, D = %.3g: %s"
                          .formatted(point.n(), point.d(), why))));
    }
    warnings.addAll(archive.warnings());
    if (!backTests.isEmpty()) {
      TestedReach.of(archive.runs())
          .ifPresent(reach ->
              points.forEach(
                  point -> reach.untested(point.n(), point.d()).ifPresent(warnings::add)));
    }
    if (archive.hasSizesAndTokens()) {
      warnings.addAll(ofShape());
    }
    return warnings;
  }

  /** A surface that rises is told of, other columns being where they are asked for. */
  private List<String> ofShape() {
    SurfaceRange used = archive.range();
    for (Estimands.Point point : points) {
      used = used.including(point.n(), point.d());
    }
    List<FittedSurface> surfaces =
        archive.fitted().stream()
            .map(surface -> surface.fixing(points.getFirst().further()))
            .toList();
    return SurfaceShape.warnings(surfaces, used);
  }

  private static Optional<String> beyond(String what, double value, FitArchive.Range fitted) {
    if (!(fitted.low() > 0) || !(value > 0)) {
      return Optional.empty();
    }
    double factor = Math.max(value / fitted.high(), fitted.low() / value);
    return factor > SurfaceRange.FAR
        ? Optional.of(
            "%s = %.3g is a factor %s beyond the fitted runs (%.3g to %.3g)"
                .formatted(
                    what,
                    value,
                    (factor < 1e6 ? "%.0f" : "%.3g").formatted(factor),
                    fitted.low(),
                    fitted.high()))
        : Optional.empty();
  }
}
