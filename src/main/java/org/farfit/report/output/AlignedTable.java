package org.farfit.report.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A plain-text table: columns as wide as their widest cell, text to the left, numbers to the right.
 */
public final class AlignedTable {

  private static final Pattern NUMBER = Pattern.compile("[-+~]?[0-9.].*");

  private final List<List<String>> rows = new ArrayList<>();

  /** A table with the given header. */
  public AlignedTable(String... header) {
    rows.add(List.of(header));
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if it has not as many cells as the header
   */
  public void add(List<String> cells) {
    if (cells.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException("row of %d cells".formatted(cells.size()));
    }
    rows.add(List.copyOf(cells));
  }

  /** The header and the rows. */
  public List<List<String>> rows() {
    return List.copyOf(rows);
  }

  /** The table as lines, each ending with a newline and none with blanks. */
  public String text() {
    List<String> formats =
        IntStream.range(0, rows.getFirst().size())
            .mapToObj(c -> (isNumeric(c) ? "%" : "%-") + width(c) + "s  ")
            .toList();
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < row.size(); c++) {
        line.append(formats.get(c).formatted(row.get(c)));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** The table as Markdown. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      text.append("| ").append(String.join(" | ", rows.get(r))).append(" |\n");
      if (r == 0) {
        for (int c = 0; c < rows.getFirst().size(); c++) {
          text.append(isNumeric(c) ? "|---:" : "|---");
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> Math.max(1, row.get(column).length())).max().orElse(1);
  }

  private boolean isNumeric(int column) {
    return rows.stream()
        .skip(1)
        .map(row -> row.get(column))
        .allMatch(cell -> cell.isEmpty() || cell.equals("-") || NUMBER.matcher(cell).matches());
  }

  /** A number in at most {@code digits} significant digits, a dash if it is null or not finite. */
  public static String number(Double value, int digits) {
    if (value == null || !Double.isFinite(value)) {
      return "-";
    }
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    if (size >= 1e-3 && size < 1e7) {
      int decimals = Math.max(0, digits - 1 - (int) Math.floor(Math.log10(size)));
      return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
    return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
  }
}
