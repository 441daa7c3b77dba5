package org.farfit.law;

/**
 * What is known of ln E, the logarithm of the irreducible loss, before any run: between 45 and 80%
 * of the typical loss. Published E are 1.69 to 1.87 where runs have losses of 2.3 to 3.5 (Hoffmann
 * et al. 2022, Besiroglu et al. 2024, Muennighoff et al. 2023).
 *
 * <p>No E is above a loss that was reached. Where losses fall so far that the least is below what
 * would be expected of E, that is no longer known: E is expected as far below the least loss as it
 * would have been above it, and its standard deviation grows by as much.
 *
 * @param mean of ln E
 * @param deviation its standard deviation
 */
record IrreducibleLoss(double mean, double deviation) {

  /**
   * For some runs.
   *
   * @param logLoss their mean ln L
   * @param least their least ln L
   */
  static IrreducibleLoss of(double logLoss, double least) {
    double expected = logLoss - 0.5;
    double over = Math.max(0, expected - least);
    return new IrreducibleLoss(expected - 2 * over, 0.3 + over);
  }
}
