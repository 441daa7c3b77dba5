package org.farfit.report.archive;

import java.util.List;
import java.util.Optional;
import org.farfit.fit.extrapolation.AutoFit;
import org.farfit.fit.extrapolation.BackTest;
import org.farfit.report.output.Json;

/**
 * What {@code --law auto} chose, as the fit file holds it: the average of the file's fits with
 * these weights is the surface to extrapolate with.
 *
 * @param name law and method of each member, joined by +
 * @param reason why, in words
 * @param weights of the members, in the order of the file's fits
 * @param doubt how probable each member is, in the same order; null in older files, where it is
 *     that of the weights
 * @param scores every candidate, best first
 * @param backTest how intervals like its own did within the runs; null if there are too few runs to
 *     say
 */
record ChoiceEntry(
    String name,
    String reason,
    List<Double> weights,
    List<Double> doubt,
    List<Score> scores,
    BackTestEntry backTest) {

  /** A candidate, its mean error from smaller to larger runs in percent, and its weight. */
  record Score(String name, Double error, Double weight) {}

  /** A choice. */
  static ChoiceEntry of(AutoFit.Choice choice) {
    return new ChoiceEntry(
        choice.name(),
        choice.reason(),
        choice.members().stream().map(AutoFit.Member::weight).toList(),
        choice.members().stream().map(AutoFit.Member::doubt).toList(),
        choice.scores().stream()
            .map(score -> new Score(score.name(), Json.finite(100 * score.error()), score.weight()))
            .toList(),
        choice.backTest().map(BackTestEntry::of).orElse(null));
  }

  /** How probable each member is. */
  List<Double> doubts() {
    return doubt == null ? weights : doubt;
  }

  /** How intervals like its own did within the runs, if that is known. */
  Optional<BackTest> tested() {
    return Optional.ofNullable(backTest).map(BackTestEntry::test);
  }
}
