package org.farfit.formula;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The functions of the language. */
enum Function {
  EXP(1),
  LN(1),
  LOG10(1),
  SQRT(1),
  TANH(1),
  ABS(1),
  SIGN(1),
  SIGMOID(1),
  SOFTPLUS(1),
  GROWTH(1),
  MIN(2),
  MAX(2);

  private final int arguments;

  Function(int arguments) {
    this.arguments = arguments;
  }

  /** How many arguments it takes. */
  int arguments() {
    return arguments;
  }

  /** Its name in a formula. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What stands here for functions of other languages. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "log", "ln(x), or log10(x)",
          "log2", "ln(x)/ln(2)",
          "log1p", "ln(1 + x)",
          "pow", "x^y",
          "power", "x^y",
          "relu", "max(x, 0)",
          "expit", "sigmoid(x)",
          "logistic", "sigmoid(x)");

  /** A clause that says what to write instead of an unknown function, or nothing. */
  static String instead(String unknown) {
    String known = ELSEWHERE.get(unknown.toLowerCase(Locale.ROOT));
    return known == null ? FormulaError.nearest(unknown, names()) : "; write " + known;
  }

  static Optional<Function> named(String name) {
    return Arrays.stream(values()).filter(f -> f.text().equals(name)).findFirst();
  }

  static List<String> names() {
    return Arrays.stream(values()).map(Function::text).toList();
  }
}
