package org.farfit.data;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.objecthunter.exp4j.Expression;
import net.objecthunter.exp4j.ExpressionBuilder;
import net.objecthunter.exp4j.function.Functions;

/**
 * A number computed from the columns of a row, such as {@code step*524288} or {@code "Model
 * Size"*1M}: columns, numbers as {@link Quantity} reads them, {@code + - * / ^ ( )} and the
 * functions of exp4j. A column name that is not a plain word goes between double quotes or
 * backticks.
 *
 * <p>exp4j knows names of letters and digits only, and takes some of them for constants, so it is
 * given names of this class's own.
 */
final class ColumnExpression {

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:\"([^\"]*+)\"|`([^`]*+)`|([\\p{L}_][\\p{L}\\p{N}_.]*+)(\\s*+\\()?"
              + "|((?:\\d++\\.?\\d*+|\\.\\d++)(?:[eE][+-]?\\d++)?[kKMBGT]?)(?![\\p{L}\\p{N}_.])"
              + "|([-+*/^(),]))");

  private final String text;
  private final Expression expression;
  private final Map<String, Integer> variables;

  private ColumnExpression(String text, Expression expression, Map<String, Integer> variables) {
    this.text = text;
    this.expression = expression;
    this.variables = variables;
  }

  /** Whether a text that names no column may be meant as an expression. */
  static boolean looksLike(String text) {
    return text.chars().anyMatch(c -> "+-*/^()".indexOf(c) >= 0);
  }

  /**
   * Reads an expression.
   *
   * @param columns finds the index of a column by name
   * @return empty if a name in it is no column and no function
   * @throws InputException if it is made of columns, but cannot be read
   */
  static Optional<ColumnExpression> parse(
      String text, String option, Function<String, Optional<Integer>> columns) {
    if (text.length() > InputLimits.FORMULA_CHARACTERS) {
      return Optional.empty();
    }
    StringBuilder rewritten = new StringBuilder();
    Map<String, Integer> variables = new LinkedHashMap<>();
    Matcher matcher = TOKEN.matcher(text);
    int end = 0;
    for (; matcher.find() && matcher.start() == end; end = matcher.end()) {
      String name = firstOf(matcher.group(1), matcher.group(2), matcher.group(3));
      if (matcher.group(4) != null) {
        if (Functions.getBuiltinFunction(name.toLowerCase(Locale.ROOT)) == null) {
          return Optional.empty();
        }
        rewritten.append(name.toLowerCase(Locale.ROOT)).append('(');
      } else if (name != null) {
        Optional<Integer> column = columns.apply(name);
        if (column.isEmpty()) {
          return Optional.empty();
        }
        variables.put("column" + column.get(), column.get());
        rewritten.append(" column").append(column.get()).append(' ');
      } else if (matcher.group(5) != null) {
        if (matcher.group(5).length() > InputLimits.NUMBER_CHARACTERS) {
          return Optional.empty();
        }
        rewritten.append(' ').append(Quantity.parse(matcher.group(5))).append(' ');
      } else {
        rewritten.append(matcher.group(6));
      }
    }
    if (!text.substring(end).isBlank()) {
      return Optional.empty();
    }
    return Optional.of(
        new ColumnExpression(text, compile(text, option, rewritten, variables), variables));
  }

  private static Expression compile(
      String text, String option, CharSequence rewritten, Map<String, Integer> variables) {
    try {
      Expression expression =
          new ExpressionBuilder(rewritten.toString()).variables(variables.keySet()).build();
      if (!variables.isEmpty() && expression.validate(false).isValid()) {
        return expression;
      }
    } catch (RuntimeException e) {
      // Of several types, some of them without a message.
    }
    throw new InputException(
        "%s \"%s\": is neither a column nor an expression in columns such as step*524288"
            .formatted(option, Shown.text(text)));
  }

  private static String firstOf(String a, String b, String c) {
    String second = b == null ? c : b;
    return a == null ? second : a;
  }

  /**
   * Its value; NaN where it has none.
   *
   * @throws InputException if a cell is not a number
   */
  double of(TextTable table, TextTable.Row row) {
    variables.forEach((name, column) -> {
      String cell = row.cell(column);
      try {
        expression.setVariable(name, Quantity.parse(cell));
      } catch (NumberFormatException e) {
        throw new InputException(
            "%s: %s: column '%s': found %s, expected a number for \"%s\""
                .formatted(
                    table.file(),
                    row.place(),
                    Shown.text(table.header().get(column)),
                    cell.isEmpty() ? "an empty cell" : "'" + Shown.text(cell) + "'",
                    Shown.text(text)),
            e);
      }
    });
    try {
      return expression.evaluate();
    } catch (ArithmeticException e) {
      // exp4j's division by zero
      return Double.NaN;
    }
  }
}
