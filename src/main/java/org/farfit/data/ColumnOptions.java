package org.farfit.data;

import java.util.Optional;

/**
 * Which columns of a table hold what, and which rows count. Every choice is optional: a column that
 * is not named is found by its usual names ({@link ColumnFinder}), and what names no column is read
 * as an expression in columns ({@link ColumnExpression}).
 *
 * @param n column of parameters N
 * @param d column of tokens D
 * @param loss column of losses
 * @param weight column of weights; without it every run weighs 1
 * @param compute column of training FLOPs C, from which D = C / (6 N) is computed
 * @param where filter on rows, see {@link RowFilter}
 * @param repeats what becomes of runs with the same N and D
 * @param lastOf column that names runs, of each of which the last row alone counts, see {@link
 *     LastRows}
 */
public record ColumnOptions(
    Optional<String> n,
    Optional<String> d,
    Optional<String> loss,
    Optional<String> weight,
    Optional<String> compute,
    Optional<String> where,
    Repeats repeats,
    Optional<String> lastOf) {

  /** Every run counts, whether repeated or not. */
  public ColumnOptions(
      Optional<String> n,
      Optional<String> d,
      Optional<String> loss,
      Optional<String> weight,
      Optional<String> compute,
      Optional<String> where) {
    this(n, d, loss, weight, compute, where, Repeats.KEEP, Optional.empty());
  }

  /** Columns by their usual names, every row. */
  public static ColumnOptions usual() {
    return new ColumnOptions(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with a filter on rows. */
  public ColumnOptions where(String filter) {
    return new ColumnOptions(n, d, loss, weight, compute, Optional.of(filter), repeats, lastOf);
  }

  /** The same with another choice for repeated runs. */
  public ColumnOptions repeats(Repeats choice) {
    return new ColumnOptions(n, d, loss, weight, compute, where, choice, lastOf);
  }

  /** The same with N from a named column. */
  public ColumnOptions sizesFrom(String nColumn) {
    return new ColumnOptions(
        Optional.of(nColumn), d, loss, weight, compute, where, repeats, lastOf);
  }

  /** The same with named columns for N, training FLOPs and loss; D = C / (6 N). */
  public ColumnOptions computeColumns(String nColumn, String computeColumn, String lossColumn) {
    return new ColumnOptions(
        Optional.of(nColumn),
        d,
        Optional.of(lossColumn),
        weight,
        Optional.of(computeColumn),
        where,
        repeats,
        lastOf);
  }

  /** The same with the last row alone of each run that a column names. */
  public ColumnOptions lastOf(String column) {
    return new ColumnOptions(n, d, loss, weight, compute, where, repeats, Optional.of(column));
  }
}
