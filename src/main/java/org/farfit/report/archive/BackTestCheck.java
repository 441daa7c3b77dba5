package org.farfit.report.archive;

import static org.farfit.report.archive.Checks.notNegative;
import static org.farfit.report.archive.Checks.present;
import static org.farfit.report.archive.Checks.require;
import static org.farfit.report.archive.Checks.whole;

import java.util.HashSet;
import java.util.Set;
import org.farfit.fit.extrapolation.BackTest;

/** Whether a back-test of a fit file fits together. */
final class BackTestCheck {

  private final String key;
  private final BackTestEntry test;

  /**
   * The check of an entry.
   *
   * @param key of the entry
   */
  BackTestCheck(String key, BackTestEntry test) {
    this.key = key + ".";
    this.test = test;
  }

  /**
   * Checks it.
   *
   * @throws IllegalArgumentException if it does not fit together; the message names the key
   */
  void check() {
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
    notNegative(key + "evidence", test.evidence());
    present(key + "sha256", test.sha256());
    require(
        test.sha256().equals(test.hash()),
        key + "sha256",
        () ->
            "is not that of origins, ways (larger, runs, sizes), drift and evidence: the file was changed");
  }
}
