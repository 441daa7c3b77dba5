package org.farfit.sweep;

import java.io.Serializable;
import org.farfit.engine.Objective;

/**
 * An objective as a sweep names it: {@code log} or {@code linear}, perhaps with a robust loss.
 *
 * @param name as it is written
 * @param objective what it stands for
 */
public record ObjectiveChoice(String name, Objective objective) implements Serializable {

  private static final String HUBER = "/huber:";

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if there is no such objective
   */
  public static ObjectiveChoice parse(String text) {
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
      double delta =
          huber < 0
              ? Double.POSITIVE_INFINITY
              : Double.parseDouble(text.substring(huber + HUBER.length()));
      return new ObjectiveChoice(text, new Objective(residual, delta));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("objective '%s': not a number".formatted(text), e);
    }
  }
}
