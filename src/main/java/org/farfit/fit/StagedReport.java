package org.farfit.fit;

import java.util.List;

/**
 * What every stage of the differential piecewise procedure found.
 *
 * @param spacing lambda, the ratio of neighbouring D
 * @param sizes stage 1 and 3 by size
 * @param rounds stage 2: exponents after each round
 * @param differenceError mean relative error of the predicted differences
 * @param differenceR2 share of the variance of the differences that the surface explains
 * @param leftOut what could not be used, in words
 */
public record StagedReport(
    double spacing,
    List<Size> sizes,
    List<Round> rounds,
    double differenceError,
    double differenceR2,
    List<String> leftOut) {

  /**
   * What was found for one size. Residuals are logarithms: of the value found for the size over
   * that of the fitted curve; NaN where the size was left out of that stage.
   *
   * @param n parameters, counted as in the runs that were fitted
   * @param differences how many differences the line rests on
   * @param r2 share of the variance of ln R that the line explains
   * @param exponent A_N
   * @param exponentResidual ln A_N - ln A(N)
   * @param factor B_N
   * @param factorResidual ln B_N - ln B(N)
   * @param capacity G_N, the mean over D of L - B(N) D^-A(N)
   * @param capacityResidual ln G_N - ln G(N)
   */
  public record Size(
      double n,
      int differences,
      double r2,
      double exponent,
      double exponentResidual,
      double factor,
      double factorResidual,
      double capacity,
      double capacityResidual) {}

  /**
   * Exponents after a round.
   *
   * @param alpha exponent of ln A(N); 0 for a constant A
   * @param beta exponent of ln B(N); 0 for a constant B
   * @param error mean relative error of the predicted differences
   */
  public record Round(double alpha, double beta, double error) {}
}
