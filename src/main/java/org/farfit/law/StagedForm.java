package org.farfit.law;

/**
 * The forms L = G(N) + B(N) D^-A(N) that can be fitted in stages, from differences of losses over
 * D. A law that has one keeps its centred coordinates in the order that is stated here; x is ln N
 * and y is ln D, from the centre.
 */
public enum StagedForm {
  /**
   * A and B are constants, G is a limit and a power of N: ln L = ln(e^c0 + e^(c1 - c3 x) + e^(c2 -
   * c4 y)).
   */
  CONSTANT,

  /**
   * ln A, ln B D0^-A and ln G are each a line in a power of N, stated by value, slope and exponent
   * at the centre: c0 to c2 of ln A, c3 to c5 of the second, with the exponent of ln B, c6 to c8 of
   * ln G.
   */
  STRETCHED
}
