package org.farfit.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The row filter of {@code --where}: comparisons joined by {@code and} and {@code or}, with
 * parentheses. {@code and} binds tighter.
 *
 * <pre>
 *   N > 2e8 and (L &lt; 0.6 or data_recipe = '2049_sc')
 * </pre>
 *
 * <p>A side of a comparison is a column, a number ({@code 2e8}, {@code 200M}) or a text in single
 * quotes. A column name with blanks or operators in it goes between double quotes or backticks.
 * Operators are {@code < <= > >= = == !=}. A comparison with an empty or NaN cell is false.
 */
final class RowFilter {

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(<=|>=|==|!=|<|>|=)|([()])|'([^']*)'|\"([^\"]*)\"|`([^`]*)`|([^\\s()<>=!'\"`]+))");

  private enum Kind {
    OPERATOR,
    PARENTHESIS,
    TEXT,
    COLUMN,
    WORD,
    END
  }

  private record Token(Kind kind, String text) {}

  /** One side of a comparison: what it reads from a row, and how messages call it. */
  private record Side(String label, Function<TextTable.Row, String> cell) {}

  private final String file;
  private final String expression;
  private final Function<String, Optional<Integer>> columns;
  private final List<Token> tokens = new ArrayList<>();
  private int position;

  private RowFilter(String file, String expression, Function<String, Optional<Integer>> columns) {
    this.file = file;
    this.expression = expression;
    this.columns = columns;
  }

  /**
   * Compiles a filter.
   *
   * @param columns finds the index of a column by name
   * @throws InputException if the expression does not parse or names no column
   */
  static Predicate<TextTable.Row> compile(
      String file, String expression, Function<String, Optional<Integer>> columns) {
    RowFilter filter = new RowFilter(file, expression, columns);
    filter.tokenise();
    Predicate<TextTable.Row> predicate = filter.disjunction();
    if (filter.peek().kind() != Kind.END) {
      throw filter.error("'and', 'or' or the end");
    }
    return predicate;
  }

  private void tokenise() {
    Matcher matcher = TOKEN.matcher(expression);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      end = matcher.end();
      tokens.add(token(matcher));
    }
    if (!expression.substring(end).isBlank()) {
      throw new InputException(
          "--where \"%s\": cannot read '%s'; text goes between single quotes, column names with"
                  .formatted(expression, expression.substring(end).strip())
              + " blanks between double quotes");
    }
    tokens.add(new Token(Kind.END, "the end"));
  }

  private static Token token(Matcher matcher) {
    Kind[] kinds = {
      Kind.OPERATOR, Kind.PARENTHESIS, Kind.TEXT, Kind.COLUMN, Kind.COLUMN, Kind.WORD
    };
    for (int group = 1; group <= kinds.length; group++) {
      if (matcher.group(group) != null) {
        return new Token(kinds[group - 1], matcher.group(group));
      }
    }
    throw new IllegalStateException("the pattern has no other group");
  }

  private Token peek() {
    return tokens.get(position);
  }

  private boolean accept(Kind kind, String text) {
    boolean matches = peek().kind() == kind && peek().text().equalsIgnoreCase(text);
    if (matches) {
      position++;
    }
    return matches;
  }

  private Predicate<TextTable.Row> disjunction() {
    Predicate<TextTable.Row> left = conjunction();
    while (accept(Kind.WORD, "or")) {
      left = left.or(conjunction());
    }
    return left;
  }

  private Predicate<TextTable.Row> conjunction() {
    Predicate<TextTable.Row> left = factor();
    while (accept(Kind.WORD, "and")) {
      left = left.and(factor());
    }
    return left;
  }

  private Predicate<TextTable.Row> factor() {
    if (accept(Kind.PARENTHESIS, "(")) {
      Predicate<TextTable.Row> inner = disjunction();
      if (!accept(Kind.PARENTHESIS, ")")) {
        throw error("')'");
      }
      return inner;
    }
    return comparison();
  }

  private Predicate<TextTable.Row> comparison() {
    boolean leftIsText = peek().kind() == Kind.TEXT;
    Side left = side();
    if (peek().kind() != Kind.OPERATOR) {
      throw error("one of < <= > >= = !=");
    }
    String operator = tokens.get(position++).text();
    boolean asText = leftIsText || peek().kind() == Kind.TEXT;
    Side right = side();
    if (asText) {
      return textComparison(left, operator, right);
    }
    return row -> {
      double a = number(left, row);
      double b = number(right, row);
      return switch (operator) {
        case "<" -> a < b;
        case "<=" -> a <= b;
        case ">" -> a > b;
        case ">=" -> a >= b;
        case "!=" -> a < b || a > b;
        default -> a == b;
      };
    };
  }

  private Predicate<TextTable.Row> textComparison(Side left, String operator, Side right) {
    return switch (operator) {
      case "=", "==" -> row -> left.cell().apply(row).equals(right.cell().apply(row));
      case "!=" -> row -> !left.cell().apply(row).equals(right.cell().apply(row));
      default ->
          throw new InputException(
              "--where \"%s\": text can be compared with = and !=, not with %s"
                  .formatted(expression, operator));
    };
  }

  private Side side() {
    Token token = peek();
    Side side =
        switch (token.kind()) {
          case TEXT -> new Side("'" + token.text() + "'", row -> token.text());
          case COLUMN -> column(token.text());
          case WORD -> columnOrNumber(token.text());
          default -> throw error("a column, a number or a text in single quotes");
        };
    position++;
    return side;
  }

  private Side columnOrNumber(String word) {
    if (columns.apply(word).isEmpty() && isNumber(word)) {
      String number = Double.toString(Quantity.parse(word));
      return new Side(word, row -> number);
    }
    return column(word);
  }

  private Side column(String name) {
    int index =
        columns
            .apply(name)
            .orElseThrow(() ->
                new InputException(
                    "%s: --where \"%s\": no column '%s'; text goes between single quotes"
                        .formatted(file, expression, name)));
    return new Side(name, row -> row.cells().get(index));
  }

  private static boolean isNumber(String text) {
    try {
      Quantity.parse(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private double number(Side side, TextTable.Row row) {
    String cell = side.cell().apply(row);
    if (cell.isEmpty() || cell.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    try {
      return Quantity.parsePlain(cell);
    } catch (NumberFormatException e) {
      throw new InputException(
          "%s: %s: column '%s': found '%s', expected a number for --where \"%s\""
              .formatted(file, row.place(), side.label(), cell, expression),
          e);
    }
  }

  private InputException error(String expected) {
    return new InputException(
        "--where \"%s\": found %s, expected %s"
            .formatted(
                expression,
                peek().kind() == Kind.END ? "the end" : "'" + peek().text() + "'",
                expected));
  }
}
