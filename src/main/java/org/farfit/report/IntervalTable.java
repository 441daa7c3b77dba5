package org.farfit.report;

import java.util.List;
import java.util.Map;
import org.farfit.analysis.inference.Estimate;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.report.output.AlignedTable;

/** Estimates whose intervals depend on how they are made, all intervals side by side. */
public final class IntervalTable {

  private IntervalTable() {}

  /** The table of the disputed among some estimates; empty if there are none. */
  public static String text(String law, List<Estimate> estimates) {
    AlignedTable table = new AlignedTable("estimate", "value", "method", "low", "high");
    boolean any = false;
    for (Estimate estimate : estimates) {
      if (estimate.isDisputed()) {
        any = true;
        add(table, estimate, law, estimate.method(), estimate.interval());
        for (Map.Entry<String, Interval> other : estimate.others().entrySet()) {
          add(table, estimate, "", other.getKey(), other.getValue());
        }
      }
    }
    return any ? table.text() : "";
  }

  private static void add(
      AlignedTable table, Estimate estimate, String law, String method, Interval interval) {
    table.add(
        List.of(
            law.isEmpty() ? "" : law + ": " + estimate.item().name(),
            law.isEmpty() ? "" : AlignedTable.number(estimate.value(), 6),
            method,
            AlignedTable.number(interval.low(), 6),
            AlignedTable.number(interval.high(), 6)));
  }
}
