package org.farfit.report.archive;

import static org.farfit.report.archive.Checks.notNegative;
import static org.farfit.report.archive.Checks.present;
import static org.farfit.report.archive.Checks.require;
import static org.farfit.report.archive.Checks.whole;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.farfit.fit.extrapolation.BackTest;

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
      check(auto.backTest());
    }
  }

  private static void check(BackTestEntry test) {
    String key = "auto.backTest.";
    require(
        test.origins() > 0,
        key + "origins",
        () -> "is %d, expected 1 or more".formatted(test.origins()));
    whole(key + "ways", test.ways());
    require(!test.ways().isEmpty(), key + "ways", () -> "is empty");
    Set<String> larger = new HashSet<>();
    for (int i = 0; i < test.ways().size(); i++) {
      BackTestEntry.Way way = test.ways().get(i);
      String at = key + "ways.[%d].".formatted(i);
      require(
          BackTest.LARGER.contains(way.larger()) && larger.add(way.larger()),
          at + "larger",
          () ->
              "in ways is '%s', expected one of %s, each once"
                  .formatted(way.larger(), String.join(", ", BackTest.LARGER)));
      require(way.runs() > 0, at + "runs", () -> "is %d, expected 1 or more".formatted(way.runs()));
      whole(at + "sizes", way.sizes());
      require(
          way.sizes().size() == BackTest.PERCENTILES,
          at + "sizes",
          () -> "has %d numbers, expected %d".formatted(way.sizes().size(), BackTest.PERCENTILES));
      for (int j = 0; j < way.sizes().size(); j++) {
        double size = way.sizes().get(j);
        double before = j == 0 ? 0 : way.sizes().get(j - 1);
        require(
            size >= before && size < Double.POSITIVE_INFINITY,
            at + "sizes",
            () -> "has %s after %s, expected numbers in order".formatted(size, before));
      }
    }
    notNegative(key + "drift", test.drift());
    present(key + "sha256", test.sha256());
    require(
        test.sha256().equals(test.hash()),
        key + "sha256",
        () -> "is not that of origins, ways (larger, runs, sizes) and drift: the file was changed");
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
