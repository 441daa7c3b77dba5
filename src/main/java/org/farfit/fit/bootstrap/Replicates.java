package org.farfit.fit.bootstrap;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.farfit.fit.FittedSurface;
import org.farfit.law.Centre;
import org.farfit.law.Law;

/**
 * One fit per replicate of a data set: the first {@link #count} replicates of those asked for.
 * Immutable.
 */
public final class Replicates {

  private final Law law;
  private final Centre centre;
  private final int runs;
  private final BootstrapOptions options;
  private final double[] centred;
  private final BitSet failed;
  private final BitSet improved;
  private final int count;

  /**
   * Replicates.
   *
   * @param runs how many runs each was fitted to
   * @param options how they were drawn
   * @param centred centred parameters, one array of p values per replicate
   * @param failed which replicates have no fit that converged
   * @param improved in which replicates another start found a better optimum than the fitted one
   *     leads to
   */
  public Replicates(
      Law law,
      Centre centre,
      int runs,
      BootstrapOptions options,
      double[][] centred,
      BitSet failed,
      BitSet improved) {
    this(
        law,
        centre,
        runs,
        options,
        Arrays.stream(centred).flatMapToDouble(Arrays::stream).toArray(),
        failed,
        improved,
        centred.length);
  }

  Replicates(
      Law law,
      Centre centre,
      int runs,
      BootstrapOptions options,
      double[] centred,
      BitSet failed,
      BitSet improved,
      int count) {
    this.law = law;
    this.centre = centre;
    this.runs = runs;
    this.options = options;
    this.count = count;
    this.centred = Arrays.copyOf(centred, count * law.parameterCount());
    this.failed = failed.get(0, count);
    this.improved = improved.get(0, count);
  }

  /** What centred parameters refer to. */
  public Centre centre() {
    return centre;
  }

  /** How replicates were drawn. */
  public BootstrapOptions options() {
    return options;
  }

  /** How many replicates there are. */
  public int count() {
    return count;
  }

  /** The replicates whose fit converged, in order. */
  public IntStream usable() {
    return IntStream.range(0, count).filter(b -> !failed.get(b));
  }

  /** How many replicates have no fit that converged. */
  public int failedCount() {
    return failed.cardinality();
  }

  /** Whether replicate b has no fit that converged. */
  public boolean isFailed(int b) {
    return failed.get(b);
  }

  /** Whether another start than the fitted optimum was better in replicate b. */
  public boolean isImproved(int b) {
    return improved.get(b);
  }

  /** Centred parameters of replicate b. */
  public double[] centred(int b) {
    int p = law.parameterCount();
    return Arrays.copyOfRange(centred, b * p, (b + 1) * p);
  }

  /** The surface of replicate b. */
  public FittedSurface surface(int b) {
    return FittedSurface.of(law, centre, centred(b), runs);
  }
}
