package org.farfit.report.archive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farfit.data.RunSet;
import org.farfit.formula.Bounds;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.law.Law;
import org.farfit.report.output.Json;

/**
 * A law that is a formula, as the fit file states it, so that it can be read where the law's file
 * is not.
 *
 * @param source where it was published, or empty
 * @param formula its statements, one a line
 * @param columns the columns that it uses, in its own names
 * @param categories columns of categories that parameters are indexed by
 * @param responses what it predicts
 * @param bounds lower and upper end by parameter of the formula; null for none
 */
record LawEntry(
    String source,
    String formula,
    List<String> columns,
    List<String> categories,
    List<String> responses,
    Map<String, Box> bounds) {

  /** Bounds of a parameter. */
  record Box(Double lower, Double upper, boolean positive) {

    private Bounds bounds() {
      return new Bounds(
          lower == null ? Double.NEGATIVE_INFINITY : lower,
          upper == null ? Double.POSITIVE_INFINITY : upper,
          positive);
    }
  }

  /** The entry of a law; null for one that is made by hand. */
  static LawEntry of(Law law) {
    if (!(law instanceof FormulaLaw formula)) {
      return null;
    }
    Model model = formula.model();
    Map<String, Box> bounds = new LinkedHashMap<>();
    for (Model.Parameter parameter : model.parameters()) {
      Bounds range = parameter.bounds();
      bounds.put(
          parameter.name(),
          new Box(Json.finite(range.lower()), Json.finite(range.upper()), range.positive()));
    }
    return new LawEntry(
        model.law().source(),
        model.law().text(),
        model.columns(),
        model.indices(),
        model.responses().stream().map(Model.Response::name).toList(),
        bounds);
  }

  /**
   * The law.
   *
   * @param name its name
   * @param logResiduals whether residuals are differences of logarithms
   * @param runs the fitted runs, which say of what categories there are parameters
   */
  FormulaLaw law(String name, boolean logResiduals, RunSet runs) {
    Map<String, Bounds> known = new LinkedHashMap<>();
    bounds.forEach((parameter, box) -> known.put(parameter, box.bounds()));
    Map<String, List<String>> usual = new LinkedHashMap<>();
    columns.forEach(column -> usual.put(column, List.of()));
    LawText text =
        new LawText(
            "formula of the fit file", name, source, "", usual, formula, known, Map.of(), true);
    return FormulaLaw.of(Model.of(text), logResiduals, runs);
  }
}
