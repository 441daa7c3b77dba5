package org.farfit.literature;

import java.util.List;
import org.farfit.report.Presentation;
import org.farfit.report.output.TableColumns;

/**
 * The benchmark of designs as it is shown: means over the laws and repeats of each task.
 *
 * @param rows one per law, method, repeat and budget
 * @param seconds that all took
 */
public record DesignBenchmarkReport(List<DesignBenchmark.Row> rows, double seconds)
    implements Presentation {

  private static final TableColumns<DesignBenchmark.Summary> COLUMNS =
      new TableColumns<DesignBenchmark.Summary>()
          .text("task", DesignBenchmark.Summary::task)
          .text("design", DesignBenchmark.Summary::design)
          .number("budget %", 3, summary -> 100 * summary.budget())
          .text("laws", summary -> Integer.toString(summary.laws()))
          .number("runs", 3, DesignBenchmark.Summary::runs)
          .text("R2", summary -> "%.3f".formatted(summary.r2()))
          .text("std. dev.", summary -> "%.3f".formatted(summary.deviation()));

  private record Result(
      double seconds, List<DesignBenchmark.Summary> summaries, List<DesignBenchmark.Row> rows) {}

  @Override
  public Object data() {
    return new Result(seconds, DesignBenchmark.summaries(rows), rows);
  }

  @Override
  public String text() {
    return COLUMNS.of(DesignBenchmark.summaries(rows)).text();
  }
}
