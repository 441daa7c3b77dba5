package org.farfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.study.AllocationStudy;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;
import org.farfit.report.output.TableColumns;

/** Answers of an {@link AllocationStudy} as rows, for JSON, and as tables. */
public final class AllocationTables {

  private static final TableColumns<Row> ANSWERS =
      new TableColumns<Row>()
          .text("law", Row::law)
          .text("question", Row::question)
          .number("C", 4, Row::compute)
          .number("N", 4, Row::n)
          .number("D", 4, Row::d)
          .number("D/N", 4, Row::ratio)
          .number("loss", 6, Row::loss)
          .number("beyond", 3, Row::factorBeyond);

  private static final TableColumns<Ends> INTERVALS =
      new TableColumns<Ends>()
          .text("law", each -> each.row().law())
          .text("question", each -> each.row().asked())
          .text("of", Ends::of)
          .number("value", 5, Ends::value)
          .number("low", 5, each -> each.ends().low())
          .text(
              "high",
              each ->
                  each.ends().hasNoBound()
                      ? "no bound"
                      : AlignedTable.number(each.ends().high(), 5))
          .text(
              "replicates",
              each -> each.row().replicates() == null ? "" : each.row().replicates().used());

  private AllocationTables() {}

  /**
   * One answer; what is not known is null, and {@code problem} says why.
   *
   * @param question optimum, target-loss, for-n or within
   * @param intervals ends by quantity: n, d, ratio and loss of an optimum, compute for a target;
   *     empty where they cannot be estimated. An optimum may have some where the fit has none
   * @param replicates which bootstrap replicates have no such answer; null without replicates, and
   *     where there is no interval
   * @param problem why there is no answer, or none that can be believed; null if there is one
   */
  public record Row(
      String law,
      String question,
      Double compute,
      Double n,
      Double d,
      Double ratio,
      Double loss,
      Double factorBeyond,
      Map<String, IntervalEnds> intervals,
      ReplicateCount replicates,
      String problem) {

    /** The row of an answer of a surface. */
    public static Row of(String law, AllocationStudy.Answer answer) {
      Allocation.Point point = answer.point().orElse(null);
      return new Row(
          law,
          answer.question().label(),
          Json.finite(answer.compute()),
          point == null ? null : Double.valueOf(point.n()),
          point == null ? null : Double.valueOf(point.d()),
          point == null ? null : Double.valueOf(point.ratio()),
          point == null ? null : Double.valueOf(point.loss()),
          point == null ? null : Double.valueOf(point.factorBeyond()),
          IntervalEnds.of(answer.intervals()),
          answer.support().map(ReplicateCount::of).orElse(null),
          answer.problem().orElse(null));
    }

    private String asked() {
      return question.equals(AllocationStudy.Question.OPTIMUM.label())
          ? "C = " + AlignedTable.number(compute, 4)
          : "loss " + AlignedTable.number(loss, 6);
    }

    private Double value(String name) {
      return switch (name) {
        case "n" -> n;
        case "d" -> d;
        case "ratio" -> ratio;
        case "loss" -> loss;
        default -> compute;
      };
    }
  }

  /** {@link AllocationStudy.Support} as JSON. */
  public record ReplicateCount(int drawn, int failed, int without, Map<String, Long> reasons) {

    static ReplicateCount of(AllocationStudy.Support support) {
      return new ReplicateCount(
          support.drawn(), support.failed(), support.without(), support.reasons());
    }

    /** Whether some replicates have no answer. */
    boolean lacksAny() {
      return failed > 0 || without > 0;
    }

    String used() {
      return "%d of %d".formatted(drawn - failed - without, drawn);
    }

    String words() {
      List<String> parts = new ArrayList<>();
      if (failed > 0) {
        parts.add("%d have no fit that converged".formatted(failed));
      }
      reasons.forEach((reason, count) -> parts.add("in %d %s".formatted(count, reason)));
      return String.join(", ", parts);
    }
  }

  private record Ends(Row row, String of, IntervalEnds ends) {
    Double value() {
      return row.value(of);
    }
  }

  /** The answers. */
  public static AlignedTable answers(List<Row> rows) {
    return ANSWERS.of(rows);
  }

  /** The intervals of the answers. */
  public static AlignedTable intervals(List<Row> rows) {
    return INTERVALS.of(
        rows.stream()
            .flatMap(row ->
                row.intervals().entrySet().stream()
                    .map(entry -> new Ends(row, entry.getKey(), entry.getValue())))
            .toList());
  }

  /** Which questions have no answer, and why, in words. */
  public static List<String> problems(List<Row> rows) {
    return rows.stream()
        .filter(row -> row.problem() != null)
        .map(row ->
            "%s, %s%s: no answer: %s"
                .formatted(
                    row.law(),
                    row.question(),
                    row.compute() == null ? "" : ", C = %.4g".formatted(row.compute()),
                    row.problem()))
        .toList();
  }

  /** Of which numbers the runs say nothing at all, row by row, in words. */
  public static List<String> unbounded(List<Row> rows) {
    return rows.stream()
        .map(row ->
            Map.entry(
                row,
                row.intervals().entrySet().stream()
                    .filter(each -> each.getValue().hasNoEnds())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.joining(", "))))
        .filter(each -> !each.getValue().isEmpty())
        .map(each ->
            "%s, %s: the runs do not bound %s"
                .formatted(each.getKey().law(), each.getKey().asked(), each.getValue()))
        .toList();
  }

  /** What intervals leave out, and why, row by row, in words. */
  public static List<String> missing(List<Row> rows) {
    return rows.stream()
        .filter(row -> row.replicates() != null && row.replicates().lacksAny())
        .map(row ->
            "%s, %s: %s replicates have an answer; %s"
                .formatted(
                    row.law(), row.asked(), row.replicates().used(), row.replicates().words()))
        .toList();
  }
}
