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

/**
 * How sure a comparison of two recipes is, from the replicates of both. The two were measured apart
 * from each other, so replicates of A meet replicates of B that were drawn at another position: the
 * same draws of like data sets would move together. Replicates scatter less than estimates do, and
 * their variance is uncertain itself; both are corrected for, the two variances being unlike (Welch
 * 1947), so that two sets of one truth are as seldom told apart as a probability says.
 */
public final class ComparedInference {

  private final List<Surface> a;
  private final List<Surface> b;
  private final SurfaceRange rangeA;
  private final SurfaceRange rangeB;
  private final Scatter scatterA;
  private final Scatter scatterB;
  private final double level;

  /** How replicates scatter beside estimates of the loss at a point. */
  public interface Scatter {
    ReplicateScatter at(double n, double d);
  }

  /**
   * Inference on a comparison.
   *
   * @param inferenceA of the fit of A, with replicates
   * @param inferenceB that of B
   * @param level probability that an interval should cover
   */
  public ComparedInference(
      Inference inferenceA,
      SurfaceRange rangeA,
      Inference inferenceB,
      SurfaceRange rangeB,
      double level) {
    this(
        inferenceA.surfaces(),
        rangeA,
        inferenceA::scatterAt,
        inferenceB.surfaces(),
        rangeB,
        inferenceB::scatterAt,
        level);
  }

  /**
   * Inference on a comparison of surfaces.
   *
   * @param a surfaces of the replicates of A
   * @param b those of B
   */
  ComparedInference(
      List<Surface> a,
      SurfaceRange rangeA,
      Scatter scatterA,
      List<Surface> b,
      SurfaceRange rangeB,
      Scatter scatterB,
      double level) {
    this.scatterA = scatterA;
    this.scatterB = scatterB;
    int pairs = Math.min(a.size(), b.size());
    this.a = a.subList(0, pairs);
    List<Surface> shifted = new ArrayList<>(b.subList(pairs / 2, pairs));
    shifted.addAll(b.subList(0, pairs / 2));
    this.b = shifted;
    this.rangeA = rangeA;
    this.rangeB = rangeB;
    this.level = level;
  }

  /** The probability that the loss of A is lower, from the share of pairs in which it is. */
  public double probabilityThatAWins(double n, double d) {
    double[] ratios = ratios(n, d);
    double wins = Arrays.stream(ratios).filter(ratio -> ratio < 0).count();
    return scatter(n, d).probability(wins / ratios.length, ratios.length);
  }

  /** The interval of ln L_A - ln L_B at a point. */
  public Interval logRatio(double n, double d) {
    return BootstrapIntervals.expanded(ratios(n, d), level, scatter(n, d));
  }

  private double[] ratios(double n, double d) {
    return IntStream.range(0, a.size())
        .mapToDouble(i -> Math.log(a.get(i).loss(n, d) / b.get(i).loss(n, d)))
        .toArray();
  }

  /** How ratios of replicates scatter beside those of estimates. */
  private ReplicateScatter scatter(double n, double d) {
    return ReplicateScatter.difference(
        variance(a, n, d), scatterA.at(n, d), variance(b, n, d), scatterB.at(n, d));
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
    double[] tokens =
        IntStream.range(0, a.size())
            .mapToDouble(i ->
                new Comparison(a.get(i), rangeA, b.get(i), rangeB)
                    .nearestCrossing(n, near)
                    .orElse(Double.NaN))
            .toArray();
    int known = (int) Arrays.stream(tokens).filter(d -> !Double.isNaN(d)).count();
    return new Parity(
        (double) known / tokens.length,
        known,
        BootstrapIntervals.expanded(tokens, level, scatter(n, near)));
  }
}
