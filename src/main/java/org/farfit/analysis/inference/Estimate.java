package org.farfit.analysis.inference;

import java.util.List;
import java.util.Map;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Interval;

/**
 * What is known of one estimand.
 *
 * @param item the estimand
 * @param value its value on the fit
 * @param interval the interval to quote: by the bootstrap if there are replicates, else by the
 *     delta method. That of an optimum has no end, infinity or 0, on a side where the runs do not
 *     bound it, and may be known where the fit itself has none
 * @param method what that interval is
 * @param others intervals by other methods, by name
 * @param lacks why an end of one of these is missing, by name
 * @param undefined the surfaces of replicates that have no such number, such as those without an
 *     interior optimum; they have no part in the interval, but that expanded ones have optima
 *     beyond every bound where their loss keeps falling
 */
public record Estimate(
    Estimands.Item item,
    double value,
    Interval interval,
    String method,
    Map<String, Interval> others,
    Map<String, String> lacks,
    List<Surface> undefined) {

  /** Intervals are shown side by side if their ends differ by more than this share of a width. */
  private static final double WORTH_SHOWING = 0.2;

  /** Whether another method gives an interval that differs by more than a fifth of a width. */
  public boolean isDisputed() {
    double width = item.toScale(interval.high()) - item.toScale(interval.low());
    return interval.isKnown()
        && others.values().stream()
            .filter(Interval::isKnown)
            .anyMatch(other ->
                distance(other.low(), interval.low()) > WORTH_SHOWING * width
                    || distance(other.high(), interval.high()) > WORTH_SHOWING * width);
  }

  private double distance(double a, double b) {
    return Math.abs(item.toScale(a) - item.toScale(b));
  }
}
