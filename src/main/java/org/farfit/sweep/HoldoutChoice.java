package org.farfit.sweep;

import java.util.LinkedHashMap;
import java.util.List;
import org.farfit.analysis.Holdout;
import org.farfit.data.Quantity;
import org.farfit.data.RunSet;

/**
 * A hold-out as a sweep names it.
 *
 * @param protocol which kind
 * @param from smallest of the largest N of size hold-outs; 0 for three tenths of the largest
 */
record HoldoutChoice(Protocol protocol, double from) {

  /** Kinds of hold-outs. */
  enum Protocol {
    NONE,
    SIZE,
    EDGE,
    COMPUTE
  }

  static HoldoutChoice parse(String text) {
    return switch (text) {
      case "none" -> new HoldoutChoice(Protocol.NONE, 0);
      case "size" -> new HoldoutChoice(Protocol.SIZE, 0);
      case "edge" -> new HoldoutChoice(Protocol.EDGE, 0);
      case "compute" -> new HoldoutChoice(Protocol.COMPUTE, 0);
      default -> {
        if (text.startsWith("size:")) {
          yield new HoldoutChoice(Protocol.SIZE, Quantity.parse(text.substring(5)));
        }
        throw new IllegalArgumentException(
            "unknown hold-out '%s', expected none, size, size:FROM, edge or compute"
                .formatted(text));
      }
    };
  }

  List<Holdout> holdouts(RunSet runs) {
    return switch (protocol) {
      case NONE -> List.of(new Holdout("none", runs.weight(), new LinkedHashMap<>()));
      case SIZE -> from > 0 ? Holdout.size(runs, from) : Holdout.size(runs);
      case EDGE -> Holdout.edge(runs);
      case COMPUTE -> Holdout.compute(runs);
    };
  }
}
