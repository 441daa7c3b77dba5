package org.farfit.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last row of each run of a table that has a row per step: of rows with the same cell in a
 * column the last one, in the order of the file, that has a loss. Trackers write a row for whatever
 * was logged at a step, and the loss of a validation is logged at few.
 */
final class LastRows {

  private LastRows() {}

  /**
   * Keeps these rows, in the order of the file.
   *
   * @param rows those that pass the filter
   * @throws InputException if there is no such column, or no row has a loss
   */
  static List<TextTable.Row> of(
      TextTable table, List<TextTable.Row> rows, ColumnOptions options, ColumnFinder finder) {
    int run = finder.named(options.lastOf().orElseThrow(), Setting.LAST_OF.term());
    finder.check();
    int loss =
        options
            .loss()
            .map(name -> finder.exact(name).orElse(-1))
            .orElseGet(() -> finder.likely(ColumnFinder.Role.LOSS));
    Map<String, TextTable.Row> last = new LinkedHashMap<>();
    for (TextTable.Row row : rows) {
      if (loss < 0 || !RowFilter.isEmpty(row.cell(loss))) {
        // Again at the end: the order is that of the rows that stay.
        last.remove(row.cell(run));
        last.put(row.cell(run), row);
      }
    }
    if (last.isEmpty()) {
      throw new InputException(
          "%s: no row that passes has a value in column '%s', of which %s takes the last"
              .formatted(table.file(), Shown.text(finder.name(loss)), Setting.LAST_OF));
    }
    return List.copyOf(last.values());
  }
}
