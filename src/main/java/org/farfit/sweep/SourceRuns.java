package org.farfit.sweep;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.law.Law;
import org.farfit.law.Laws;

/**
 * Runs of a source as they travel, and what a law that is a formula means for them.
 *
 * @param columns numbers by column; N and D among them, if there are
 * @param categories the labels of categories, by column
 * @param measured losses
 * @param weight weights
 * @param law the law as a text that states its columns; null for laws made by hand
 * @param problem why there are no runs, or null
 */
public record SourceRuns(
    LinkedHashMap<String, double[]> columns,
    LinkedHashMap<String, List<String>> categories,
    double[] measured,
    double[] weight,
    LawText law,
    String problem)
    implements Serializable {

  /** Reads a source; what is wrong with it is told where its runs are asked for. */
  public static SourceRuns of(RunSource source) {
    try {
      return source.read();
    } catch (InputException e) {
      return new SourceRuns(null, null, null, null, null, e.getMessage());
    }
  }

  static SourceRuns of(RunSet runs, Optional<LawText> law) {
    LinkedHashMap<String, double[]> columns = new LinkedHashMap<>();
    runs.columns().forEach(name -> columns.put(name, runs.column(name)));
    return new SourceRuns(
        columns,
        new LinkedHashMap<>(runs.categories()),
        runs.loss(),
        runs.weight(),
        law.orElse(null),
        null);
  }

  /**
   * The runs.
   *
   * @throws InputException as reading them did
   */
  public RunSet runs() {
    if (problem != null) {
      throw new InputException(problem);
    }
    SequencedMap<String, double[]> all = columns;
    Map<String, List<String>> labels = categories;
    return RunSet.of(all, labels, measured, weight);
  }

  /**
   * The law for these runs.
   *
   * @param choice the law, which is that of the source if it is a formula
   * @param logResiduals whether residuals are differences of logarithms
   */
  Law law(LawChoice choice, boolean logResiduals) {
    return law == null
        ? Laws.named(choice.name())
        : FormulaLaw.of(Model.of(law), logResiduals, runs());
  }
}
