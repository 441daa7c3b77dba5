package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.SurfaceShape;
import org.farfit.fit.FittedSurface;
import org.farfit.report.AlignedTable;
import org.farfit.report.FitArchive;
import org.farfit.report.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit properties}: whether fitted surfaces fall with N and D. */
@Command(
    name = "properties",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells whether fitted surfaces fall with N and with D over a range.",
      "And the sign of their mixed derivative."
    },
    footer = {"", "Example:", "  farfit properties runs.fit.json --to-n 1e12 --to-d 1e14"})
final class PropertiesCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "FIT.json", description = "A fit file of farfit fit.")
  Path file;

  @Option(
      names = "--to-n",
      paramLabel = "N",
      converter = QuantityConverter.class,
      description = "Extend the range of fitted N to here.")
  Double toN;

  @Option(
      names = "--to-d",
      paramLabel = "D",
      converter = QuantityConverter.class,
      description = "Extend the range of fitted D to here.")
  Double toD;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  boolean json;

  @Spec CommandSpec spec;

  /** The shape of one surface. */
  record Row(
      String law,
      boolean monotone,
      double steepestD,
      double steepestN,
      double worstN,
      double worstD,
      boolean certified,
      double leastMixed,
      double mostMixed) {}

  /** The result as JSON. */
  record Result(SurfaceRange range, List<Row> rows) {}

  @Override
  public Integer call() {
    FitArchive archive = FitArchive.open(file);
    SurfaceRange fitted = archive.range();
    SurfaceRange range =
        fitted.including(toN == null ? fitted.highN() : toN, toD == null ? fitted.highD() : toD);
    List<Row> rows = new ArrayList<>();
    for (FittedSurface surface : archive.fitted()) {
      SurfaceShape shape = SurfaceShape.of(surface, range);
      rows.add(
          new Row(
              surface.name(),
              shape.isMonotone(),
              shape.steepestD(),
              shape.steepestN(),
              shape.worstN(),
              shape.worstD(),
              shape.certifiedN(),
              shape.leastMixed(),
              shape.mostMixed()));
    }
    PrintWriter log = spec.commandLine().getErr();
    archive.warnings().forEach(warning -> log.println("warning: " + warning));
    log.flush();
    print(new Result(range, rows));
    return ExitCode.DONE;
  }

  private void print(Result result) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(result));
    } else {
      SurfaceRange range = result.range();
      output.printf(
          "N from %.3g to %.3g, D from %.3g to %.3g%n",
          range.lowN(), range.highN(), range.lowD(), range.highD());
      AlignedTable table =
          new AlignedTable(
              "law",
              "falls with N and D",
              "largest dlnL/dlnD",
              "largest dlnL/dlnN",
              "at N",
              "and D",
              "sign certain",
              "mixed derivative");
      for (Row row : result.rows()) {
        table.add(
            List.of(
                row.law(),
                row.monotone() ? "yes" : "no",
                AlignedTable.number(row.steepestD(), 3),
                AlignedTable.number(row.steepestN(), 3),
                AlignedTable.number(row.worstN(), 3),
                AlignedTable.number(row.worstD(), 3),
                row.certified() ? "yes" : "no",
                "%s to %s"
                    .formatted(
                        AlignedTable.number(row.leastMixed(), 3),
                        AlignedTable.number(row.mostMixed(), 3))));
      }
      output.print(table.text());
    }
    output.flush();
  }
}
