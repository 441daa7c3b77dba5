package org.farfit.fit.search;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;
import org.farfit.fit.statistics.NoiseStudy;

/**
 * Whether runs have too few sizes to tell errors that runs of a size share. A law's term of N takes
 * parameters of its own, and what sizes share beyond these is all that residuals can show: of three
 * sizes nothing is left beside chinchilla, of four one degree of freedom. Where runs share half of
 * their variance, 90% intervals of all sets, tested so, hold 50, 77 and 84% with 0, 1 and 2 degrees
 * of freedom, 87% and more with 3 (docs/coverage.md).
 */
public final class FewSizes {

  private FewSizes() {}

  /**
   * What to beware of, in a sentence; empty where sizes are enough, or where intervals go by them
   * anyway.
   *
   * @param runs the runs that were fitted
   */
  public static Optional<String> of(LawFit fit, RunSet runs) {
    if (fit.noise().isEmpty()
        || fit.noise().get().asked()
        || fit.sharesNoiseBySize()
        || fit.surface().covariance().isEmpty()) {
      return Optional.empty();
    }
    OptionalDouble freedom = NoiseStudy.freedomOfSizes(fit.evaluation(runs), fit.atLimit());
    return freedom.isPresent() && freedom.getAsDouble() < NoiseStudy.ENOUGH_FREEDOM_OF_SIZES
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "%s: %d sizes, of which it leaves %.1f degrees of freedom, hardly tell errors that"
                    + " runs of a size share; if there are any, intervals are too short",
                fit.law().name(),
                runs.sizes(),
                freedom.getAsDouble()))
        : Optional.empty();
  }
}
