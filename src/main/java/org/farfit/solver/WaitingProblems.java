package org.farfit.solver;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The problems that no block has taken yet, shared by the blocks of all threads. Which block takes
 * which problem is a matter of timing; what comes out for a problem is not.
 */
final class WaitingProblems {

  private final StartingPoints starts;
  private final ProgressListener progress;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  WaitingProblems(StartingPoints starts, ProgressListener progress) {
    this.starts = starts;
    this.progress = progress;
  }

  /** The next problem, or -1 if none waits or the thread was interrupted. */
  int next() {
    if (Thread.currentThread().isInterrupted()) {
      return -1;
    }
    int next = taken.getAndIncrement();
    return next < starts.count() ? next : -1;
  }

  void start(int k, double[] parameters) {
    starts.start(k, parameters);
  }

  int weightRow(int k) {
    return starts.weightRow(k);
  }

  void done() {
    progress.done(done.incrementAndGet(), starts.count());
  }
}
