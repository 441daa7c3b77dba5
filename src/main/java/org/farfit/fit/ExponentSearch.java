package org.farfit.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;

/**
 * The exponent of least mean relative error on a grid of step {@link #STEP}, found from coarse to
 * fine: the whole range in steps of 50, then around the best in steps of 5, then of 1.
 */
final class ExponentSearch {

  /** The step of the paper's grid for alpha and beta (Li et al. 2025, appendix C). */
  static final double STEP = 1e-4;

  private static final int[] STRIDES = {50, 5, 1};

  private ExponentSearch() {}

  /** An exponent, the parameters that belong to it, and their error. */
  record Found(double exponent, double[] point, double error) {}

  /**
   * Searches a range.
   *
   * @param points the parameters that belong to an exponent, if it is admissible
   * @return the best; empty if none is admissible
   */
  static Optional<Found> minimise(
      double low, double high, DoubleFunction<Optional<double[]>> points, RelativeErrors errors) {
    long first = Math.round(low / STEP);
    long last = Math.round(high / STEP);
    Optional<Found> best = Optional.empty();
    for (int stride : STRIDES) {
      List<Double> exponents = new ArrayList<>();
      List<double[]> candidates = new ArrayList<>();
      for (long k = first; k <= last; k += stride) {
        double exponent = k * STEP;
        points
            .apply(exponent)
            .ifPresent(point -> {
              exponents.add(exponent);
              candidates.add(point);
            });
      }
      best = better(best, exponents, candidates, errors);
      if (best.isEmpty()) {
        return best;
      }
      long centre = Math.round(best.get().exponent() / STEP);
      first = Math.max(Math.round(low / STEP), centre - stride);
      last = Math.min(Math.round(high / STEP), centre + stride);
    }
    return best;
  }

  private static Optional<Found> better(
      Optional<Found> known,
      List<Double> exponents,
      List<double[]> candidates,
      RelativeErrors errors) {
    if (candidates.isEmpty()) {
      return known;
    }
    double[] found = errors.at(candidates);
    Optional<Found> best = known;
    for (int k = 0; k < found.length; k++) {
      if (Double.isFinite(found[k]) && (best.isEmpty() || found[k] < best.get().error())) {
        best = Optional.of(new Found(exponents.get(k), candidates.get(k), found[k]));
      }
    }
    return best;
  }
}
