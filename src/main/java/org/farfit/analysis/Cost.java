package org.farfit.analysis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.farfit.data.InputException;
import org.farfit.formula.ColumnFormula;

/**
 * What a run costs as a function of its columns, in FLOPs or whatever a budget is counted in: for
 * example training and serving, {@code 6*N*D + 2*N*1e13}.
 */
public final class Cost {

  private final ColumnFormula formula;

  private Cost(ColumnFormula formula) {
    this.formula = formula;
  }

  /**
   * A cost.
   *
   * @param origin what messages call the formula
   * @param columns the names that it may use
   * @throws InputException pointing at the character where it cannot be understood
   */
  public static Cost of(String origin, String formula, Collection<String> columns) {
    return new Cost(ColumnFormula.of(origin, formula, columns));
  }

  /** The formula. */
  public String formula() {
    return formula.text();
  }

  /** The columns that it depends on. */
  public List<String> columns() {
    return formula.columns();
  }

  /** The cost of a run. */
  public double of(Map<String, Double> row) {
    return formula.value(row::get);
  }
}
