package org.farfit.report;

import java.util.List;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.SurfaceShape;
import org.farfit.fit.FittedSurface;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Lines;
import org.farfit.report.output.TableColumns;

/** Whether the surfaces of a fit file fall with N and D over a range, as it is shown. */
public final class ShapeReport implements Presentation {

  private static final TableColumns<Row> COLUMNS =
      new TableColumns<Row>()
          .text("law", Row::law)
          .text("falls with N and D", row -> row.monotone() ? "yes" : "no")
          .number("largest dlnL/dlnD", 3, Row::steepestD)
          .number("largest dlnL/dlnN", 3, Row::steepestN)
          .number("at N", 3, Row::worstN)
          .number("and D", 3, Row::worstD)
          .text("sign certain", row -> row.certified() ? "yes" : "no")
          .text(
              "mixed derivative",
              row ->
                  "%s to %s"
                      .formatted(
                          AlignedTable.number(row.leastMixed(), 3),
                          AlignedTable.number(row.mostMixed(), 3)));

  private final FitArchive archive;
  private final SurfaceRange range;
  private final List<Row> rows;

  /** The shapes of all surfaces over a range. */
  public ShapeReport(FitArchive archive, SurfaceRange range) {
    this.archive = archive;
    this.range = range;
    this.rows = archive.fitted().stream().map(surface -> Row.of(surface, range)).toList();
  }

  /** The shape of one surface. */
  private record Row(
      String law,
      boolean monotone,
      double steepestD,
      double steepestN,
      double worstN,
      double worstD,
      boolean certified,
      double leastMixed,
      double mostMixed) {

    static Row of(FittedSurface surface, SurfaceRange range) {
      SurfaceShape shape = SurfaceShape.of(surface, range);
      return new Row(
          surface.name(),
          shape.isMonotone(),
          shape.steepestD(),
          shape.steepestN(),
          shape.worstN(),
          shape.worstD(),
          shape.certifiedN(),
          shape.leastMixed(),
          shape.mostMixed());
    }
  }

  private record Result(SurfaceRange range, List<Row> rows) {}

  @Override
  public Object data() {
    return new Result(range, rows);
  }

  @Override
  public String text() {
    return new Lines()
        .line(
            "N from %.3g to %.3g, D from %.3g to %.3g"
                .formatted(range.lowN(), range.highN(), range.lowD(), range.highD()))
        .add(COLUMNS.of(rows))
        .toString();
  }

  @Override
  public List<String> warnings() {
    return archive.warnings();
  }
}
