package org.farfit.cli;

import java.util.List;
import java.util.Map;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.InputLimits;
import org.farfit.report.archive.FitArchive;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code farfit compare} can ask. */
final class ComparisonQuestions {

  @Mixin PointQuestions points;

  @Option(
      names = "--compute",
      paramLabel = "C",
      split = ",",
      converter = QuantityRange.Converter.class,
      description = "Compute multipliers at these budgets of A, in FLOPs.")
  List<QuantityRange> budgets = List.of();

  @Mixin FlopsChoice flops;

  @Option(
      names = "--grid",
      paramLabel = "STEPS",
      defaultValue = "6",
      converter = CountConverter.class,
      description = "Points along each side of the grid (default ${DEFAULT-VALUE}).")
  Integer steps;

  @Option(
      names = "--at",
      paramLabel = "NAME=VALUE,...",
      description =
          "Columns besides N and D, fixed at these values in both; those not named are at the centre"
              + " of the runs of each.")
  String at;

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  /** The points; ends the command if options make no sense. */
  List<Estimands.Point> checked() {
    checkGrid();
    QuantityRange.checkBudgets("--compute", budgets, spec.commandLine());
    return points.points();
  }

  private void checkGrid() {
    if (steps < 2) {
      throw new ParameterException(spec.commandLine(), "--grid needs at least 2 points a side");
    }
    if ((long) steps * steps > InputLimits.LISTED_POINTS) {
      throw new ParameterException(
          spec.commandLine(),
          "--grid %d has more than the %,d points that are accepted"
              .formatted(steps, InputLimits.LISTED_POINTS));
    }
  }

  /** Columns to hold, each a column of at least one of the files. */
  Map<String, String> fixed(FitArchive archiveA, FitArchive archiveB) {
    if (at == null) {
      return Map.of();
    }
    AtPoints readerA = new AtPoints(archiveA, spec.commandLine());
    AtPoints readerB = new AtPoints(archiveB, spec.commandLine());
    Map<String, String> wanted = readerA.split(at);
    wanted.forEach((name, value) ->
        (readerB.isColumn(name) ? readerB : readerA).fixedBesidesSizes(Map.of(name, value)));
    return wanted;
  }
}
