package org.farfit.data;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A file of planned runs: delimited text with a column of N and one of D, but no losses; it may say
 * what each run costs, in a column {@code cost}.
 */
public final class PlanFile {

  private static final String COST = "cost";

  private PlanFile() {}

  /**
   * A planned run.
   *
   * @param cost what it costs; empty if the file does not say
   */
  public record Run(double n, double d, OptionalDouble cost) {}

  /**
   * Reads a plan.
   *
   * @throws InputException naming file, line, column, what was found and what was expected
   */
  public static List<Run> read(Path path) {
    TextTable table = TextTable.read(path);
    ColumnFinder finder = new ColumnFinder(table.file(), table.header());
    int n = finder.usual(ColumnFinder.Role.N, "a header");
    int d = finder.usual(ColumnFinder.Role.D, "a header");
    finder.check();
    int cost = table.header().indexOf(COST);
    return table
        .rows()
        .map(row ->
            new Run(
                RunFile.positive(table, row, n),
                RunFile.positive(table, row, d),
                cost < 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(RunFile.positive(table, row, cost))))
        .toList();
  }
}
