package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.analysis.Comparison;
import org.farfit.analysis.SurfaceRange;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.ReplicateScatter;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * How sure a comparison of two recipes is, from the replicates of both. The two were measured apart
 * from each other, so replicates of A meet replicates of B that were drawn at another position: the
 * same draws of like data sets would move together. Replicates scatter less than estimates do, and
 * their variance is uncertain itself; both are corrected for, the two variances being unlike (Welch
 * 1947), so that two sets of one truth are as seldom told apart as a probability says. What losses
 * may drift by beyond the runs adds to the variance. Recipes that were measured by one plan drift
 * in like ways, which takes {@link #COMMON} off; by plans that have no run in common they are taken
 * to drift apart from each other ({@link PlanOverlap}).
 */
public final class ComparedInference {

  /**
   * The correlation of the drifts of two recipes that were measured at the same N and D. Of real
   * recipes on one plan, errors of larger runs that are predicted from smaller ones correlate by
   * 0.6, and the probability to win is best with 1, hardly better than with 0.8
   * (docs/decisions/statistics.md).
   */
  public static final double COMMON = 0.8;

  private static final NormalDistribution NORMAL = new NormalDistribution();

  /** A probability is at least that, so that it has a quantile. */
  private static final double LEAST = 1e-12;

  /** Step of ln D in the slope at a parity point. */
  private static final double STEP = 1e-3;

  private final ComparisonStudy.Side sideA;
  private final ComparisonStudy.Side sideB;
  private final List<Surface> a;
  private final List<Surface> b;
  private final double level;
  private final double common;

  /** How replicates of a recipe scatter beside its estimates. */
  public interface Scatter {

    /** Replicates that scatter as estimates do, of losses that do not drift. */
    Scatter NORMAL = (n, d) -> ReplicateScatter.NORMAL;

    /** Of the loss at a point. */
    ReplicateScatter at(double n, double d);

    /**
     * Whether replicates tell a variance alone, as those whose signs were drawn by a few sizes do,
     * and not what lies how far out.
     */
    default boolean isVarianceAlone() {
      return false;
    }

    /** Standard deviation of ln L at a point by what losses may drift by, beyond the runs. */
    default double drift(double n, double d) {
      return 0;
    }
  }

  /**
   * Inference on a comparison of recipes that have replicates.
   *
   * @param level probability that an interval should cover
   */
  public ComparedInference(ComparisonStudy.Side a, ComparisonStudy.Side b, double level) {
    this.sideA = a;
    this.sideB = b;
    int pairs = Math.min(a.replicates().size(), b.replicates().size());
    this.a = a.replicates().subList(0, pairs);
    List<Surface> shifted = new ArrayList<>(b.replicates().subList(pairs / 2, pairs));
    shifted.addAll(b.replicates().subList(0, pairs / 2));
    this.b = shifted;
    this.level = level;
    this.common = COMMON * PlanOverlap.of(a.runs(), b.runs());
  }

  /** The probability that the loss of A is lower, from the share of pairs in which it is. */
  public double probabilityThatAWins(double n, double d) {
    double[] ratios = ratios(n, d);
    ReplicateScatter scatter = scatter(n, d);
    double deviation = scatter.shortfall() * BootstrapIntervals.standardError(ratios);
    double share = (double) Arrays.stream(ratios).filter(ratio -> ratio < 0).count();
    double alone =
        isVarianceAlone() && deviation > 0
            ? new TDistribution(scatter.degreesOfFreedom())
                .cumulativeProbability(-ratio(n, d) / deviation)
            : scatter.probability(share / ratios.length, ratios.length);
    double drift = drift(n, d);
    return drift == 0
        ? alone
        : NORMAL.cumulativeProbability(
            NORMAL.inverseCumulativeProbability(Math.clamp(alone, LEAST, 1 - LEAST))
                * deviation
                / Math.hypot(deviation, drift));
  }

  /** The interval of ln L_A - ln L_B at a point. */
  public Interval logRatio(double n, double d) {
    double[] ratios = ratios(n, d);
    return widened(ratio(n, d), interval(ratio(n, d), ratios, scatter(n, d)), drift(n, d));
  }

  private Interval interval(double estimate, double[] values, ReplicateScatter scatter) {
    return isVarianceAlone()
        ? BootstrapIntervals.stretched(estimate, values, level, scatter)
        : BootstrapIntervals.expanded(values, level, scatter);
  }

  /** Halves add as squares do. */
  private Interval widened(double estimate, Interval interval, double drift) {
    if (drift == 0 || !interval.isKnown()) {
      return interval;
    }
    double half = NORMAL.inverseCumulativeProbability(0.5 + 0.5 * level) * drift;
    return new Interval(
        estimate - Math.hypot(Math.max(0, estimate - interval.low()), half),
        estimate + Math.hypot(Math.max(0, interval.high() - estimate), half));
  }

  private boolean isVarianceAlone() {
    return sideA.scatter().isVarianceAlone() || sideB.scatter().isVarianceAlone();
  }

  private double drift(double n, double d) {
    double ofA = sideA.scatter().drift(n, d);
    double ofB = sideB.scatter().drift(n, d);
    return Math.sqrt(ofA * ofA + ofB * ofB - 2 * common * ofA * ofB);
  }

  private double ratio(double n, double d) {
    return Math.log(sideA.surface().loss(n, d) / sideB.surface().loss(n, d));
  }

  private double[] ratios(double n, double d) {
    return IntStream.range(0, a.size())
        .mapToDouble(i -> Math.log(a.get(i).loss(n, d) / b.get(i).loss(n, d)))
        .toArray();
  }

  /** How ratios of replicates scatter beside those of estimates. */
  private ReplicateScatter scatter(double n, double d) {
    return ReplicateScatter.difference(
        variance(a, n, d), sideA.scatter().at(n, d), variance(b, n, d), sideB.scatter().at(n, d));
  }

  private static double variance(List<Surface> surfaces, double n, double d) {
    return Math.pow(
        BootstrapIntervals.standardError(
            surfaces.stream().mapToDouble(surface -> Math.log(surface.loss(n, d))).toArray()),
        2);
  }

  /**
   * The tokens at which both are equal, for models of one size.
   *
   * @param share in which share of pairs they are ever equal
   * @param crossing how many pairs these are
   * @param d interval of the tokens there, in these pairs; the crossing nearest to that of the fits
   */
  public record Parity(double share, int crossing, Interval d) {}

  /**
   * The parity point of models of N parameters.
   *
   * @param near tokens of the crossing of the fits
   */
  public Parity parity(double n, double near) {
    SurfaceRange rangeA = sideA.range();
    SurfaceRange rangeB = sideB.range();
    double[] tokens =
        IntStream.range(0, a.size())
            .mapToDouble(i ->
                new Comparison(a.get(i), rangeA, b.get(i), rangeB)
                    .nearestCrossing(n, near)
                    .orElse(Double.NaN))
            .toArray();
    int known = (int) Arrays.stream(tokens).filter(d -> !Double.isNaN(d)).count();
    double slope =
        (ratio(n, near * Math.exp(STEP)) - ratio(n, near * Math.exp(-STEP))) / (2 * STEP);
    Interval log =
        widened(
            Math.log(near),
            interval(
                Math.log(near), Arrays.stream(tokens).map(Math::log).toArray(), scatter(n, near)),
            drift(n, near) == 0 ? 0 : drift(n, near) / Math.abs(slope));
    return new Parity(
        (double) known / tokens.length,
        known,
        new Interval(Math.exp(log.low()), Math.exp(log.high())));
  }
}
