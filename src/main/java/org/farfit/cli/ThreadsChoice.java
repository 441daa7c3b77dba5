package org.farfit.cli;

import org.farfit.data.InputLimits;
import picocli.CommandLine.Option;

/** The option that says how many threads may be used. */
final class ThreadsChoice {

  @Option(
      names = "--threads",
      paramLabel = "T",
      converter = ThreadCount.class,
      description = "Threads to use; the result does not depend on it (default: every core).")
  private Integer threads;

  boolean isGiven() {
    return threads != null;
  }

  /** As many as were asked for, else one per core. */
  int count() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** Reads how many threads. */
  static final class ThreadCount extends CountConverter {
    ThreadCount() {
      super(InputLimits.THREADS, " threads");
    }
  }
}
