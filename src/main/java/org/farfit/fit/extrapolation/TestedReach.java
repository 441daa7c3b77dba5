package org.farfit.fit.extrapolation;

import java.util.Locale;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;

/**
 * How far predictions within some runs reach in compute, as a back-test makes them: what is asked
 * farther out was not tried on any run, however probable its interval calls itself.
 *
 * @param largest the most compute of the runs, N D
 * @param factor the largest factor of compute from the fitted runs of an origin to one that was
 *     predicted
 */
public record TestedReach(double largest, double factor) {

  /** Factors are told apart down to this: readings, rounding. */
  private static final double ROUNDING = 1e-6;

  /** The reach within runs that have N and D; empty where there is no origin. */
  public static Optional<TestedReach> of(RunSet runs) {
    double factor =
        ExtrapolationOrigin.within(runs, runs.weight()).stream()
            .mapToDouble(origin ->
                largest(runs, origin.test(), w -> w > 0) / largest(runs, origin.fit(), w -> w > 0))
            .max()
            .orElse(Double.NaN);
    return factor > 0
        ? Optional.of(new TestedReach(largest(runs, runs.weight(), w -> true), factor))
        : Optional.empty();
  }

  private static double largest(RunSet runs, double[] weights, DoublePredicate counts) {
    return IntStream.range(0, weights.length)
        .filter(i -> counts.test(weights[i]))
        .mapToDouble(i -> runs.n(i) * runs.d(i))
        .max()
        .orElseThrow();
  }

  /** What to beware of at a point, in words; empty where predictions reached as far. */
  public Optional<String> untested(double n, double d) {
    double asked = n * d / largest;
    return asked > factor * (1 + ROUNDING)
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "N D is %.3g times the most of the fitted runs; predictions of larger from smaller"
                    + " ones reached %.3g times: how intervals do so far out was not tested",
                asked,
                factor))
        : Optional.empty();
  }
}
