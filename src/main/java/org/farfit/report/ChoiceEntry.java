package org.farfit.report;

import java.util.List;
import org.farfit.fit.extrapolation.AutoFit;

/**
 * What {@code --law auto} chose, as the fit file holds it: the average of the file's fits with
 * these weights is the surface to extrapolate with.
 *
 * @param name law and method of each member, joined by +
 * @param reason why, in words
 * @param weights of the members, in the order of the file's fits
 * @param scores every candidate, best first
 */
public record ChoiceEntry(String name, String reason, List<Double> weights, List<Score> scores) {

  /** A candidate, its mean error from smaller to larger runs in percent, and its weight. */
  public record Score(String name, Double error, Double weight) {}

  /** A choice. */
  public static ChoiceEntry of(AutoFit.Choice choice) {
    return new ChoiceEntry(
        choice.name(),
        choice.reason(),
        choice.members().stream().map(AutoFit.Member::weight).toList(),
        choice.scores().stream()
            .map(score -> new Score(score.name(), Json.finite(100 * score.error()), score.weight()))
            .toList());
  }
}
