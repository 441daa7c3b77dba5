package org.farfit.analysis.inference;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.statistics.LinearPropagation;

/**
 * How uncertain estimands of an average of fits are: its unconditional standard error, what each
 * member is uncertain by, and how far it lies from the average (Burnham and Anderson 2002, section
 * 4.3), and how well that is known.
 *
 * @param within standard deviations on the scale of each estimand by what members are uncertain by;
 *     NaN where none of them says
 * @param apart the same by how far they lie from the average
 * @param degrees degrees of freedom of their squares, as far as members' errors go by sizes; else
 *     infinite. What members differ by counts as known; what they are uncertain by is estimated
 *     from the same residuals, so that their errors go together
 */
record AverageSpread(double[] within, double[] apart, double[] degrees) {

  /** Standard deviations by both. */
  double[] deviations() {
    double[] deviations = new double[within.length];
    Arrays.setAll(deviations, k -> Math.hypot(within[k], apart[k]));
    return deviations;
  }

  /**
   * The spread of an average, or of one fit.
   *
   * @param degreesOf degrees of freedom of a member's variance by the gradient of an estimand
   * @param value of each estimand on the average
   */
  static AverageSpread of(
      List<Inference.Member> members,
      IntFunction<ToDoubleFunction<double[]>> degreesOf,
      Estimands estimands,
      double[] value) {
    int count = value.length;
    double[] apart = new double[count];
    double[] within = new double[count];
    double[] unsure = new double[count];
    double all = members.stream().mapToDouble(Inference.Member::doubt).sum();
    double known = 0;
    for (int m = 0; m < members.size(); m++) {
      Inference.Member member = members.get(m);
      if (!(member.doubt() > 0)) {
        continue;
      }
      FittedSurface surface = member.fit().surface();
      double[] own = estimands.scaled(surface);
      for (int k = 0; k < count; k++) {
        double distance = own[k] - estimands.items().get(k).toScale(value[k]);
        apart[k] += member.doubt() / all * distance * distance;
      }
      if (surface.covariance().isEmpty()) {
        continue;
      }
      known += member.doubt();
      double[][] gradient = estimands.gradient(surface);
      double[] errors = LinearPropagation.errors(gradient, surface.covariance().get());
      for (int k = 0; k < count; k++) {
        double variance = member.doubt() * errors[k] * errors[k];
        within[k] += variance;
        if (member.fit().sharesNoiseBySize()) {
          int at = k;
          double[] along = Arrays.stream(gradient).mapToDouble(row -> row[at]).toArray();
          unsure[k] += variance / Math.sqrt(degreesOf.apply(m).applyAsDouble(along));
        }
      }
    }
    double[] degrees = new double[count];
    for (int k = 0; k < count; k++) {
      double variance = apart[k] + within[k] / known;
      // Not a number where the average gives none.
      degrees[k] =
          unsure[k] > 0 && variance > 0
              ? Math.pow(variance / (unsure[k] / known), 2)
              : Double.POSITIVE_INFINITY;
      within[k] = Math.sqrt(within[k] / known);
      apart[k] = Math.sqrt(apart[k]);
    }
    return new AverageSpread(within, apart, degrees);
  }
}
