package org.farfit.formula;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Writes a law in JavaScript, for pages that answer questions. A law becomes an expression whose
 * value is a function of parameters, values of the columns at the centre, and a point: {@code (p,
 * c, x) => response}, arrays in the order of the model. It computes node by node what {@link
 * Interpreter} does, and needs {@link #functions}.
 */
public final class LawScript {

  private LawScript() {}

  /** What scripts of laws call: the operations of {@link Scalars} that JavaScript lacks. */
  public static String functions() {
    try (InputStream in = LawScript.class.getResourceAsStream("functions.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A response in derived coordinates, as it is fitted. */
  public static String inCoordinates(Derivation derivation, int response) {
    Schedule schedule = derivation.schedules().get(response);
    return function(schedule.graph(), schedule.valueNode(), derivation.logResiduals());
  }

  private static String function(Graph graph, int root, boolean isLogarithm) {
    StringBuilder code = new StringBuilder("(p, c, x) => {\n");
    BitSet needed = graph.reachable(root);
    for (int node = needed.nextSetBit(0); node >= 0; node = needed.nextSetBit(node + 1)) {
      code.append("  const v")
          .append(node)
          .append(" = ")
          .append(expression(graph, node))
          .append(";\n");
    }
    String value = "v" + root;
    return code.append("  return ")
        .append(isLogarithm ? "Math.exp(" + value + ")" : value)
        .append(";\n}")
        .toString();
  }

  private static String expression(Graph graph, int node) {
    String a = "v" + graph.a(node);
    String b = "v" + graph.b(node);
    return switch (graph.op(node)) {
      case CONST -> number(graph.value(node));
      case COLUMN -> "x[" + graph.index(node) + "]";
      case CENTRE -> "c[" + graph.index(node) + "]";
      case PARAMETER -> "p[" + graph.index(node) + "]";
      case ADD -> a + " + " + b;
      case MUL -> a + " * " + b;
      case DIV -> a + " / " + b;
      case NEG -> "-" + a;
      case EXP -> "Math.exp(" + a + ")";
      case LN -> "Math.log(" + a + ")";
      case SQRT -> "Math.sqrt(" + a + ")";
      case TANH -> "Math.tanh(" + a + ")";
      case ABS -> "Math.abs(" + a + ")";
      case SIGN -> "Math.sign(" + a + ")";
      case MIN -> "Math.min(" + a + ", " + b + ")";
      case MAX -> "Math.max(" + a + ", " + b + ")";
      case GREATER -> a + " > " + b + " ? 1 : 0";
      case SIGMOID -> "sigmoid(" + a + ")";
      case SOFTPLUS -> "softplus(" + a + ")";
      case LOGSUM -> "logSum(" + a + ", " + b + ")";
      case GROWTH -> "growth(" + a + ")";
      case GROWTH_SLOPE -> "growthSlope(" + a + ")";
    };
  }

  /** The shortest digits that are read back as the same double, in either language. */
  private static String number(double value) {
    return Double.isNaN(value)
        ? "NaN"
        : Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : "" + value;
  }
}
