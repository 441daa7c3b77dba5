package org.farfit.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A file of runs as named columns, of numbers or of categories, after a filter on rows. */
public final class RunColumns {

  private final TextTable table;
  private final ColumnFinder finder;
  private final List<TextTable.Row> rows;

  private RunColumns(TextTable table, Optional<String> where) {
    this.table = table;
    this.finder = new ColumnFinder(table.file(), table.header());
    Predicate<TextTable.Row> keep =
        where.isPresent()
            ? RowFilter.compile(table.file(), where.get(), finder::exact)
            : row -> true;
    this.rows = table.rows().filter(keep).toList();
    if (rows.isEmpty()) {
      throw new InputException(
          table.rowCount() == 0
              ? table.file() + ": has a header but no runs"
              : "%s: no row passes --where \"%s\"".formatted(table.file(), where.orElse("")));
    }
  }

  /**
   * Reads a file.
   *
   * @param where filter on rows, see {@link RowFilter}
   * @throws InputException if it cannot be read, or no row is left
   */
  public static RunColumns read(Path path, Optional<String> where) {
    return new RunColumns(TextTable.read(path), where);
  }

  /** Reads the bytes of a file; {@code file} is the name that messages use. */
  public static RunColumns parse(String file, byte[] bytes, Optional<String> where) {
    return new RunColumns(TextTable.parse(file, bytes), where);
  }

  /** The name of the file. */
  public String file() {
    return table.file();
  }

  /** Hash of the file's bytes. */
  public String sha256() {
    return table.sha256();
  }

  /** How many rows the file has. */
  public int rows() {
    return table.rowCount();
  }

  /** How many rows are left. */
  public int size() {
    return rows.size();
  }

  /** The names of the columns. */
  public Set<String> names() {
    return new TreeSet<>(table.header());
  }

  /** Where each row is in the file. */
  public List<String> places() {
    return rows.stream().map(TextTable.Row::place).toList();
  }

  /** The column of a role by its usual names: N, D or the loss. */
  public String role(String role, String option) {
    ColumnFinder.Role meant =
        switch (role) {
          case "N" -> ColumnFinder.Role.N;
          case "D" -> ColumnFinder.Role.D;
          case "loss" -> ColumnFinder.Role.LOSS;
          default -> throw new IllegalArgumentException(role);
        };
    int column = finder.usual(meant, option);
    finder.check();
    return finder.name(column);
  }

  /**
   * The numbers of a column, of any sign.
   *
   * @throws InputException if there is no such column or a cell is no finite number
   */
  public double[] numbers(String name, String option) {
    int column = finder.named(name, option);
    finder.check();
    double[] values = new double[rows.size()];
    for (int i = 0; i < values.length; i++) {
      String cell = rows.get(i).cell(column);
      try {
        values[i] = Quantity.parse(cell);
      } catch (NumberFormatException e) {
        throw bad(i, column, cell);
      }
      if (!Double.isFinite(values[i])) {
        throw bad(i, column, cell);
      }
    }
    return values;
  }

  private InputException bad(int row, int column, String cell) {
    return new InputException(
        "%s: %s: column '%s': found %s, expected a finite number; correct it or leave the row out with --where"
            .formatted(
                table.file(),
                rows.get(row).place(),
                table.header().get(column),
                cell.isEmpty() ? "an empty cell" : "'" + cell + "'"));
  }

  /** The texts of a column. */
  public List<String> categories(String name, String option) {
    int column = finder.named(name, option);
    finder.check();
    return rows.stream().map(row -> row.cell(column)).toList();
  }
}
