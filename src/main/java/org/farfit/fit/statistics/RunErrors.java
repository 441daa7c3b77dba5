package org.farfit.fit.statistics;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.farfit.data.RunSet;
import org.farfit.law.Centre;

/**
 * Draws the errors of runs under a {@link NoiseModel}, for whoever needs runs that never were:
 * parametric replicates, designs, simulations. An error is on the scale of residuals; a run's own
 * and what the runs of its size share are told apart, since who draws them decides which random
 * numbers each comes from.
 */
public final class RunErrors {

  /** What the own errors of runs are drawn from whose deviation by the model is one. */
  @FunctionalInterface
  public interface Distribution {

    /** The standard normal distribution. */
    Distribution NORMAL = RandomGenerator::nextGaussian;

    /** A draw. */
    double draw(RandomGenerator random);
  }

  private final NoiseModel model;
  private final Distribution distribution;
  private final double[] deviation;
  private final int[] sizeOf;
  private final int sizes;

  private RunErrors(NoiseModel model, Distribution distribution, double[] variances, int[] sizeOf) {
    this.model = model;
    this.distribution = distribution;
    this.deviation = Arrays.stream(variances).map(Math::sqrt).toArray();
    this.sizeOf = sizeOf;
    this.sizes = Arrays.stream(sizeOf).max().orElse(-1) + 1;
  }

  /**
   * Errors of some runs that scatter as a model says.
   *
   * @param distribution of what is a run's own; what runs of a size share is normal
   * @param centre where the model states its deviation
   */
  public static RunErrors of(
      NoiseModel model, Distribution distribution, Centre centre, RunSet runs) {
    return new RunErrors(model, distribution, model.variances(centre, runs), runs.sizeIndex());
  }

  /**
   * Errors that are independent and alike but for weights of runs.
   *
   * @param deviation of a run of weight one, in units of what the distribution draws
   */
  public static RunErrors independent(double deviation, Distribution distribution, RunSet runs) {
    double[] variances =
        Arrays.stream(runs.weight()).map(weight -> deviation * deviation / weight).toArray();
    return new RunErrors(NoiseModel.independent(deviation), distribution, variances, new int[0]);
  }

  /** The error of a run's own. */
  public double own(int run, RandomGenerator random) {
    return deviation[run] * distribution.draw(random);
  }

  /** Whether runs of a size share an error. */
  public boolean areShared() {
    return model.kind().sharesBySize();
  }

  /** What the runs of a size share. */
  public double shared(RandomGenerator random) {
    return model.sizeDeviation() * random.nextGaussian();
  }

  /** The errors of all runs: what sizes share, from the smallest, then what is each run's own. */
  public double[] draw(RandomGenerator random) {
    double[] ofSize = new double[sizes];
    Arrays.setAll(ofSize, size -> shared(random));
    double[] errors = new double[deviation.length];
    Arrays.setAll(errors, i -> (sizes > 0 ? ofSize[sizeOf[i]] : 0) + own(i, random));
    return errors;
  }
}
