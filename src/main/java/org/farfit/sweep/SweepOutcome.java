package org.farfit.sweep;

import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * What came of a sweep as a whole: counts of its rows, and why there is no fit if there is none.
 */
public final class SweepOutcome {

  private final LongAdder rows = new LongAdder();
  private final LongAdder converged = new LongAdder();
  private final LongAdder unreadable = new LongAdder();
  private SweepRow firstUnreadable;

  /** Counts a row. */
  public void add(SweepRow row) {
    rows.increment();
    if (row.result().converged()) {
      converged.increment();
    }
    if (row.result().status().equals(SweepShard.BAD_INPUT)) {
      unreadable.increment();
      firstUnreadable = firstUnreadable == null ? row : firstUnreadable;
    }
  }

  /** How many rows there were. */
  public long rows() {
    return rows.sum();
  }

  /** How many of them are of fits that converged. */
  public long converged() {
    return converged.sum();
  }

  /** Whether no row has an input that could be used; not of a sweep without rows. */
  public boolean hasNoInput() {
    return rows() > 0 && unreadable.sum() == rows();
  }

  /** Why nothing came of a sweep, in words; empty if something did, or there was nothing to do. */
  public Optional<String> problem() {
    if (rows() == 0 || converged() > 0) {
      return Optional.empty();
    }
    return Optional.of(
        hasNoInput()
            ? "no input could be used; the first: " + firstUnreadable.result().message()
            : "no fit converged; the column status says why");
  }
}
