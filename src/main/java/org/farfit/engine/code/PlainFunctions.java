package org.farfit.engine.code;

import java.util.Locale;
import org.farfit.formula.Op;
import org.farfit.formula.Scalars;
import org.farfit.law.LogSum;

/**
 * Functions over slots of plain doubles, called by generated code: out of one slot into another.
 */
public final class PlainFunctions {

  private PlainFunctions() {}

  /** The method for a function; emitters of other targets have methods of the same names. */
  public static String name(Op op) {
    return op.name().toLowerCase(Locale.ROOT);
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

  /** sigmoid(a) and sigmoid(-a). */
  static void sigmoid(double[] own, int from, int to, int turned, int count) {
    for (int i = 0; i < count; i++) {
      double a = own[from + i];
      own[to + i] = Scalars.sigmoid(a);
      own[turned + i] = Scalars.sigmoid(-a);
    }
  }

  /** softplus(a), sigmoid(a) and sigmoid(-a). */
  static void softplus(double[] own, int from, int to, int share, int turned, int count) {
    for (int i = 0; i < count; i++) {
      double a = own[from + i];
      double t = Math.exp(-Math.abs(a));
      double log = LogSum.logOnePlus(t);
      double larger = 1 / (1 + t);
      double smaller = t / (1 + t);
      own[to + i] = a > 0 ? a + log : log;
      own[share + i] = a >= 0 ? larger : smaller;
      own[turned + i] = a > 0 ? smaller : larger;
    }
  }

  /** (e^a - 1) / a and its slope. */
  static void growth(double[] own, int from, int to, int slope, int count) {
    for (int i = 0; i < count; i++) {
      double a = own[from + i];
      own[to + i] = Scalars.growth(a);
      own[slope + i] = Scalars.growthSlope(a);
    }
  }
}
