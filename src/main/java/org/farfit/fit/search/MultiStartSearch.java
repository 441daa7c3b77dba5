package org.farfit.fit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farfit.engine.Engine;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOptions;
import org.farfit.fit.MultiStart;
import org.farfit.fit.Optimum;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.StartingPoints;

/**
 * Searches for the global minimum of a surface problem from many starts and sorts out the finds.
 */
final class MultiStartSearch {

  /**
   * Two minima are one if their predictions differ by less than this share of the residuals, both
   * as root mean squares: (a-b)' J'WJ (a-b) against the sum of squares. Starts that were only
   * screened end within a few parts in a thousand.
   */
  private static final double SAME_OPTIMUM = 1e-2;

  /** Costs this close are equal: which of the points is called best is then decided by status. */
  private static final double SAME_COST = 1e-6;

  private final Engine engine;
  private final SurfaceProblem problem;

  MultiStartSearch(Engine engine, SurfaceProblem problem) {
    this.engine = engine;
    this.problem = problem;
  }

  MultiStart run(StartingPoints starts, FitOptions options, ProgressListener progress) {
    PatientSearch search = new PatientSearch(engine, options, progress);
    Solutions solutions = search.solve(problem, starts, 1);
    search.finish(problem, starts, solutions, nextToBest(solutions));
    return classify(solutions, Optional.empty());
  }

  /** The best solution, if any, that converged to another minimum than the best of all. */
  private int[] nextToBest(Solutions solutions) {
    List<Integer> ranked = ranked(solutions);
    if (ranked.isEmpty()) {
      return new int[0];
    }
    int best = best(solutions, ranked);
    return distinctFrom(
            solutions.parameters(best),
            solutions.cost(best),
            solutions,
            converged(solutions, ranked))
        .stream()
        .limit(1)
        .mapToInt(k -> k)
        .toArray();
  }

  private static List<Integer> ranked(Solutions solutions) {
    return IntStream.range(0, solutions.count())
        .boxed()
        .filter(k -> Double.isFinite(solutions.cost(k)))
        .sorted(Comparator.<Integer>comparingDouble(solutions::cost).thenComparingInt(k -> k))
        .toList();
  }

  private static List<Integer> converged(Solutions solutions, List<Integer> ranked) {
    return ranked.stream().filter(k -> solutions.status(k).isConverged()).toList();
  }

  /**
   * Sorts out where starts ended.
   *
   * @param better an optimum that is known beside them, lower than all
   */
  MultiStart classify(Solutions solutions, Optional<Optimum> better) {
    List<Integer> ranked = ranked(solutions);
    if (ranked.isEmpty()) {
      return nothingFinite(solutions);
    }
    int best = best(solutions, ranked);
    double least = better.map(Optimum::cost).orElse(solutions.cost(ranked.getFirst()));
    double reached = least * (1 + MultiStart.AT_BEST_TOLERANCE) + Double.MIN_NORMAL;
    List<Integer> atBest = ranked.stream().filter(k -> solutions.cost(k) <= reached).toList();
    int[] evaluations = atBest.stream().mapToInt(solutions::evaluations).sorted().toArray();
    List<Integer> converged = converged(solutions, ranked);
    double[] at = better.map(Optimum::parameters).orElseGet(() -> solutions.parameters(best));
    List<Integer> others = distinctFrom(at, least, solutions, converged);
    int merged = solutions.status(best).isConverged() ? converged.size() - others.size() : 1;
    return new MultiStart(
        polished(
            better
                .map(known ->
                    new Optimum(known.centred(), known.cost(), known.status(), atBest.size()))
                .orElseGet(() -> optimum(solutions, best, merged))),
        second(solutions, others),
        solutions.count(),
        atBest.size(),
        solutions.statusCounts(),
        evaluations.length == 0 ? 0 : evaluations[evaluations.length / 2],
        IntStream.range(0, solutions.count()).mapToLong(solutions::evaluations).sum(),
        costs(solutions));
  }

  private static MultiStart nothingFinite(Solutions solutions) {
    return new MultiStart(
        optimum(solutions, 0, 0),
        Optional.empty(),
        solutions.count(),
        0,
        solutions.statusCounts(),
        0,
        IntStream.range(0, solutions.count()).mapToLong(solutions::evaluations).sum(),
        costs(solutions));
  }

  private Optimum polished(Optimum found) {
    if (!found.status().isConverged()) {
      return found;
    }
    Polish.Point point = Polish.refine(problem, 0, found.parameters(), found.cost());
    return new Optimum(
        Arrays.stream(point.parameters()).boxed().toList(),
        point.cost(),
        found.status(),
        found.starts());
  }

  /** The lowest cost; among equal ones the first that converged. */
  private static int best(Solutions solutions, List<Integer> ranked) {
    double lowest = solutions.cost(ranked.getFirst());
    return ranked.stream()
        .takeWhile(k -> solutions.cost(k) <= lowest * (1 + SAME_COST))
        .filter(k -> solutions.status(k).isConverged())
        .findFirst()
        .orElse(ranked.getFirst());
  }

  private Optional<Optimum> second(Solutions solutions, List<Integer> others) {
    if (others.isEmpty()) {
      return Optional.empty();
    }
    int second = others.getFirst();
    int merged =
        others.size()
            - distinctFrom(solutions.parameters(second), solutions.cost(second), solutions, others)
                .size();
    return Optional.of(optimum(solutions, second, merged));
  }

  /** Those of the given problems that ended in another minimum than the one of some cost. */
  private List<Integer> distinctFrom(
      double[] at, double cost, Solutions solutions, List<Integer> candidates) {
    double[] metric = normalMatrix(at);
    double limit = SAME_OPTIMUM * SAME_OPTIMUM * 2 * cost;
    List<Integer> distinct = new ArrayList<>();
    for (int k : candidates) {
      double[] difference = solutions.parameters(k);
      double largest = 0;
      for (int j = 0; j < at.length; j++) {
        difference[j] -= at[j];
        largest = Math.max(largest, Math.abs(difference[j]) / (1 + Math.abs(at[j])));
      }
      // A perfect fit leaves no residual to compare with: then equal digits decide.
      boolean same = quadraticForm(metric, difference) <= limit || largest <= 1e-6;
      if (!same) {
        distinct.add(k);
      }
    }
    return distinct;
  }

  private double[] normalMatrix(double[] parameters) {
    try (Evaluator evaluator = engine.evaluator(problem)) {
      NormalEquations one = new NormalEquations(parameters.length, 1);
      one.setParameters(0, parameters);
      evaluator.evaluate(one, 1);
      return one.fullMatrix(0);
    }
  }

  private static double quadraticForm(double[] matrix, double[] v) {
    double sum = 0;
    for (int i = 0; i < v.length; i++) {
      for (int j = 0; j < v.length; j++) {
        sum += matrix[i * v.length + j] * v[i] * v[j];
      }
    }
    return sum;
  }

  private static Optimum optimum(Solutions solutions, int k, int starts) {
    return new Optimum(
        Arrays.stream(solutions.parameters(k)).boxed().toList(),
        solutions.cost(k),
        solutions.status(k),
        starts);
  }

  private static List<Double> costs(Solutions solutions) {
    return IntStream.range(0, solutions.count())
        .mapToObj(solutions::cost)
        .collect(Collectors.toUnmodifiableList());
  }
}
