package org.farfit.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Surface;
import org.farfit.fit.extrapolation.AverageSurface;
import org.farfit.fit.extrapolation.GuardedSurface;

/**
 * Which predicted losses are results. A surface that is followed too far, or that runs do not
 * determine, may give anything, 3.6e282 as well; a loss that no run came near, or at a point that
 * nothing near it was seen of, is refused with a reason instead.
 *
 * @param least the least loss of the fitted runs
 * @param largest the largest
 * @param range their N and D, if they have both
 */
public record LossLimits(double least, double largest, Optional<SurfaceRange> range) {

  /**
   * By which factor a predicted loss may lie outside of the fitted ones. Losses of language models
   * from untrained to the best lie within one factor of ten.
   */
  public static final double FACTOR = 10;

  /**
   * By which factor N or D may lie outside of the fitted ones. From the smallest models that are
   * trained to find laws to the largest that anyone plans is a factor of a million.
   */
  public static final double MOST_BEYOND = 1e9;

  /** The share of an average's weight of which laws that predict nothing leave no prediction. */
  private static final double MOST_REFUSED = 0.5;

  /** The limits of some fitted runs. */
  public static LossLimits of(RunSet runs) {
    return new LossLimits(
        Arrays.stream(runs.loss()).min().orElse(Double.NaN),
        Arrays.stream(runs.loss()).max().orElse(Double.NaN),
        runs.size() > 0 && runs.hasSizesAndTokens()
            ? Optional.of(SurfaceRange.of(runs))
            : Optional.empty());
  }

  /** No limits but that a number is one: for what is no loss. */
  public static final LossLimits NONE =
      new LossLimits(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Optional.empty());

  /** Why a predicted loss is none; empty if it may be one. */
  public Optional<String> refusal(double loss) {
    if (equals(NONE)) {
      return Double.isFinite(loss)
          ? Optional.empty()
          : Optional.of("the law has no finite value there");
    }
    if (!(loss > 0 && loss < Double.POSITIVE_INFINITY)) {
      return Optional.of("the surface has no positive finite loss there");
    }
    if (loss > FACTOR * largest || loss < least / FACTOR) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the surface gives %.2g there, more than a factor %.0f outside of the fitted losses"
                  + " (%.3g to %.3g): these runs do not determine it so far out",
              loss,
              FACTOR,
              least,
              largest));
    }
    return Optional.empty();
  }

  /** {@link #refusal(double)} at a point, which must not be out of sight of the fitted ones. */
  public Optional<String> refusal(double n, double d, double loss) {
    if (!(n > 0 && d > 0 && n < Double.POSITIVE_INFINITY && d < Double.POSITIVE_INFINITY)) {
      return Optional.of("N or D of it is not a positive finite number");
    }
    return refusal(loss).or(() -> refusalOfDistance(n, d));
  }

  /**
   * The surface's own reason to give no number at a point, else why the number is none; of an
   * average also where no number of the laws that it rests on is one.
   */
  public Optional<String> refusal(Surface surface, double n, double d, double loss) {
    return surface
        .refusal(n, d)
        .or(() -> refusal(n, d, loss))
        .or(() ->
            surface instanceof GuardedSurface guarded
                ? refusalOfMembers(guarded.average(), n, d)
                : Optional.empty());
  }

  /** Laws of half of the weight or more give no loss: the others would be outvoted. */
  private Optional<String> refusalOfMembers(AverageSurface average, double n, double d) {
    double refused = 0;
    List<String> reasons = new ArrayList<>();
    for (int k = 0; k < average.members().size(); k++) {
      FittedSurface member = average.members().get(k);
      double weight = average.weights().get(k);
      Optional<String> reason = weight > 0 ? refusal(n, d, member.loss(n, d)) : Optional.empty();
      if (reason.isPresent()) {
        refused += weight;
        reasons.add(member.name() + ": " + reason.get());
      }
    }
    return refused < MOST_REFUSED
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "laws of %.0f%% of its weight predict nothing there (%s)",
                100 * refused,
                String.join("; ", reasons)));
  }

  /** {@link #refusal(double)} at a run that is predicted, which may lack N or D. */
  public Optional<String> refusal(RunSet runs, int i, double loss) {
    return runs.hasSizesAndTokens() ? refusal(runs.n(i), runs.d(i), loss) : refusal(loss);
  }

  /** That an interval of a loss is wider than all losses that were fitted, in words, if it is. */
  public Optional<String> emptiness(double low, double high) {
    return low < least && high > largest && !equals(NONE)
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "its interval holds every loss of the fitted runs (%.4g to %.4g)",
                least,
                largest))
        : Optional.empty();
  }

  private Optional<String> refusalOfDistance(double n, double d) {
    return range
        .map(fitted -> fitted.factorBeyond(n, d))
        .filter(factor -> factor > MOST_BEYOND)
        .map(factor ->
            String.format(
                Locale.ROOT,
                "N or D there is a factor %.3g beyond the fitted runs: these say nothing so far out",
                factor));
  }
}
