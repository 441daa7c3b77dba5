package org.farfit.analysis;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import org.farfit.data.InputException;
import org.farfit.data.Quantity;
import org.farfit.data.RunSet;

/**
 * A hold-out as commands and sweeps name it.
 *
 * @param name the name
 * @param protocol which runs are held out
 * @param number what the protocol counts with: of {@link Protocol#SIZE_FROM} the smallest largest
 *     N, of {@link Protocol#LAST_SIZES} how many sizes, of {@link Protocol#TOP} the share of the
 *     runs; 0 for the others
 */
public record HoldoutChoice(String name, Protocol protocol, double number) implements Serializable {

  /** What may be named, in words. */
  public static final String NAMES = "size, size:FROM, size:last:COUNT, edge, compute or top:SHARE";

  private static final String SIZE_FROM = "size:";
  private static final String SIZE_LAST = "size:last:";
  private static final String TOP = "top:";

  /** Which runs are held out. */
  public enum Protocol {
    /** None: every run is fitted. */
    NONE,
    /** {@link Holdout#size(RunSet)}. */
    SIZE,
    /** {@link Holdout#size(RunSet, double)}. */
    SIZE_FROM,
    /** {@link Holdout#lastSizes}. */
    LAST_SIZES,
    /** {@link Holdout#edge}. */
    EDGE,
    /** {@link Holdout#compute}. */
    COMPUTE,
    /** {@link Holdout#top}. */
    TOP
  }

  /**
   * Reads a name; {@code none} fits every run.
   *
   * @throws IllegalArgumentException if there is no such hold-out
   */
  public static HoldoutChoice parse(String text) {
    return switch (text) {
      case "none" -> new HoldoutChoice(text, Protocol.NONE, 0);
      case "size" -> new HoldoutChoice(text, Protocol.SIZE, 0);
      case "edge" -> new HoldoutChoice(text, Protocol.EDGE, 0);
      case "compute" -> new HoldoutChoice(text, Protocol.COMPUTE, 0);
      default -> withNumber(text);
    };
  }

  private static HoldoutChoice withNumber(String text) {
    if (text.startsWith(TOP)) {
      return new HoldoutChoice(text, Protocol.TOP, share(text.substring(TOP.length()), text));
    }
    if (text.startsWith(SIZE_LAST)) {
      return new HoldoutChoice(
          text, Protocol.LAST_SIZES, positive(text.substring(SIZE_LAST.length()), text));
    }
    if (text.startsWith(SIZE_FROM)) {
      return new HoldoutChoice(
          text, Protocol.SIZE_FROM, Quantity.parse(text.substring(SIZE_FROM.length())));
    }
    throw new IllegalArgumentException(
        "unknown hold-out '%s', expected none, %s".formatted(text, NAMES));
  }

  private static double share(String number, String text) {
    if (number.matches("0?\\.[0-9]{1,12}|[0-9](\\.[0-9]{1,12})?[eE]-[0-9]{1,2}")
        && Double.parseDouble(number) > 0) {
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
    return switch (protocol) {
      case NONE -> List.of(new Holdout(name, runs.weight(), new LinkedHashMap<>()));
      case SIZE -> Holdout.size(runs);
      case SIZE_FROM -> Holdout.size(runs, number);
      case LAST_SIZES -> Holdout.lastSizes(runs, (int) number);
      case EDGE -> Holdout.edge(runs);
      case COMPUTE -> Holdout.compute(runs);
      case TOP -> Holdout.top(runs, number);
    };
  }
}
