package org.farfit.fit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.farfit.engine.Engine;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOptions;
import org.farfit.fit.MultiStart;
import org.farfit.fit.Optimum;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.farfit.solver.Status;

/**
 * Searches for the best fit of a law that is a formula: many starts, then more around the best of
 * them, then the best to tight tolerances.
 *
 * <p>Parameters that no run connects, such as those of separate outputs, are fitted apart, each set
 * from as many starts; how many reached the best is then said of the set where fewest did.
 */
final class FormulaSearch {

  /** Evaluations of a start near the best: one that needs more is not near. */
  private static final int NEAR_EVALUATIONS = 150;

  /** Evaluations after which starts are compared, and those that lag behind are ended. */
  private static final int FIRST_EVALUATIONS = 150;

  /** The same of starts near the best. */
  private static final int FIRST_NEAR_EVALUATIONS = 75;

  /** A start lags behind if its cost is so many times the least by then. */
  private static final double LAGS = 1.5;

  /** Draws of which most starts are the best. */
  private static final int DRAWS = 20;

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

  FormulaSearch(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /** Searches from starts spread over the law's box, or from given ones. */
  MultiStart run(SurfaceProblem problem, Optional<StartingPoints> given) {
    List<int[]> components = problem.formula().orElseThrow().components();
    if (components.size() == 1 || given.isPresent()) {
      StartingPoints starts = given.orElseGet(() -> spread(problem));
      return classified(problem, search(problem, starts, given.isEmpty()));
    }
    double[] parameters = new double[problem.law().parameterCount()];
    List<MultiStart> found = new ArrayList<>();
    for (int[] component : components) {
      SurfaceProblem part = problem.component(component);
      MultiStart own = classified(part, search(part, spread(part), true));
      double[] best = own.best().parameters();
      for (int j = 0; j < component.length; j++) {
        parameters[component[j]] = best[j];
      }
      found.add(own);
    }
    return joined(parameters, found);
  }

  private StartingPoints spread(SurfaceProblem problem) {
    FormulaProblem formula = problem.formula().orElseThrow();
    double[][] points = new double[options.starts()][formula.parameterCount()];
    inParallel(
        points.length,
        () -> new FormulaStarts(formula, 0, points.length, options.seed(), DRAWS),
        (starts, k) -> starts.start(k, points[k]));
    return StartingPoints.of(points);
  }

  /** What draws a start, and its number. */
  private interface Draw {
    void of(FormulaStarts starts, int k);
  }

  /** Starts that are drawn by every thread for itself: each depends on its number alone. */
  private void inParallel(int count, Supplier<FormulaStarts> starts, Draw draw) {
    int threads = Math.min(options.threads(), count);
    Parallel.forEach(
        threads,
        threads,
        thread -> {
          FormulaStarts own = starts.get();
          for (int k = thread; k < count; k += threads) {
            draw.of(own, k);
          }
        });
  }

  private static MultiStart joined(double[] parameters, List<MultiStart> found) {
    MultiStart rarest =
        found.stream().min(Comparator.comparingInt(MultiStart::atBest)).orElseThrow();
    Status status =
        found.stream()
            .map(each -> each.best().status())
            .filter(each -> !each.isConverged())
            .findFirst()
            .orElse(rarest.best().status());
    Map<Status, Integer> statuses = new EnumMap<>(Status.class);
    found.forEach(
        each -> each.statuses().forEach((key, count) -> statuses.merge(key, count, Integer::sum)));
    double[] costs = new double[rarest.starts()];
    found.forEach(each -> Arrays.setAll(costs, k -> costs[k] + each.costs().get(k)));
    return new MultiStart(
        new Optimum(
            Arrays.stream(parameters).boxed().toList(),
            found.stream().mapToDouble(each -> each.best().cost()).sum(),
            status,
            rarest.best().starts()),
        Optional.empty(),
        rarest.starts(),
        rarest.atBest(),
        statuses,
        rarest.medianEvaluations(),
        found.stream().mapToLong(MultiStart::totalEvaluations).sum(),
        Arrays.stream(costs).boxed().toList());
  }

  /** Where the starts ended, and the best, perhaps of more starts, to tight tolerances. */
  private record Found(Solutions broad, Optional<Optimum> best, long more) {}

  private MultiStart classified(SurfaceProblem problem, Found found) {
    MultiStart sorted = new MultiStartSearch(engine, problem).classify(found.broad(), found.best());
    return new MultiStart(
        sorted.best(),
        sorted.second(),
        sorted.starts(),
        sorted.atBest(),
        sorted.statuses(),
        sorted.medianEvaluations(),
        sorted.totalEvaluations() + found.more(),
        sorted.costs());
  }

  private Found search(SurfaceProblem problem, StartingPoints starts, boolean further) {
    int most = options.solver().maxEvaluations();
    Solutions broad = race(problem, starts, Math.min(FIRST_EVALUATIONS, most), most);
    List<Candidate> best = new ArrayList<>();
    merge(best, broad);
    long more = 0;
    for (int round = 0; round < MOST_ROUNDS && further && !best.isEmpty(); round++) {
      double before = best.getFirst().cost();
      if (share(broad, before) >= MANY) {
        break;
      }
      double[][] near = around(best, problem.formula().get(), round);
      Solutions solutions =
          race(
              problem,
              StartingPoints.of(near),
              Math.min(FIRST_NEAR_EVALUATIONS, most),
              Math.min(NEAR_EVALUATIONS, most));
      more += evaluations(solutions);
      merge(best, solutions);
      if (best.getFirst().cost() > before * (1 - WORTHWHILE)) {
        break;
      }
    }
    if (best.isEmpty()) {
      return new Found(broad, Optional.empty(), more);
    }
    double[][] elite = best.stream().map(Candidate::point).toArray(double[][]::new);
    StartingPoints ends = StartingPoints.of(elite);
    Solutions last = solve(problem, ends, options.solver());
    if (PatientSearch.isUnfinished(last.status(lowest(last)))) {
      new PatientSearch(engine, options, progress)
          .continueSolving(problem, ends, last, new int[] {lowest(last)});
    }
    more += evaluations(last);
    int k = lowest(last);
    return new Found(
        broad,
        Optional.of(
            new Optimum(
                Arrays.stream(last.parameters(k)).boxed().toList(),
                last.cost(k),
                last.status(k),
                1)),
        more);
  }

  private double[][] around(List<Candidate> best, FormulaProblem problem, int round) {
    double[][] near = new double[options.starts()][];
    inParallel(
        near.length,
        () -> new FormulaStarts(problem, 0, 0, options.seed()),
        (starts, k) -> {
          SplittableRandom random =
              new SplittableRandom(options.seed() * 7_368_787L + round * 65_537L + k);
          double[] centre = problem.coordinates().parameters(best.get(k % best.size()).point());
          near[k] = starts.near(centre, SHARES[k / best.size() % SHARES.length], random);
        });
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

  /** Solves from starts, of which only those go on to the end that are near the best by then. */
  private Solutions race(SurfaceProblem problem, StartingPoints starts, int first, int most) {
    Solutions solutions = solve(problem, starts, SolverSettings.SEARCH, first);
    double least = solutions.cost(lowest(solutions));
    int[] others =
        IntStream.range(0, solutions.count())
            .filter(k -> solutions.status(k) == Status.EVALUATION_LIMIT)
            .filter(k -> solutions.cost(k) <= LAGS * least)
            .toArray();
    if (most > first) {
      new BatchSolver(
              SolverSettings.SEARCH.withMaxEvaluations(most - first),
              options.threads(),
              ProgressListener.NONE)
          .continueSolving(engine, problem, starts, solutions, others);
    }
    return solutions;
  }

  private Solutions solve(SurfaceProblem problem, StartingPoints starts, SolverSettings settings) {
    return solve(problem, starts, settings, options.solver().maxEvaluations());
  }

  private Solutions solve(
      SurfaceProblem problem, StartingPoints starts, SolverSettings settings, int evaluations) {
    return new BatchSolver(settings.withMaxEvaluations(evaluations), options.threads(), progress)
        .solve(engine, problem, starts);
  }
}
