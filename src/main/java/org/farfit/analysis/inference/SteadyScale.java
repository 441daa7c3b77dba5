package org.farfit.analysis.inference;

/**
 * The scale on which the standard error of an estimate does not change with the estimate (Bartlett
 * 1947): the distance from the estimate, integrated over one over its standard error. Errors fall
 * by a slope, the logarithm by so much for each unit by which the estimate rises, and are followed
 * until they have changed by some factor either way.
 *
 * @param slope by how much the logarithm of the standard error falls for each unit
 * @param farthest how far that logarithm is followed, to either side
 */
public record SteadyScale(double slope, double farthest) {

  /** Slopes that are less would make differences of like numbers. */
  private static final double STRAIGHT = 1e-9;

  /** What a distance from the estimate is on the scale, in the unit that it has at the estimate. */
  public double steady(double distance) {
    if (Math.abs(slope) < STRAIGHT) {
      return distance;
    }
    double reached = followed(distance);
    return Math.expm1(reached) / slope + Math.exp(reached) * (distance - reached / slope);
  }

  /**
   * The distance from the estimate that is so much on the scale: the inverse of {@link #steady}.
   */
  public double distance(double steady) {
    if (Math.abs(slope) < STRAIGHT) {
      return steady;
    }
    double reached =
        Math.log(Math.clamp(1 + slope * steady, Math.exp(-farthest), Math.exp(farthest)));
    return reached / slope + Math.exp(-reached) * (steady - Math.expm1(reached) / slope);
  }

  /** By how much the logarithm of the standard error has fallen at a distance. */
  public double followed(double distance) {
    return Math.clamp(slope * distance, -farthest, farthest);
  }
}
