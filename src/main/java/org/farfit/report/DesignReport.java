package org.farfit.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.farfit.analysis.study.DesignStudy;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.figure.DecisionFigures;
import org.farfit.report.html.HtmlReport;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Json;
import org.farfit.report.output.Lines;
import org.farfit.report.output.TableColumns;
import org.farfit.solver.ProgressListener;

/** Runs to train next, or plans judged, as they are shown. */
public final class DesignReport implements Presentation {

  private final FitArchive archive;
  private final DesignStudy.Findings found;
  private final List<Row> rows;
  private final double[] spent;

  /** A report of what a study of a fit file found. */
  public DesignReport(FitArchive archive, DesignStudy.Findings found) {
    this.archive = archive;
    this.found = found;
    this.rows = found.runs().stream().map(this::row).toList();
    this.spent = rows.stream().mapToDouble(Row::flops).toArray();
    if (found.isSearch()) {
      Arrays.parallelPrefix(spent, Double::sum);
    }
  }

  /**
   * A run to train, or a plan; errors are standard errors in percent, null where the plan does not
   * determine the law.
   *
   * @param at further columns of a run of a law that has them
   * @param budget of a run, the first of the budgets that suffice for it; null for a plan
   */
  public record Row(
      String plan,
      int runs,
      Double n,
      Double d,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> at,
      Double budget,
      double flops,
      Double standardErrorPercent,
      double undeterminedPercent) {}

  /** The result as JSON. */
  private record Result(
      String law, String target, double value, Double beforePercent, List<Row> rows) {}

  private Row row(DesignStudy.Planned planned) {
    return new Row(
        planned.name(),
        planned.score().runs(),
        planned.run().map(run -> Json.finite(run.n())).orElse(null),
        planned.run().map(run -> Json.finite(run.d())).orElse(null),
        planned
            .run()
            .map(run -> (Map<String, String>) archive.words(run.further()))
            .orElse(Map.of()),
        planned.budget().orElse(null),
        planned.cost(),
        Json.finite(100 * planned.score().standardError()),
        100 * planned.score().undetermined());
  }

  private String target() {
    return found.target().estimand().items().getFirst().name();
  }

  @Override
  public Object data() {
    return new Result(
        found.law(),
        target(),
        found.value(),
        Json.finite(100 * found.before().standardError()),
        rows);
  }

  @Override
  public List<String> warnings() {
    return archive.warnings();
  }

  private AlignedTable table() {
    TableColumns<Integer> columns =
        new TableColumns<Integer>().text("plan", i -> rows.get(i).plan());
    boolean sizes = archive.hasSizesAndTokens();
    if (sizes) {
      columns.number("N", 4, i -> rows.get(i).n()).number("D", 4, i -> rows.get(i).d());
    }
    rows.stream()
        .flatMap(row -> row.at().keySet().stream())
        .distinct()
        .forEach(column -> columns.text(column, i -> rows.get(i).at().getOrDefault(column, "-")));
    if (rows.stream().map(Row::budget).distinct().count() > 1) {
      columns.number("within", 4, i -> rows.get(i).budget());
    }
    return columns
        .number(sizes ? "FLOPs" : "cost", 3, i -> rows.get(i).flops())
        .number(sizes ? "FLOPs in all" : "cost in all", 3, i -> spent[i])
        .text("runs", i -> Integer.toString(rows.get(i).runs()))
        .number("std. error %", 3, i -> rows.get(i).standardErrorPercent())
        .number("undetermined %", 2, i -> rows.get(i).undeterminedPercent())
        .of(IntStream.range(0, rows.size()).boxed().toList());
  }

  @Override
  public String text() {
    Lines text =
        new Lines()
            .line(
                "target: %s, %s by %s; %s"
                    .formatted(
                        target(), AlignedTable.number(found.value(), 5), found.law(), before()))
            .line("")
            .add(table());
    if (rows.isEmpty()) {
      text.line("no affordable run makes the target surer");
    }
    return text.toString();
  }

  /** What the page is about, in a line. */
  public String subtitle() {
    return "target: %s, by the fit of %s in %s".formatted(target(), found.law(), archive.file());
  }

  @Override
  public List<HtmlReport.Section> sections(ProgressListener progress) {
    return List.of(
        HtmlReport.Section.of(
            "Plan",
            archive.hasSizesAndTokens()
                ? List.of(
                    DecisionFigures.plan(archive.runs(), found), DecisionFigures.progress(found))
                : List.of(DecisionFigures.progress(found))),
        new HtmlReport.Section(
            "Runs",
            List.of(),
            List.of(new HtmlReport.Table("In the order in which they help", table(), false)),
            List.of()));
  }

  private String before() {
    double error = found.before().standardError();
    return Double.isFinite(error)
        ? "standard error without further runs: %s%%".formatted(AlignedTable.number(100 * error, 3))
        : "without further runs it is not determined";
  }
}
