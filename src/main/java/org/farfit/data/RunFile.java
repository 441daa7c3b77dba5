package org.farfit.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Runs read from a delimited text file, with what is needed to say where they came from.
 *
 * @param file the file, as given
 * @param sha256 hash of its bytes, hexadecimal
 * @param columns which column was taken for what: keys N, D (or C), loss and, if used, weight
 * @param rows how many rows the file has
 * @param runs the rows that passed the filter
 */
public record RunFile(
    String file, String sha256, Map<String, String> columns, int rows, RunSet runs) {

  /** FLOPs per parameter and token: C = 6 N D (Kaplan et al. 2020, section 2.1). */
  public static final double FLOPS_PER_PARAMETER_TOKEN = 6;

  /**
   * Reads a file of runs.
   *
   * @throws InputException naming file, line, column, what was found and what was expected
   */
  public static RunFile read(Path path, ColumnOptions options) {
    return convert(TextTable.read(path), options);
  }

  /**
   * Reads runs from the bytes of a file.
   *
   * @param file the name that messages use
   * @throws InputException as {@link #read}
   */
  public static RunFile parse(String file, byte[] bytes, ColumnOptions options) {
    return convert(TextTable.parse(file, bytes), options);
  }

  /**
   * Which of the runs of a file pass a further filter.
   *
   * @param expression as in {@link ColumnOptions#where}
   * @return one value per run that {@link #read} gives with the same options
   * @throws InputException as {@link #read}
   */
  public static boolean[] passing(Path path, ColumnOptions options, String expression) {
    return passing(TextTable.read(path), options, expression);
  }

  /** {@link #passing(Path, ColumnOptions, String)} for the bytes of a file. */
  public static boolean[] passing(
      String file, byte[] bytes, ColumnOptions options, String expression) {
    return passing(TextTable.parse(file, bytes), options, expression);
  }

  private static boolean[] passing(TextTable table, ColumnOptions options, String expression) {
    ColumnFinder finder = new ColumnFinder(table.file(), table.header());
    Predicate<TextTable.Row> chosen = RowFilter.compile(table.file(), expression, finder::exact);
    List<TextTable.Row> rows = filter(table, options, finder);
    boolean[] passing = new boolean[rows.size()];
    for (int i = 0; i < passing.length; i++) {
      passing[i] = chosen.test(rows.get(i));
    }
    return passing;
  }

  /** What to tell the user about the reading: columns taken, rows left out, duplicates. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    columns.forEach((role, name) -> taken.add("%s from '%s'".formatted(role, name)));
    notes.add("columns: " + String.join(", ", taken));
    if (columns.containsKey("C")) {
      notes.add("tokens: D = C / (6 N)");
    }
    if (runs.size() < rows) {
      notes.add("runs: %d of %d rows pass --where".formatted(runs.size(), rows));
    }
    if (runs.duplicates() > 0) {
      notes.add(
          "duplicates: %d %s the (N, D) of an earlier run; all are kept"
              .formatted(
                  runs.duplicates(), runs.duplicates() == 1 ? "run repeats" : "runs repeat"));
    }
    return notes;
  }

  private static RunFile convert(TextTable table, ColumnOptions options) {
    ColumnFinder finder = new ColumnFinder(table.file(), table.header());
    int n = column(finder, options.n(), "N", ColumnFinder.USUAL_N, "--n-column");
    int loss = column(finder, options.loss(), "the loss", ColumnFinder.USUAL_LOSS, "--loss-column");
    boolean fromCompute = options.compute().isPresent();
    int d =
        fromCompute
            ? finder.named(options.compute().get(), "--compute-column")
            : column(
                finder, options.d(), "D", ColumnFinder.USUAL_D, "--d-column or --compute-column");
    OptionalInt weight =
        options.weight().isPresent()
            ? OptionalInt.of(finder.named(options.weight().get(), "--weight-column"))
            : OptionalInt.empty();

    List<TextTable.Row> rows = filter(table, options, finder);
    double[] ns = numbers(table, rows, n);
    double[] ds = numbers(table, rows, d);
    if (fromCompute) {
      for (int i = 0; i < ds.length; i++) {
        ds[i] /= FLOPS_PER_PARAMETER_TOKEN * ns[i];
      }
    }
    double[] losses = numbers(table, rows, loss);
    RunSet runs =
        weight.isPresent()
            ? new RunSet(ns, ds, losses, numbers(table, rows, weight.getAsInt()))
            : new RunSet(ns, ds, losses);

    Map<String, String> columns = new TreeMap<>();
    columns.put("N", finder.name(n));
    columns.put(fromCompute ? "C" : "D", finder.name(d));
    columns.put("loss", finder.name(loss));
    weight.ifPresent(w -> columns.put("weight", finder.name(w)));
    return new RunFile(table.file(), table.sha256(), columns, table.rows().size(), runs);
  }

  private static int column(
      ColumnFinder finder, Optional<String> asked, String what, List<String> usual, String option) {
    return asked.isPresent()
        ? finder.named(asked.get(), option)
        : finder.usual(what, usual, option);
  }

  private static List<TextTable.Row> filter(
      TextTable table, ColumnOptions options, ColumnFinder finder) {
    if (table.rows().isEmpty()) {
      throw new InputException(table.file() + ": has a header but no runs");
    }
    if (options.where().isEmpty()) {
      return table.rows();
    }
    Predicate<TextTable.Row> keep =
        RowFilter.compile(table.file(), options.where().get(), finder::exact);
    List<TextTable.Row> kept = table.rows().stream().filter(keep).toList();
    if (kept.isEmpty()) {
      throw new InputException(
          "%s: no row passes --where \"%s\"".formatted(table.file(), options.where().get()));
    }
    return kept;
  }

  private static double[] numbers(TextTable table, List<TextTable.Row> rows, int column) {
    double[] values = new double[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = positive(table, rows.get(i), column);
    }
    return values;
  }

  static double positive(TextTable table, TextTable.Row row, int column) {
    String cell = row.cells().get(column);
    double value;
    try {
      value = Quantity.parsePlain(cell);
    } catch (NumberFormatException e) {
      throw bad(table, row, column, cell.isEmpty() ? "an empty cell" : "'" + cell + "'");
    }
    if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
      throw bad(table, row, column, "'" + cell + "'");
    }
    return value;
  }

  private static InputException bad(TextTable table, TextTable.Row row, int column, String found) {
    return new InputException(
        "%s: %s: column '%s': found %s, expected a positive finite number such as 2.5e9;"
                .formatted(table.file(), row.place(), table.header().get(column), found)
            + " correct it or leave the row out with --where");
  }
}
