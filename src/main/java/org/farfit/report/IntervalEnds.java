package org.farfit.report;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farfit.fit.bootstrap.Interval;

/**
 * The ends of an interval as JSON; null where unknown.
 *
 * @param low lower end
 * @param high upper end
 */
public record IntervalEnds(Double low, Double high) {

  /** The ends of an interval. */
  public static IntervalEnds of(Interval interval) {
    return new IntervalEnds(Json.finite(interval.low()), Json.finite(interval.high()));
  }

  /** Intervals by name. */
  public static Map<String, IntervalEnds> of(Map<String, Interval> intervals) {
    Map<String, IntervalEnds> ends = new LinkedHashMap<>();
    intervals.forEach((name, interval) -> ends.put(name, of(interval)));
    return ends;
  }
}
