package org.farfit.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.farfit.analysis.ColumnAllocation;
import org.farfit.analysis.Lever;
import org.farfit.analysis.study.ColumnAllocationStudy;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.figure.BestValueFigures;
import org.farfit.report.figure.Figure;
import org.farfit.report.figure.SliceFigures;
import org.farfit.report.html.HtmlReport;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;
import org.farfit.report.output.Lines;
import org.farfit.report.output.TableColumns;
import org.farfit.solver.ProgressListener;

/** The best values of any columns by every surface of a fit file, as they are shown. */
public final class ColumnAllocationReport implements Presentation {

  private final FitArchive archive;
  private final ColumnAllocation.Question question;
  private final double level;
  private final List<Row> rows = new ArrayList<>();
  private final Set<String> warnings;
  private final StringBuilder disputed = new StringBuilder();

  /**
   * A report to add findings to.
   *
   * @param level probability that an interval should cover
   */
  public ColumnAllocationReport(
      FitArchive archive, ColumnAllocation.Question question, double level) {
    this.archive = archive;
    this.question = question;
    this.level = level;
    this.warnings = new LinkedHashSet<>(archive.warnings());
  }

  /**
   * One answer; what is not known is null, and {@code problem} says why.
   *
   * @param budget what a run may cost; null without a cost
   * @param cost what it costs
   * @param columns the best values, by column
   * @param value what is predicted there: the loss, or what else was measured
   * @param factorBeyond by which factor a column lies outside of the fitted runs
   * @param intervals ends by column, and of {@code value}
   * @param replicates which bootstrap replicates have no such answer; null without replicates
   * @param problem why there is no answer; null if there is one
   */
  public record Row(
      String law,
      Double budget,
      Double cost,
      Map<String, Double> columns,
      Double value,
      Double factorBeyond,
      Map<String, IntervalEnds> intervals,
      AllocationTables.ReplicateCount replicates,
      String problem) {}

  /** The result as JSON. */
  private record Result(
      List<String> over,
      String cost,
      Map<String, String> at,
      String measured,
      double interval,
      List<Row> rows,
      List<String> warnings) {}

  private record Ends(Row row, String of, IntervalEnds ends) {
    Double value() {
      return of.equals(ColumnAllocationStudy.VALUE) ? row.value() : row.columns().get(of);
    }
  }

  /** Adds what was found on a surface. */
  public void add(String name, ColumnAllocationStudy.Findings found) {
    found.answers().forEach(answer -> rows.add(row(name, answer)));
    found.warnings().forEach(warning -> warnings.add(name + ": " + warning));
    disputed.append(IntervalTable.text(name, found.estimates()));
  }

  private Row row(String name, ColumnAllocationStudy.Answer answer) {
    Map<String, Double> columns = new LinkedHashMap<>();
    answer
        .best()
        .ifPresent(best ->
            question
                .over()
                .forEach(lever -> columns.put(lever.column(), best.row().get(lever.column()))));
    return new Row(
        name,
        answer.budget().isPresent() ? answer.budget().getAsDouble() : null,
        number(answer, ColumnAllocation.Best::cost),
        columns,
        number(answer, ColumnAllocation.Best::value),
        number(answer, ColumnAllocation.Best::factorBeyond),
        IntervalEnds.of(answer.intervals()),
        answer.support().map(AllocationTables.ReplicateCount::of).orElse(null),
        answer.problem().orElse(null));
  }

  private static Double number(
      ColumnAllocationStudy.Answer answer, ToDoubleFunction<ColumnAllocation.Best> of) {
    return answer.best().map(best -> Json.finite(of.applyAsDouble(best))).orElse(null);
  }

  @Override
  public Object data() {
    return new Result(
        question.over().stream().map(Lever::column).toList(),
        question.cost().map(cost -> cost.formula()).orElse(null),
        fixed(),
        archive.measured(),
        100 * level,
        rows,
        warnings());
  }

  @Override
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  private Map<String, String> fixed() {
    return archive.words(question.at());
  }

  private AlignedTable answers() {
    TableColumns<Row> columns = new TableColumns<Row>().text("law", Row::law);
    if (question.cost().isPresent()) {
      columns.number("budget", 4, Row::budget).number("cost", 4, Row::cost);
    }
    question
        .over()
        .forEach(
            lever -> columns.number(lever.column(), 4, row -> row.columns().get(lever.column())));
    return columns
        .number(archive.measured(), 6, Row::value)
        .number("beyond", 3, Row::factorBeyond)
        .of(rows);
  }

  private AlignedTable intervals() {
    return new TableColumns<Ends>()
        .text("law", each -> each.row().law())
        .number("budget", 4, each -> each.row().budget())
        .text(
            "of",
            each -> each.of().equals(ColumnAllocationStudy.VALUE) ? archive.measured() : each.of())
        .number("value", 5, Ends::value)
        .number("low", 5, each -> each.ends().low())
        .number("high", 5, each -> each.ends().high())
        .text(
            "replicates",
            each -> each.row().replicates() == null ? "" : each.row().replicates().used())
        .of(
            rows.stream()
                .flatMap(row ->
                    row.intervals().entrySet().stream()
                        .map(entry -> new Ends(row, entry.getKey(), entry.getValue())))
                .toList());
  }

  private List<String> words() {
    List<String> words = new ArrayList<>();
    words.add(
        "the %s %s over %s%s%s"
            .formatted(
                question.goal() == ColumnAllocation.Goal.MOST ? "most" : "least",
                archive.measured(),
                String.join(", ", question.over().stream().map(Lever::column).toList()),
                question.cost().map(cost -> " for a cost of " + cost.formula()).orElse(""),
                fixed().isEmpty()
                    ? ""
                    : ", at "
                        + String.join(
                            ", ",
                            fixed().entrySet().stream()
                                .map(entry -> entry.getKey() + " = " + entry.getValue())
                                .toList())));
    for (Row row : rows) {
      String where =
          row.budget() == null ? row.law() : "%s, %.4g".formatted(row.law(), row.budget());
      if (row.problem() != null) {
        words.add("%s: no answer: %s".formatted(where, row.problem()));
      }
      if (row.replicates() != null && row.replicates().lacksAny()) {
        words.add(
            "%s: intervals are of %s replicates; %s"
                .formatted(where, row.replicates().used(), row.replicates().words()));
      }
    }
    return words;
  }

  @Override
  public String text() {
    Lines text = new Lines().add(answers());
    words().forEach(text::line);
    text.line("beyond: factor by which a column lies outside the fitted runs");
    if (rows.stream().anyMatch(row -> !row.intervals().isEmpty())) {
      text.line("").line(AlignedTable.number(100 * level, 3) + "% intervals:").add(intervals());
    }
    if (!disputed.isEmpty()) {
      text.line("").line("intervals that depend on how they are made:").add(disputed);
    }
    return text.toString();
  }

  @Override
  public List<HtmlReport.Section> sections(ProgressListener progress) {
    return List.of(
        new HtmlReport.Section(
            "Answers",
            words(),
            List.of(
                new HtmlReport.Table("Best values", answers(), true),
                new HtmlReport.Table(
                    AlignedTable.number(100 * level, 3) + "% intervals", intervals(), true)),
            rows.stream().map(Row::budget).distinct().count() > 1 ? againstBudgets() : around()));
  }

  /** The best value of each column, and what is predicted there, against the budget. */
  private List<Figure> againstBudgets() {
    String cost = question.cost().orElseThrow().formula();
    List<Figure> figures = new ArrayList<>();
    for (Lever lever : question.over()) {
      figures.add(
          BestValueFigures.against(
              lever.column(), lever.isPositive(), cost, paths(lever.column())));
    }
    figures.add(
        BestValueFigures.against(
            archive.measured(), false, cost, paths(ColumnAllocationStudy.VALUE)));
    return figures;
  }

  private List<BestValueFigures.Path> paths(String of) {
    Map<String, List<Row>> byLaw = new LinkedHashMap<>();
    rows.stream()
        .sorted(Comparator.comparing(Row::budget))
        .forEach(row -> byLaw.computeIfAbsent(row.law(), key -> new ArrayList<>()).add(row));
    List<BestValueFigures.Path> paths = new ArrayList<>();
    byLaw.forEach((law, own) ->
        paths.add(
            new BestValueFigures.Path(
                law,
                own.stream().mapToDouble(Row::budget).toArray(),
                own.stream()
                    .map(row -> new Ends(row, of, null).value())
                    .mapToDouble(value -> value == null ? Double.NaN : value)
                    .toArray(),
                own.stream().map(row -> interval(row.intervals().get(of))).toList())));
    return paths;
  }

  private static Interval interval(IntervalEnds ends) {
    return ends == null || ends.low() == null || ends.high() == null
        ? Interval.UNKNOWN
        : new Interval(ends.low(), ends.high());
  }

  /** What each law predicts along each column through its best values. */
  private List<Figure> around() {
    List<Figure> figures = new ArrayList<>();
    for (FitArchive.Entry entry : archive.entries()) {
      rows.stream()
          .filter(row -> row.law().equals(entry.name()) && row.value() != null)
          .findFirst()
          .ifPresent(row -> {
            Map<String, Double> fixed = new LinkedHashMap<>(question.at());
            fixed.putAll(row.columns());
            SliceFigures slices =
                new SliceFigures(
                    entry.name(), entry.fit().surface(), archive.runs(), archive.measured(), fixed);
            question.over().stream()
                .filter(lever -> lever.low() < lever.high())
                .forEach(lever -> figures.add(slices.curve(lever.column())));
          });
    }
    return figures;
  }
}
