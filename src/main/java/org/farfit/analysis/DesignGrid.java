package org.farfit.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.farfit.data.RunSet;

/**
 * A plan of training runs: which (N, D) to train.
 *
 * @param points the runs of the plan, smallest N first
 */
public record DesignGrid(List<Point> points) {

  /**
   * One planned run.
   *
   * @param n parameters
   * @param d training tokens
   */
  public record Point(double n, double d) {}

  /** The 21 model sizes of the Farseer paper (Li et al. 2025, table 4), without embeddings. */
  private static final double[] PAPER_SIZES = {
    201.2e6, 239.0e6, 284.2e6, 337.0e6, 397.8e6, 476.9e6, 568.5e6, 676.0e6, 798.5e6, 956.4e6,
    1.126e9, 1.338e9, 1.608e9, 1.912e9, 2.273e9, 2.698e9, 3.184e9, 3.816e9, 4.504e9, 5.354e9,
    6.370e9
  };

  /** How many sizes the small grid has. */
  public static final int SMALL_SIZES = 8;

  /** How many runs each of them has. */
  public static final int SMALL_TOKENS = 6;

  private static final double[] ISOFLOP_SIZES = {0.2, 0.35, 0.6, 1, 1.6, 2.6, 4.2, 7};

  private static final double SMALLEST_D = 1.1e9;
  private static final double LARGEST_D = 4.4e11;
  private static final double SMALLEST_D_PER_N = 0.3;
  private static final double LARGEST_COMPUTE = 3.6e21;

  /** The runs of the plan, of which nothing was measured: 1 takes its place. */
  public RunSet runs() {
    double[] ones = new double[points.size()];
    Arrays.fill(ones, 1);
    return new RunSet(
        points.stream().mapToDouble(Point::n).toArray(),
        points.stream().mapToDouble(Point::d).toArray(),
        ones);
  }

  /**
   * The grid of the Farseer paper: 21 sizes, a factor of about 2^(1/4) apart; for each, D spaced by
   * sqrt 2, shifted by 2^(1/4) from one size to the next, from 1.1e9 tokens (0.3 tokens per
   * parameter for large models) up to 4.4e11 tokens or 6 N D = 3.6e21 FLOPs.
   */
  public static DesignGrid paper() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < PAPER_SIZES.length; i++) {
      double n = PAPER_SIZES[i];
      for (int step = 0; step <= 20; step++) {
        double d = 1e9 * Math.pow(2, 0.5 * step + 0.25 * (i % 2));
        boolean planned =
            d >= SMALLEST_D
                && d >= SMALLEST_D_PER_N * n
                && d <= LARGEST_D
                && 6 * n * d <= LARGEST_COMPUTE;
        if (planned) {
          points.add(new Point(n, d));
        }
      }
    }
    return new DesignGrid(List.copyOf(points));
  }

  /**
   * A small grid: {@link #SMALL_SIZES} sizes from 1e8 parameters on, a factor of 1.6 apart, by
   * {@link #SMALL_TOKENS} token counts from 2e9 on, a factor of 2.5 apart: 48 runs.
   */
  public static DesignGrid small() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < SMALL_SIZES; i++) {
      for (int k = 0; k < SMALL_TOKENS; k++) {
        points.add(new Point(1e8 * Math.pow(1.6, i), 2e9 * Math.pow(2.5, k)));
      }
    }
    return new DesignGrid(List.copyOf(points));
  }

  /**
   * A rectangle: sizes from 1e8 to 3e9 parameters by token counts from 2e9 to 2e11, even in their
   * logarithms.
   *
   * @param sizes how many sizes, at least 2
   * @param tokens how many token counts of each, at least 2
   */
  public static DesignGrid rectangle(int sizes, int tokens) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < sizes; i++) {
      for (int k = 0; k < tokens; k++) {
        points.add(
            new Point(
                1e8 * Math.pow(30, i / (sizes - 1.0)), 2e9 * Math.pow(100, k / (tokens - 1.0))));
      }
    }
    return new DesignGrid(List.copyOf(points));
  }

  /**
   * An isoFLOP sweep: six budgets from 6e18 FLOPs on, a factor of 10^0.4 apart, by eight sizes from
   * a fifth to seven times that which has 20 tokens per parameter: 48 runs.
   */
  public static DesignGrid isoFlop() {
    List<Point> points = new ArrayList<>();
    for (int budget = 0; budget < 6; budget++) {
      double product = 1e18 * Math.pow(10, 0.4 * budget);
      for (double relative : ISOFLOP_SIZES) {
        double n = relative * Math.sqrt(product / 20);
        points.add(new Point(n, product / n));
      }
    }
    points.sort(Comparator.comparingDouble(Point::n));
    return new DesignGrid(List.copyOf(points));
  }
}
