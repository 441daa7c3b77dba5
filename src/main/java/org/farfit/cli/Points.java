package org.farfit.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Pairs up the values of {@code --n} and {@code --d}: as many, or one for all. */
final class Points {

  /** A point: parameters and tokens. */
  record Point(double n, double d) {}

  private Points() {}

  /** The points; none if either option is absent. */
  static List<Point> of(List<Double> n, List<Double> d, CommandLine command) {
    if (n.size() != d.size() && n.size() != 1 && d.size() != 1) {
      throw new ParameterException(
          command,
          "--n has %d values and --d has %d; give as many, or one for all"
              .formatted(n.size(), d.size()));
    }
    List<Point> points = new ArrayList<>();
    for (int i = 0; !n.isEmpty() && !d.isEmpty() && i < Math.max(n.size(), d.size()); i++) {
      points.add(new Point(n.get(Math.min(i, n.size() - 1)), d.get(Math.min(i, d.size() - 1))));
    }
    return points;
  }
}
