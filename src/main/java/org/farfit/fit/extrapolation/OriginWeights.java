package org.farfit.fit.extrapolation;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Weights of candidates in an average prediction by how far they erred at every origin, in two
 * steps.
 *
 * <p>First each by itself: what it weighs before any evidence, times a small power of the inverse
 * of its mean error at each origin. So forecasts are combined by powers of their errors (Bates and
 * Granger 1969; Stock and Watson 2004). It is also the predictive likelihood (Geisser and Eddy
 * 1979) of the errors of an origin, if these follow Laplace's law of unknown scale and count as one
 * error to that power. Ratios of errors at one origin count alike wherever it is and whatever its
 * errors are, so that none outvotes the others by a candidate that happens to be right there.
 *
 * <p>Then all together: {@link Stacking}, which knows that errors of one kind make good for those
 * of another, shrunk towards these weights so much that it moves them where the evidence is plenty.
 */
final class OriginWeights {

  /**
   * The power. Origins share most of their runs, so each says little: twenty of them make a
   * candidate of half the errors weigh eight times as much (docs/decisions/extrapolation.md).
   */
  private static final double EVIDENCE = 0.15;

  /** How many origins' worth of evidence the weights of the first step have in the second. */
  private static final double SHRINKAGE = 24;

  /** Errors are told apart down to this: a hundredth of a percent of the loss. */
  private static final double FLOOR = 1e-4;

  private OriginWeights() {}

  /**
   * Weighs candidates.
   *
   * @param errors relative errors by origin, candidate and run
   * @param before the weight of each candidate where nothing is known, summing to one
   * @return one weight per candidate; those before where there is no origin
   */
  static double[] of(List<double[][]> errors, double[] before) {
    return errors.isEmpty() ? before.clone() : of(errors, Stacking.alike(errors.size()), before);
  }

  /**
   * Weighs candidates anew many times, each time with other weights of the origins, drawn evenly
   * from all that have their sum (Rubin 1981), and gives the mean: how probable each candidate is
   * to be chosen.
   *
   * @param times how often
   */
  static double[] resampled(List<double[][]> errors, double[] before, int times) {
    if (errors.isEmpty()) {
      return before.clone();
    }
    SplittableRandom random = new SplittableRandom(errors.size());
    double[] mean = new double[before.length];
    for (int b = 0; b < times; b++) {
      double[] share =
          errors.stream().mapToDouble(origin -> -Math.log(1 - random.nextDouble())).toArray();
      double sum = Arrays.stream(share).sum();
      for (int o = 0; o < share.length; o++) {
        share[o] *= share.length / sum;
      }
      double[] weights = of(errors, share, before);
      for (int k = 0; k < mean.length; k++) {
        mean[k] += weights[k] / times;
      }
    }
    return mean;
  }

  private static double[] of(List<double[][]> errors, double[] share, double[] before) {
    return Stacking.weights(errors, share, single(errors, share, before), SHRINKAGE);
  }

  /**
   * The weights of the first step.
   *
   * @param errors relative errors by origin, candidate and run
   * @param share of each origin; 1 in the mean
   */
  static double[] single(List<double[][]> errors, double[] share, double[] before) {
    double[] logs = Arrays.stream(before).map(Math::log).toArray();
    for (int o = 0; o < share.length; o++) {
      double[][] origin = errors.get(o);
      for (int k = 0; k < logs.length; k++) {
        logs[k] -= EVIDENCE * share[o] * Math.log(FLOOR + meanSize(origin[k]));
      }
    }
    double most = Arrays.stream(logs).max().orElseThrow();
    double[] weights = Arrays.stream(logs).map(each -> Math.exp(each - most)).toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / sum).toArray();
  }

  private static double meanSize(double[] errors) {
    return Arrays.stream(errors).map(Math::abs).average().orElseThrow();
  }
}
