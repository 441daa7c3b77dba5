package org.farfit.fit.statistics;

import org.hipparchus.analysis.solvers.BrentSolver;
import org.hipparchus.special.Erf;

/**
 * The log-likelihood of residuals under the density that an objective stands for, at the scale s
 * that maximises it.
 *
 * <p>Squared loss stands for a normal density of standard deviation s. Huber loss with threshold
 * delta stands for the density exp(-rho_delta(r) / s^2) / (s Z(delta / s)): normal in the middle,
 * Laplace in the tails (Huber 1964). With c = delta / s,
 *
 * <pre>
 *   Z(c) = sqrt(2 pi) erf(c / sqrt 2) + 2 exp(-c^2 / 2) / c
 * </pre>
 *
 * so that laws fitted with any one objective can be ranked by AIC and BIC. A run of weight w has
 * scale s / sqrt(w).
 */
public final class LogLikelihood {

  private LogLikelihood() {}

  /**
   * The maximum over the scale.
   *
   * @param cost sum of rho(r)
   * @param n number of residuals
   * @param delta Huber threshold, infinite for squared loss
   */
  public static double maximum(double cost, int n, double delta) {
    double s = scale(cost, n, delta);
    return -n * (Math.log(s) + logNormaliser(delta / s)) - cost / (s * s);
  }

  /**
   * The maximum-likelihood scale: the root of n (1 + 2 exp(-c^2/2) / (c Z(c))) = 2 cost / s^2. The
   * bracket on the left is 1 for squared loss and 2 for absolute loss, so the root lies between
   * sqrt(cost / n) and sqrt(2 cost / n). A cost that is not finite has no scale: NaN.
   *
   * @param cost sum of rho(r)
   * @param n number of residuals, or of degrees of freedom
   * @param delta Huber threshold, infinite for squared loss
   */
  public static double scale(double cost, int n, double delta) {
    if (!Double.isFinite(cost)) {
      return Double.NaN;
    }
    double normal = Math.sqrt(2 * cost / n);
    if (delta == Double.POSITIVE_INFINITY || normal == 0) {
      return normal;
    }
    return new BrentSolver(1e-14, 1e-300, 1e-15)
        .solve(
            200,
            s -> {
              double c = delta / s;
              double tail = 2 * Math.exp(-0.5 * c * c) / (c * Math.exp(logNormaliser(c)));
              return n * (1 + tail) * s * s / (2 * cost) - 1;
            },
            normal * Math.sqrt(0.5) * (1 - 1e-12),
            normal * (1 + 1e-12));
  }

  /**
   * The probability of a residual below the Huber threshold: 1 - 2 exp(-c^2/2) / (c Z(c)).
   *
   * @param c threshold over scale
   */
  public static double insideShare(double c) {
    return 1 - 2 * Math.exp(-0.5 * c * c - logNormaliser(c)) / c;
  }

  private static double logNormaliser(double c) {
    if (c == Double.POSITIVE_INFINITY) {
      return 0.5 * Math.log(2 * Math.PI);
    }
    return Math.log(
        Math.sqrt(2 * Math.PI) * Erf.erf(c / Math.sqrt(2)) + 2 * Math.exp(-0.5 * c * c) / c);
  }
}
