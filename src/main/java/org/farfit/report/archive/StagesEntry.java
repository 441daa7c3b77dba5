package org.farfit.report.archive;

import java.util.List;
import org.farfit.fit.StagedReport;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;

/**
 * The stages of a piecewise fit as the fit file holds them; see {@link StagedReport}. Numbers that
 * are not finite are null.
 *
 * @param spacing usual ratio of neighbouring D
 * @param sizes lines and capacity means by size
 * @param rounds exponents after each round
 * @param differenceError mean relative error of the predicted differences, percent
 * @param differenceR2 share of the variance of the differences that is explained
 * @param leftOut what could not be used
 */
record StagesEntry(
    double spacing,
    List<Size> sizes,
    List<Round> rounds,
    Double differenceError,
    Double differenceR2,
    List<String> leftOut) {

  /** One size; see {@link StagedReport.Size}. */
  record Size(
      double n,
      int differences,
      Double r2,
      Double exponent,
      Double exponentResidual,
      Double factor,
      Double factorResidual,
      Double capacity,
      Double capacityResidual) {}

  /** One round; the error is in percent. */
  record Round(double alpha, double beta, Double error) {}

  /** The stages of a report. */
  static StagesEntry of(StagedReport report) {
    return new StagesEntry(
        report.spacing(),
        report.sizes().stream()
            .map(size ->
                new Size(
                    size.n(),
                    size.differences(),
                    Json.finite(size.r2()),
                    Json.finite(size.exponent()),
                    Json.finite(size.exponentResidual()),
                    Json.finite(size.factor()),
                    Json.finite(size.factorResidual()),
                    Json.finite(size.capacity()),
                    Json.finite(size.capacityResidual())))
            .toList(),
        report.rounds().stream()
            .map(round -> new Round(round.alpha(), round.beta(), Json.finite(100 * round.error())))
            .toList(),
        Json.finite(100 * report.differenceError()),
        Json.finite(report.differenceR2()),
        report.leftOut());
  }

  /** The report that these are the stages of. */
  StagedReport report() {
    return new StagedReport(
        spacing,
        sizes.stream()
            .map(size ->
                new StagedReport.Size(
                    size.n(),
                    size.differences(),
                    Json.number(size.r2()),
                    Json.number(size.exponent()),
                    Json.number(size.exponentResidual()),
                    Json.number(size.factor()),
                    Json.number(size.factorResidual()),
                    Json.number(size.capacity()),
                    Json.number(size.capacityResidual())))
            .toList(),
        rounds.stream()
            .map(round ->
                new StagedReport.Round(
                    round.alpha(), round.beta(), Json.number(round.error()) / 100))
            .toList(),
        Json.number(differenceError) / 100,
        Json.number(differenceR2),
        leftOut);
  }

  /** The stages as tables for people. */
  String text() {
    AlignedTable sizesTable =
        new AlignedTable(
            "N", "differences", "R2", "A_N", "residual", "B_N", "residual", "G_N", "residual");
    for (Size size : sizes) {
      sizesTable.add(
          List.of(
              AlignedTable.number(size.n(), 4),
              Integer.toString(size.differences()),
              AlignedTable.number(size.r2(), 4),
              AlignedTable.number(size.exponent(), 4),
              AlignedTable.number(size.exponentResidual(), 2),
              AlignedTable.number(size.factor(), 4),
              AlignedTable.number(size.factorResidual(), 2),
              AlignedTable.number(size.capacity(), 4),
              AlignedTable.number(size.capacityResidual(), 2)));
    }
    AlignedTable roundsTable = new AlignedTable("round", "alpha", "beta", "error %");
    for (int i = 0; i < rounds.size(); i++) {
      roundsTable.add(
          List.of(
              Integer.toString(i + 1),
              AlignedTable.number(rounds.get(i).alpha(), 4),
              AlignedTable.number(rounds.get(i).beta(), 4),
              AlignedTable.number(rounds.get(i).error(), 5)));
    }
    StringBuilder text = new StringBuilder();
    text.append(sizesTable.text()).append(roundsTable.text());
    text.append(
        "differences of neighbouring D, ratio %.4f: mean relative error %.2f%%, R2 %s%n"
            .formatted(spacing, differenceError, AlignedTable.number(differenceR2, 4)));
    leftOut.forEach(item -> text.append("left out: ").append(item).append('\n'));
    return text.toString();
  }
}
