package org.farfit.analysis;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.farfit.data.RunSet;
import org.farfit.law.Law;

/** Simulated training runs: a known surface on a grid, with relative noise. */
public final class Simulation {

  /** Losses that scatter by more than a factor e^10 are no losses. */
  public static final double MOST_NOISE = 10;

  private Simulation() {}

  /**
   * Simulates runs: L = Lhat(N, D) e^(noise z), z standard normal.
   *
   * @param published published parameters of the law
   * @param noise standard deviation of ln L, not negative
   * @param seed the same seed gives the same runs, on every platform
   * @throws IllegalArgumentException if the noise is negative or above {@link #MOST_NOISE}, or the
   *     parameters give a loss that is not positive and finite somewhere on the grid
   */
  public static RunSet runs(Law law, double[] published, DesignGrid grid, double noise, long seed) {
    if (!(noise >= 0)) {
      throw new IllegalArgumentException("noise %s is negative".formatted(noise));
    }
    if (noise > MOST_NOISE) {
      throw new IllegalArgumentException("noise %s is above %s".formatted(noise, MOST_NOISE));
    }
    // Named, since the default generator may differ between Java releases.
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int count = grid.points().size();
    double[] n = new double[count];
    double[] d = new double[count];
    double[] loss = new double[count];
    for (int i = 0; i < count; i++) {
      n[i] = grid.points().get(i).n();
      d[i] = grid.points().get(i).d();
      loss[i] = law.loss(published, n[i], d[i]) * Math.exp(noise * random.nextGaussian());
    }
    return new RunSet(n, d, loss);
  }
}
