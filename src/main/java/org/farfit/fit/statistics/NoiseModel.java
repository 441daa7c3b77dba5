package org.farfit.fit.statistics;

import java.util.Arrays;
import java.util.Locale;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.law.Centre;
import org.farfit.law.Law;

/**
 * How runs scatter around a fitted surface: residual i of a run of weight w, N and D is
 *
 * <pre>
 *   deviation exp((slopeD ln(D / D0) + slopeN ln(N / N0)) / 2) / sqrt(w) e_i + sizeDeviation u_N
 * </pre>
 *
 * with e and u independent and standard normal, one u for all runs of a size.
 *
 * @param kind which of these parts it has
 * @param deviation standard deviation of a residual of weight one at the centre, without what the
 *     runs of a size share
 * @param sizeDeviation standard deviation of what the runs of a size share
 * @param slopeD d ln variance / d ln D
 * @param slopeN d ln variance / d ln N
 */
public record NoiseModel(
    Kind kind, double deviation, double sizeDeviation, double slopeD, double slopeN) {

  /** What a model has besides independent errors. */
  public enum Kind {
    /** Every run has an error of its own, all alike. */
    INDEPENDENT,
    /** Runs of one size share an error, too. */
    SIZE,
    /** Errors are independent; their variance changes with D and N. */
    VARIANCE,
    /** Runs of one size share an error, and the variance of their own changes with D and N. */
    BOTH;

    /** The name in commands and files. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The kind of a name, in upper or lower case.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Kind named(String label) {
      return Arrays.stream(values())
          .filter(kind -> kind.label().equalsIgnoreCase(label))
          .findFirst()
          .orElseThrow(
              () -> new IllegalArgumentException("unknown noise model '%s'".formatted(label)));
    }

    /** Whether runs of a size share an error. */
    public boolean sharesBySize() {
      return this == SIZE || this == BOTH;
    }

    /** Whether the variance changes with D and N. */
    public boolean changesVariance() {
      return this == VARIANCE || this == BOTH;
    }
  }

  /** Errors that are independent and alike. */
  public static NoiseModel independent(double deviation) {
    return new NoiseModel(Kind.INDEPENDENT, deviation, 0, 0, 0);
  }

  /** How many numbers it has beyond one variance for all runs. */
  public int parameterCount() {
    return (kind.sharesBySize() ? 1 : 0) + (kind.changesVariance() ? 2 : 0);
  }

  /**
   * What generalised least squares minimises under this model, in units of the variance of a run's
   * own error at the centre: half of r'V^-1 r, V being the covariance of the residuals over it.
   *
   * @param weights rows of weights of the runs, as without a model
   */
  public SurfaceProblem problem(
      Law law, Centre centre, RunSet runs, Objective objective, WeightTable weights) {
    SurfaceProblem weighed =
        new SurfaceProblem(law, centre, runs, objective, weights.times(precisions(centre, runs)));
    return kind.sharesBySize()
        ? weighed.sharing(
            sizeDeviation * sizeDeviation / (deviation * deviation), runs.bySize().n())
        : weighed;
  }

  /**
   * Weights of the runs under this model, their own included.
   *
   * @param centre where errors have {@link #deviation}
   * @return one per run, in their order
   */
  public double[] weights(Centre centre, RunSet runs) {
    double[] weights = precisions(centre, runs);
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= runs.weight(i);
    }
    return weights;
  }

  /** How much more certain each run is than one at the centre, as far as its own error goes. */
  public double[] precisions(Centre centre, RunSet runs) {
    double[] precisions = new double[runs.size()];
    for (int i = 0; i < precisions.length; i++) {
      precisions[i] = Math.exp(-slopeD * centre.y(runs.d(i)) - slopeN * centre.x(runs.n(i)));
    }
    return precisions;
  }

  /** Variance of the error of its own of a run of weight one. */
  public double variance(Centre centre, double n, double d) {
    return deviation * deviation * Math.exp(slopeD * centre.y(d) + slopeN * centre.x(n));
  }

  /** Variance of all errors of a run of some weight together. */
  public double totalVariance(Centre centre, double n, double d, double weight) {
    return variance(centre, n, d) / weight + sizeDeviation * sizeDeviation;
  }

  /** The variance of the error of its own of each run. */
  public double[] variances(Centre centre, RunSet runs) {
    double[] variances = new double[runs.size()];
    for (int i = 0; i < variances.length; i++) {
      variances[i] = variance(centre, runs.n(i), runs.d(i)) / runs.weight(i);
    }
    return variances;
  }
}
