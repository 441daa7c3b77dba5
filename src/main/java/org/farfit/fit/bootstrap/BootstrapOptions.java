package org.farfit.fit.bootstrap;

import org.farfit.fit.LawFit;
import org.farfit.fit.Method;

/**
 * How to bootstrap.
 *
 * @param resampling how replicates are drawn
 * @param replicates how many
 * @param seed which ones: replicate b of a seed is the same on any number of threads, in chunks of
 *     any size, and for every law
 * @param restarts starts per replicate besides the fitted optimum; where one of them finds a better
 *     optimum, the replicate is started as often again
 * @param threads how many threads may be used
 */
public record BootstrapOptions(
    Resampling resampling, int replicates, long seed, int restarts, int threads) {

  /**
   * Four in five starts reach the best optimum of a replicate on real data: of four, one nearly
   * always does.
   */
  public static final int DEFAULT_RESTARTS = 4;

  /** The parameters of so many replicates of any law fit into one array, and into 1 GB. */
  public static final int MOST_REPLICATES = 10_000_000;

  /** Checks the counts. */
  public BootstrapOptions {
    if (replicates < 1 || replicates > MOST_REPLICATES || restarts < 0 || threads < 1) {
      throw new IllegalArgumentException(
          "%d replicates, %d restarts, %d threads".formatted(replicates, restarts, threads));
    }
  }

  /** Pairs, with the default restarts, on every core. */
  public static BootstrapOptions pairs(int replicates, long seed) {
    return new BootstrapOptions(
        Resampling.PAIRS,
        replicates,
        seed,
        DEFAULT_RESTARTS,
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * The same with resampling that a method can follow: the piecewise procedure takes differences of
   * neighbouring tokens, of which pairs leave gaps, so that it gets wild replicates instead.
   */
  public BootstrapOptions suitedTo(Method method) {
    return method.hasStages() && resampling == Resampling.PAIRS ? with(Resampling.WILD) : this;
  }

  /**
   * The same with the resampling that suits a fit: runs are drawn in pairs; where those of a size
   * share errors, which pairs would take for independent ones, residuals take signs by whole sizes.
   */
  public BootstrapOptions suitedTo(LawFit fit) {
    boolean bySizes = fit.sharesNoiseBySize() && !fit.method().hasStages();
    return with(bySizes ? Resampling.WILD : Resampling.PAIRS).suitedTo(fit.method());
  }

  /** The same with other resampling. */
  public BootstrapOptions with(Resampling other) {
    return new BootstrapOptions(other, replicates, seed, restarts, threads);
  }

  /** The same with another number of restarts. */
  public BootstrapOptions withRestarts(int count) {
    return new BootstrapOptions(resampling, replicates, seed, count, threads);
  }

  /** The same on another number of threads. */
  public BootstrapOptions withThreads(int count) {
    return new BootstrapOptions(resampling, replicates, seed, restarts, count);
  }
}
