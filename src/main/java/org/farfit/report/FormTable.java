package org.farfit.report;

import java.util.List;
import org.farfit.fit.piecewise.FormSelection;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;

/** Ranked forms as JSON and as text. */
public final class FormTable {

  private FormTable() {}

  /** Ranked forms as JSON: best first for each function. */
  public record Document(List<Row> rows) {}

  /** One form; see {@link FormSelection.Form}. Errors are in percent, an exponent may be null. */
  public record Row(
      String function,
      String value,
      String size,
      Double exponent,
      Double error,
      Double ahead,
      Double r2) {}

  /** The rows of a ranking. */
  public static List<Row> rows(List<FormSelection.Form> forms) {
    return forms.stream()
        .map(form ->
            new Row(
                form.function(),
                form.value().label(),
                form.size().label(),
                Json.finite(form.exponent()),
                Json.finite(100 * form.error()),
                Json.finite(100 * form.ahead()),
                Json.finite(form.r2())))
        .toList();
  }

  /** The rows as a table. */
  public static String text(List<Row> rows) {
    AlignedTable table =
        new AlignedTable(
            "function", "of value", "of N", "exponent", "error %", "one size ahead %", "R2");
    rows.forEach(row -> table.add(cells(row)));
    return table.text();
  }

  /** A row as the cells of a table. */
  static List<String> cells(Row row) {
    return List.of(
        row.function(),
        row.value(),
        row.size(),
        AlignedTable.number(row.exponent(), 3),
        AlignedTable.number(row.error(), 4),
        AlignedTable.number(row.ahead(), 4),
        AlignedTable.number(row.r2(), 5));
  }
}
