package org.farfit.formula;

import java.util.List;

/** A formula as it was written: a tree whose parts know at which character they begin. */
sealed interface Syntax {

  /** The character at which the part begins, from 0. */
  int at();

  /** A number. */
  record Literal(double value, int at) implements Syntax {}

  /** A column, a parameter or an abbreviation; indices are names of columns of categories. */
  record Name(String name, List<String> indices, int at) implements Syntax {}

  /** A function of its arguments. */
  record Call(Function function, List<Syntax> arguments, int at) implements Syntax {}

  /** A sum of terms, each added or subtracted. */
  record Sum(List<Syntax> terms, List<Boolean> subtracted, int at) implements Syntax {}

  /** A product of factors, each multiplied or divided by. */
  record Product(List<Syntax> factors, List<Boolean> divided, int at) implements Syntax {}

  /** A power. */
  record Power(Syntax base, Syntax exponent, int at) implements Syntax {}

  /** A change of sign. */
  record Negation(Syntax operand, int at) implements Syntax {}

  /** A formula, with the name on its left if it has one. */
  record Statement(String name, Syntax body, int at) {}
}
