package org.farfit.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.farfit.fit.FittedSurface;

/**
 * Whether a surface falls as N and D grow, as a loss should, over a range; and the sign of its
 * mixed derivative, which says whether data helps larger models more.
 *
 * <pre>{@code
 * SurfaceShape shape = SurfaceShape.of(fit.surface(), SurfaceRange.of(runs));
 * shape.warning().ifPresent(System.err::println);
 * }</pre>
 *
 * <p>The slope in D is analytic. That in N is examined on a grid even in ln N and ln D, which is
 * refined until its smallest margin exceeds the largest change from one grid point to the next, so
 * that no rise can hide between them; a surface with less margin than the finest grid can tell is
 * reported as not certified.
 *
 * @param range where it was examined
 * @param steepestD largest d ln L / d ln D; negative if the loss falls with D everywhere
 * @param steepestN largest d ln L / d ln N; negative if the loss falls with N everywhere examined
 * @param worstN where that is: parameters
 * @param worstD tokens
 * @param certifiedN whether the grid is fine enough to be sure of the sign
 * @param leastMixed least d2 L / d ln N d ln D, in the unit of the loss
 * @param mostMixed the largest; where both are of one sign, so is the derivative throughout
 */
public record SurfaceShape(
    SurfaceRange range,
    double steepestD,
    double steepestN,
    double worstN,
    double worstD,
    boolean certifiedN,
    double leastMixed,
    double mostMixed) {

  /** Slopes are differences, whose rounding is less than this. */
  private static final double ROUNDING = 1e-12;

  private static final int FEW = 9;
  private static final int COARSEST = 17;
  private static final int FINEST = 257;

  /** Examines a surface. */
  public static SurfaceShape of(FittedSurface surface, SurfaceRange range) {
    SurfaceShape shape = examine(surface, range, COARSEST);
    for (int steps = 2 * COARSEST - 1;
        !shape.certifiedN && steps <= FINEST;
        steps = 2 * steps - 1) {
      if (shape.steepestN >= 0) {
        return shape;
      }
      shape = examine(surface, range, steps);
    }
    return shape;
  }

  /** Examines a surface on a grid of a few points: enough to warn of one that rises. */
  public static SurfaceShape examineCoarsely(FittedSurface surface, SurfaceRange range) {
    return examine(surface, range, FEW);
  }

  private static SurfaceShape examine(FittedSurface surface, SurfaceRange range, int steps) {
    double steepestD = Double.NEGATIVE_INFINITY;
    double steepestN = Double.NEGATIVE_INFINITY;
    double worstN = Double.NaN;
    double worstD = Double.NaN;
    double largestChange = 0;
    double leastMixed = Double.POSITIVE_INFINITY;
    double mostMixed = Double.NEGATIVE_INFINITY;
    double[] previousRow = new double[steps];
    for (int i = 0; i < steps; i++) {
      double logN = between(range.lowN(), range.highN(), i, steps);
      double previous = Double.NaN;
      for (int j = 0; j < steps; j++) {
        double logD = between(range.lowD(), range.highD(), j, steps);
        double n = Math.exp(logN);
        double d = Math.exp(logD);
        steepestD = Math.max(steepestD, surface.slopeByLogD(n, d));
        double slope = LogSlope.of(x -> Math.log(surface.loss(Math.exp(x), d)), logN);
        if (slope > steepestN) {
          steepestN = slope;
          worstN = n;
          worstD = d;
        }
        double mixed =
            LogSlope.of(
                x -> {
                  double size = Math.exp(x);
                  return surface.loss(size, d) * surface.slopeByLogD(size, d);
                },
                logN);
        leastMixed = Math.min(leastMixed, mixed);
        mostMixed = Math.max(mostMixed, mixed);
        if (i > 0) {
          largestChange = Math.max(largestChange, Math.abs(slope - previousRow[j]));
        }
        if (j > 0) {
          largestChange = Math.max(largestChange, Math.abs(slope - previous));
        }
        previousRow[j] = slope;
        previous = slope;
      }
    }
    return new SurfaceShape(
        range,
        steepestD,
        steepestN,
        worstN,
        worstD,
        Math.abs(steepestN) > largestChange,
        leastMixed,
        mostMixed);
  }

  private static double between(double low, double high, int i, int steps) {
    return Math.log(low) + Math.log(high / low) * i / (steps - 1);
  }

  /**
   * A warning, naming its law, for each surface that is not monotone at a {@link #examineCoarsely}.
   */
  public static List<String> warnings(List<FittedSurface> surfaces, SurfaceRange range) {
    List<String> warnings = new ArrayList<>();
    for (FittedSurface surface : surfaces) {
      examineCoarsely(surface, range)
          .warning()
          .ifPresent(warning -> warnings.add(surface.name() + ": " + warning));
    }
    return warnings;
  }

  /** Whether the loss falls with N and with D everywhere, or is flat where it has reached E. */
  public boolean isMonotone() {
    return steepestD <= 0 && steepestN <= ROUNDING;
  }

  /** A warning if the surface is not monotone, in words. */
  public Optional<String> warning() {
    List<String> faults = new ArrayList<>();
    if (!(steepestN <= ROUNDING)) {
      faults.add("the loss rises with N near N = %.3g, D = %.3g".formatted(worstN, worstD));
    }
    if (!(steepestD <= 0)) {
      faults.add("the loss does not fall with D");
    }
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of("surface is not monotone: " + String.join("; ", faults));
  }
}
