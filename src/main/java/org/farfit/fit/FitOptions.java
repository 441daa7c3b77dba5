package org.farfit.fit;

import org.farfit.engine.Objective;
import org.farfit.solver.SolverSettings;

/**
 * How to fit.
 *
 * @param objective what is minimised
 * @param starts how many starting points are spread over the law's box
 * @param seed which points: the same seed gives the same answer on any number of threads
 * @param threads how many threads may be used
 * @param solver stopping tests
 */
public record FitOptions(
    Objective objective, int starts, long seed, int threads, SolverSettings solver) {

  /** Enough to find the best optimum of every law on every real data set tried, many times over. */
  public static final int DEFAULT_STARTS = 200;

  /** Four in five starts reach the best optimum on real surfaces: with so many one surely does. */
  static final int VALIDATION_STARTS = 24;

  /** Squared log residuals, 200 starts, seed 1, every core. */
  public static final FitOptions DEFAULT =
      new FitOptions(
          Objective.LOG_SQUARED,
          DEFAULT_STARTS,
          1,
          Runtime.getRuntime().availableProcessors(),
          SolverSettings.DEFAULT);

  /** Checks the counts. */
  public FitOptions {
    if (starts < 1 || threads < 1) {
      throw new IllegalArgumentException("%d starts, %d threads".formatted(starts, threads));
    }
  }

  /** The same with another objective. */
  public FitOptions withObjective(Objective other) {
    return new FitOptions(other, starts, seed, threads, solver);
  }

  /** The same with other starting points. */
  public FitOptions withStarts(int count, long newSeed) {
    return new FitOptions(objective, count, newSeed, threads, solver);
  }

  /**
   * The same with few starts per fit, for validation, which makes hundreds of fits of each of which
   * one good optimum is wanted and no statistics of starts.
   */
  public FitOptions forValidation() {
    return new FitOptions(objective, Math.min(starts, VALIDATION_STARTS), seed, threads, solver);
  }

  /** The same on another number of threads. */
  public FitOptions withThreads(int count) {
    return new FitOptions(objective, starts, seed, count, solver);
  }
}
