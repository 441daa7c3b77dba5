package org.farfit.formula;

/** What a node of a {@link Graph} computes from its operands a and b. */
public enum Op {
  /** A number. */
  CONST(0),
  /** A column of the runs. */
  COLUMN(0),
  /** A column at the centre of the runs. */
  CENTRE(0),
  /** A parameter. */
  PARAMETER(0),
  /** a + b. */
  ADD(2),
  /** a b. */
  MUL(2),
  /** a / b. */
  DIV(2),
  /** -a. */
  NEG(1),
  /** e^a. */
  EXP(1),
  /** ln a. */
  LN(1),
  /** The square root of a. */
  SQRT(1),
  /** tanh a. */
  TANH(1),
  /** |a|. */
  ABS(1),
  /** -1, 0 or 1. */
  SIGN(1),
  /** The smaller of a and b. */
  MIN(2),
  /** The larger of a and b. */
  MAX(2),
  /** 1 where a is larger than b, else 0. */
  GREATER(2),
  /** 1 / (1 + e^-a). */
  SIGMOID(1),
  /** ln(1 + e^a). */
  SOFTPLUS(1),
  /** ln(e^a + e^b). */
  LOGSUM(2),
  /** (e^a - 1) / a, and 1 at 0: the Box-Cox curve of x with exponent s is x GROWTH(s x). */
  GROWTH(1),
  /** The derivative of {@link #GROWTH}. */
  GROWTH_SLOPE(1);

  private final int operands;

  Op(int operands) {
    this.operands = operands;
  }

  /** How many operands it has. */
  public int operands() {
    return operands;
  }

  /** Whether it takes many instructions, so that loops are split at it. */
  public boolean isTranscendental() {
    return switch (this) {
      case EXP, LN, TANH, SIGMOID, SOFTPLUS, GROWTH, GROWTH_SLOPE -> true;
      default -> false;
    };
  }
}
