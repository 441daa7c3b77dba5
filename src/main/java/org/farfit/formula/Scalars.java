package org.farfit.formula;

import org.farfit.law.BoxCox;
import org.farfit.law.LogSum;

/** Every {@link Op} on single numbers: what the interpreter and plain generated code compute. */
public final class Scalars {

  private Scalars() {}

  /** One operation. */
  static double apply(Op op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case MUL -> a * b;
      case DIV -> a / b;
      case NEG -> -a;
      case EXP -> Math.exp(a);
      case LN -> Math.log(a);
      case SQRT -> Math.sqrt(a);
      case TANH -> Math.tanh(a);
      case ABS -> Math.abs(a);
      case SIGN -> Math.signum(a);
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case GREATER -> greater(a, b);
      case SIGMOID -> sigmoid(a);
      case SOFTPLUS -> softplus(a);
      case LOGSUM -> LogSum.value(a, b, LogSum.ratio(a, b));
      case GROWTH -> growth(a);
      case GROWTH_SLOPE -> growthSlope(a);
      case CONST, COLUMN, CENTRE, PARAMETER ->
          throw new IllegalArgumentException(op + " is no operation");
    };
  }

  /** 1 where a is larger than b, else 0. */
  public static double greater(double a, double b) {
    return a > b ? 1.0 : 0.0;
  }

  /** 1 / (1 + e^-a), of full relative accuracy on either side. */
  public static double sigmoid(double a) {
    double t = Math.exp(-Math.abs(a));
    return (a >= 0 ? 1.0 : t) / (1.0 + t);
  }

  /** ln(1 + e^a). */
  public static double softplus(double a) {
    double log = LogSum.logOnePlus(Math.exp(-Math.abs(a)));
    return a > 0 ? a + log : log;
  }

  /** (e^a - 1) / a. */
  public static double growth(double a) {
    return Math.exp(a) - a * BoxCox.unitSlope(a);
  }

  /** The derivative of {@link #growth}. */
  public static double growthSlope(double a) {
    return BoxCox.unitSlope(a);
  }
}
