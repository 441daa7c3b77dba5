package org.farfit.fit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.engine.Engine;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.FormulaRuns;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FitOptions;
import org.farfit.formula.Derivation;
import org.farfit.formula.Derivations;
import org.farfit.formula.LawCoordinates;
import org.farfit.formula.Model;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.StartingPoints;

/**
 * Every optimum of a formula that some starts find on some runs, however few: what several
 * parameters describe as well is part of the answer, where {@link GlobalFit} gives the best alone.
 * For designs, which fit the growing part of a pool many times. The law must have no parameters
 * with indices.
 */
public final class FormulaOptima {

  private final Engine engine;
  private final FitOptions options;
  private final Derivation derivation;

  /** A search with as many starts as the options say. */
  public FormulaOptima(Engine engine, FitOptions options, Model model) {
    this.engine = engine;
    this.options = options;
    this.derivation =
        Derivations.of(
            model,
            options.objective().residual() == org.farfit.engine.Objective.Residual.LOG,
            // What columns have few values differs between parts; one derivation serves them all.
            List.of());
  }

  /** The law and what is derived of it. */
  public Derivation derivation() {
    return derivation;
  }

  /**
   * Where a start ended.
   *
   * @param parameters of the component, in the order of the law's
   * @param cost half the sum of squared residuals
   */
  public record Ended(double[] parameters, double cost) {}

  /**
   * What was found for one set of parameters that no other shares a run with.
   *
   * @param parameters positions of its parameters in the law
   * @param responses the responses that they describe
   * @param ended where its starts ended, least cost first
   */
  public record Component(int[] parameters, int[] responses, List<Ended> ended) {}

  /**
   * Fits some runs.
   *
   * @param known earlier optima per component to start from, too: each takes the place of a start
   * @param seed of the starts that are drawn
   */
  public List<Component> find(FormulaRuns runs, List<List<double[]>> known, long seed) {
    FormulaProblem problem =
        new FormulaProblem(derivation, runs, options.objective(), WeightTable.of(runs.weight()));
    List<int[]> sets = problem.components();
    List<Component> components = new ArrayList<>();
    for (int k = 0; k < sets.size(); k++) {
      FormulaProblem own = problem.component(sets.get(k));
      List<double[]> warm = known.isEmpty() ? List.of() : known.get(k);
      components.add(
          new Component(
              sets.get(k),
              own.parts().stream().mapToInt(FormulaProblem.Part::response).distinct().toArray(),
              search(own, warm, seed + k)));
    }
    return components;
  }

  private List<Ended> search(FormulaProblem problem, List<double[]> known, long seed) {
    LawCoordinates coordinates = problem.coordinates();
    int warm = Math.min(known.size(), options.starts() - 1);
    double[][] starts = new double[options.starts()][];
    for (int k = 0; k < warm; k++) {
      starts[k] = coordinates.of(known.get(k));
    }
    FormulaStarts drawn = new FormulaStarts(problem, 0, options.starts() - warm, seed);
    for (int k = warm; k < starts.length; k++) {
      starts[k] = new double[problem.parameterCount()];
      drawn.start(k - warm, starts[k]);
    }
    Solutions solutions =
        new BatchSolver(options.solver(), options.threads(), ProgressListener.NONE)
            .solve(engine, problem, StartingPoints.of(starts));
    return IntStream.range(0, solutions.count())
        .filter(k -> Double.isFinite(solutions.cost(k)))
        .mapToObj(
            k -> new Ended(coordinates.parameters(solutions.parameters(k)), solutions.cost(k)))
        .filter(ended -> Arrays.stream(ended.parameters()).allMatch(Double::isFinite))
        .sorted(Comparator.comparingDouble(Ended::cost))
        .toList();
  }

  /**
   * The responses at some runs, for parameters of the law in its order.
   *
   * @param parameters published, as many as the law has
   * @param response which response
   */
  public double[] predict(double[] parameters, FormulaRuns runs, int response) {
    Derivation.NaturalSurface surface = derivation.naturalSurface(response);
    List<String> columns = derivation.model().columns();
    double[] row = new double[columns.size()];
    double[] values = new double[runs.size()];
    for (int i = 0; i < values.length; i++) {
      for (int c = 0; c < row.length; c++) {
        row[c] = runs.column(columns.get(c))[i];
      }
      values[i] = surface.value(parameters, row);
    }
    return values;
  }
}
