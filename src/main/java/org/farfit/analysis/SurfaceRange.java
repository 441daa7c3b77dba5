package org.farfit.analysis;

import java.util.Arrays;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;

/**
 * The range of N and D that a surface was fitted to.
 *
 * @param lowN least parameters
 * @param highN most parameters
 * @param lowD least tokens
 * @param highD most tokens
 */
public record SurfaceRange(double lowN, double highN, double lowD, double highD) {

  /** Beyond this factor outside its range, an answer is an extrapolation to be warned of. */
  public static final double FAR = 10;

  /** Checks the order. */
  public SurfaceRange {
    if (!(lowN > 0 && lowN <= highN && lowD > 0 && lowD <= highD)) {
      throw new IllegalArgumentException(
          "N from %s to %s, D from %s to %s is not a range".formatted(lowN, highN, lowD, highD));
    }
  }

  /**
   * The range of some runs.
   *
   * @throws InputException if they have no N or no D
   */
  public static SurfaceRange of(RunSet runs) {
    if (!runs.hasSizesAndTokens()) {
      throw new InputException(
          "this needs runs with N and D; these have " + String.join(", ", runs.columns()));
    }
    return new SurfaceRange(
        Arrays.stream(runs.n()).min().orElseThrow(),
        Arrays.stream(runs.n()).max().orElseThrow(),
        Arrays.stream(runs.d()).min().orElseThrow(),
        Arrays.stream(runs.d()).max().orElseThrow());
  }

  /** The range that reaches to a point, too. */
  public SurfaceRange including(double n, double d) {
    return new SurfaceRange(
        Math.min(lowN, n), Math.max(highN, n), Math.min(lowD, d), Math.max(highD, d));
  }

  /** By which factor N or D, whichever is worse, lies outside; 1 inside. */
  public double factorBeyond(double n, double d) {
    return Math.max(Math.max(1, Math.max(n / highN, lowN / n)), Math.max(d / highD, lowD / d));
  }
}
