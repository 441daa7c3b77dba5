package org.farfit.literature;

import java.util.List;
import org.farfit.report.Presentation;
import org.farfit.report.output.Lines;
import org.farfit.report.output.TableColumns;

/**
 * The benchmark of laws as it is shown: costs beside those of the benchmark.
 *
 * @param rows one per law and group of runs
 * @param seconds that all took
 */
public record ScaleBenchReport(List<ScaleBench.Row> rows, double seconds) implements Presentation {

  private static final TableColumns<ScaleBench.Row> COLUMNS =
      new TableColumns<ScaleBench.Row>()
          .text("task", ScaleBench.Row::task)
          .text("law", ScaleBench.Row::law)
          .text("group", ScaleBench.Row::group)
          .count("p", ScaleBench.Row::parameters)
          .number("cost", 7, ScaleBench.Row::sum)
          .text("cost / best known - 1", row -> "%.1e".formatted(row.ratio() - 1))
          .text("at best", row -> "%.3f".formatted(row.shareAtBest()))
          .text("theirs", row -> "%.3f".formatted(row.theirShare()))
          .text("seconds", row -> "%.2f".formatted(row.seconds()))
          .text("theirs", row -> "%.2f".formatted(row.theirSeconds()))
          .text("test R2", row -> "%.4f".formatted(row.r2()))
          .text("of best known", row -> "%.4f".formatted(row.referenceR2()));

  private record Result(double seconds, List<ScaleBench.Row> rows) {}

  @Override
  public Object data() {
    return new Result(seconds, rows);
  }

  @Override
  public String text() {
    return new Lines()
        .add(COLUMNS.of(rows))
        .line("%d fits, %.1f s".formatted(rows.size(), seconds))
        .toString();
  }
}
