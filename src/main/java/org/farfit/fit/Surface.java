package org.farfit.fit;

/** A loss surface L(N, D): one fitted law, or an average of several. */
public interface Surface {

  /** What tables call it: {@code farseer}, {@code skaling+farseer}. */
  String name();

  /**
   * The predicted loss, in the unit of the data.
   *
   * @param n parameters without embeddings
   * @param d training tokens
   */
  double loss(double n, double d);
}
