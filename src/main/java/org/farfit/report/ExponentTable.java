package org.farfit.report;

import java.util.ArrayList;
import java.util.List;
import org.farfit.analysis.ScalingExponents;

/** Exponents of compute-optimal scaling by approach, as JSON and as text. */
public final class ExponentTable {

  private ExponentTable() {}

  /** Exponents as JSON. */
  public record Document(List<Row> rows) {}

  /**
   * One approach; see {@link ScalingExponents.Answer}. What the runs do not allow is null.
   *
   * @param optima N* and D* for each budget asked for
   */
  public record Row(
      String approach, Double a, Double b, int points, List<Optimum> optima, String detail) {}

  /** N* and D* for a budget. */
  public record Optimum(double compute, Double n, Double d) {}

  /** The rows of several approaches. */
  public static List<Row> rows(List<ScalingExponents.Answer> answers, List<Double> budgets) {
    List<Row> rows = new ArrayList<>();
    for (ScalingExponents.Answer answer : answers) {
      rows.add(
          new Row(
              answer.approach(),
              Json.finite(answer.sizeExponent()),
              Json.finite(answer.tokenExponent()),
              answer.points(),
              budgets.stream()
                  .map(budget ->
                      new Optimum(
                          budget,
                          Json.finite(answer.size(budget)),
                          Json.finite(answer.tokens(budget))))
                  .toList(),
              answer.detail()));
    }
    return rows;
  }

  /** The rows as tables. */
  public static String text(List<Row> rows) {
    AlignedTable exponents = new AlignedTable("approach", "a", "b", "points", "detail");
    AlignedTable optima = new AlignedTable("approach", "C", "N*", "D*");
    for (Row row : rows) {
      exponents.add(
          List.of(
              row.approach(),
              AlignedTable.number(row.a(), 4),
              AlignedTable.number(row.b(), 4),
              Integer.toString(row.points()),
              row.detail()));
      for (Optimum optimum : row.optima()) {
        optima.add(
            List.of(
                row.approach(),
                AlignedTable.number(optimum.compute(), 4),
                AlignedTable.number(optimum.n(), 4),
                AlignedTable.number(optimum.d(), 4)));
      }
    }
    return "N* = k C^a, D* = m C^b\n" + exponents.text() + "\n" + optima.text();
  }
}
