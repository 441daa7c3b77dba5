package org.farfit.analysis;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.farfit.data.RunSet;
import org.farfit.fit.Surface;
import org.farfit.fit.statistics.RunErrors;
import org.farfit.law.Law;

/** Simulated training runs: a known surface on a grid, with relative noise. */
public final class Simulation {

  /** Losses that scatter by more than a factor e^10 are no losses. */
  public static final double MOST_NOISE = 10;

  private Simulation() {}

  /**
   * Simulates runs: L = Lhat(N, D) e^(noise z), z standard normal.
   *
   * @param published published parameters, in the order of {@link Law#parameterNames}
   * @param noise standard deviation of ln L, not negative
   * @param seed the same seed gives the same runs, on every platform
   * @throws IllegalArgumentException if the noise is negative or above {@link #MOST_NOISE}, or the
   *     parameters give a loss that is not positive and finite somewhere on the grid
   */
  public static RunSet runs(Law law, double[] published, DesignGrid grid, double noise, long seed) {
    return runs(law, published, grid.runs(), noise, seed);
  }

  /**
   * Simulates runs at points of any columns: values of the law times e^(noise z), z standard
   * normal.
   *
   * @param published published parameters, in the order of {@link Law#parameterNames}
   * @param points the columns of the runs, N and D among them where the law depends on these; what
   *     was measured is not used
   * @throws IllegalArgumentException as {@link #runs(Law, double[], DesignGrid, double, long)}; of
   *     values that are finite any sign will do
   */
  public static RunSet runs(Law law, double[] published, RunSet points, double noise, long seed) {
    SequencedMap<String, double[]> columns = new LinkedHashMap<>();
    points.columns().forEach(name -> columns.put(name, points.column(name)));
    return RunSet.of(
        columns, points.categories(), losses(law, published, points, noise, seed), points.weight());
  }

  /**
   * Runs that scatter around a surface.
   *
   * @param plan the runs, of which nothing was measured
   * @param errors of ln L, one per run
   */
  public static RunSet runs(Surface truth, RunSet plan, double[] errors) {
    double[] loss = new double[plan.size()];
    Arrays.setAll(loss, i -> truth.loss(plan.n(i), plan.d(i)) * Math.exp(errors[i]));
    return new RunSet(plan.n(), plan.d(), loss);
  }

  private static double[] losses(
      Law law, double[] published, RunSet points, double noise, long seed) {
    if (!(noise >= 0)) {
      throw new IllegalArgumentException("noise %s is negative".formatted(noise));
    }
    if (noise > MOST_NOISE) {
      throw new IllegalArgumentException("noise %s is above %s".formatted(noise, MOST_NOISE));
    }
    // Named, since the default generator may differ between Java releases.
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    double[] errors =
        RunErrors.independent(noise, RunErrors.Distribution.NORMAL, points).draw(random);
    double[] loss = new double[points.size()];
    Arrays.setAll(
        loss, i -> law.loss(published, points.row(law.columns(), i)) * Math.exp(errors[i]));
    return loss;
  }
}
