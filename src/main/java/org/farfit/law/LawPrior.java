package org.farfit.law;

import java.util.List;

/**
 * What is known of the centred parameters of a law before any run: independent Gaussians. Runs that
 * are many or far apart overrule it; few runs of a narrow range leave directions open that it
 * closes.
 *
 * @param mean where the prior of each parameter is centred
 * @param deviation its standard deviation; infinite where nothing is known
 */
public record LawPrior(List<Double> mean, List<Double> deviation) {

  /** Checks the lengths and that deviations are positive. */
  public LawPrior {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != deviation.size() || !deviation.stream().allMatch(value -> value > 0)) {
      throw new IllegalArgumentException(
          "a prior needs a mean and a positive deviation of each parameter: %s, %s"
              .formatted(mean, deviation));
    }
  }

  /** The means as an array. */
  public double[] means() {
    return mean.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * What each squared distance from the mean weighs beside squared residuals, in the unit of the
   * cost: the variance of a residual over that of the parameter.
   *
   * @param residualScale standard deviation of a residual
   */
  public double[] precision(double residualScale) {
    return deviation.stream()
        .mapToDouble(each -> residualScale / each)
        .map(ratio -> ratio * ratio)
        .toArray();
  }

  /**
   * What the prior adds to the cost at some parameters.
   *
   * @param residualScale standard deviation of a residual
   * @param centred centred parameters, as many as there are means
   */
  public double penalty(double residualScale, double[] centred) {
    double[] precision = precision(residualScale);
    double sum = 0;
    for (int j = 0; j < centred.length; j++) {
      double distance = centred[j] - mean.get(j);
      sum += 0.5 * precision[j] * distance * distance;
    }
    return sum;
  }
}
