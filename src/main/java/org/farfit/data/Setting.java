package org.farfit.data;

/**
 * What a user can set and a message names. The library calls it by its own name, here; a program
 * that offers it under another one, as the command line does, puts that in its place.
 */
public enum Setting {
  /** The column, or expression, of N. */
  N("ColumnOptions.n"),
  /** That of D. */
  D("ColumnOptions.d"),
  /** That of the loss. */
  LOSS("ColumnOptions.loss"),
  /** That of weights. */
  WEIGHT("ColumnOptions.weight"),
  /** That of training compute, of which D follows. */
  COMPUTE("ColumnOptions.compute"),
  /** Which rows count. */
  WHERE("ColumnOptions.where"),
  /** What becomes of repeated runs. */
  REPEATS("ColumnOptions.repeats"),
  /** The column that names runs whose last row counts. */
  LAST_OF("ColumnOptions.lastOf"),
  /** How far sizes that count as one may be from each other. */
  SIZE_TOLERANCE("RunSet.sizeTolerance"),
  /** Residuals of plain values. */
  LINEAR_OBJECTIVE("Residual.LINEAR"),
  /** A law, by its name or as a formula. */
  LAW("LawText.formula"),
  /** Whether a bootstrap goes on from its journal. */
  RESUME("BootstrapJournal.resume");

  private final String term;

  Setting(String term) {
    this.term = term;
  }

  /** What the library calls it: class and member. */
  public String term() {
    return term;
  }

  /** Its term, for messages. */
  @Override
  public String toString() {
    return term;
  }
}
