package org.farfit.law;

/**
 * An axis-parallel box of centred coordinates from which starting points are drawn. It bounds the
 * starts, not the fit.
 *
 * @param low lower corner, one value per centred parameter
 * @param high upper corner, each value above that of {@code low}
 */
public record SamplingBox(double[] low, double[] high) {

  /** Checks that the corners belong together. */
  public SamplingBox {
    if (low.length != high.length) {
      throw new IllegalArgumentException("corners of different dimension");
    }
    for (int j = 0; j < low.length; j++) {
      if (!(low[j] < high[j])) {
        throw new IllegalArgumentException("side %d is empty".formatted(j));
      }
    }
  }

  /** How many coordinates the box has. */
  public int dimension() {
    return low.length;
  }

  /**
   * Maps a point of the unit cube into the box.
   *
   * @param unit input, values in [0, 1]
   * @param point output, centred coordinates
   */
  public void at(double[] unit, double[] point) {
    for (int j = 0; j < low.length; j++) {
      point[j] = low[j] + unit[j] * (high[j] - low[j]);
    }
  }
}
