package org.farfit.report;

import java.util.ArrayList;
import java.util.List;
import org.farfit.analysis.IsoFlopProfiles;
import org.farfit.analysis.ScalingExponents;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;

/** Exponents of compute-optimal scaling by approach, as JSON and as text. */
public final class ExponentTable {

  private ExponentTable() {}

  /** Exponents as JSON. */
  public record Document(double interval, List<Row> rows, List<Budget> budgets) {}

  /** A budget of approach 2; see {@link IsoFlopProfiles.Optimum}. What is not known is null. */
  public record Budget(double compute, int runs, Double n, Double d, Double loss, String problem) {}

  /** The budgets of approach 2. */
  public static List<Budget> budgets(IsoFlopProfiles.Found found) {
    return found.budgets().stream()
        .map(budget ->
            new Budget(
                budget.compute(),
                budget.runs(),
                Json.finite(budget.n()),
                Json.finite(budget.d()),
                Json.finite(budget.loss()),
                budget.problem().orElse(null)))
        .toList();
  }

  /**
   * One approach; see {@link ScalingExponents.Answer}. What the runs do not allow is null.
   *
   * @param aLow lower end of the interval of a, and so on
   * @param optima N* and D* for each budget asked for
   * @param problem why there is no exponent, or no interval of it; null if there is
   */
  public record Row(
      String approach,
      Double a,
      Double aLow,
      Double aHigh,
      Double b,
      Double bLow,
      Double bHigh,
      int points,
      List<Optimum> optima,
      String detail,
      String problem) {}

  /** N* and D* for a budget; null where there are none, and the problem says why. */
  public record Optimum(double compute, Double n, Double d, String problem) {}

  /** The rows of several approaches. */
  public static List<Row> rows(List<ScalingExponents.Answer> answers, List<Double> budgets) {
    List<Row> rows = new ArrayList<>();
    for (ScalingExponents.Answer answer : answers) {
      rows.add(
          new Row(
              answer.approach(),
              Json.finite(answer.sizeExponent()),
              Json.finite(answer.ofSize().low()),
              Json.finite(answer.ofSize().high()),
              Json.finite(answer.tokenExponent()),
              Json.finite(answer.ofTokens().low()),
              Json.finite(answer.ofTokens().high()),
              answer.points(),
              budgets.stream()
                  .map(budget ->
                      new Optimum(
                          budget,
                          Json.finite(answer.size(budget)),
                          Json.finite(answer.tokens(budget)),
                          Double.isFinite(answer.size(budget)) ? null : answer.detail()))
                  .toList(),
              answer.detail(),
              problem(answer)));
    }
    return rows;
  }

  private static String problem(ScalingExponents.Answer answer) {
    if (!Double.isFinite(answer.sizeExponent())) {
      return answer.detail();
    }
    if (answer.ofSize().isKnown()) {
      return null;
    }
    return answer.approach().equals(ScalingExponents.BY_BUDGET)
        ? "no interval: %d optima are too few, or too few replicates for this level"
            .formatted(answer.points())
        : "intervals are made by budget alone";
  }

  /** The rows as tables. */
  public static String text(Document document) {
    List<Row> rows = document.rows();
    String percent = AlignedTable.number(document.interval(), 3) + "%";
    AlignedTable exponents =
        new AlignedTable(
            "approach",
            "a",
            percent + " low",
            "high",
            "b",
            percent + " low",
            "high",
            "points",
            "detail");
    AlignedTable optima = new AlignedTable("approach", "C", "N*", "D*");
    for (Row row : rows) {
      exponents.add(
          List.of(
              row.approach(),
              AlignedTable.number(row.a(), 4),
              AlignedTable.number(row.aLow(), 4),
              AlignedTable.number(row.aHigh(), 4),
              AlignedTable.number(row.b(), 4),
              AlignedTable.number(row.bLow(), 4),
              AlignedTable.number(row.bHigh(), 4),
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
    return "N* = k C^a, D* = m C^b\n"
        + exponents.text()
        + "\n"
        + optima.text()
        + (document.budgets().isEmpty() ? "" : "\n" + budgetTable(document.budgets()).text());
  }

  private static AlignedTable budgetTable(List<Budget> budgets) {
    AlignedTable table = new AlignedTable("budget", "runs", "N*", "D*", "loss", "");
    for (Budget budget : budgets) {
      table.add(
          List.of(
              AlignedTable.number(budget.compute(), 4),
              Integer.toString(budget.runs()),
              AlignedTable.number(budget.n(), 4),
              AlignedTable.number(budget.d(), 4),
              AlignedTable.number(budget.loss(), 5),
              budget.problem() == null ? "" : budget.problem()));
    }
    return table;
  }
}
