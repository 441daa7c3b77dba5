package org.farfit.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.farfit.analysis.Comparison;
import org.farfit.analysis.inference.ComparedInference;
import org.farfit.analysis.study.ComparisonStudy;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;
import org.farfit.report.output.TableColumns;

/** Answers of a {@link ComparisonStudy} as rows, for JSON, and as tables. */
public final class ComparisonTables {

  private static final TableColumns<PointRow> POINTS =
      new TableColumns<PointRow>()
          .number("N", 4, PointRow::n)
          .number("D", 4, PointRow::d)
          .number("loss A", 5, PointRow::lossA)
          .number("loss B", 5, PointRow::lossB)
          .number("A/B - 1 %", 3, PointRow::differencePercent)
          .text("wins", PointRow::winner)
          .number("P(A wins)", 3, PointRow::probabilityA)
          .number("beyond", 3, PointRow::factorBeyond);

  private static final TableColumns<ParityRow> PARITY =
      new TableColumns<ParityRow>()
          .number("parity at N", 4, ParityRow::n)
          .number("D", 4, ParityRow::d)
          .number("low", 4, ParityRow::low)
          .number("high", 4, ParityRow::high)
          .number("crosses", 3, ParityRow::crossingShare)
          .number("loss", 5, ParityRow::loss)
          .text("wins with more D", ParityRow::winnerBeyond)
          .number("beyond", 3, ParityRow::factorBeyond);

  private static final TableColumns<MultiplierRow> MULTIPLIERS =
      new TableColumns<MultiplierRow>()
          .number("C of A", 4, MultiplierRow::compute)
          .number("loss", 5, MultiplierRow::loss)
          .number("compute multiplier of B", 4, MultiplierRow::multiplier);

  private ComparisonTables() {}

  /**
   * A point with its winner; what is not known is null, and {@code problem} says why.
   *
   * @param probabilityA that the loss of A is lower; null without replicates of both
   * @param problem why a loss is none, and nobody wins; null if both may be believed
   */
  public record PointRow(
      double n,
      double d,
      Double lossA,
      Double lossB,
      Double differencePercent,
      String winner,
      double factorBeyond,
      Double probabilityA,
      String problem) {

    /** The row of a verdict. */
    public static PointRow of(ComparisonStudy.Verdict verdict) {
      Comparison.Point point = verdict.values();
      boolean believed = verdict.problem().isEmpty();
      return new PointRow(
          point.n(),
          point.d(),
          believed ? Double.valueOf(point.lossA()) : null,
          believed ? Double.valueOf(point.lossB()) : null,
          believed ? Double.valueOf(100 * point.relativeDifference()) : null,
          verdict.winner(),
          point.factorBeyond(),
          orNull(verdict.probabilityA()),
          verdict.problem().orElse(null));
    }
  }

  /**
   * A point of the parity curve.
   *
   * @param low lower end of the interval of D; null without replicates of both
   * @param high upper end
   * @param crossingShare share of pairs of replicates in which the surfaces cross at this N
   * @param intervalProblem why there is no interval of D; null if there is, or without replicates
   * @param problem why there is no loss that can be believed; null if there is
   */
  public record ParityRow(
      double n,
      double d,
      Double loss,
      String winnerBeyond,
      double factorBeyond,
      Double low,
      Double high,
      Double crossingShare,
      String intervalProblem,
      String problem) {

    /** The row of a point. */
    public static ParityRow of(ComparisonStudy.Parity parity) {
      Comparison.Crossing crossing = parity.crossing();
      Optional<ComparedInference.Parity> sure = parity.sure();
      return new ParityRow(
          crossing.n(),
          crossing.d(),
          parity.problem().isEmpty() ? Double.valueOf(crossing.loss()) : null,
          parity.problem().isEmpty() ? crossing.winnerBeyond() : ComparisonStudy.UNKNOWN,
          crossing.factorBeyond(),
          sure.map(found -> Json.finite(found.d().low())).orElse(null),
          sure.map(found -> Json.finite(found.d().high())).orElse(null),
          sure.map(ComparedInference.Parity::share).orElse(null),
          sure.filter(found -> !found.d().isKnown())
              .map(found ->
                  "%d pairs of replicates that cross are too few for an interval at this level"
                      .formatted(found.crossing()))
              .orElse(null),
          parity.problem().orElse(null));
    }
  }

  /** A compute multiplier; null if B cannot reach the loss, or there is none: the problem says. */
  public record MultiplierRow(double compute, Double loss, Double multiplier, String problem) {

    /** The row of what is saved. */
    public static MultiplierRow of(ComparisonStudy.Saving saving) {
      return new MultiplierRow(
          saving.compute(),
          orNull(saving.loss()),
          orNull(saving.multiplier()),
          saving.problem().orElse(null));
    }
  }

  private static Double orNull(OptionalDouble value) {
    return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
  }

  /** Who wins where. */
  public static AlignedTable points(List<PointRow> rows) {
    return POINTS.of(rows);
  }

  /** Which points are not compared, and why, in words. */
  public static List<String> problems(List<PointRow> rows) {
    return rows.stream()
        .filter(row -> row.problem() != null)
        .map(row ->
            "N = %.4g, D = %.4g: not compared: %s".formatted(row.n(), row.d(), row.problem()))
        .toList();
  }

  /** The parity curve. */
  public static AlignedTable parity(List<ParityRow> rows) {
    return PARITY.of(rows);
  }

  /** Which points of the parity curve are not to be believed, and why, in words. */
  public static List<String> withoutParity(List<ParityRow> rows) {
    return rows.stream()
        .filter(row -> row.problem() != null)
        .map(row -> "parity at N = %.4g, D = %.4g: %s".formatted(row.n(), row.d(), row.problem()))
        .toList();
  }

  /** How many points of the parity curve have no interval though there are replicates, in words. */
  public static List<String> withoutInterval(List<ParityRow> rows) {
    long without = rows.stream().filter(row -> row.intervalProblem() != null).count();
    return without == 0
        ? List.of()
        : List.of(
            "%d of %d points of the parity curve have no interval of D: too few pairs of replicates cross there for this level"
                .formatted(without, rows.size()));
  }

  /** What A saves. */
  public static AlignedTable multipliers(List<MultiplierRow> rows) {
    return MULTIPLIERS.of(rows);
  }

  /** Which budgets have no multiplier, and why, in words. */
  public static List<String> withoutMultiplier(List<MultiplierRow> rows) {
    return rows.stream()
        .filter(row -> row.problem() != null)
        .map(row -> "C = %.4g: no multiplier: %s".formatted(row.compute(), row.problem()))
        .toList();
  }
}
