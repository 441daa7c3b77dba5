package org.farfit.formula;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.farfit.data.InputException;
import org.farfit.data.InputLimits;
import org.farfit.data.Quantity;

/**
 * Reads formulas: statements joined by semicolons or line ends, each an expression or {@code NAME =
 * expression}. Operators are + - * / ^ (which binds tighter than a sign, and to the right) and
 * brackets; functions those of {@link Function}; numbers may end in k, M, B, G or T; a name in
 * double quotes may have any characters; {@code E[domain]} is a parameter for each category of a
 * column.
 */
final class Parser {

  private final String source;
  private final String text;
  private int at;
  private int depth;

  private Parser(String source, String text) {
    this.source = source;
    this.text = text;
  }

  /**
   * Reads the statements of a text.
   *
   * @param source what messages call the text
   * @throws InputException pointing at the character where it cannot be understood
   */
  static List<Syntax.Statement> parse(String source, String text) {
    if (text.length() > InputLimits.LAW_CHARACTERS) {
      throw new InputException(
          "%s: a formula of %d characters, expected at most %d"
              .formatted(source, text.length(), InputLimits.LAW_CHARACTERS));
    }
    return new Parser(source, text).statements();
  }

  private List<Syntax.Statement> statements() {
    List<Syntax.Statement> statements = new ArrayList<>();
    while (true) {
      while (at < text.length() && (isBlank() || text.charAt(at) == ';')) {
        at++;
      }
      if (at == text.length()) {
        break;
      }
      statements.add(statement());
      skipBlanks();
      if (at < text.length() && text.charAt(at) != ';' && text.charAt(at) != '\n') {
        throw error(at, "found '%c', expected an operator or the end".formatted(text.charAt(at)));
      }
    }
    if (statements.isEmpty()) {
      throw error(0, "is empty, expected a formula such as E + A*N^-alpha + B*D^-beta");
    }
    return statements;
  }

  private Syntax.Statement statement() {
    int begin = at;
    if (isNameStart()) {
      String name = name();
      skipBlanks();
      if (at < text.length() && text.charAt(at) == '=') {
        at++;
        return new Syntax.Statement(name, sum(), begin);
      }
      at = begin;
    }
    return new Syntax.Statement(null, sum(), begin);
  }

  private Syntax sum() {
    int begin = next();
    enter();
    List<Syntax> terms = new ArrayList<>();
    List<Boolean> subtracted = new ArrayList<>();
    terms.add(product());
    subtracted.add(false);
    while (takeOne("+-")) {
      subtracted.add(text.charAt(at - 1) == '-');
      terms.add(product());
    }
    depth--;
    return terms.size() == 1 ? terms.getFirst() : new Syntax.Sum(terms, subtracted, begin);
  }

  private Syntax product() {
    int begin = next();
    List<Syntax> factors = new ArrayList<>();
    List<Boolean> divided = new ArrayList<>();
    factors.add(signed());
    divided.add(false);
    while (takeOne("*/")) {
      if (at < text.length() && text.charAt(at) == '*') {
        throw error(at - 1, "found '**', expected '^' for a power");
      }
      divided.add(text.charAt(at - 1) == '/');
      factors.add(signed());
    }
    return factors.size() == 1 ? factors.getFirst() : new Syntax.Product(factors, divided, begin);
  }

  private Syntax signed() {
    int begin = next();
    enter();
    Syntax result;
    if (takeOne("-")) {
      result = new Syntax.Negation(signed(), begin);
    } else if (takeOne("+")) {
      result = signed();
    } else {
      result = power();
    }
    depth--;
    return result;
  }

  private Syntax power() {
    int begin = next();
    Syntax base = atom();
    return takeOne("^") ? new Syntax.Power(base, signed(), begin) : base;
  }

  private Syntax atom() {
    int begin = next();
    if (begin == text.length()) {
      throw error(begin, "the formula ends here, expected a number, a name or '('");
    }
    char c = text.charAt(at);
    if (c == '(') {
      at++;
      Syntax inner = sum();
      expect(')', "')' to close the bracket at character " + (begin + 1));
      return inner;
    }
    if (Character.isDigit(c) || c == '.') {
      return number();
    }
    if (isNameStart()) {
      return named();
    }
    throw error(begin, "found '%c', expected a number, a name or '('".formatted(c));
  }

  private Syntax number() {
    int begin = at;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    if (at < text.length() && "eE".indexOf(text.charAt(at)) >= 0) {
      int sign = at + 1 < text.length() && "+-".indexOf(text.charAt(at + 1)) >= 0 ? 1 : 0;
      if (at + 1 + sign < text.length() && Character.isDigit(text.charAt(at + 1 + sign))) {
        at += 1 + sign;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
          at++;
        }
      }
    }
    if (at < text.length() && "kKMBGT".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at < text.length() && isNamePart(text.charAt(at))) {
      throw error(
          at,
          "found '%c' right after a number, expected an operator such as *"
              .formatted(text.charAt(at)));
    }
    try {
      return new Syntax.Literal(Quantity.parse(text.substring(begin, at)), begin);
    } catch (NumberFormatException e) {
      throw error(begin, e.getMessage());
    }
  }

  private Syntax named() {
    int begin = at;
    boolean quoted = text.charAt(at) == '"';
    String name = name();
    int after = at;
    skipBlanks();
    if (at < text.length() && text.charAt(at) == '(' && !quoted) {
      return call(name, begin);
    }
    if (at < text.length() && text.charAt(at) == '[') {
      at++;
      return new Syntax.Name(name, indices(), begin);
    }
    at = after;
    return new Syntax.Name(name, List.of(), begin);
  }

  private List<String> indices() {
    List<String> indices = new ArrayList<>();
    do {
      next();
      if (!isNameStart()) {
        throw error(at, "expected the name of a column of categories");
      }
      indices.add(name());
    } while (takeOne(","));
    expect(']', "']'");
    return indices;
  }

  private Syntax call(String name, int begin) {
    Optional<Function> function = Function.named(name);
    if (function.isEmpty()) {
      throw error(
          begin,
          "unknown function '%s'%s; write * between a name and a bracket to multiply"
              .formatted(name, Function.instead(name)));
    }
    at++;
    List<Syntax> arguments = new ArrayList<>();
    do {
      arguments.add(sum());
    } while (takeOne(","));
    expect(')', "',' or ')' after an argument of " + name);
    int expected = function.get().arguments();
    boolean fits = expected == 1 ? arguments.size() == 1 : arguments.size() >= 2;
    if (!fits) {
      throw error(
          begin,
          "%s has %d arguments, expected %s"
              .formatted(name, arguments.size(), expected == 1 ? "one" : "two or more"));
    }
    return new Syntax.Call(function.get(), arguments, begin);
  }

  private String name() {
    int begin = at;
    if (text.charAt(at) == '"') {
      int end = text.indexOf('"', at + 1);
      if (end <= at + 1) {
        throw error(at, "a quoted name that does not end, expected \"NAME\"");
      }
      at = end + 1;
      return text.substring(begin + 1, end);
    }
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    return text.substring(begin, at);
  }

  private boolean isNameStart() {
    char c = at < text.length() ? text.charAt(at) : ' ';
    return Character.isLetter(c) || c == '_' || c == '"';
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private boolean isBlank() {
    return Character.isWhitespace(text.charAt(at));
  }

  /** Skips blanks but not line ends, at which a statement may end outside brackets. */
  private void skipBlanks() {
    while (at < text.length() && isBlank() && text.charAt(at) != '\n') {
      at++;
    }
  }

  /** Skips blanks and line ends, where something must follow. */
  private int next() {
    while (at < text.length() && isBlank()) {
      at++;
    }
    return at;
  }

  /** Takes one of some characters, also on a following line, where it goes on an expression. */
  private boolean takeOne(String characters) {
    int begin = at;
    next();
    if (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
      at++;
      return true;
    }
    at = begin;
    return false;
  }

  private void expect(char c, String what) {
    next();
    if (at == text.length()) {
      throw error(at, "the formula ends here, expected " + what);
    }
    if (text.charAt(at) != c) {
      throw error(at, "found '%c', expected %s".formatted(text.charAt(at), what));
    }
    at++;
  }

  private void enter() {
    if (++depth > InputLimits.LAW_NESTING) {
      throw error(
          at,
          "brackets, signs and powers are nested more than %d deep"
              .formatted(InputLimits.LAW_NESTING));
    }
  }

  private InputException error(int where, String problem) {
    return FormulaError.at(source, text, where, problem);
  }
}
