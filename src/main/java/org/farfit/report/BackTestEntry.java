package org.farfit.report;

import java.util.List;
import org.farfit.fit.extrapolation.BackTest;

/**
 * How intervals like those of an average did within the fitted runs, as the fit file holds it; see
 * {@link BackTest}.
 *
 * @param origins at how many origins
 * @param ways the errors, by what the predicted runs have more of
 * @param sha256 hash of all these, see {@link NumberHash}
 */
record BackTestEntry(int origins, List<Way> ways, String sha256) {

  /** See {@link BackTest.Way}. */
  record Way(String larger, int runs, List<Double> sizes, double drift) {}

  static BackTestEntry of(BackTest test) {
    List<Way> ways =
        test.ways().stream()
            .map(way -> new Way(way.larger(), way.runs(), way.sizes(), way.drift()))
            .toList();
    return new BackTestEntry(test.origins(), ways, hash(test.origins(), ways));
  }

  /** What the hash should be. */
  String hash() {
    return hash(origins, ways);
  }

  private static String hash(int origins, List<Way> ways) {
    NumberHash hash = new NumberHash().add(List.of(origins));
    ways.forEach(way -> hash.add(List.of(way.runs())).add(way.sizes()).add(List.of(way.drift())));
    return hash.text();
  }

  BackTest test() {
    return new BackTest(
        origins,
        ways.stream()
            .map(way -> new BackTest.Way(way.larger(), way.runs(), way.sizes(), way.drift()))
            .toList());
  }
}
