package org.farfit.fit.extrapolation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.Method;
import org.farfit.fit.Surface;
import org.farfit.law.Law;
import org.farfit.law.Laws;

/**
 * One origin of a validation by extrapolation: fit the runs that are small, predict the larger ones
 * (Tashman 2000, with size in the place of time). Size is meant in each of three ways, since any
 * may be asked for: parameters N, tokens D, and compute, which is N D here.
 *
 * <p>Origins lie at the boundaries between values next to 30, 40, ... 90% of the runs, and 75%.
 *
 * @param direction in what way the predicted runs are larger
 * @param fit weight of each run in the fit, 0 for larger runs
 * @param test weight of each run among those to predict, 0 for the fitted ones
 */
public record ExtrapolationOrigin(Direction direction, double[] fit, double[] test) {

  /** In what way runs are larger. */
  public enum Direction {
    /** More parameters. */
    N,
    /** More tokens. */
    D,
    /** More compute. */
    COMPUTE;

    String words() {
      return this == COMPUTE ? "compute" : name();
    }
  }

  private static final Law SIMPLEST = Laws.simplest();

  /** Which shares of the runs are fitted, about. */
  private static final double[] SHARES = {0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9};

  /** Values closer than this are one size: readings off a figure, rounding, embeddings. */
  private static final double SAME = 1.02;

  /**
   * The origins within some of the runs.
   *
   * @param weights weight of each run; those of weight 0 take no part
   * @return origins whose fitted runs a fit with a prior can be made of, see {@link
   *     FitRequirements}
   */
  public static List<ExtrapolationOrigin> within(RunSet runs, double[] weights) {
    List<ExtrapolationOrigin> origins = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      IntToDoubleFunction size =
          switch (direction) {
            case N -> runs.bySize()::n;
            case D -> runs::d;
            case COMPUTE -> i -> runs.n(i) * runs.d(i);
          };
      double[] sorted =
          IntStream.range(0, weights.length)
              .filter(i -> weights[i] > 0)
              .mapToDouble(size)
              .sorted()
              .toArray();
      for (int fitted : boundaries(sorted)) {
        double largest = sorted[fitted - 1];
        double[] fit = weights.clone();
        double[] test = weights.clone();
        for (int i = 0; i < weights.length; i++) {
          (size.applyAsDouble(i) <= largest ? test : fit)[i] = 0;
        }
        if (FitRequirements.problem(SIMPLEST, Method.REGULARISED, runs, fit).isEmpty()) {
          origins.add(new ExtrapolationOrigin(direction, fit, test));
        }
      }
    }
    return origins;
  }

  /** How many runs to fit, ascending: such that the next one is larger. */
  private static int[] boundaries(double[] sorted) {
    int[] possible =
        IntStream.range(1, sorted.length).filter(k -> sorted[k] > SAME * sorted[k - 1]).toArray();
    return Arrays.stream(SHARES)
        .mapToInt(share -> nearest(possible, share * sorted.length))
        .filter(k -> k > 0)
        .distinct()
        .toArray();
  }

  private static int nearest(int[] possible, double wanted) {
    int nearest = -1;
    for (int each : possible) {
      if (nearest < 0 || Math.abs(each - wanted) < Math.abs(nearest - wanted)) {
        nearest = each;
      }
    }
    return nearest;
  }

  /**
   * Relative errors of a surface, Lhat / L - 1, on the runs to predict; where it gives no number,
   * or one more than twice the loss, 1.
   */
  double[] errors(RunSet runs, Surface surface) {
    return IntStream.range(0, test.length)
        .filter(i -> test[i] > 0)
        .mapToDouble(i -> surface.relativeError(runs, i))
        .map(error -> error <= 1 ? error : 1)
        .toArray();
  }
}
