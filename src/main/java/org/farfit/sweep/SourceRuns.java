package org.farfit.sweep;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.law.Law;
import org.farfit.law.Laws;

/**
 * Runs of a source as they travel, and what a law that is a formula means for them. They travel as
 * arrays and text, and are made into runs and a model once where they arrive.
 */
public final class SourceRuns implements Serializable {

  private static final long serialVersionUID = 1;

  private final LinkedHashMap<String, double[]> columns;
  private final LinkedHashMap<String, List<String>> categories;
  private final double[] measured;
  private final double[] weight;

  /** The law as a text that states its columns; null for laws made by hand. */
  private final LawText law;

  /** Why there are no runs, or null. */
  private final String problem;

  private transient RunSet runs;
  private transient Model model;

  private SourceRuns(
      Map<String, double[]> columns,
      Map<String, List<String>> categories,
      double[] measured,
      double[] weight,
      LawText law,
      String problem) {
    this.columns = new LinkedHashMap<>(columns);
    this.categories = new LinkedHashMap<>(categories);
    this.measured = measured;
    this.weight = weight;
    this.law = law;
    this.problem = problem;
  }

  /** Reads a source; what is wrong with it is told where its runs are asked for. */
  public static SourceRuns of(RunSource source) {
    try {
      return source.read();
    } catch (InputException e) {
      return new SourceRuns(Map.of(), Map.of(), new double[0], new double[0], null, words(e));
    }
  }

  /** What is wrong with a source, in the words of sweeps, which have no options to name columns. */
  static String words(InputException problem) {
    return problem.advising("give one of the file such a name");
  }

  static SourceRuns of(RunSet runs, Optional<LawText> law) {
    LinkedHashMap<String, double[]> columns = new LinkedHashMap<>();
    runs.columns().forEach(name -> columns.put(name, runs.column(name)));
    return new SourceRuns(
        columns, runs.categories(), runs.loss(), runs.weight(), law.orElse(null), null);
  }

  /**
   * The runs.
   *
   * @throws InputException as reading them did
   */
  public synchronized RunSet runs() {
    if (problem != null) {
      throw new InputException(problem);
    }
    if (runs == null) {
      runs = RunSet.of(columns, categories, measured, weight);
    }
    return runs;
  }

  /**
   * The law for these runs.
   *
   * @param choice the law, which is that of the source if it is a formula
   * @param logResiduals whether residuals are differences of logarithms
   */
  synchronized Law law(LawChoice choice, boolean logResiduals) {
    if (law == null) {
      return Laws.named(choice.name());
    }
    if (model == null) {
      model = Model.of(law);
    }
    return FormulaLaw.of(model, logResiduals, runs());
  }
}
