package org.farfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.farfit.analysis.Holdout;
import org.farfit.analysis.study.Validation;
import org.farfit.data.RunSet;
import org.farfit.report.figure.DecisionFigures;
import org.farfit.report.html.HtmlReport;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;
import org.farfit.report.output.Lines;
import org.farfit.report.output.TableColumns;
import org.farfit.solver.ProgressListener;

/** How well fits predict runs that were held out, as it is shown. */
public final class ValidationReport implements Presentation {

  private static final String SCHEMA = "farfit.validate/1";

  private final RunSet runs;
  private final Holdout holdout;
  private final String protocol;
  private final List<Row> rows = new ArrayList<>();
  private List<Validation.Row> drawn = List.of();

  /**
   * A report to add findings to.
   *
   * @param runs all of them
   * @param holdout the hold-out that is drawn
   * @param protocol what was asked for, in words
   */
  public ValidationReport(RunSet runs, Holdout holdout, String protocol) {
    this.runs = runs;
    this.holdout = holdout;
    this.protocol = protocol;
  }

  /** Adds what was found with N from a column; what is added first is drawn. */
  public void add(String nColumn, List<Validation.Row> found) {
    drawn = rows.isEmpty() ? found : drawn;
    found.forEach(row -> rows.add(Row.of(nColumn, row)));
  }

  /** The reason why there is no fit at all; empty if there is one. */
  public Optional<String> problem() {
    return rows.stream().allMatch(row -> row.mape() == null && row.problem() != null)
        ? Optional.of(
            "hold-out %s: %s%s"
                .formatted(
                    rows.getFirst().holdout(),
                    rows.getFirst().problem(),
                    protocol.startsWith("top:") ? "" : "; or " + Holdout.FEWER))
        : Optional.empty();
  }

  /**
   * A validation as JSON.
   *
   * @param schema name and version of the format
   * @param protocol which hold-out
   * @param rows one per law, method, hold-out and set of predicted runs
   */
  private record Document(String schema, String protocol, List<Row> rows) {}

  /**
   * One row; see {@link Validation.Row}. Errors are in percent; numbers that are not known are
   * null.
   */
  private record Row(
      String nColumn,
      String law,
      String method,
      String holdout,
      String split,
      int fitRuns,
      int testRuns,
      Double mape,
      Double meanSigned,
      Double worst,
      Double worstN,
      Double worstD,
      Double held,
      String backTest,
      String problem) {

    static Row of(String nColumn, Validation.Row row) {
      return new Row(
          nColumn,
          row.fit().law(),
          row.fit().method(),
          row.fit().holdout(),
          row.split(),
          row.fit().runs(),
          row.runs(),
          Json.finite(row.errors().mape()),
          Json.finite(row.errors().meanSigned()),
          Json.finite(row.errors().worst()),
          Json.finite(row.errors().worstN()),
          Json.finite(row.errors().worstD()),
          Json.finite(100 * row.held()),
          row.fit().backTest().orElse(null),
          row.problem().orElse(null));
    }
  }

  @Override
  public Object data() {
    return new Document(SCHEMA, protocol, rows);
  }

  @Override
  public String text() {
    Lines text = new Lines().add(table());
    rows.stream()
        .filter(row -> row.problem() != null)
        .map(
            row -> "%s/%s, %s: %s".formatted(row.law(), row.method(), row.holdout(), row.problem()))
        .distinct()
        .forEach(text::line);
    words().forEach(text::line);
    return text.toString();
  }

  /** What the intervals held, and of auto how intervals like these did within the fitted runs. */
  private List<String> words() {
    List<String> words = new ArrayList<>();
    if (rows.stream().anyMatch(row -> row.held() != null)) {
      words.add(
          "held %%: how many of the runs %.0f%% intervals for single runs hold, made from the fitted ones"
              .formatted(100 * Validation.LEVEL));
    }
    rows.stream()
        .filter(row -> row.backTest() != null)
        .map(row -> "%s, %s: %s".formatted(row.law(), row.holdout(), row.backTest()))
        .distinct()
        .forEach(words::add);
    return words;
  }

  /** The rows, without the reasons why some have no fit. */
  private AlignedTable table() {
    boolean columns = rows.stream().map(Row::nColumn).distinct().count() > 1;
    return new TableColumns<Row>()
        .text(columns ? "N from" : "", row -> columns ? row.nColumn() : "")
        .text("law", Row::law)
        .text("method", Row::method)
        .text("hold-out", Row::holdout)
        .text("predicted", Row::split)
        .count("fitted", Row::fitRuns)
        .count("runs", Row::testRuns)
        .number("mape %", 4, Row::mape)
        .number("signed %", 3, Row::meanSigned)
        .number("worst %", 3, Row::worst)
        .number("at N", 4, Row::worstN)
        .number("and D", 4, Row::worstD)
        .number("held %", 3, Row::held)
        .of(rows);
  }

  @Override
  public List<HtmlReport.Section> sections(ProgressListener progress) {
    return List.of(
        HtmlReport.Section.of(
            "Extrapolation",
            List.of(DecisionFigures.extrapolation(drawn), DecisionFigures.heldOut(runs, holdout))),
        new HtmlReport.Section(
            "Errors",
            words(),
            List.of(new HtmlReport.Table("Errors of fitted and held-out runs", table(), true)),
            List.of()));
  }
}
