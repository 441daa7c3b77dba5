package org.farfit.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.farfit.data.TextTable.Row;

/**
 * A file of planned runs: delimited text with the columns that a law depends on, N and D by their
 * usual names, but no losses; it may say what each run costs, in a column {@code cost}.
 */
public final class PlanFile {

  private static final String COST = "cost";

  private PlanFile() {}

  /**
   * A planned run.
   *
   * @param columns its values; of categories the number of the label
   * @param cost what it costs; empty if the file does not say
   */
  public record Run(Map<String, Double> columns, OptionalDouble cost) {}

  /**
   * Reads a plan.
   *
   * @param numbers columns of numbers, N and D among them where the law depends on these
   * @param categories columns of categories, with the labels that there are
   * @throws InputException naming file, line, column, what was found and what was expected
   */
  public static List<Run> read(
      Path path, Collection<String> numbers, Map<String, List<String>> categories) {
    TextTable table = TextTable.read(path);
    ColumnFinder finder = new ColumnFinder(table.file(), table.header());
    Map<String, Integer> at = new LinkedHashMap<>();
    List<String> wanted = new ArrayList<>(numbers);
    wanted.addAll(categories.keySet());
    for (String name : wanted) {
      at.put(
          name,
          switch (name) {
            case RunSet.N -> finder.usual(ColumnFinder.Role.N, "a header");
            case RunSet.D -> finder.usual(ColumnFinder.Role.D, "a header");
            default -> finder.named(name, "a header");
          });
    }
    finder.check();
    int cost = table.header().indexOf(COST);
    return table.rows().stream()
        .map(row -> {
          Map<String, Double> values = new LinkedHashMap<>();
          for (String name : wanted) {
            List<String> labels = categories.get(name);
            values.put(
                name,
                labels == null
                    ? number(table, row, name, at.get(name))
                    : category(table, row, name, at.get(name), labels));
          }
          return new Run(
              values,
              cost < 0
                  ? OptionalDouble.empty()
                  : OptionalDouble.of(RunFile.positive(table, row, cost)));
        })
        .toList();
  }

  /** N and D are positive; other columns may have any number. */
  private static double number(TextTable table, Row row, String name, int column) {
    if (name.equals(RunSet.N) || name.equals(RunSet.D)) {
      return RunFile.positive(table, row, column);
    }
    try {
      double value = Quantity.parse(row.cell(column));
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw wrong(table, row, name, column, "a finite number such as 2.5e9");
  }

  private static double category(
      TextTable table, Row row, String name, int column, List<String> labels) {
    int label = labels.indexOf(row.cell(column));
    if (label < 0) {
      throw wrong(table, row, name, column, "one of " + String.join(", ", labels));
    }
    return label;
  }

  private static InputException wrong(
      TextTable table, Row row, String name, int column, String expected) {
    String cell = row.cell(column);
    return new InputException(
        "%s: %s: column '%s': found %s, expected %s"
            .formatted(
                table.file(),
                row.place(),
                Shown.text(name),
                cell.isEmpty() ? "an empty cell" : "'" + Shown.text(cell) + "'",
                expected));
  }
}
