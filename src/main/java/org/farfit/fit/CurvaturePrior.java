package org.farfit.fit;

import org.farfit.law.Law;

/**
 * A Gaussian prior around zero on the curvatures of a law ({@link Law#curvatures()}), which says
 * that each term is nearly a power of N. Runs of few sizes do not determine curvature, and a fit
 * that is free to choose it extrapolates badly.
 *
 * @param deviation standard deviation of each curvature; infinite for no prior
 * @param residualScale standard deviation of a residual, which sets the prior's weight beside the
 *     runs
 */
public record CurvaturePrior(double deviation, double residualScale) {

  /**
   * The deviations to choose from, strongest first. Curvatures of published and fitted surfaces are
   * 0.03 to 0.17.
   */
  static final double[] DEVIATIONS = {0.0125, 0.025, 0.05, 0.1, 0.2, 0.4, Double.POSITIVE_INFINITY};

  /** Precision of every centred parameter, in the unit of the cost; see PriorTable. */
  double[] precision(Law law) {
    double[] precision = new double[law.parameterCount()];
    if (deviation < Double.POSITIVE_INFINITY) {
      double ratio = residualScale / deviation;
      for (int j : law.curvatures()) {
        precision[j] = ratio * ratio;
      }
    }
    return precision;
  }

  /** What the prior adds to the cost at some parameters. */
  double penalty(Law law, double[] centred) {
    double[] precision = precision(law);
    double sum = 0;
    for (int j = 0; j < centred.length; j++) {
      sum += 0.5 * precision[j] * centred[j] * centred[j];
    }
    return sum;
  }
}
