package org.farfit.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Runs read from a file, with what is needed to say where they came from.
 *
 * @param file the file, as given
 * @param sha256 hash of its bytes, hexadecimal
 * @param columns which column was taken for what: keys N, D (or C), loss and, if used, weight; and
 *     how repeats were merged, if they were
 * @param rows how many rows the file has
 * @param passing how many pass the filter
 * @param repeats what became of runs with the same N and D
 * @param runs the runs to fit
 * @param remarks what to beware of that was seen while reading
 */
public record RunFile(
    String file,
    String sha256,
    Map<String, String> columns,
    int rows,
    int passing,
    Repeats repeats,
    RunSet runs,
    List<String> remarks) {

  /** FLOPs per parameter and token: C = 6 N D (Kaplan et al. 2020, section 2.1). */
  public static final double FLOPS_PER_PARAMETER_TOKEN = 6;

  /** Copies among the runs that matter: they make standard errors too small by half as much. */
  private static final double MANY_COPIES = 0.05;

  /** Of rounded losses some are alike by chance. */
  private static final double SURELY_COPIES = 0.75;

  private static final String REPEATS = "repeats";

  /** Under what the column of runs is kept of which the last rows were taken. */
  private static final String LAST_OF = "lastOf";

  /**
   * Reads a file of runs.
   *
   * @throws InputException naming file, line, column, what was found and what was expected
   */
  public static RunFile read(Path path, ColumnOptions options) {
    return read(path, options, ReadingListener.NONE);
  }

  /** {@link #read(Path, ColumnOptions)}, telling how far it is. */
  public static RunFile read(Path path, ColumnOptions options, ReadingListener listener) {
    return convert(TextTable.read(path, listener), options, listener);
  }

  /**
   * Reads runs from the bytes of a file.
   *
   * @param file the name that messages use
   * @param bytes what it holds, which may be packed by gzip
   * @throws InputException as {@link #read}
   */
  public static RunFile parse(String file, byte[] bytes, ColumnOptions options) {
    return convert(TextTable.parse(file, bytes), options, ReadingListener.NONE);
  }

  /**
   * Which of the runs of a file pass a further filter.
   *
   * @param expression as in {@link ColumnOptions#where}
   * @return one value per run that {@link #read} gives with the same options; of merged repeats,
   *     whether all pass
   * @throws InputException as {@link #read}
   */
  public static boolean[] passing(Path path, ColumnOptions options, String expression) {
    return passing(TextTable.read(path), options, expression);
  }

  /**
   * {@link #passing(Path, ColumnOptions, String)} for the bytes of a file.
   *
   * @param bytes what it holds, which may be packed by gzip
   */
  public static boolean[] passing(
      String file, byte[] bytes, ColumnOptions options, String expression) {
    return passing(TextTable.parse(file, bytes), options, expression);
  }

  private static boolean[] passing(TextTable table, ColumnOptions options, String expression) {
    ColumnFinder finder = new ColumnFinder(table.file(), table.header());
    Predicate<TextTable.Row> chosen = RowFilter.compile(table.file(), expression, finder::exact);
    List<TextTable.Row> rows = filter(table, options, finder);
    if (options.repeats() == Repeats.KEEP) {
      boolean[] passing = new boolean[rows.size()];
      for (int i = 0; i < passing.length; i++) {
        passing[i] = chosen.test(rows.get(i));
      }
      return passing;
    }
    List<int[]> groups = options.repeats().groups(kept(table, options).runs());
    boolean[] passing = new boolean[groups.size()];
    for (int g = 0; g < passing.length; g++) {
      passing[g] = Arrays.stream(groups.get(g)).allMatch(i -> chosen.test(rows.get(i)));
    }
    return passing;
  }

  /**
   * The different cells of a column among the rows that pass the filter, in the order of the file;
   * empty for those without a value.
   *
   * @param bytes what the file holds, which may be packed by gzip
   * @param option that asked for the column, for messages
   * @throws InputException as {@link #read}, or if there is no such column
   */
  public static List<String> values(
      String file, byte[] bytes, ColumnOptions options, String column, String option) {
    return values(TextTable.parse(file, bytes), options, column, option);
  }

  /** {@link #values(String, byte[], ColumnOptions, String, String)} for a file. */
  public static List<String> values(
      Path path, ColumnOptions options, String column, String option) {
    return values(TextTable.read(path), options, column, option);
  }

  /**
   * The filter that rows pass whose cell in a column is one of {@link #values}.
   *
   * @param value the cell; empty for those without a value
   */
  public static String having(String column, String value) {
    String quote = column.contains("\"") ? "`" : "\"";
    String quoted = quote + column + quote;
    return value.isEmpty()
        ? quoted + " is empty"
        : "%s = '%s'".formatted(quoted, value.replace("'", "''"));
  }

  private static List<String> values(
      TextTable table, ColumnOptions options, String column, String option) {
    ColumnFinder finder = new ColumnFinder(table.file(), table.header());
    int index = finder.named(column, option);
    finder.check();
    return filter(table, options, finder).stream()
        .map(row -> row.cell(index))
        .map(cell -> RowFilter.isEmpty(cell) ? "" : cell)
        .distinct()
        .toList();
  }

  /** The same with another tolerance of sizes, see {@link RunSet#withSizeTolerance}. */
  public RunFile withSizeTolerance(double tolerance) {
    return new RunFile(
        file, sha256, columns, rows, passing, repeats, runs.withSizeTolerance(tolerance), remarks);
  }

  /**
   * Numbers of a column, or of an expression in columns, of the runs that {@link #read} gives with
   * the same options; of merged repeats those of the first.
   *
   * @param option that asked for the column, for messages
   * @throws InputException as {@link #read}, or if a number is not positive
   */
  public static double[] numbers(Path path, ColumnOptions options, String column, String option) {
    return numbers(TextTable.read(path), options, column, option);
  }

  /**
   * {@link #numbers(Path, ColumnOptions, String, String)} for the bytes of a file.
   *
   * @param bytes what it holds, which may be packed by gzip
   */
  public static double[] numbers(
      String file, byte[] bytes, ColumnOptions options, String column, String option) {
    return numbers(TextTable.parse(file, bytes), options, column, option);
  }

  private static double[] numbers(
      TextTable table, ColumnOptions options, String column, String option) {
    ColumnFinder finder = new ColumnFinder(table.file(), table.header());
    NumberColumn found = column(table, finder, Optional.of(column), Optional.empty(), option);
    finder.check();
    double[] all = found.of(filter(table, options, finder));
    if (options.repeats() == Repeats.KEEP) {
      return all;
    }
    return options.repeats().groups(kept(table, options).runs()).stream()
        .mapToDouble(group -> all[group[0]])
        .toArray();
  }

  /** What to tell the user about the reading: columns taken, rows left out, duplicates. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    columns.forEach((role, name) -> {
      if (!role.equals(REPEATS) && !role.equals(LAST_OF)) {
        taken.add("%s from '%s'".formatted(role, Shown.text(name)));
      }
    });
    notes.add("columns: " + String.join(", ", taken));
    if (columns.containsKey("C")) {
      notes.add("tokens: D = C / (6 N)");
    }
    if (columns.containsKey(LAST_OF)) {
      notes.add(
          "runs: %d of %d rows remain, the last of each '%s'"
              .formatted(passing, rows, Shown.text(columns.get(LAST_OF))));
    } else if (passing < rows) {
      notes.add("runs: %d of %d rows pass %s".formatted(passing, rows, Setting.WHERE));
    }
    int repeated = repeats == Repeats.KEEP ? runs.duplicates() : passing - runs.size();
    if (repeated > 0) {
      notes.add(
          "duplicates: %d %s the %s of an earlier run; %s"
              .formatted(
                  repeated,
                  repeated == 1 ? "run repeats" : "runs repeat",
                  runs.hasSizesAndTokens() && runs.furtherColumns().isEmpty()
                      ? "(N, D)"
                      : "columns",
                  repeats == Repeats.KEEP
                      ? "all are kept (%s mean or best merges them)".formatted(Setting.REPEATS)
                      : "they %s, %d runs remain".formatted(repeats.words(), runs.size())));
      copies(repeated).ifPresent(remark -> notes.add("warning: " + remark));
    }
    if (runs.sizes() < runs.distinctN()) {
      notes.add(
          "sizes: %d different N make %d sizes, those within %.4g%% of each other being one"
                  .formatted(runs.distinctN(), runs.sizes(), 100 * runs.sizeTolerance())
              + " (%s)".formatted(Setting.SIZE_TOLERANCE));
    }
    UnitCheck.remark(runs).ifPresent(remark -> notes.add("warning: " + remark));
    Optional.of(runs)
        .filter(found -> columns.containsKey("loss"))
        .flatMap(UnitCheck::remarkOnLosses)
        .ifPresent(remark -> notes.add("warning: " + remark));
    remarks.forEach(remark -> notes.add("warning: " + remark));
    return notes;
  }

  /** That runs are there more than once, if those are many and not repeats with losses alike. */
  private Optional<String> copies(int repeated) {
    int copies = repeats == Repeats.KEEP ? runs.copies() : 0;
    return copies > MANY_COPIES * runs.size() && copies > SURELY_COPIES * repeated
        ? Optional.of(
            "%d runs have the loss of an earlier one, too: rows that are there twice count twice, and"
                    .formatted(copies)
                + " standard errors come out too small; %s mean leaves one of each"
                    .formatted(Setting.REPEATS))
        : Optional.empty();
  }

  /**
   * A number of each run.
   *
   * @param name the column, or the expression in columns
   * @param isThreadSafe whether numbers of several rows may be asked for at once
   */
  record NumberColumn(String name, ToDoubleFunction<TextTable.Row> value, boolean isThreadSafe) {

    /** Rows from which several threads read them. */
    private static final int MANY = 100_000;

    double[] of(List<TextTable.Row> rows) {
      if (isThreadSafe && rows.size() >= MANY) {
        try {
          return rows.parallelStream().mapToDouble(value).toArray();
        } catch (InputException e) {
          // Some row that cannot be read; in order the first one is found.
          return inOrder(rows);
        }
      }
      return inOrder(rows);
    }

    private double[] inOrder(List<TextTable.Row> rows) {
      return rows.stream().mapToDouble(value).toArray();
    }
  }

  /** Every run of a table, whether repeated or not. */
  private static RunFile kept(TextTable table, ColumnOptions options) {
    return convert(table, options.repeats(Repeats.KEEP), ReadingListener.NONE);
  }

  private static RunFile convert(TextTable table, ColumnOptions options, ReadingListener listener) {
    ColumnFinder finder = new ColumnFinder(table.file(), table.header());
    boolean fromCompute = options.compute().isPresent();
    NumberColumn n =
        column(table, finder, options.n(), Optional.of(ColumnFinder.Role.N), Setting.N.term());
    NumberColumn d =
        fromCompute
            ? column(table, finder, options.compute(), Optional.empty(), Setting.COMPUTE.term())
            : column(
                table,
                finder,
                options.d(),
                Optional.of(ColumnFinder.Role.D),
                Setting.D + " or " + Setting.COMPUTE);
    NumberColumn loss =
        column(
            table,
            finder,
            options.loss(),
            Optional.of(ColumnFinder.Role.LOSS),
            Setting.LOSS.term());
    Optional<NumberColumn> weight =
        options
            .weight()
            .map(name ->
                column(table, finder, options.weight(), Optional.empty(), Setting.WEIGHT.term()));
    finder.check();

    int total = weight.isPresent() ? 4 : 3;
    listener.converted(0, total);
    List<TextTable.Row> rows = filter(table, options, finder);
    double[] ns = n.of(rows);
    listener.converted(1, total);
    double[] ds = d.of(rows);
    listener.converted(2, total);
    if (fromCompute) {
      for (int i = 0; i < ds.length; i++) {
        ds[i] /= FLOPS_PER_PARAMETER_TOKEN * ns[i];
      }
    }
    double[] losses = loss.of(rows);
    listener.converted(3, total);
    RunSet runs =
        weight.isPresent()
            ? new RunSet(ns, ds, losses, weight.get().of(rows))
            : new RunSet(ns, ds, losses);
    listener.converted(total, total);

    Map<String, String> columns = new HashMap<>();
    columns.put("N", n.name());
    columns.put(fromCompute ? "C" : "D", d.name());
    columns.put("loss", loss.name());
    weight.ifPresent(w -> columns.put("weight", w.name()));
    List<String> remarks = new ArrayList<>();
    TellingColumn.remark(table, columns.values(), rows, runs).ifPresent(remarks::add);
    return of(table, columns, rows.size(), runs, options, remarks);
  }

  /**
   * The file that runs were read from, before repeats are merged.
   *
   * @param columns names of the columns that were taken, by their parts
   * @param passing how many rows pass the filter
   * @param remarks what to beware of
   */
  static RunFile of(
      TextTable table,
      Map<String, String> columns,
      int passing,
      RunSet runs,
      ColumnOptions options,
      List<String> remarks) {
    SortedMap<String, String> said = new TreeMap<>(columns);
    if (options.repeats() != Repeats.KEEP) {
      said.put(REPEATS, options.repeats().label());
    }
    options.lastOf().ifPresent(name -> said.put(LAST_OF, name));
    return new RunFile(
        table.file(),
        table.sha256(),
        said,
        table.rowCount(),
        passing,
        options.repeats(),
        options.repeats().merge(runs),
        List.copyOf(remarks));
  }

  /** A column that was asked for, as a column or an expression, or one by its usual names. */
  static NumberColumn column(
      TextTable table,
      ColumnFinder finder,
      Optional<String> asked,
      Optional<ColumnFinder.Role> role,
      String option) {
    Optional<String> expression =
        asked.filter(name -> finder.exact(name).isEmpty() && ColumnExpression.looksLike(name));
    Optional<ColumnExpression> computed =
        expression.flatMap(text -> ColumnExpression.parse(text, option, finder::exact));
    if (computed.isPresent()) {
      String text = expression.get();
      return new NumberColumn(text, row -> positive(table, row, text, computed.get()), false);
    }
    int index =
        asked.isPresent()
            ? finder.named(asked.get(), option)
            : finder.usual(role.orElseThrow(), option);
    return new NumberColumn(
        index < 0 ? "" : finder.name(index), row -> positive(table, row, index), true);
  }

  /** The rows that count. */
  static List<TextTable.Row> filter(TextTable table, ColumnOptions options, ColumnFinder finder) {
    if (table.rowCount() == 0) {
      throw new InputException(table.file() + ": has a header but no runs");
    }
    List<TextTable.Row> kept = table.rows();
    if (options.where().isPresent()) {
      kept =
          kept.stream()
              .filter(RowFilter.compile(table.file(), options.where().get(), finder::exact))
              .toList();
    }
    if (kept.isEmpty()) {
      throw new InputException(
          "%s: no row passes %s \"%s\""
              .formatted(table.file(), Setting.WHERE, Shown.text(options.where().orElseThrow())));
    }
    return options.lastOf().isPresent() ? LastRows.of(table, kept, options, finder) : kept;
  }

  private static double positive(
      TextTable table, TextTable.Row row, String text, ColumnExpression expression) {
    double value = expression.of(table, row);
    if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
      throw new InputException(
          "%s: %s: \"%s\" is %s, expected a positive finite number; correct it or leave the row out"
                  .formatted(table.file(), row.place(), Shown.text(text), value)
              + " with "
              + Setting.WHERE);
    }
    return value;
  }

  static double positive(TextTable table, TextTable.Row row, int column) {
    String cell = row.cell(column);
    double value;
    try {
      value = Quantity.parse(cell);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
      throw new BadCell(table, row, column).problem("a positive finite number such as 2.5e9");
    }
    return value;
  }
}
