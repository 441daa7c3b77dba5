package org.farfit.report;

import java.util.List;
import org.farfit.analysis.coverage.Coverage;
import org.farfit.analysis.coverage.CoverageRow;
import org.farfit.analysis.coverage.TestSizes;
import org.farfit.analysis.coverage.Ties;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.TableColumns;

/** How often intervals cover the truth, or tests reject it, as it is shown: one table. */
public final class CoverageReport implements Presentation {

  private final Object data;
  private final AlignedTable table;
  private final boolean markdown;

  private CoverageReport(Object data, AlignedTable table, boolean markdown) {
    this.data = data;
    this.table = table;
    this.markdown = markdown;
  }

  /** The same, whose text is Markdown. */
  public CoverageReport asMarkdown() {
    return new CoverageReport(data, table, true);
  }

  @Override
  public Object data() {
    return data;
  }

  @Override
  public String text() {
    return markdown ? table.markdown() : table.text();
  }

  private record Intervals<T>(double interval, int sets, int replicates, List<T> rows) {}

  private record Tests(double level, int sets, List<TestSizes.Row> rows) {}

  private record Told(int sets, int replicates, List<Ties.Row> rows) {}

  /**
   * Intervals for runs that scatter independently and alike.
   *
   * @param level nominal coverage, a share
   * @param sets data sets per law
   * @param replicates per data set
   */
  public static CoverageReport ofIntervals(
      List<Coverage.Row> rows, double level, int sets, int replicates) {
    return new CoverageReport(
        new Intervals<>(100 * level, sets, replicates, rows),
        new TableColumns<Coverage.Row>()
            .text("law", Coverage.Row::law)
            .text("interval", Coverage.Row::interval)
            .count("sets", Coverage.Row::sets)
            .number("covers %", 3, row -> 100 * row.coverage())
            .number("too high %", 2, row -> 100.0 * row.above() / row.sets())
            .number("too low %", 2, row -> 100.0 * row.below() / row.sets())
            .number("width %", 3, row -> 100 * row.meanWidth())
            .of(rows),
        false);
  }

  /** The intervals that commands print by default, under several ways to scatter. */
  public static CoverageReport ofDefaults(
      List<CoverageRow> rows, double level, int sets, int replicates) {
    return new CoverageReport(
        new Intervals<>(100 * level, sets, replicates, rows),
        new TableColumns<CoverageRow>()
            .text("law", CoverageRow::law)
            .text("scatter", CoverageRow::noise)
            .text("interval", CoverageRow::interval)
            .text("of", CoverageRow::estimand)
            .count("sets", CoverageRow::sets)
            .number("covers %", 3, row -> 100 * row.coverage())
            .number("give or take", 2, row -> 100 * row.standardError())
            .number("too high %", 2, row -> 100 * row.above())
            .number("too low %", 2, row -> 100 * row.below())
            .number("no bound %", 2, row -> 100 * row.unbounded())
            .number("width %", 3, row -> 100 * row.meanWidth())
            .of(rows),
        false);
  }

  /** How often tests of nested laws reject a smaller law that holds. */
  public static CoverageReport ofTests(List<TestSizes.Row> rows, int sets) {
    return new CoverageReport(
        new Tests(TestSizes.LEVEL, sets, rows),
        new TableColumns<TestSizes.Row>()
            .text("tested", TestSizes.Row::smaller)
            .text("within", TestSizes.Row::larger)
            .text("scatter", TestSizes.Row::noise)
            .count("sets", TestSizes.Row::sets)
            .number("rejected %", 3, row -> 100 * row.rejected())
            .of(rows),
        false);
  }

  /** How often two data sets of one truth are told apart. */
  public static CoverageReport ofTies(List<Ties.Row> rows, int sets, int replicates) {
    return new CoverageReport(
        new Told(sets, replicates, rows),
        new TableColumns<Ties.Row>()
            .text("law", Ties.Row::law)
            .text("scatter", Ties.Row::noise)
            .text("of", Ties.Row::of)
            .count("pairs", Ties.Row::pairs)
            .number("told apart %", 3, row -> 100 * row.toldApart())
            .of(rows),
        false);
  }
}
