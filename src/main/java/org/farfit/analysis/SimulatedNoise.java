package org.farfit.analysis;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.farfit.data.RunSet;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.NoiseModel.Kind;
import org.farfit.fit.statistics.RunErrors;
import org.farfit.law.Centre;

/**
 * Noise of simulated runs, in ways that real runs scatter: a {@link NoiseModel}, a correlation
 * along D that no model has, or heavy tails.
 */
public enum SimulatedNoise {

  /** Every run has an error of its own, all alike. */
  INDEPENDENT,

  /** The variance falls with D, as {@link #SLOPE} of its power. */
  VARIANCE,

  /** Runs of a size share an error as large as each has of its own. */
  SIZE,

  /** Both: shared errors, and variance of their own that falls with D. */
  BOTH,

  /** Neighbours in D of one size correlate by {@link #ALONG}. */
  ALONG_D,

  /** Independent, alike and heavy-tailed: Student's t of three degrees of freedom. */
  HEAVY;

  /** d ln variance / d ln D where it falls: noise of SGD falls about so. */
  public static final double SLOPE = -0.7;

  /** Correlation of neighbours in D, as among the Farseer runs. */
  public static final double ALONG = 0.8;

  private static final int DEGREES = 3;

  /** The name in commands. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether runs of a size share an error. */
  public boolean sharesBySize() {
    return this == SIZE || this == BOTH;
  }

  /**
   * Errors of the runs of a plan.
   *
   * @param plan runs of a size one after the other, by D
   * @param centre where runs have the deviation
   * @param deviation standard deviation of the errors that are a run's own, at the centre
   * @return of ln L, one per run
   */
  public double[] errors(RunSet plan, Centre centre, double deviation, RandomGenerator random) {
    RunErrors ofModel = RunErrors.of(model(deviation), this::standard, centre, plan);
    double[] errors = new double[plan.size()];
    Map<Double, Double> ofSize = new HashMap<>();
    for (int i = 0; i < errors.length; i++) {
      errors[i] = ofModel.own(i, random);
      if (this == ALONG_D && i > 0 && plan.n(i - 1) == plan.n(i)) {
        errors[i] = ALONG * errors[i - 1] + Math.sqrt(1 - ALONG * ALONG) * errors[i];
      }
      if (sharesBySize()) {
        errors[i] += ofSize.computeIfAbsent(plan.n(i), n -> ofModel.shared(random));
      }
    }
    return errors;
  }

  private NoiseModel model(double deviation) {
    return switch (this) {
      case INDEPENDENT, ALONG_D, HEAVY -> NoiseModel.independent(deviation);
      case VARIANCE -> new NoiseModel(Kind.VARIANCE, deviation, 0, SLOPE, 0);
      case SIZE -> new NoiseModel(Kind.SIZE, deviation, deviation, 0, 0);
      case BOTH -> new NoiseModel(Kind.BOTH, deviation, deviation, SLOPE, 0);
    };
  }

  /** Of mean 0 and variance 1. */
  private double standard(RandomGenerator random) {
    double z = random.nextGaussian();
    if (this != HEAVY) {
      return z;
    }
    double squares = 0;
    for (int k = 0; k < DEGREES; k++) {
      squares += Math.pow(random.nextGaussian(), 2);
    }
    // t of m degrees of freedom has the variance m / (m - 2).
    return z / Math.sqrt(squares / DEGREES) * Math.sqrt((DEGREES - 2.0) / DEGREES);
  }
}
