package org.farfit.cli;

import java.util.ArrayList;
import java.util.List;
import org.farfit.analysis.inference.Estimands;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that name points by N and D, shared by all commands that predict there. */
final class PointQuestions {

  @Option(
      names = "--n",
      paramLabel = "N",
      split = ",",
      converter = QuantityConverter.class,
      description =
          "Predict at these N, parameters counted as in the runs, such as 25.1B, joined by commas ...")
  List<Double> n = List.of();

  @Option(
      names = "--d",
      paramLabel = "D",
      split = ",",
      converter = QuantityConverter.class,
      description = "... and these D, training tokens: as many as --n, or one for all.")
  List<Double> d = List.of();

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /** The points; none if either option is absent. */
  List<Estimands.Point> points() {
    if (n.size() != d.size() && n.size() != 1 && d.size() != 1) {
      throw new ParameterException(
          command.commandLine(),
          "--n has %d values and --d has %d; give as many, or one for all"
              .formatted(n.size(), d.size()));
    }
    List<Estimands.Point> points = new ArrayList<>();
    for (int i = 0; !n.isEmpty() && !d.isEmpty() && i < Math.max(n.size(), d.size()); i++) {
      points.add(
          new Estimands.Point(n.get(Math.min(i, n.size() - 1)), d.get(Math.min(i, d.size() - 1))));
    }
    return points;
  }
}
