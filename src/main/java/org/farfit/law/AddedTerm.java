package org.farfit.law;

import java.util.List;

/**
 * A term that a law adds to others, by its place among the centred parameters: the loss is linear
 * in the term itself, while its coordinate is the logarithm of it.
 *
 * @param logarithm position of the logarithm of the term at the centre
 * @param slopes positions of the parameters that say how fast the term changes: the loss depends,
 *     to first order, on the term times these
 * @param logPower position of ln k if what is added is the term to the power 1 / k; {@link
 *     #NO_POWER} for the term itself
 */
public record AddedTerm(int logarithm, List<Integer> slopes, int logPower) {

  /** The term itself is added. */
  public static final int NO_POWER = -1;

  AddedTerm(int logarithm, Integer... slopes) {
    this(logarithm, List.of(slopes), NO_POWER);
  }

  /** Whether the term is the same for all runs: an irreducible loss. */
  public boolean isConstant() {
    return slopes.isEmpty() && logPower == NO_POWER;
  }
}
