package org.farfit.solver;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.Limits;

/**
 * Ends of problems that crawl: on the way to a limit a parameter may lose its effect, so that steps
 * become ever less worth. Each parameter is put to each of its limits, the others are solved for,
 * then all; what is better, or as good and has converged, is taken.
 */
final class LimitEnds {

  /** Solves a problem from some starts. */
  @FunctionalInterface
  interface Solver {

    /** The answers, one for each start. */
    Solutions solve(SurfaceProblem problem, StartingPoints starts);
  }

  private record Try(int k, double[] start) {}

  private final SurfaceProblem problem;
  private final StartingPoints starts;
  private final Solver solver;

  LimitEnds(SurfaceProblem problem, StartingPoints starts, Solver solver) {
    this.problem = problem;
    this.starts = starts;
    this.solver = solver;
  }

  /**
   * Tries the limits.
   *
   * @param which problems, whose solutions are replaced by better ones
   */
  void improve(Solutions solutions, int[] which) {
    Limits limits = problem.limits();
    List<Integer> fixed =
        IntStream.range(0, problem.law().parameterCount())
            .filter(j -> (problem.fixedMask() >>> j & 1) == 1)
            .boxed()
            .toList();
    for (int j = 0; j < problem.law().parameterCount() && which.length > 0; j++) {
      if (!limits.bounds(j) || fixed.contains(j)) {
        continue;
      }
      List<Try> tries = new ArrayList<>();
      for (int k : which) {
        for (double end : new double[] {limits.low()[j], limits.high()[j]}) {
          double[] start = solutions.parameters(k);
          if (Double.isFinite(end) && start[j] != end) {
            start[j] = end;
            tries.add(new Try(k, start));
          }
        }
      }
      List<Integer> also = new ArrayList<>(fixed);
      also.add(j);
      Solutions there = solver.solve(problem.fixing(also), points(tries));
      List<Try> ends =
          IntStream.range(0, tries.size())
              .mapToObj(i -> new Try(tries.get(i).k(), there.parameters(i)))
              .toList();
      Solutions free = solver.solve(problem, points(ends));
      for (int i = 0; i < ends.size(); i++) {
        take(solutions, ends.get(i).k(), there, free, i);
      }
    }
  }

  private static void take(Solutions solutions, int k, Solutions there, Solutions free, int i) {
    if (Solutions.isBetter(free.cost(i), free.status(i), solutions.cost(k), solutions.status(k))) {
      solutions.record(
          k,
          free.parameters(i),
          free.cost(i),
          free.status(i),
          solutions.iterations(k) + there.iterations(i) + free.iterations(i),
          solutions.evaluations(k) + there.evaluations(i) + free.evaluations(i));
    }
  }

  private StartingPoints points(List<Try> tries) {
    return new StartingPoints() {
      @Override
      public int count() {
        return tries.size();
      }

      @Override
      public void start(int i, double[] parameters) {
        System.arraycopy(tries.get(i).start(), 0, parameters, 0, parameters.length);
      }

      @Override
      public int weightRow(int i) {
        return starts.weightRow(tries.get(i).k());
      }
    };
  }
}
