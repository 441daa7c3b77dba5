package org.farfit.cli;

import java.util.ArrayList;
import java.util.List;
import org.farfit.analysis.inference.Estimands;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Pairs up the values of {@code --n} and {@code --d}: as many, or one for all. */
final class Points {

  private Points() {}

  /** The points; none if either option is absent. */
  static List<Estimands.Point> of(List<Double> n, List<Double> d, CommandLine command) {
    if (n.size() != d.size() && n.size() != 1 && d.size() != 1) {
      throw new ParameterException(
          command,
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
