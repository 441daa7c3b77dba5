package org.farfit.data;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A cell that should have held a number: where it is, what it holds, and what to do about it.
 *
 * @param column its number
 */
record BadCell(TextTable table, TextTable.Row row, int column) {

  private static final Pattern GROUPED = Pattern.compile("[+-]?\\d{1,3}(,\\d{3})+(\\.\\d*)?");
  private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?\\d*,\\d+([eE][+-]?\\d+)?");

  /** Texts that stand in a filter and in a shell as they are. */
  private static final Pattern PLAIN = Pattern.compile("[\\w.+/-]{1,30}");

  /**
   * The message.
   *
   * @param expected what it should have held
   */
  InputException problem(String expected) {
    String cell = row.cell(column);
    return new InputException(
        "%s: %s: column '%s': found %s, expected %s; %s"
            .formatted(
                table.file(),
                row.place(),
                Shown.text(name()),
                cell.isEmpty() ? "an empty cell" : "'" + Shown.text(cell) + "'",
                expected,
                correction(cell)));
  }

  private String name() {
    return table.header().get(column);
  }

  /** What to do: about the whole column, if its numbers are written in another way. */
  private String correction(String cell) {
    if (GROUPED.matcher(cell).matches()) {
      return "write the column without separators of thousands, as in " + cell.replace(",", "");
    }
    if (DECIMAL_COMMA.matcher(cell).matches()) {
      return "write decimals of the column after a point, as in " + cell.replace(',', '.');
    }
    return "correct it or leave the row out with "
        + Setting.WHERE
        + filter(cell).map(filter -> " " + filter).orElse("");
  }

  /** The filter that rows pass which are better, as one writes it for a shell. */
  private Optional<String> filter(String cell) {
    boolean plain = name().matches("\\w+");
    if (RowFilter.isEmpty(cell)) {
      return Optional.of(
          plain
              ? "\"%s is not empty\"".formatted(name())
              : "'\"%s\" is not empty'".formatted(Shown.text(name())));
    }
    return plain && PLAIN.matcher(cell).matches()
        ? Optional.of("\"%s != '%s'\"".formatted(name(), cell))
        : Optional.empty();
  }
}
