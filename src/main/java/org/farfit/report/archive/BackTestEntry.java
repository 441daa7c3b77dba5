package org.farfit.report.archive;

import java.util.List;
import org.farfit.fit.extrapolation.BackTest;

/**
 * How intervals like those of an average did within the fitted runs, as the fit file holds it; see
 * {@link BackTest}.
 *
 * @param origins at how many origins
 * @param ways the errors, by what the predicted runs have more of
 * @param drift what losses may drift by beyond all runs, for each factor of e
 * @param evidence by how much any drift makes these errors more probable than none does
 * @param sha256 hash of all these, see {@link NumberHash}
 */
record BackTestEntry(int origins, List<Way> ways, double drift, double evidence, String sha256) {

  /** See {@link BackTest.Way}. */
  record Way(String larger, int runs, List<Double> sizes) {}

  static BackTestEntry of(BackTest test) {
    List<Way> ways =
        test.ways().stream().map(way -> new Way(way.larger(), way.runs(), way.sizes())).toList();
    return new BackTestEntry(
        test.origins(),
        ways,
        test.drift(),
        test.evidence(),
        hash(test.origins(), ways, test.drift(), test.evidence()));
  }

  /** What the hash should be. */
  String hash() {
    return hash(origins, ways, drift, evidence);
  }

  private static String hash(int origins, List<Way> ways, double drift, double evidence) {
    NumberHash hash = new NumberHash().add(List.of(origins));
    ways.forEach(way -> hash.add(List.of(way.runs())).add(way.sizes()));
    return hash.add(List.of(drift, evidence)).text();
  }

  BackTest test() {
    return new BackTest(
        origins,
        ways.stream().map(way -> new BackTest.Way(way.larger(), way.runs(), way.sizes())).toList(),
        drift,
        evidence);
  }
}
