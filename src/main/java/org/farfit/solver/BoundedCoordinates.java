package org.farfit.solver;

/**
 * Coordinates in which steps are made, of natural parameters that have bounds. One thread at a
 * time.
 */
public interface BoundedCoordinates {

  /** The least value of each natural parameter; minus infinity for none. Not to be changed. */
  double[] lower();

  /** The largest value of each natural parameter; infinity for none. Not to be changed. */
  double[] upper();

  /**
   * Natural parameters of coordinates.
   *
   * @param natural output
   * @param jacobian output, row-major: d natural parameter / d coordinate; null if not wanted
   */
  void toNatural(double[] coordinates, double[] natural, double[] jacobian);

  /** Natural parameters become coordinates, in place. */
  void toCoordinates(double[] parameters);

  /**
   * How much each coordinate is damped, as a share of full damping: that of one in which residuals
   * are linear may be nearly 0, so that a step solves for it (Ruhe and Wedin 1980, "Algorithms for
   * separable nonlinear least squares problems", algorithm 2).
   */
  double[] dampingShare();

  /** Coordinates of like size, the scales of which have a floor. */
  boolean[] floored();
}
