package org.farfit.formula;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.farfit.data.InputException;

/**
 * A number computed from the columns of a run by a formula in the language of laws, in which every
 * name is a column: {@code 6*N*D + 2*N*1e13}. Thread-safe.
 */
public final class ColumnFormula {

  private static final double[] NO_PARAMETERS = {};

  private final String text;
  private final Model model;

  private ColumnFormula(String text, Model model) {
    this.text = text;
    this.model = model;
  }

  /**
   * Reads a formula.
   *
   * @param origin what messages call it: {@code --cost}
   * @param columns the names that it may use
   * @throws InputException pointing at the character where it cannot be understood, or at a name
   *     that is no column
   */
  public static ColumnFormula of(String origin, String text, Collection<String> columns) {
    Map<String, List<String>> named = new LinkedHashMap<>();
    columns.forEach(column -> named.put(column, List.of()));
    return new ColumnFormula(
        text.strip(),
        Model.ofColumns(
            new LawText(origin, text.strip(), "", "", named, text, Map.of(), Map.of(), true)));
  }

  /** The formula as it was written. */
  public String text() {
    return text;
  }

  /** The columns that it uses. */
  public List<String> columns() {
    return model.columns();
  }

  /**
   * Its value.
   *
   * @param column gives the value of each column
   */
  public double value(ToDoubleFunction<String> column) {
    int root = model.responses().getFirst().root();
    // An interpreter holds the values of its nodes.
    Interpreter interpreter = new Interpreter(model.graph(), root);
    interpreter.run(
        NO_PARAMETERS, model.columns().stream().mapToDouble(column).toArray(), NO_PARAMETERS);
    return interpreter.value(root);
  }
}
