package org.farfit.fit.piecewise;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/**
 * The exponent of least error on a grid of step {@link #STEP}, found from coarse to fine: the whole
 * range in steps of 50, then around the best in steps of 5, then of 1.
 */
final class ExponentSearch {

  /** The step of the paper's grid for alpha and beta (Li et al. 2025, appendix C). */
  static final double STEP = 1e-4;

  private static final int[] STRIDES = {50, 5, 1};

  private ExponentSearch() {}

  /** An exponent and its error. */
  record Found(double exponent, double error) {}

  /**
   * Searches a range.
   *
   * @param errors the error that belongs to an exponent; empty if it is not admissible
   * @return the best; empty if none is admissible and has a finite error
   */
  static Optional<Found> minimise(double low, double high, DoubleFunction<OptionalDouble> errors) {
    long first = Math.round(low / STEP);
    long last = Math.round(high / STEP);
    Found best = null;
    for (int stride : STRIDES) {
      for (long k = first; k <= last; k += stride) {
        double error = errors.apply(k * STEP).orElse(Double.NaN);
        if (Double.isFinite(error) && (best == null || error < best.error())) {
          best = new Found(k * STEP, error);
        }
      }
      if (best == null) {
        return Optional.empty();
      }
      long centre = Math.round(best.exponent() / STEP);
      first = Math.max(Math.round(low / STEP), centre - stride);
      last = Math.min(Math.round(high / STEP), centre + stride);
    }
    return Optional.of(best);
  }
}
