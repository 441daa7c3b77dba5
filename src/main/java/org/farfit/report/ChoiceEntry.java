package org.farfit.report;

import java.util.List;
import org.farfit.fit.AutoFit;

/**
 * What {@code --law auto} chose, as the fit file holds it: the average of the file's fits is the
 * surface to extrapolate with.
 *
 * @param name law and method of each member, joined by +
 * @param reason why, in words
 * @param scores every candidate, best first
 */
public record ChoiceEntry(String name, String reason, List<Score> scores) {

  /** A candidate and its mean error one size ahead, percent. */
  public record Score(String name, Double error) {}

  /** A choice. */
  public static ChoiceEntry of(AutoFit.Choice choice) {
    return new ChoiceEntry(
        choice.name(),
        choice.reason(),
        choice.scores().stream()
            .map(score -> new Score(score.name(), Json.finite(100 * score.error())))
            .toList());
  }
}
