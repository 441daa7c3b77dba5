package org.farfit.report.archive;

import static org.farfit.report.archive.Checks.notNegative;
import static org.farfit.report.archive.Checks.present;
import static org.farfit.report.archive.Checks.require;
import static org.farfit.report.archive.Checks.whole;

import java.util.List;
import java.util.stream.Collectors;

/** Whether what a fit file says of the choice of {@code --law auto} fits together. */
final class ChoiceCheck {

  private ChoiceCheck() {}

  /**
   * Checks the choice of a file, if it has one.
   *
   * @throws IllegalArgumentException if it does not fit the file or itself; the message names the
   *     key
   */
  static void check(FitDocument document) {
    ChoiceEntry auto = document.auto();
    if (auto == null) {
      return;
    }
    String members =
        document.fits().stream()
            .map(fit -> fit.law() + "/" + fit.method())
            .collect(Collectors.joining("+"));
    require(
        members.equals(auto.name()),
        "auto.name",
        () -> "is '%s', but the file has the fits %s".formatted(auto.name(), members));
    present("auto.reason", auto.reason());
    perFit("auto.weights", auto.weights(), document);
    if (auto.doubt() != null) {
      perFit("auto.doubt", auto.doubt(), document);
    }
    whole("auto.scores", auto.scores());
    for (int i = 0; i < auto.scores().size(); i++) {
      ChoiceEntry.Score score = auto.scores().get(i);
      present("auto.scores.[%d].name".formatted(i), score.name());
      notNegative("auto.scores.[%d].error".formatted(i), score.error());
      notNegative("auto.scores.[%d].weight".formatted(i), score.weight());
    }
    if (auto.backTest() != null) {
      new BackTestCheck("auto.backTest", auto.backTest()).check();
    }
  }

  private static void perFit(String key, List<Double> shares, FitDocument document) {
    whole(key, shares);
    require(
        shares.size() == document.fits().size(),
        key,
        () -> "has %d, but the file has %d fits".formatted(shares.size(), document.fits().size()));
    for (int i = 0; i < shares.size(); i++) {
      notNegative(key + ".[%d]".formatted(i), shares.get(i));
    }
  }
}
