package org.farfit.sweep;

import org.farfit.engine.Objective;

/** An objective as a sweep names it: {@code log} or {@code linear}, perhaps with a robust loss. */
final class ObjectiveChoice {

  private static final String HUBER = "/huber:";

  private ObjectiveChoice() {}

  static Objective parse(String text) {
    int huber = text.indexOf(HUBER);
    String scale = huber < 0 ? text : text.substring(0, huber);
    Objective.Residual residual =
        switch (scale) {
          case "log" -> Objective.Residual.LOG;
          case "linear" -> Objective.Residual.LINEAR;
          default ->
              throw new IllegalArgumentException(
                  "unknown objective '%s', expected log or linear, perhaps with /huber:DELTA"
                      .formatted(text));
        };
    try {
      return new Objective(
          residual,
          huber < 0
              ? Double.POSITIVE_INFINITY
              : Double.parseDouble(text.substring(huber + HUBER.length())));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("objective '%s': not a number".formatted(text), e);
    }
  }
}
