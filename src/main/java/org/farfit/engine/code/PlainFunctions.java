package org.farfit.engine.code;

import java.util.Locale;
import org.farfit.formula.Op;
import org.farfit.formula.Scalars;

/**
 * Functions over slots of plain doubles, called by generated code: out of one slot into another.
 */
public final class PlainFunctions {

  private PlainFunctions() {}

  /** The method for a function; emitters of other targets have methods of the same names. */
  public static String name(Op op) {
    return op == Op.GROWTH_SLOPE ? "growthSlope" : op.name().toLowerCase(Locale.ROOT);
  }

  static void exp(double[] own, int from, int to, int count) {
    for (int i = 0; i < count; i++) {
      own[to + i] = Math.exp(own[from + i]);
    }
  }

  static void ln(double[] own, int from, int to, int count) {
    for (int i = 0; i < count; i++) {
      own[to + i] = Math.log(own[from + i]);
    }
  }

  static void tanh(double[] own, int from, int to, int count) {
    for (int i = 0; i < count; i++) {
      own[to + i] = Math.tanh(own[from + i]);
    }
  }

  static void sigmoid(double[] own, int from, int to, int count) {
    for (int i = 0; i < count; i++) {
      own[to + i] = Scalars.sigmoid(own[from + i]);
    }
  }

  static void softplus(double[] own, int from, int to, int count) {
    for (int i = 0; i < count; i++) {
      own[to + i] = Scalars.softplus(own[from + i]);
    }
  }

  static void growth(double[] own, int from, int to, int count) {
    for (int i = 0; i < count; i++) {
      own[to + i] = Scalars.growth(own[from + i]);
    }
  }

  static void growthSlope(double[] own, int from, int to, int count) {
    for (int i = 0; i < count; i++) {
      own[to + i] = Scalars.growthSlope(own[from + i]);
    }
  }
}
