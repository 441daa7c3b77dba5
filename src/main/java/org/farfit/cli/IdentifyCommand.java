package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.farfit.analysis.inference.Identifiability;
import org.farfit.engine.Engine;
import org.farfit.engine.ScalarEngine;
import org.farfit.report.AlignedTable;
import org.farfit.report.FitArchive;
import org.farfit.report.Json;
import org.farfit.report.figure.Figure;
import org.farfit.report.figure.FitFigures;
import org.farfit.report.html.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code farfit identify}: which parameters the data determine. */
@Command(
    name = "identify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Says which parameters the runs of a fit determine.",
      "And which combinations of them. Centred parameters: value, slope and curvature of each term at the geometric mean of N."
    },
    footer = {"", "Example:", "  farfit identify runs.fit.json"})
final class IdentifyCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "FIT.json", description = "A fit file of farfit fit.")
  Path file;

  @Mixin ReportChoices report;

  @Option(names = "--json", description = "Print JSON instead of tables.")
  boolean json;

  @Spec CommandSpec spec;

  /** A parameter with its 95% profile-likelihood interval; an end that is not bounded is null. */
  record ParameterRow(
      String law,
      String parameter,
      double value,
      Double low,
      Double high,
      String problem,
      double[] profileAt,
      double[] profileT) {}

  /** A sloppy direction. */
  record DirectionRow(String law, double ratio, Map<String, Double> combination) {}

  /** The result as JSON. */
  record Result(
      List<ParameterRow> parameters, List<DirectionRow> sloppy, List<String> statements) {}

  @Override
  public Integer call() {
    report.declare(new Outputs(spec).reads(file));
    FitArchive archive = FitArchive.open(file);
    List<ParameterRow> parameters = new ArrayList<>();
    List<DirectionRow> sloppy = new ArrayList<>();
    List<String> statements = new ArrayList<>(archive.warnings());
    List<Figure> profiles = new ArrayList<>();
    try (Engine engine = new ScalarEngine();
        Progress progress = new Progress("identify")) {
      for (FitArchive.Entry entry : archive.entries()) {
        String law = entry.name();
        Identifiability.Report found =
            new Identifiability(engine, entry.fit(), archive.runs()).examine();
        for (Identifiability.Curve curve : found.curves()) {
          profiles.add(FitFigures.profile(law, curve));
          parameters.add(
              new ParameterRow(
                  law,
                  curve.parameter(),
                  curve.estimate(),
                  Json.finite(curve.interval().low()),
                  Json.finite(curve.interval().high()),
                  curve.lack().orElse(null),
                  curve.values(),
                  curve.t()));
        }
        found
            .sloppy()
            .forEach(direction ->
                sloppy.add(new DirectionRow(law, direction.ratio(), direction.combination())));
        statements.addAll(found.statements());
        progress.done(archive.entries().indexOf(entry) + 1, archive.entries().size());
      }
    }
    print(new Result(parameters, sloppy, statements));
    report.write(
        spec.commandLine().getErr(),
        "What the data determine",
        archive.title(),
        told ->
            List.of(
                new HtmlReport.Section(
                    "Profiles of centred parameters", statements, List.of(), profiles)));
    return ExitCode.DONE;
  }

  private void print(Result result) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.print(Json.text(result));
    } else {
      AlignedTable table = new AlignedTable("law", "centred", "value", "low", "high");
      for (ParameterRow row : result.parameters()) {
        table.add(
            List.of(
                row.law(),
                row.parameter(),
                AlignedTable.number(row.value(), 5),
                AlignedTable.number(row.low(), 5),
                AlignedTable.number(row.high(), 5)));
      }
      output.print(table.text());
      output.println("low, high: 95% profile-likelihood interval; a dash where it is not bounded");
      output.println();
      result.statements().forEach(output::println);
      if (!result.sloppy().isEmpty()) {
        output.println();
        AlignedTable directions = new AlignedTable("law", "worse than the best", "direction");
        for (DirectionRow row : result.sloppy()) {
          directions.add(
              List.of(
                  row.law(),
                  AlignedTable.number(row.ratio(), 3),
                  new Identifiability.Direction(row.ratio(), row.combination()).words()));
        }
        output.print(directions.text());
      }
    }
    output.flush();
  }
}
