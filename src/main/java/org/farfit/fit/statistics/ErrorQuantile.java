package org.farfit.fit.statistics;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.stat.descriptive.rank.Percentile;

/**
 * How far errors of single runs lie out beside normal ones of the same variance: losses of real
 * runs have heavy tails, so that nine in ten lie closer than 1.645 standard deviations and some
 * much farther away.
 */
public final class ErrorQuantile {

  private static final NormalDistribution NORMAL = new NormalDistribution();

  private ErrorQuantile() {}

  /**
   * Residuals in units of their root mean square, as {@link #besideNormal} takes them.
   *
   * @param residuals one per run
   * @param counted what residuals count for, whose root mean square is the unit; the residuals but
   *     for robust fits
   * @return as many; 0 where all count for nothing
   */
  public static double[] inDeviations(double[] residuals, double[] counted) {
    double deviation = Math.sqrt(Arrays.stream(counted).map(c -> c * c).average().orElseThrow());
    return Arrays.stream(residuals).map(r -> deviation > 0 ? r / deviation : 0).toArray();
  }

  /**
   * The quantile of the sizes of errors over that of normal ones.
   *
   * @param errors in standard deviations
   * @param level the probability, between 0 and 1
   * @return order statistic (n + 1) level of the sizes, interpolated, over the normal quantile;
   *     where there is none so far out, the largest or 1, whichever is more
   */
  public static double besideNormal(double[] errors, double level) {
    double normal = NORMAL.inverseCumulativeProbability(0.5 + 0.5 * level);
    double[] sizes = Arrays.stream(errors).map(Math::abs).sorted().toArray();
    double at = (sizes.length + 1) * level;
    if (at > sizes.length) {
      return Math.max(1, sizes[sizes.length - 1] / normal);
    }
    Percentile percentile = new Percentile().withEstimationType(Percentile.EstimationType.R_6);
    percentile.setData(sizes);
    return percentile.evaluate(100 * level) / normal;
  }
}
