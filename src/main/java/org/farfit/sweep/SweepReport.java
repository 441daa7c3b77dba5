package org.farfit.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.farfit.report.figure.Figure;
import org.farfit.report.html.HtmlReport;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.FileNames;
import org.farfit.sweep.SweepSummary.Candidate;
import org.farfit.sweep.SweepSummary.Mean;
import org.farfit.sweep.SweepSummary.Series;

/** A sweep as sections of a report: sortable tables, and heat maps of mean errors. */
public final class SweepReport {

  /** Rows of a table that a browser sorts without a pause. */
  private static final int MOST_ROWS = 3000;

  /** Rows of a heat map that can be told apart. */
  private static final int MOST_CELLS = 40;

  /** Greater errors look alike: none of them is of use, and colours are for those that are. */
  private static final double MOST_ERROR_PERCENT = 10;

  private SweepReport() {}

  /**
   * The sections.
   *
   * @param rows the rows that the summary is of
   */
  public static List<HtmlReport.Section> sections(SweepSummary summary, Stream<SweepRow> rows) {
    Map<String, String> names =
        FileNames.apart(
            summary.bySeries().keySet().stream().map(Series::input).distinct().toList());
    List<HtmlReport.Section> sections = new ArrayList<>();
    sections.add(
        new HtmlReport.Section(
            "Mean errors",
            List.of(
                "Mean absolute relative error of the predicted runs, over all hold-outs and seeds; of"
                    + " the fitted runs where nothing was held out. Colours are logarithmic, and alike"
                    + " from 10% on. A gap is a combination without a fit that converged."),
            List.of(),
            List.of(seriesMap(summary, names), holdoutMap(summary))));
    sections.add(
        new HtmlReport.Section(
            "Best for each set of predicted runs",
            shortened(summary.questions()),
            List.of(
                new HtmlReport.Table(
                    "Law and method of least error, with its 90% interval; click a heading to sort",
                    summary.best(MOST_ROWS, names), true)),
            List.of()));
    List<SweepRow> answers = rows.filter(SweepSummary::isAnswer).limit(MOST_ROWS + 1L).toList();
    sections.add(
        new HtmlReport.Section(
            "All predictions",
            Stream.concat(shortened(answers.size()).stream(), failures(summary, names)).toList(),
            List.of(
                new HtmlReport.Table(
                    "One row per fit and set of predicted runs; click a heading to sort",
                    table(answers.stream().limit(MOST_ROWS).toList(), names),
                    true)),
            List.of()));
    return sections;
  }

  private static List<String> shortened(int count) {
    return count > MOST_ROWS
        ? List.of("The first %,d rows; the result file has all.".formatted(MOST_ROWS))
        : List.of();
  }

  private static Stream<String> failures(SweepSummary summary, Map<String, String> names) {
    return summary.failureLines().stream().map(line -> FileNames.in(line, names));
  }

  private static AlignedTable table(List<SweepRow> rows, Map<String, String> names) {
    AlignedTable table =
        new AlignedTable(
            "input",
            "where",
            "loss",
            "hold-out",
            "predicted",
            "law",
            "method",
            "objective",
            "seed",
            "status",
            "runs",
            "mape %",
            "low",
            "high",
            "mean error %");
    for (SweepRow row : rows) {
      table.add(
          List.of(
              names.getOrDefault(row.key().input(), FileNames.of(row.key().input())),
              row.key().where(),
              row.key().loss(),
              row.key().holdout(),
              row.key().split(),
              row.key().law(),
              row.key().method(),
              row.key().objective(),
              Long.toString(row.key().seed()),
              row.result().status(),
              Integer.toString(row.result().fitRuns()),
              AlignedTable.number(row.result().mape(), 4),
              AlignedTable.number(row.result().mapeLow(), 4),
              AlignedTable.number(row.result().mapeHigh(), 4),
              AlignedTable.number(row.result().meanSigned(), 4)));
    }
    return table;
  }

  private static Figure seriesMap(SweepSummary summary, Map<String, String> inputs) {
    List<Series> all = List.copyOf(summary.bySeries().keySet());
    boolean areDistinct =
        all.stream().map(series -> name(series, all, inputs)).distinct().count() == all.size();
    Map<String, Map<Candidate, Mean>> named = new LinkedHashMap<>();
    summary
        .bySeries()
        .forEach((series, means) ->
            named.put(areDistinct ? name(series, all, inputs) : series.label(inputs), means));
    return heatMap("errors-by-data", "Mean error by data and law", "data", named);
  }

  private static Figure holdoutMap(SweepSummary summary) {
    return heatMap(
        "errors-by-holdout", "Mean error by hold-out and law", "hold-out", summary.byHoldout());
  }

  /** Only what tells series apart. */
  private static String name(Series series, List<Series> all, Map<String, String> inputs) {
    List<String> parts = new ArrayList<>();
    if (all.stream().map(Series::input).distinct().count() > 1) {
      parts.add(inputs.get(series.input()));
    }
    if (all.stream().map(Series::loss).distinct().count() > 1) {
      parts.add(series.loss());
    }
    if (all.stream().map(Series::where).distinct().count() > 1) {
      parts.add(series.where());
    }
    return parts.isEmpty() ? series.label(inputs) : String.join(" ", parts);
  }

  private static Figure heatMap(
      String id, String title, String rowName, Map<String, Map<Candidate, Mean>> means) {
    List<String> rows = means.keySet().stream().limit(MOST_CELLS).toList();
    Set<Candidate> found = new LinkedHashSet<>();
    rows.forEach(row -> found.addAll(means.get(row).keySet()));
    List<Candidate> columns = found.stream().limit(MOST_CELLS).toList();
    boolean oneObjective = columns.stream().map(Candidate::objective).distinct().count() < 2;
    int cells = rows.size() * columns.size();
    double[] x = IntStream.range(0, cells).mapToDouble(i -> i % columns.size()).toArray();
    // The first row on top.
    double[] y =
        IntStream.range(0, cells).mapToDouble(i -> rows.size() - 1 - i / columns.size()).toArray();
    double[] value =
        IntStream.range(0, cells)
            .mapToDouble(i -> {
              Mean mean =
                  means.get(rows.get(i / columns.size())).get(columns.get(i % columns.size()));
              return mean == null
                  ? Double.NaN
                  : Math.log10(Math.min(mean.value(), MOST_ERROR_PERCENT));
            })
            .toArray();
    return new Figure(
        id,
        title + (means.size() > rows.size() ? " (the first %d)".formatted(rows.size()) : ""),
        "Mean absolute error of %d laws and methods for each %s."
            .formatted(columns.size(), rowName),
        Figure.Axis.named(
            "law and method",
            columns.stream()
                .map(one ->
                    one.law() + "/" + one.method() + (oneObjective ? "" : "/" + one.objective()))
                .toList()),
        Figure.Axis.named(rowName, rows.reversed()),
        new Figure.Scale(
            "log10 of error in %",
            IntStream.range(0, cells)
                .mapToDouble(i -> value[i])
                .filter(Double::isFinite)
                .min()
                .orElse(0),
            IntStream.range(0, cells)
                .mapToDouble(i -> value[i])
                .filter(Double::isFinite)
                .max()
                .orElse(1),
            false),
        List.of(new Figure.Cells("", x, y, 1, 1, value)));
  }
}
