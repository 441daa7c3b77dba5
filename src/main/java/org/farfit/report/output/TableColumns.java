package org.farfit.report.output;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The columns of a table, declared once: the header of each, and what it shows of a row. The table
 * they make serves plain text, Markdown and HTML.
 *
 * <pre>{@code
 * AlignedTable table =
 *     new TableColumns<Row>().text("law", Row::law).number("loss", 6, Row::loss).of(rows);
 * }</pre>
 *
 * @param <T> what a row is made from
 */
public final class TableColumns<T> {

  private final List<String> headers = new ArrayList<>();
  private final List<Function<T, String>> cells = new ArrayList<>();

  /** Adds a column of words. */
  public TableColumns<T> text(String header, Function<T, String> words) {
    headers.add(header);
    cells.add(words);
    return this;
  }

  /** Adds a column of counts. */
  public TableColumns<T> count(String header, ToIntFunction<T> count) {
    return text(header, row -> Integer.toString(count.applyAsInt(row)));
  }

  /**
   * Adds a column of numbers; null is shown as a dash.
   *
   * @param digits significant digits
   */
  public TableColumns<T> number(String header, int digits, Function<T, Double> number) {
    return text(header, row -> AlignedTable.number(number.apply(row), digits));
  }

  /** The table of some rows. */
  public AlignedTable of(List<T> rows) {
    AlignedTable table = new AlignedTable(headers.toArray(String[]::new));
    rows.forEach(row -> table.add(cells.stream().map(cell -> cell.apply(row)).toList()));
    return table;
  }
}
