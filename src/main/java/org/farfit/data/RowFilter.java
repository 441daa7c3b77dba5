package org.farfit.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The row filter of {@code --where}: comparisons joined by {@code and}, {@code or} and {@code not},
 * with parentheses. {@code not} binds tightest, then {@code and}.
 *
 * <pre>
 *   N > 2e8 and (L &lt; 0.6 or data_recipe = '2049_sc')
 *   recipe in ('a', 'b') and not name like '%_test' and seed is not empty
 * </pre>
 *
 * <p>A side of a comparison is a column, a number ({@code 2e8}, {@code 200M}) or a text in single
 * quotes, in which two single quotes stand for one. A column name with blanks or operators in it
 * goes between double quotes or backticks. Operators are {@code < <= > >= = == !=}, {@code in} a
 * list, {@code like} a pattern ({@code %} for any text, {@code _} for any letter), the two also
 * after {@code not}, and {@code is empty}, {@code is not empty}.
 *
 * <p>A cell without a value (empty, or NaN) passes no comparison, nor its negation, as in SQL; only
 * {@code is empty} asks for it, and so do {@code = ''} and {@code != ''}. Infinity is a number.
 */
final class RowFilter {

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*+(?:(<=|>=|==|!=|<|>|=)|([(),])|'([^']*+)'|\"([^\"]*+)\"|`([^`]*+)`"
              + "|([^\\s(),<>=!'\"`]++))");

  /** As programs write what is larger than every number. */
  private static final Pattern INFINITE =
      Pattern.compile("[+-]?inf(inity)?", Pattern.CASE_INSENSITIVE);

  private enum Kind {
    OPERATOR,
    PUNCTUATION,
    TEXT,
    COLUMN,
    WORD,
    END
  }

  private record Token(Kind kind, String text) {}

  /** What is known of a condition on a row: a cell without a value leaves it unknown. */
  private enum Truth {
    FALSE,
    UNKNOWN,
    TRUE;

    static Truth of(boolean value) {
      return value ? TRUE : FALSE;
    }

    Truth negated() {
      return switch (this) {
        case FALSE -> TRUE;
        case UNKNOWN -> UNKNOWN;
        case TRUE -> FALSE;
      };
    }
  }

  /** A condition on a row. */
  @FunctionalInterface
  private interface Condition {

    Truth on(TextTable.Row row);

    /** Kleene's and: the least of all. However many there are, they are not nested. */
    static Condition all(List<Condition> conditions) {
      return conditions.size() == 1
          ? conditions.getFirst()
          : row -> {
            Truth least = Truth.TRUE;
            for (int i = 0; i < conditions.size() && least != Truth.FALSE; i++) {
              least = Collections.min(List.of(least, conditions.get(i).on(row)));
            }
            return least;
          };
    }

    /** Kleene's or: the greatest of all. */
    static Condition any(List<Condition> conditions) {
      return conditions.size() == 1
          ? conditions.getFirst()
          : row -> {
            Truth greatest = Truth.FALSE;
            for (int i = 0; i < conditions.size() && greatest != Truth.TRUE; i++) {
              greatest = Collections.max(List.of(greatest, conditions.get(i).on(row)));
            }
            return greatest;
          };
    }

    default Condition negated() {
      return row -> on(row).negated();
    }
  }

  /**
   * One side of a comparison.
   *
   * @param label how messages call it
   * @param isText whether it is a text in quotes
   * @param cell what it reads from a row
   */
  private record Side(String label, boolean isText, Function<TextTable.Row, String> cell) {

    /** Whether it is {@code ''} or {@code 'nan'}, which ask for a cell without a value. */
    boolean isEmptyText() {
      return isText && isEmpty(label.substring(1, label.length() - 1));
    }
  }

  private final String file;
  private final String expression;
  private final String shown;
  private final Function<String, Optional<Integer>> columns;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int depth;

  private RowFilter(String file, String expression, Function<String, Optional<Integer>> columns) {
    this.file = file;
    this.expression = expression;
    this.shown = Shown.text(expression);
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
    Condition condition = filter.disjunction();
    if (filter.peek().kind() != Kind.END) {
      throw filter.error("'and', 'or' or the end");
    }
    return row -> condition.on(row) == Truth.TRUE;
  }

  private void tokenise() {
    if (expression.length() > InputLimits.EXPRESSION_CHARACTERS) {
      throw new InputException(
          "%s \"%s\": is longer than the %,d characters that a filter may have"
              .formatted(Setting.WHERE, shown, InputLimits.EXPRESSION_CHARACTERS));
    }
    Matcher matcher = TOKEN.matcher(expression);
    int end = 0;
    while (matcher.region(end, expression.length()).lookingAt()) {
      end = matcher.end();
      Token token = token(matcher);
      StringBuilder text = new StringBuilder(token.text());
      // A quote right after a text: two of them stand for one.
      while (token.kind() == Kind.TEXT
          && expression.startsWith("'", end)
          && matcher.region(end, expression.length()).lookingAt()) {
        end = matcher.end();
        text.append('\'').append(token(matcher).text());
      }
      tokens.add(new Token(token.kind(), text.toString()));
    }
    if (!expression.substring(end).isBlank()) {
      throw new InputException(
          "%s \"%s\": cannot read '%s'; text goes between single quotes, column names with"
                  .formatted(Setting.WHERE, shown, Shown.text(expression.substring(end).strip()))
              + " blanks between double quotes");
    }
    tokens.add(new Token(Kind.END, "the end"));
  }

  private static Token token(Matcher matcher) {
    Kind[] kinds = {
      Kind.OPERATOR, Kind.PUNCTUATION, Kind.TEXT, Kind.COLUMN, Kind.COLUMN, Kind.WORD
    };
    for (int i = 0; i < kinds.length; i++) {
      if (matcher.group(i + 1) != null) {
        return new Token(kinds[i], matcher.group(i + 1));
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

  private void expect(Kind kind, String text) {
    if (!accept(kind, text)) {
      throw error("'" + text + "'");
    }
  }

  private Condition disjunction() {
    List<Condition> conditions = new ArrayList<>(List.of(conjunction()));
    while (accept(Kind.WORD, "or")) {
      conditions.add(conjunction());
    }
    return Condition.any(conditions);
  }

  private Condition conjunction() {
    List<Condition> conditions = new ArrayList<>(List.of(factor()));
    while (accept(Kind.WORD, "and")) {
      conditions.add(factor());
    }
    return Condition.all(conditions);
  }

  private Condition factor() {
    if (accept(Kind.WORD, "not")) {
      enter();
      Condition inner = factor();
      depth--;
      return inner.negated();
    }
    if (accept(Kind.PUNCTUATION, "(")) {
      enter();
      Condition inner = disjunction();
      expect(Kind.PUNCTUATION, ")");
      depth--;
      return inner;
    }
    return condition();
  }

  private void enter() {
    if (++depth > InputLimits.NESTING) {
      throw new InputException(
          "%s \"%s\": has more than %d parentheses or 'not' inside each other"
              .formatted(Setting.WHERE, shown, InputLimits.NESTING));
    }
  }

  private Condition condition() {
    Side left = side();
    if (accept(Kind.WORD, "is")) {
      boolean not = accept(Kind.WORD, "not");
      expect(Kind.WORD, "empty");
      Condition empty = empty(left);
      return not ? empty.negated() : empty;
    }
    if (accept(Kind.WORD, "not")) {
      return membership(left).negated();
    }
    return peek().kind() == Kind.WORD ? membership(left) : comparison(left);
  }

  private Condition membership(Side left) {
    if (accept(Kind.WORD, "like")) {
      if (peek().kind() != Kind.TEXT) {
        throw error("a pattern in single quotes");
      }
      String pattern = tokens.get(position++).text();
      if (pattern.length() > InputLimits.PATTERN_CHARACTERS) {
        throw new InputException(
            "%s \"%s\": a pattern is longer than the %,d characters that it may have"
                .formatted(Setting.WHERE, shown, InputLimits.PATTERN_CHARACTERS));
      }
      return row -> {
        String cell = left.cell().apply(row);
        return isEmpty(cell) ? Truth.UNKNOWN : Truth.of(matches(cell, pattern));
      };
    }
    if (!accept(Kind.WORD, "in")) {
      throw error("one of < <= > >= = != in like is");
    }
    expect(Kind.PUNCTUATION, "(");
    List<Condition> each = new ArrayList<>(List.of(equality(left, side())));
    while (accept(Kind.PUNCTUATION, ",")) {
      each.add(equality(left, side()));
    }
    expect(Kind.PUNCTUATION, ")");
    return Condition.any(each);
  }

  private Condition comparison(Side left) {
    if (peek().kind() != Kind.OPERATOR) {
      throw error("one of < <= > >= = != in like is");
    }
    String operator = tokens.get(position++).text();
    Side right = side();
    return switch (operator) {
      case "=", "==" -> equality(left, right);
      case "!=" -> equality(left, right).negated();
      default -> order(left, operator, right);
    };
  }

  private Condition order(Side left, String operator, Side right) {
    if (left.isText() || right.isText()) {
      throw new InputException(
          "%s \"%s\": text can be compared with = and !=, not with %s"
              .formatted(Setting.WHERE, shown, operator));
    }
    return row -> {
      double a = number(left, row);
      double b = number(right, row);
      if (Double.isNaN(a) || Double.isNaN(b)) {
        return Truth.UNKNOWN;
      }
      return Truth.of(
          switch (operator) {
            case "<" -> a < b;
            case "<=" -> a <= b;
            case ">" -> a > b;
            default -> a >= b;
          });
    };
  }

  private Condition equality(Side left, Side right) {
    if (left.isEmptyText() || right.isEmptyText()) {
      return empty(left.isEmptyText() ? right : left);
    }
    boolean asText = left.isText() || right.isText();
    return row -> {
      String a = left.cell().apply(row);
      String b = right.cell().apply(row);
      if (isEmpty(a) || isEmpty(b)) {
        return Truth.UNKNOWN;
      }
      return Truth.of(asText ? a.equals(b) : number(left, row) == number(right, row));
    };
  }

  private static Condition empty(Side side) {
    return row -> Truth.of(isEmpty(side.cell().apply(row)));
  }

  /** Whether a cell has no value: it is empty, or NaN. */
  static boolean isEmpty(String cell) {
    return cell.isEmpty() || cell.equalsIgnoreCase("nan");
  }

  /**
   * Whether a text fits a pattern of SQL's {@code like}. Goes back to the last {@code %} only,
   * since whatever an earlier one could take, a later one can, too.
   */
  private static boolean matches(String text, String pattern) {
    int at = 0;
    int star = -1;
    int resume = 0;
    int i = 0;
    while (i < text.length()) {
      char wanted = at < pattern.length() ? pattern.charAt(at) : 0;
      if (wanted == '%') {
        star = at++;
        resume = i;
      } else if (at < pattern.length() && (wanted == '_' || wanted == text.charAt(i))) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++resume;
      } else {
        return false;
      }
    }
    return pattern.substring(at).chars().allMatch(c -> c == '%');
  }

  private Side side() {
    Token token = peek();
    Side side =
        switch (token.kind()) {
          case TEXT -> new Side("'" + token.text() + "'", true, row -> token.text());
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
      return new Side(word, false, row -> number);
    }
    return column(word);
  }

  private Side column(String name) {
    int index =
        columns
            .apply(name)
            .orElseThrow(() ->
                new InputException(
                    "%s: %s \"%s\": no column '%s'; text goes between single quotes"
                        .formatted(file, Setting.WHERE, shown, Shown.text(name))));
    return new Side(name, false, row -> row.cell(index));
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
    if (isEmpty(cell)) {
      return Double.NaN;
    }
    if (INFINITE.matcher(cell).matches()) {
      return cell.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    try {
      return Quantity.parse(cell);
    } catch (NumberFormatException e) {
      throw new InputException(
          "%s: %s: column '%s': found '%s', expected a number for %s \"%s\""
              .formatted(
                  file,
                  row.place(),
                  Shown.text(side.label()),
                  Shown.text(cell),
                  Setting.WHERE,
                  shown),
          e);
    }
  }

  private InputException error(String expected) {
    return new InputException(
        "%s \"%s\": found %s, expected %s"
            .formatted(
                Setting.WHERE,
                shown,
                peek().kind() == Kind.END ? "the end" : "'" + Shown.text(peek().text()) + "'",
                expected));
  }
}
