package org.farfit.analysis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.farfit.data.InputException;
import org.farfit.data.Quantity;
import org.farfit.data.RunSet;

/**
 * A hold-out as commands and sweeps name it.
 *
 * @param name the name
 * @param holdouts what it is of some runs
 */
public record HoldoutChoice(String name, Function<RunSet, List<Holdout>> holdouts) {

  /** What may be named, in words. */
  public static final String NAMES = "size, size:FROM, size:last:COUNT, edge, compute or top:SHARE";

  private static final String SIZE_FROM = "size:";
  private static final String SIZE_LAST = "size:last:";
  private static final String TOP = "top:";

  /**
   * Reads a name; {@code none} fits every run.
   *
   * @throws IllegalArgumentException if there is no such hold-out
   */
  public static HoldoutChoice parse(String text) {
    return new HoldoutChoice(
        text,
        switch (text) {
          case "none" -> runs -> List.of(new Holdout("none", runs.weight(), new LinkedHashMap<>()));
          case "size" -> Holdout::size;
          case "edge" -> Holdout::edge;
          case "compute" -> Holdout::compute;
          default -> withNumber(text);
        });
  }

  private static Function<RunSet, List<Holdout>> withNumber(String text) {
    if (text.startsWith(TOP)) {
      double share = share(text.substring(TOP.length()), text);
      return runs -> Holdout.top(runs, share);
    }
    if (text.startsWith(SIZE_LAST)) {
      int count = positive(text.substring(SIZE_LAST.length()), text);
      return runs -> Holdout.lastSizes(runs, count);
    }
    if (text.startsWith(SIZE_FROM)) {
      double from = Quantity.parse(text.substring(SIZE_FROM.length()));
      return runs -> Holdout.size(runs, from);
    }
    throw new IllegalArgumentException(
        "unknown hold-out '%s', expected none, %s".formatted(text, NAMES));
  }

  private static double share(String number, String text) {
    if (number.matches("0?\\.[0-9]{1,12}") && Double.parseDouble(number) > 0) {
      return Double.parseDouble(number);
    }
    throw new IllegalArgumentException(
        "hold-out '%s': expected a share between 0 and 1 after top:, such as top:0.25"
            .formatted(text));
  }

  private static int positive(String number, String text) {
    if (!number.matches("[1-9][0-9]{0,5}")) {
      throw new IllegalArgumentException(
          "hold-out '%s': expected a count after size:last:".formatted(text));
    }
    return Integer.parseInt(number);
  }

  /**
   * The hold-outs of some runs.
   *
   * @throws InputException if the runs do not allow it
   */
  public List<Holdout> of(RunSet runs) {
    return holdouts.apply(runs);
  }
}
