package org.farfit.cli;

/** Exit codes of every command. */
final class ExitCode {

  static final int DONE = 0;

  /** A defect of Farfit. */
  static final int INTERNAL_ERROR = 1;

  /** The command line cannot be understood. */
  static final int USAGE = 2;

  /** An input file cannot be used. */
  static final int BAD_INPUT = 3;

  static final int NOT_CONVERGED = 4;

  static final int ENGINE_UNAVAILABLE = 5;

  /** A result cannot be written. */
  static final int OUTPUT_FAILED = 6;

  /** Interrupted by Ctrl-C, as shells say it; SIGTERM ends with 143. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
