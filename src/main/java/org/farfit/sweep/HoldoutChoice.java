package org.farfit.sweep;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.farfit.analysis.Holdout;
import org.farfit.data.Quantity;
import org.farfit.data.RunSet;

/**
 * A hold-out as a sweep names it.
 *
 * @param holdouts what it is of some runs
 */
record HoldoutChoice(Function<RunSet, List<Holdout>> holdouts) {

  private static final String SIZE_FROM = "size:";
  private static final String SIZE_LAST = "size:last:";

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if there is no such hold-out
   */
  static HoldoutChoice parse(String text) {
    return new HoldoutChoice(
        switch (text) {
          case "none" -> runs -> List.of(new Holdout("none", runs.weight(), new LinkedHashMap<>()));
          case "size" -> Holdout::size;
          case "edge" -> Holdout::edge;
          case "compute" -> Holdout::compute;
          default -> size(text);
        });
  }

  private static Function<RunSet, List<Holdout>> size(String text) {
    if (text.startsWith(SIZE_LAST)) {
      int count = positive(text.substring(SIZE_LAST.length()), text);
      return runs -> Holdout.lastSizes(runs, count);
    }
    if (text.startsWith(SIZE_FROM)) {
      double from = Quantity.parse(text.substring(SIZE_FROM.length()));
      return runs -> Holdout.size(runs, from);
    }
    throw new IllegalArgumentException(
        "unknown hold-out '%s', expected none, size, size:FROM, size:last:COUNT, edge or compute"
            .formatted(text));
  }

  private static int positive(String number, String text) {
    if (!number.matches("[1-9][0-9]{0,5}")) {
      throw new IllegalArgumentException(
          "hold-out '%s': expected a count after size:last:".formatted(text));
    }
    return Integer.parseInt(number);
  }

  List<Holdout> of(RunSet runs) {
    return holdouts.apply(runs);
  }
}
