package org.farfit.report;

import java.util.List;
import org.farfit.analysis.Validation;

/** Validations as JSON and as text. */
public final class ValidationTables {

  private ValidationTables() {}

  /**
   * A validation as JSON.
   *
   * @param schema name and version of the format
   * @param protocol which hold-out
   * @param rows one per law, method, hold-out and set of predicted runs
   */
  public record Document(String schema, String protocol, List<Row> rows) {}

  /**
   * One row; see {@link Validation.Row}. Errors are in percent; numbers that are not known are
   * null.
   */
  public record Row(
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
      String problem) {}

  /** One row of a validation whose N came from a column. */
  public static Row row(String nColumn, Validation.Row row) {
    return new Row(
        nColumn,
        row.law(),
        row.method(),
        row.holdout(),
        row.split(),
        row.fitRuns(),
        row.testRuns(),
        Json.finite(row.mape()),
        Json.finite(row.meanSigned()),
        Json.finite(row.worst()),
        Json.finite(row.worstN()),
        Json.finite(row.worstD()),
        row.problem().orElse(null));
  }

  /** The rows as a table. */
  public static String text(List<Row> rows) {
    StringBuilder text = new StringBuilder(table(rows).text());
    rows.stream()
        .filter(row -> row.problem() != null)
        .map(
            row -> "%s/%s, %s: %s".formatted(row.law(), row.method(), row.holdout(), row.problem()))
        .distinct()
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  /** The rows as a table, without the reasons why some have no fit. */
  public static AlignedTable table(List<Row> rows) {
    boolean columns = rows.stream().map(Row::nColumn).distinct().count() > 1;
    AlignedTable table =
        new AlignedTable(
            columns ? "N from" : "",
            "law",
            "method",
            "hold-out",
            "predicted",
            "fitted",
            "runs",
            "mape %",
            "signed %",
            "worst %",
            "at N",
            "and D");
    for (Row row : rows) {
      table.add(
          List.of(
              columns ? row.nColumn() : "",
              row.law(),
              row.method(),
              row.holdout(),
              row.split(),
              Integer.toString(row.fitRuns()),
              Integer.toString(row.testRuns()),
              AlignedTable.number(row.mape(), 4),
              AlignedTable.number(row.meanSigned(), 3),
              AlignedTable.number(row.worst(), 3),
              AlignedTable.number(row.worstN(), 4),
              AlignedTable.number(row.worstD(), 4)));
    }
    return table;
  }
}
