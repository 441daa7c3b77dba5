package org.farfit.fit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.data.InputException;
import org.farfit.engine.Engine;
import org.farfit.engine.WeightTable;
import org.farfit.engine.code.FormulaProblem;
import org.farfit.engine.code.FormulaRuns;
import org.farfit.formula.Derivation;
import org.farfit.formula.Derivations;
import org.farfit.formula.Model;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.farfit.solver.Status;

/**
 * Fits a law that is a formula: many starts, then more around the best of them, then the best to
 * tight tolerances.
 *
 * <p>Parameters that no run connects, such as those of separate outputs, are fitted apart, each set
 * from as many starts.
 */
public final class FormulaFit {

  /** Normal equations grow with the square; no law comes near. */
  private static final int MOST_PARAMETERS = 400;

  /** Distinct solutions around which the search goes on. */
  private static final int ELITE = 4;

  /** The most rounds of starts around the best; it ends when one brings nothing. */
  private static final int MOST_ROUNDS = 6;

  /** A round that lowers the cost by less than this share brought nothing. */
  private static final double WORTHWHILE = 1e-6;

  /** How far around: shares of a parameter's box or size. */
  private static final double[] SHARES = {0.02, 0.1, 0.4};

  /** A share of starts at the best above which no more are needed. */
  private static final double MANY = 0.2;

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;

  /** A fitter. */
  public FormulaFit(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /**
   * What a fit found.
   *
   * @param model the law
   * @param names names of the parameters; those with indices once per category
   * @param parameters their values
   * @param cost sum of weighted losses of residuals
   * @param status how the fit ended: the worst of its components
   * @param runs how many runs were fitted
   * @param residuals how many residuals there are: runs times responses
   * @param starts starts per component, those around the best not counted
   * @param shareAtBest the share of them that ended within {@link MultiStart#AT_BEST_TOLERANCE} of
   *     the best cost; of several components, that of the one with the least
   * @param restarts starts around the best, all components together
   * @param evaluations evaluations of all starts
   * @param components how many sets of parameters were fitted apart
   * @param atBounds parameters that ended at a bound
   * @param statuses how many of the starts ended with each status
   */
  public record Result(
      Model model,
      List<String> names,
      double[] parameters,
      double cost,
      Status status,
      int runs,
      int residuals,
      int starts,
      double shareAtBest,
      int restarts,
      long evaluations,
      int components,
      List<String> atBounds,
      Map<Status, Integer> statuses) {}

  /**
   * Fits.
   *
   * @throws InputException if there are fewer residuals than parameters, or an expression of
   *     columns is not finite for a run
   */
  public Result fit(Model model, FormulaRuns runs) {
    Derivation derivation =
        Derivations.of(
            model,
            options.objective().residual() == org.farfit.engine.Objective.Residual.LOG,
            FormulaProblem.grouped(model, runs));
    FormulaProblem problem =
        new FormulaProblem(derivation, runs, options.objective(), WeightTable.of(runs.weight()));
    if (problem.parameterCount() > MOST_PARAMETERS) {
      throw new InputException(
          "%s: the formula has %d parameters, expected at most %d"
              .formatted(runs.source(), problem.parameterCount(), MOST_PARAMETERS));
    }
    if (problem.residuals() < problem.parameterCount()) {
      throw new InputException(
          "%s: %d runs, expected at least %d for the %d parameters of the formula"
              .formatted(
                  runs.source(), runs.size(), problem.parameterCount(), problem.parameterCount()));
    }
    List<int[]> components = problem.components();
    Tally tally = new Tally(problem.parameterCount());
    for (int[] component : components) {
      tally.add(component, search(problem.component(component)));
    }
    return new Result(
        model,
        problem.parameterNames(),
        tally.parameters,
        tally.cost,
        tally.status,
        runs.size(),
        problem.residuals(),
        options.starts(),
        tally.share,
        tally.restarts,
        tally.evaluations,
        components.size(),
        atBounds(problem, tally.parameters),
        tally.statuses);
  }

  /** What was found for all components so far. */
  private static final class Tally {

    final double[] parameters;
    double cost;
    Status status = Status.CONVERGED_COST;
    double share = 1;
    int restarts;
    long evaluations;
    final Map<Status, Integer> statuses = new EnumMap<>(Status.class);

    Tally(int p) {
      parameters = new double[p];
    }

    void add(int[] component, Found found) {
      for (int j = 0; j < component.length; j++) {
        parameters[component[j]] = found.natural()[j];
      }
      cost += found.cost();
      if (status.isConverged()) {
        status = found.status();
      }
      share = Math.min(share, found.share());
      restarts += found.restarts();
      evaluations += found.evaluations();
      found.statuses().forEach((key, value) -> statuses.merge(key, value, Integer::sum));
    }
  }

  private static List<String> atBounds(FormulaProblem problem, double[] parameters) {
    List<String> names = new ArrayList<>();
    for (int j = 0; j < parameters.length; j++) {
      var bounds =
          problem.derivation().model().parameters().get(problem.templates().get(j)).bounds();
      if (parameters[j] == bounds.lower() || parameters[j] == bounds.upper()) {
        names.add(problem.parameterNames().get(j));
      }
    }
    return names;
  }

  private record Found(
      double[] natural,
      double cost,
      Status status,
      double share,
      int restarts,
      long evaluations,
      Map<Status, Integer> statuses) {}

  private Found search(FormulaProblem problem) {
    FormulaStarts starts = new FormulaStarts(problem);
    FormulaCoordinates coordinates = new FormulaCoordinates(problem);
    Solutions broad =
        solve(problem, starts.draw(options.starts(), options.seed()), SolverSettings.SEARCH);
    List<Candidate> best = new ArrayList<>();
    merge(best, broad);
    long evaluations = evaluations(broad);
    int restarts = 0;
    for (int round = 0; round < MOST_ROUNDS && !best.isEmpty(); round++) {
      double before = best.getFirst().cost();
      if (share(broad, before) >= MANY) {
        break;
      }
      double[][] near = around(best, starts, coordinates, problem, round);
      Solutions solutions = solve(problem, near, SolverSettings.SEARCH);
      restarts += near.length;
      evaluations += evaluations(solutions);
      merge(best, solutions);
      if (best.getFirst().cost() > before * (1 - WORTHWHILE)) {
        break;
      }
    }
    if (best.isEmpty()) {
      return new Found(
          coordinates.natural(problem, broad.parameters(0)),
          Double.NaN,
          broad.status(0),
          0,
          restarts,
          evaluations,
          broad.statusCounts());
    }
    double[][] elite = best.stream().map(Candidate::point).toArray(double[][]::new);
    Solutions last = solve(problem, elite, options.solver());
    evaluations += evaluations(last);
    int k = lowest(last);
    return new Found(
        coordinates.natural(problem, last.parameters(k)),
        last.cost(k),
        last.status(k),
        share(broad, last.cost(k)),
        restarts,
        evaluations,
        broad.statusCounts());
  }

  private double[][] around(
      List<Candidate> best,
      FormulaStarts starts,
      FormulaCoordinates coordinates,
      FormulaProblem problem,
      int round) {
    double[][] near = new double[options.starts()][];
    for (int k = 0; k < near.length; k++) {
      SplittableRandom random =
          new SplittableRandom(options.seed() * 7_368_787L + round * 65_537L + k);
      double[] centre = coordinates.natural(problem, best.get(k % best.size()).point());
      near[k] = starts.near(centre, SHARES[k / best.size() % SHARES.length], random);
    }
    return near;
  }

  private record Candidate(double[] point, double cost) {}

  /** Takes the best solutions in, those of different cost. */
  private static void merge(List<Candidate> best, Solutions solutions) {
    for (int k = 0; k < solutions.count(); k++) {
      if (Double.isFinite(solutions.cost(k))) {
        best.add(new Candidate(solutions.parameters(k), solutions.cost(k)));
      }
    }
    best.sort(Comparator.comparingDouble(Candidate::cost));
    List<Candidate> distinct = new ArrayList<>();
    for (Candidate candidate : best) {
      if (distinct.isEmpty()
          || candidate.cost() > distinct.getLast().cost() * (1 + MultiStart.AT_BEST_TOLERANCE)) {
        distinct.add(candidate);
      }
      if (distinct.size() == ELITE) {
        break;
      }
    }
    best.clear();
    best.addAll(distinct);
  }

  private static double share(Solutions solutions, double cost) {
    double reached = cost * (1 + MultiStart.AT_BEST_TOLERANCE) + Double.MIN_NORMAL;
    return (double)
            IntStream.range(0, solutions.count()).filter(k -> solutions.cost(k) <= reached).count()
        / solutions.count();
  }

  private static long evaluations(Solutions solutions) {
    return IntStream.range(0, solutions.count()).mapToLong(solutions::evaluations).sum();
  }

  private static int lowest(Solutions solutions) {
    return IntStream.range(0, solutions.count())
        .boxed()
        .min(
            Comparator.comparingDouble(k ->
                Double.isNaN(solutions.cost(k)) ? Double.POSITIVE_INFINITY : solutions.cost(k)))
        .orElseThrow();
  }

  private Solutions solve(FormulaProblem problem, double[][] starts, SolverSettings settings) {
    return new BatchSolver(
            settings.withMaxEvaluations(options.solver().maxEvaluations()),
            options.threads(),
            progress)
        .solveBounded(
            () -> engine.formulaEvaluator(problem),
            () -> new FormulaCoordinates(problem),
            engine.concurrency(options.threads()),
            engine.preferredBatch(),
            StartingPoints.of(starts));
  }

  /** The predictions of a response at given runs, from natural parameters. */
  public static double[] predict(Result fit, FormulaRuns runs, int response) {
    return predict(fit.model(), fit.names(), fit.parameters(), runs, response);
  }

  /**
   * The predictions of a response at given runs.
   *
   * @param names names of the parameters; those with indices once per category
   * @param parameters their values
   * @throws InputException if a run is of a category that has no parameters
   */
  public static double[] predict(
      Model model, List<String> names, double[] parameters, FormulaRuns runs, int response) {
    Derivation derivation = Derivations.of(model, false, List.of());
    Derivation.NaturalSurface surface = derivation.naturalSurface(response);
    List<String> columns = model.columns();
    double[] values = new double[runs.size()];
    double[] row = new double[columns.size()];
    for (int i = 0; i < values.length; i++) {
      for (int c = 0; c < row.length; c++) {
        row[c] = runs.column(columns.get(c))[i];
      }
      values[i] = surface.value(runs.parameters(model, names, parameters, i), row);
    }
    return values;
  }
}
