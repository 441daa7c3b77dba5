package org.farfit.solver;

/** Told as problems end; called from any solver thread. */
@FunctionalInterface
public interface ProgressListener {

  /** A listener that does nothing. */
  ProgressListener NONE = (done, total) -> {};

  /** {@code done} of {@code total} problems have ended. */
  void done(int done, int total);
}
