package org.farfit.fit.extrapolation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What errors of predictions say of the drift of losses ({@link Drift}): its posterior. Before any
 * error the drift is log-normal around {@link Drift#USUAL}, give or take a factor of e; an error is
 * normal with the variance of its prediction and that of the drift over its distance. Errors of one
 * origin go together, and origins overlap: each origin counts as half an error.
 *
 * <p>So a drift is found where predictions can tell one: where the smaller runs predict well, and
 * far. Where they cannot, it stays the usual one.
 */
final class DriftPosterior {

  /** Standard deviation of ln drift before any error. */
  private static final double SPREAD = 1;

  /** For how many independent errors an origin stands. */
  private static final double PER_ORIGIN = 0.5;

  private static final double LEAST = 1e-4;
  private static final double MOST = 0.2;

  /** Values that are tried, even in the logarithm: five in a factor of two. */
  private static final int STEPS = 56;

  private DriftPosterior() {}

  /**
   * How far a prediction missed its run.
   *
   * @param error of ln L
   * @param variance of the prediction and the run, without drift
   * @param distance standard deviation of ln L by a drift of one per factor of e
   */
  record Miss(double error, double variance, double distance) {

    /** The error in standard deviations. */
    double size() {
      return Math.abs(error) / Math.sqrt(variance);
    }

    private double logDensity(double drift) {
      double total = variance + Math.pow(drift * distance, 2);
      return -0.5 * (Math.log(total) + error * error / total);
    }
  }

  /**
   * By how much a drift makes errors more probable than none does: the logarithm of the ratio, at
   * the drift that makes them most probable; 0 where none does. Beyond 1 a drift is worth having as
   * a parameter (Akaike 1974).
   *
   * @param origins the errors of each origin, none of them empty
   */
  static double evidence(List<List<Miss>> origins) {
    double none = logDensity(origins, 0);
    double most =
        IntStream.range(0, STEPS)
            .mapToDouble(k -> logDensity(origins, drift(k)))
            .max()
            .orElseThrow();
    return Math.max(0, most - none);
  }

  private static double drift(int step) {
    return LEAST * Math.pow(MOST / LEAST, step / (STEPS - 1.0));
  }

  private static double logDensity(List<List<Miss>> origins, double drift) {
    double sum = 0;
    for (List<Miss> misses : origins) {
      sum +=
          PER_ORIGIN
              * misses.stream().mapToDouble(miss -> miss.logDensity(drift)).average().orElse(0);
    }
    return sum;
  }

  /**
   * The root of the mean square of the drift.
   *
   * @param origins the errors of each origin, none of them empty
   */
  static double of(List<List<Miss>> origins) {
    double[] drift = new double[STEPS];
    double[] logDensity = new double[STEPS];
    for (int k = 0; k < STEPS; k++) {
      drift[k] = drift(k);
      logDensity[k] =
          -0.5 * Math.pow(Math.log(drift[k] / Drift.USUAL) / SPREAD, 2)
              + logDensity(origins, drift[k]);
    }
    double most = Arrays.stream(logDensity).max().orElseThrow();
    double sum = 0;
    double squares = 0;
    for (int k = 0; k < STEPS; k++) {
      double density = Math.exp(logDensity[k] - most);
      sum += density;
      squares += density * drift[k] * drift[k];
    }
    return Math.sqrt(squares / sum);
  }
}
