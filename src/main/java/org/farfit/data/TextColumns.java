package org.farfit.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The cells of a table, column by column as the bytes of their texts: a fraction of what a string
 * per cell takes. Columns may be added while rows come; earlier rows have no text there. Reading is
 * thread-safe once the last row has come.
 */
final class TextColumns {

  private static final int FIRST_CAPACITY = 64;

  /** Lengths of arrays that every JVM makes. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 16;

  private final String file;
  private final String unit;
  private final List<String> header = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();
  private final long mostBytes =
      (long) (InputLimits.TABLE_SHARE_OF_MEMORY * Runtime.getRuntime().maxMemory());
  private long usedBytes;
  private long[] places = new long[FIRST_CAPACITY];
  private int rows;

  /** Texts one after another, with where each ends. */
  private static final class Column {
    private byte[] texts = new byte[FIRST_CAPACITY];
    private int[] ends = new int[FIRST_CAPACITY];
    private int count;

    /** Where the last text ends. */
    private int end() {
      return count == 0 ? 0 : ends[count - 1];
    }
  }

  /**
   * No column, no row.
   *
   * @param file the name that messages use
   * @param unit what numbers of rows count: {@code line} or {@code row}
   */
  TextColumns(String file, String unit) {
    this.file = file;
    this.unit = unit;
  }

  List<String> header() {
    return Collections.unmodifiableList(header);
  }

  int rowCount() {
    return rows;
  }

  String place(int row) {
    return unit + " " + places[row];
  }

  String cell(int column, int row) {
    Column from = columns.get(column);
    if (row >= from.count) {
      return "";
    }
    int start = row == 0 ? 0 : from.ends[row - 1];
    return new String(from.texts, start, from.ends[row] - start, StandardCharsets.UTF_8);
  }

  /**
   * Adds a column; its number is the next.
   *
   * @throws InputException if there are too many
   */
  void addColumn(String name) {
    if (header.size() == InputLimits.COLUMNS) {
      throw new InputException(
          "%s: %s %d: has more than the %,d columns (keys) that a table may have"
              .formatted(file, unit, rows + 1, InputLimits.COLUMNS));
    }
    header.add(name);
    columns.add(new Column());
  }

  /**
   * Sets a cell of the row that is coming, once.
   *
   * @throws InputException if the table grows too large
   */
  void set(int column, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Column to = withRoom(column, bytes.length);
    System.arraycopy(bytes, 0, to.texts, to.end(), bytes.length);
    end(to, bytes.length);
  }

  /** The same for characters, whose blanks at both ends are left out. */
  void set(int column, char[] text, int from, int length) {
    int start = from;
    int end = from + length;
    while (start < end && Character.isWhitespace(text[start])) {
      start++;
    }
    while (end > start && Character.isWhitespace(text[end - 1])) {
      end--;
    }
    // Without a string in between where all is ASCII, as numbers are.
    Column to = withRoom(column, end - start);
    int at = to.end();
    for (int i = start; i < end; i++) {
      if (text[i] >= 0x80) {
        set(column, new String(text, start, end - start));
        return;
      }
      to.texts[at++] = (byte) text[i];
    }
    end(to, end - start);
  }

  /** The column, with room for so many bytes more. */
  private Column withRoom(int column, int bytes) {
    Column to = columns.get(column);
    int end = to.end();
    if (rows >= to.ends.length) {
      to.ends = Arrays.copyOf(to.ends, grown(to.ends.length, rows + 1L, Integer.BYTES));
    }
    if ((long) end + bytes > to.texts.length) {
      to.texts = Arrays.copyOf(to.texts, grown(to.texts.length, (long) end + bytes, Byte.BYTES));
    }
    return to;
  }

  private void end(Column to, int bytes) {
    int end = to.end();
    // Rows that came before without a text.
    Arrays.fill(to.ends, to.count, rows, end);
    to.ends[rows] = end + bytes;
    to.count = rows + 1;
  }

  /** Whether a cell of the row that is coming is set. */
  boolean isSet(int column) {
    return columns.get(column).count > rows;
  }

  /** Ends the row that is coming; cells that are not set are empty. */
  void endRow(long place) {
    if (rows == places.length) {
      places = Arrays.copyOf(places, grown(places.length, rows + 1L, Long.BYTES));
    }
    places[rows++] = place;
  }

  /** The length of an array that is to hold more: half as much again, if there is room. */
  private int grown(int length, long needed, int size) {
    long next = Math.min(Math.max(needed, length + (length >> 1)), LONGEST_ARRAY);
    usedBytes += (next - length) * size;
    if (usedBytes > mostBytes || needed > LONGEST_ARRAY) {
      throw new InputException(
          "%s: %s %d: the cells so far take more than %,d MB, %.0f%% of the memory that there is; leave out rows or columns, or give more with -Xmx"
              .formatted(
                  file,
                  unit,
                  places[Math.max(0, rows - 1)],
                  mostBytes >> 20,
                  100 * InputLimits.TABLE_SHARE_OF_MEMORY));
    }
    return (int) next;
  }
}
