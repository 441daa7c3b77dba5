package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.farfit.analysis.Comparison;
import org.farfit.analysis.SurfaceRange;
import org.farfit.data.RunSet;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.ReplicateScatter;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * How sure a comparison of two recipes is, from the replicates of both. The two were measured apart
 * from each other, so replicates of A meet replicates of B that were drawn at another position: the
 * same draws of like data sets would move together. Losses are compared by Student's t with the
 * variance of either's replicates, corrected for how replicates scatter beside estimates, the two
 * variances being unlike (Welch 1947), so that two sets of one truth are as seldom told apart as a
 * probability says; on the scale on which standard errors do not change with the loss ({@link
 * LossDoubt}), since replicates of few runs that determine a law badly run off to small losses, far
 * beyond where estimates are. Of an average the variance is the unconditional one. How far its laws
 * lie apart, and what losses may drift by beyond the runs, adds to the variance. Recipes that were
 * measured by one plan share both; those of plans that have no run in common share nothing ({@link
 * PlanOverlap}).
 */
public final class ComparedInference {

  private static final NormalDistribution NORMAL = new NormalDistribution();

  /** Step of ln D in the slope at a parity point. */
  private static final double STEP = 1e-3;

  private final Side sideA;
  private final Side sideB;
  private final List<Surface> a;
  private final List<Surface> b;
  private final double level;
  private final double common;

  /**
   * A recipe.
   *
   * @param surface its surface
   * @param replicates surfaces of its bootstrap replicates; none without
   * @param scatter how these scatter beside estimates
   * @param runs what was fitted
   */
  public record Side(Surface surface, List<Surface> replicates, Scatter scatter, RunSet runs) {

    /** A recipe whose replicates scatter as estimates do. */
    public Side(Surface surface, List<Surface> replicates, RunSet runs) {
      this(surface, replicates, Scatter.NORMAL, runs);
    }

    /** The recipe of the runs that something was inferred from. */
    public static Side of(Inference inference) {
      return new Side(
          inference.surface(), inference.surfaces(), inference.compared(), inference.runs());
    }

    /**
     * The same recipe with columns besides N and D fixed somewhere.
     *
     * @param columns where; those not named are at the centre of its runs
     */
    public Side fixing(Map<String, Double> columns) {
      return columns.isEmpty()
          ? this
          : new Side(
              surface.fixing(columns),
              replicates.stream().map(each -> each.fixing(columns)).toList(),
              scatter.fixing(columns),
              runs);
    }

    private Side beside(Side other) {
      return new Side(surface, replicates, scatter.beside(other.scatter), runs);
    }

    /** What its surface was fitted to. */
    public SurfaceRange range() {
      return SurfaceRange.of(runs);
    }
  }

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

    /**
     * By how much the logarithm of the standard error of ln L at a point falls for each unit by
     * which ln L rises.
     */
    default double slope(double n, double d) {
      return 0;
    }

    /** What an average is uncertain by at a point, in the place of what its replicates say. */
    default Optional<Unconditional> ofAverage(double n, double d) {
      return Optional.empty();
    }

    /** Standard deviation of ln L at a point by what losses may drift by, beyond the runs. */
    default double drift(double n, double d) {
      return 0;
    }

    /** The same in a comparison with another recipe. */
    default Scatter beside(Scatter other) {
      return this;
    }

    /** The same with columns besides N and D fixed somewhere. */
    default Scatter fixing(Map<String, Double> columns) {
      return this;
    }
  }

  /**
   * What ln L of an average is uncertain by.
   *
   * @param within standard deviation by how runs scatter
   * @param degreesOfFreedom of its square
   * @param apart how far the laws lie apart, as a standard deviation
   */
  public record Unconditional(double within, double degreesOfFreedom, double apart) {}

  /**
   * Inference on a comparison of recipes that have replicates.
   *
   * @param level probability that an interval should cover
   */
  public ComparedInference(Side a, Side b, double level) {
    this.sideA = a.beside(b);
    this.sideB = b.beside(a);
    int pairs = Math.min(a.replicates().size(), b.replicates().size());
    this.a = a.replicates().subList(0, pairs);
    List<Surface> shifted = new ArrayList<>(b.replicates().subList(pairs / 2, pairs));
    shifted.addAll(b.replicates().subList(0, pairs / 2));
    this.b = shifted;
    this.level = level;
    this.common = PlanOverlap.of(a.runs(), b.runs());
  }

  /**
   * The probability that the loss of A is lower; not a number with fewer than two replicates of
   * either.
   */
  public double probabilityThatAWins(double n, double d) {
    return NORMAL.cumulativeProbability(
        LossDoubt.deviations(doubtA(n, d), doubtB(n, d), -ratio(n, d), common));
  }

  private LossDoubt doubtA(double n, double d) {
    return doubt(sideA, a, n, d);
  }

  private LossDoubt doubtB(double n, double d) {
    return doubt(sideB, b, n, d);
  }

  private static LossDoubt doubt(Side side, List<Surface> replicates, double n, double d) {
    Scatter scatter = side.scatter();
    double drift = scatter.drift(n, d);
    Optional<Unconditional> average = scatter.ofAverage(n, d);
    if (average.isPresent()) {
      return new LossDoubt(
          average.get().within(),
          average.get().degreesOfFreedom(),
          0,
          average.get().apart(),
          drift);
    }
    double slope = scatter.slope(n, d);
    double estimate = Math.log(side.surface().loss(n, d));
    ReplicateScatter beside = scatter.at(n, d);
    double[] steady =
        replicates.stream()
            .mapToDouble(each -> beside.shortfall() * (Math.log(each.loss(n, d)) - estimate))
            .map(LossDoubt.scale(slope)::steady)
            .toArray();
    return new LossDoubt(
        BootstrapIntervals.scatter(steady), beside.degreesOfFreedom(), slope, 0, drift);
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
    return Math.sqrt(
        LossDoubt.difference(sideA.scatter().drift(n, d), sideB.scatter().drift(n, d), common));
  }

  private double ratio(double n, double d) {
    return Math.log(sideA.surface().loss(n, d) / sideB.surface().loss(n, d));
  }

  /** How ratios of replicates scatter beside those of estimates. */
  private ReplicateScatter scatter(double n, double d) {
    return ReplicateScatter.difference(
        variance(a, n, d), sideA.scatter().at(n, d), variance(b, n, d), sideB.scatter().at(n, d));
  }

  private static double variance(List<Surface> surfaces, double n, double d) {
    return Math.pow(
        BootstrapIntervals.scatter(
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
