package org.farfit.data;

import java.nio.file.Path;
import java.util.List;

/** A file of planned runs: delimited text with a column of N and one of D, but no losses. */
public final class PlanFile {

  private PlanFile() {}

  /**
   * Reads a plan.
   *
   * @return N and D of each run
   * @throws InputException naming file, line, column, what was found and what was expected
   */
  public static List<double[]> read(Path path) {
    TextTable table = TextTable.read(path);
    ColumnFinder finder = new ColumnFinder(table.file(), table.header());
    int n = finder.usual(ColumnFinder.Role.N, "a header");
    int d = finder.usual(ColumnFinder.Role.D, "a header");
    finder.check();
    return table
        .rows()
        .map(row -> new double[] {RunFile.positive(table, row, n), RunFile.positive(table, row, d)})
        .toList();
  }
}
