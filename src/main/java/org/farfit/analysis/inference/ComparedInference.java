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

/**
 * How sure a comparison of two recipes is, from the replicates of both. The two were measured apart
 * from each other, so replicates of A meet replicates of B that were drawn at another position: the
 * same draws of like data sets would move together.
 */
public final class ComparedInference {

  private final List<Surface> a;
  private final List<Surface> b;
  private final SurfaceRange rangeA;
  private final SurfaceRange rangeB;
  private final double level;

  /**
   * Inference on a comparison.
   *
   * @param a surfaces of the replicates of A
   * @param b those of B
   * @param level probability that an interval should cover
   */
  public ComparedInference(
      List<Surface> a, SurfaceRange rangeA, List<Surface> b, SurfaceRange rangeB, double level) {
    int pairs = Math.min(a.size(), b.size());
    this.a = a.subList(0, pairs);
    List<Surface> shifted = new ArrayList<>(b.subList(pairs / 2, pairs));
    shifted.addAll(b.subList(0, pairs / 2));
    this.b = shifted;
    this.rangeA = rangeA;
    this.rangeB = rangeB;
    this.level = level;
  }

  /** The share of pairs of replicates in which the loss of A is lower. */
  public double probabilityThatAWins(double n, double d) {
    return IntStream.range(0, a.size())
            .filter(i -> a.get(i).loss(n, d) < b.get(i).loss(n, d))
            .count()
        / (double) a.size();
  }

  /** The interval of ln L_A - ln L_B at a point. */
  public Interval logRatio(double n, double d) {
    return BootstrapIntervals.percentile(
        IntStream.range(0, a.size())
            .mapToDouble(i -> Math.log(a.get(i).loss(n, d) / b.get(i).loss(n, d)))
            .toArray(),
        level);
  }

  /**
   * The tokens at which both are equal, for models of one size.
   *
   * @param share in which share of pairs they are ever equal
   * @param d interval of the tokens there, in these pairs; the crossing nearest to that of the fits
   */
  public record Parity(double share, Interval d) {}

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
    double known = Arrays.stream(tokens).filter(d -> !Double.isNaN(d)).count();
    return new Parity(known / tokens.length, BootstrapIntervals.percentile(tokens, level));
  }
}
