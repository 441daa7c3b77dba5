package org.farfit.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A file of runs as named columns, of numbers or of categories, after a filter on rows. */
public final class RunColumns {

  private final TextTable table;
  private final ReadingListener listener;
  private final ColumnFinder finder;
  private final List<TextTable.Row> rows;
  private final Map<String, String> taken = new TreeMap<>();

  private RunColumns(TextTable table, ColumnOptions options, ReadingListener listener) {
    this.table = table;
    this.listener = listener;
    this.finder = new ColumnFinder(table.file(), table.header());
    listener.converted(0, 1);
    this.rows = RunFile.filter(table, options, finder);
  }

  /**
   * Reads a file.
   *
   * @param options which rows count
   * @throws InputException if it cannot be read, or no row is left
   */
  public static RunColumns read(Path path, ColumnOptions options) {
    return read(path, options, ReadingListener.NONE);
  }

  /** {@link #read(Path, ColumnOptions)}, telling how far it is; {@link #runs} tells, too. */
  public static RunColumns read(Path path, ColumnOptions options, ReadingListener listener) {
    return new RunColumns(TextTable.read(path, listener), options, listener);
  }

  /**
   * Reads the bytes of a file; {@code file} is the name that messages use.
   *
   * @param bytes what it holds, which may be packed by gzip
   */
  public static RunColumns parse(String file, byte[] bytes, ColumnOptions options) {
    return new RunColumns(TextTable.parse(file, bytes), options, ReadingListener.NONE);
  }

  /** The name of the file. */
  public String file() {
    return table.file();
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
        throw bad(i, column);
      }
      if (!Double.isFinite(values[i])) {
        throw bad(i, column);
      }
    }
    return values;
  }

  private InputException bad(int row, int column) {
    return new BadCell(table, rows.get(row), column).problem("a finite number");
  }

  /**
   * What laws need of a file.
   *
   * @param roles which of N and D
   * @param numbers further columns of numbers, each with its usual names in data files
   * @param categories columns of categories
   * @param measured what is fitted, each with its usual names; several are so many runs of each row
   * @param isLoss whether what is measured is the loss, whatever column that may be
   */
  public record Needs(
      SequencedMap<String, List<String>> roles,
      SequencedMap<String, List<String>> numbers,
      List<String> categories,
      SequencedMap<String, List<String>> measured,
      boolean isLoss) {}

  /**
   * The runs of the file.
   *
   * @param options columns that were asked for, weights and repeats
   * @param needs the columns to read
   * @param which the name of the column that says which of several measured values a run has
   * @throws InputException naming file, line, column, what was found and what was expected
   */
  public RunFile runs(ColumnOptions options, Needs needs, String which) {
    taken.clear();
    checkAskedFor(options, needs);
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    int total =
        needs.roles().size()
            + needs.numbers().size()
            + needs.categories().size()
            + needs.measured().size();
    needs
        .roles()
        .forEach((role, usual) -> {
          columns.put(role, role(role, usual, options, columns));
          listener.converted(columns.size(), total);
        });
    needs
        .numbers()
        .forEach((name, usual) -> {
          taken.put(name, find(name, usual));
          columns.put(name, numbers(taken.get(name), "the formula"));
          listener.converted(columns.size(), total);
        });
    Map<String, List<String>> labels = new LinkedHashMap<>();
    for (String name : needs.categories()) {
      taken.put(name, name);
      List<String> cells = categories(name, "the formula");
      List<String> distinct = cells.stream().distinct().sorted().toList();
      labels.put(name, distinct);
      columns.put(name, cells.stream().mapToDouble(distinct::indexOf).toArray());
      listener.converted(columns.size(), total);
    }
    List<double[]> measured = new ArrayList<>();
    needs
        .measured()
        .forEach((name, usual) -> {
          measured.add(measured(name, usual, options, needs));
          listener.converted(columns.size() + measured.size(), total);
        });
    double[] weight = new double[rows.size()];
    Arrays.fill(weight, 1);
    if (options.weight().isPresent()) {
      RunFile.NumberColumn column =
          RunFile.column(table, finder, options.weight(), Optional.empty(), Setting.WEIGHT.term());
      finder.check();
      taken.put("weight", column.name());
      weight = column.of(rows);
    }
    RunSet runs = together(columns, labels, measured, weight, needs, which);
    boolean plain = needs.numbers().isEmpty() && measured.size() == 1 && labels.isEmpty();
    if (options.repeats() != Repeats.KEEP && !(plain && runs.hasSizesAndTokens())) {
      throw new InputException(
          "%s %s merges runs of the same N and D, and these laws have other columns; use %s keep"
              .formatted(Setting.REPEATS, options.repeats().label(), Setting.REPEATS));
    }
    return RunFile.of(table, taken, rows.size(), runs, options, List.of());
  }

  /** Nothing that was asked for is ignored: a column whose part no law has is refused. */
  private static void checkAskedFor(ColumnOptions options, Needs needs) {
    boolean hasD = needs.roles().containsKey(RunSet.D);
    refuse(options.n(), Setting.N, "N", needs.roles().containsKey(RunSet.N));
    refuse(options.d(), Setting.D, "D", hasD);
    refuse(options.compute(), Setting.COMPUTE, "D", hasD);
    refuse(options.loss(), Setting.LOSS, "a loss", needs.isLoss());
  }

  private static void refuse(
      Optional<String> column, Setting setting, String what, boolean isNeeded) {
    if (column.isPresent() && !isNeeded) {
      throw new InputException(
          "%s names the column '%s' for %s, but no law here has %s; leave it out"
              .formatted(setting, Shown.inPlace(column.get()), what, what));
    }
  }

  private RunSet together(
      SequencedMap<String, double[]> columns,
      Map<String, List<String>> labels,
      List<double[]> measured,
      double[] weight,
      Needs needs,
      String which) {
    if (measured.size() == 1) {
      return RunSet.of(columns, labels, measured.getFirst(), weight).withPlaces(placesInFile());
    }
    int n = rows.size();
    int times = measured.size();
    SequencedMap<String, double[]> all = new LinkedHashMap<>();
    columns.forEach((name, values) -> all.put(name, repeated(values, times)));
    double[] codes = new double[n * times];
    double[] values = new double[n * times];
    List<String> places = new ArrayList<>();
    for (int r = 0; r < times; r++) {
      Arrays.fill(codes, r * n, (r + 1) * n, r);
      System.arraycopy(measured.get(r), 0, values, r * n, n);
      places.addAll(placesInFile());
    }
    all.put(which, codes);
    labels.put(which, List.copyOf(needs.measured().keySet()));
    return RunSet.of(all, labels, values, repeated(weight, times)).withPlaces(places);
  }

  private static double[] repeated(double[] values, int times) {
    double[] repeated = new double[values.length * times];
    for (int r = 0; r < times; r++) {
      System.arraycopy(values, 0, repeated, r * values.length, values.length);
    }
    return repeated;
  }

  private List<String> placesInFile() {
    return rows.stream().map(row -> table.file() + ": " + row.place()).toList();
  }

  /** N, or D: what an option says, the name itself, a usual name of the law's, or of the role. */
  private double[] role(
      String role, List<String> usual, ColumnOptions options, Map<String, double[]> known) {
    boolean isN = role.equals(RunSet.N);
    boolean fromCompute = !isN && options.compute().isPresent();
    Optional<String> asked = isN ? options.n() : fromCompute ? options.compute() : options.d();
    Optional<String> name =
        asked.or(() -> Optional.of(find(role, usual)).filter(found -> has(found)));
    RunFile.NumberColumn column =
        RunFile.column(
            table,
            finder,
            name,
            Optional.of(isN ? ColumnFinder.Role.N : ColumnFinder.Role.D),
            isN
                ? Setting.N.term()
                : fromCompute ? Setting.COMPUTE.term() : Setting.D + " or " + Setting.COMPUTE);
    finder.check();
    taken.put(fromCompute ? "C" : role, column.name());
    double[] values = column.of(rows);
    if (fromCompute && !known.containsKey(RunSet.N)) {
      throw new InputException(
          "%s gives D = C / (6 N), but no law here has N; name the tokens with %s"
              .formatted(Setting.COMPUTE, Setting.D));
    }
    for (int i = 0; fromCompute && i < values.length; i++) {
      values[i] /= RunFile.FLOPS_PER_PARAMETER_TOKEN * known.get(RunSet.N)[i];
    }
    return values;
  }

  private double[] measured(String name, List<String> usual, ColumnOptions options, Needs needs) {
    if (!needs.isLoss()) {
      taken.put(name, find(name, usual));
      return numbers(taken.get(name), "the formula");
    }
    if (options.loss().isEmpty()) {
      Optional<String> stated = usual.stream().filter(this::has).findFirst();
      taken.put(name, stated.isPresent() ? stated.get() : role(name, Setting.LOSS.term()));
      return numbers(taken.get(name), Setting.LOSS.term());
    }
    if (has(options.loss().get())) {
      taken.put(name, options.loss().get());
      return numbers(options.loss().get(), Setting.LOSS.term());
    }
    RunFile.NumberColumn column =
        RunFile.column(table, finder, options.loss(), Optional.empty(), Setting.LOSS.term());
    finder.check();
    taken.put(name, column.name());
    return column.of(rows);
  }

  private boolean has(String name) {
    return table.header().contains(name);
  }

  /** The name of a column in the file: its own, or the first usual one that there is. */
  private String find(String name, List<String> usual) {
    return has(name) ? name : usual.stream().filter(this::has).findFirst().orElse(name);
  }

  /** The texts of a column. */
  public List<String> categories(String name, String option) {
    int column = finder.named(name, option);
    finder.check();
    return rows.stream().map(row -> row.cell(column)).toList();
  }
}
