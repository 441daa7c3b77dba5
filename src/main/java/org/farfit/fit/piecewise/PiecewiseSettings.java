package org.farfit.fit.piecewise;

/**
 * Choices of the differential piecewise procedure.
 *
 * @param maxRounds rounds after which exponents are left as they are; they usually settle before
 * @param spacingTolerance by how much, relatively, the ratio of neighbouring D may differ from the
 *     usual one
 * @param averagesDuplicates whether runs of the same (N, D) are averaged first
 * @param smallestTokens runs with fewer tokens are left out
 */
public record PiecewiseSettings(
    int maxRounds, double spacingTolerance, boolean averagesDuplicates, double smallestTokens) {

  /** Until exponents settle, neighbouring D within 5% of the usual ratio, averaged duplicates. */
  public static final PiecewiseSettings DEFAULT = new PiecewiseSettings(50, 0.05, true, 0);

  /** Checks the numbers. */
  public PiecewiseSettings {
    if (maxRounds < 1 || !(spacingTolerance > 0) || !(smallestTokens >= 0)) {
      throw new IllegalArgumentException(
          "%d rounds, tolerance %s, smallest D %s"
              .formatted(maxRounds, spacingTolerance, smallestTokens));
    }
  }

  /** The same with another number of rounds. */
  public PiecewiseSettings withMaxRounds(int rounds) {
    return new PiecewiseSettings(rounds, spacingTolerance, averagesDuplicates, smallestTokens);
  }

  /** The same without averaging duplicates. */
  public PiecewiseSettings withoutAveraging() {
    return new PiecewiseSettings(maxRounds, spacingTolerance, false, smallestTokens);
  }

  /** The same for runs of at least so many tokens. */
  public PiecewiseSettings withSmallestTokens(double tokens) {
    return new PiecewiseSettings(maxRounds, spacingTolerance, averagesDuplicates, tokens);
  }
}
