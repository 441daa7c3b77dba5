package org.farfit.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.report.output.Json;

/**
 * The ends of an interval as JSON; null where unknown, and where there is none.
 *
 * @param low lower end
 * @param high upper end
 * @param problem why an end is unknown, or that there is none; null if both are known
 */
public record IntervalEnds(Double low, Double high, String problem) {

  private static final String NO_END = "an end of the interval cannot be estimated";

  private static final String NO_BOUND = "the runs do not bound it";

  private static final String NO_BOUND_ABOVE = "the runs do not bound it above";

  /** The ends of an interval. */
  public static IntervalEnds of(Interval interval) {
    return of(interval, NO_END);
  }

  /** Intervals by name. */
  public static Map<String, IntervalEnds> of(Map<String, Interval> intervals) {
    Map<String, IntervalEnds> ends = new LinkedHashMap<>();
    intervals.forEach((name, interval) -> ends.put(name, of(interval)));
    return ends;
  }

  /** Intervals by name, and why an end is unknown, by name. */
  public static Map<String, IntervalEnds> of(
      Map<String, Interval> intervals, Map<String, String> lacks) {
    Map<String, IntervalEnds> ends = new LinkedHashMap<>();
    intervals.forEach(
        (name, interval) -> ends.put(name, of(interval, lacks.getOrDefault(name, NO_END))));
    return ends;
  }

  private static IntervalEnds of(Interval interval, String lack) {
    Double low = Json.finite(interval.low());
    Double high = Json.finite(interval.high());
    if (interval.high() == Double.POSITIVE_INFINITY && low != null) {
      return new IntervalEnds(low, null, low == 0 ? NO_BOUND : NO_BOUND_ABOVE);
    }
    return new IntervalEnds(low, high, low == null || high == null ? lack : null);
  }

  /** Whether it tells nothing: any scale from 0 up. */
  public boolean hasNoEnds() {
    return NO_BOUND.equals(problem);
  }

  /** Whether the interval has no upper end because the runs do not bound it. */
  public boolean hasNoBound() {
    return NO_BOUND_ABOVE.equals(problem) || hasNoEnds();
  }
}
