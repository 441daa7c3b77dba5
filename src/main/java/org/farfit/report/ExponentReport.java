package org.farfit.report;

import java.util.List;
import org.farfit.analysis.IsoFlopProfiles;
import org.farfit.analysis.ScalingExponents;
import org.farfit.analysis.ScalingExponents.Answer;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;
import org.farfit.report.output.TableColumns;

/** Exponents of compute-optimal scaling by approach, as they are shown. */
public final class ExponentReport implements Presentation {

  private static final TableColumns<OptimumOf> OPTIMA =
      new TableColumns<OptimumOf>()
          .text("approach", OptimumOf::approach)
          .number("C", 4, one -> one.optimum().compute())
          .number("N*", 4, one -> one.optimum().n())
          .number("D*", 4, one -> one.optimum().d());

  private static final TableColumns<Budget> BUDGETS =
      new TableColumns<Budget>()
          .number("budget", 4, Budget::compute)
          .count("runs", Budget::runs)
          .number("N*", 4, Budget::n)
          .number("D*", 4, Budget::d)
          .number("loss", 5, Budget::loss)
          .text("", budget -> budget.problem() == null ? "" : budget.problem());

  private final Document found;

  /**
   * A report of several approaches.
   *
   * @param level coverage of the intervals
   * @param compute budgets to give N* and D* for, in FLOPs
   * @param profiles the isoFLOP profiles of the second approach
   */
  public ExponentReport(
      double level, List<Answer> answers, List<Double> compute, IsoFlopProfiles.Found profiles) {
    this.found =
        new Document(
            100 * level,
            answers.stream().map(answer -> Row.of(answer, compute)).toList(),
            profiles.budgets().stream().map(Budget::of).toList());
  }

  private record Document(double interval, List<Row> rows, List<Budget> budgets) {}

  /** A budget of approach 2; see {@link IsoFlopProfiles.Optimum}. What is not known is null. */
  private record Budget(double compute, int runs, Double n, Double d, Double loss, String problem) {

    static Budget of(IsoFlopProfiles.Optimum budget) {
      return new Budget(
          budget.compute(),
          budget.runs(),
          Json.finite(budget.n()),
          Json.finite(budget.d()),
          Json.finite(budget.loss()),
          budget.problem().orElse(null));
    }
  }

  /**
   * One approach; see {@link Answer}. What the runs do not allow is null.
   *
   * @param aLow lower end of the interval of a, and so on
   * @param optima N* and D* for each budget asked for
   * @param problem why there is no exponent, or no interval of it; null if there is
   */
  private record Row(
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
      String problem) {

    static Row of(Answer answer, List<Double> compute) {
      return new Row(
          answer.approach(),
          Json.finite(answer.sizeExponent()),
          Json.finite(answer.ofSize().low()),
          Json.finite(answer.ofSize().high()),
          Json.finite(answer.tokenExponent()),
          Json.finite(answer.ofTokens().low()),
          Json.finite(answer.ofTokens().high()),
          answer.points(),
          compute.stream().map(budget -> Optimum.of(answer, budget)).toList(),
          answer.detail(),
          problem(answer));
    }

    private static String problem(Answer answer) {
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
  }

  /** N* and D* for a budget; null where there are none, and the problem says why. */
  private record Optimum(double compute, Double n, Double d, String problem) {

    static Optimum of(Answer answer, double budget) {
      return new Optimum(
          budget,
          Json.finite(answer.size(budget)),
          Json.finite(answer.tokens(budget)),
          Double.isFinite(answer.size(budget)) ? null : answer.detail());
    }
  }

  private record OptimumOf(String approach, Optimum optimum) {}

  /** The exponents as a table. */
  private AlignedTable exponents() {
    String low = AlignedTable.number(found.interval(), 3) + "% low";
    return new TableColumns<Row>()
        .text("approach", Row::approach)
        .number("a", 4, Row::a)
        .number(low, 4, Row::aLow)
        .number("high", 4, Row::aHigh)
        .number("b", 4, Row::b)
        .number(low, 4, Row::bLow)
        .number("high", 4, Row::bHigh)
        .count("points", Row::points)
        .text("detail", Row::detail)
        .of(found.rows());
  }

  private AlignedTable optima() {
    return OPTIMA.of(
        found.rows().stream()
            .flatMap(row -> row.optima().stream().map(one -> new OptimumOf(row.approach(), one)))
            .toList());
  }

  @Override
  public Object data() {
    return found;
  }

  @Override
  public String text() {
    return "N* = k C^a, D* = m C^b\n"
        + exponents().text()
        + "\n"
        + optima().text()
        + (found.budgets().isEmpty() ? "" : "\n" + BUDGETS.of(found.budgets()).text());
  }
}
