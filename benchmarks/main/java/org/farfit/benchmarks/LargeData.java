package org.farfit.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;

/**
 * What a run costs where there are very many of them: nanoseconds per run, problem and evaluation
 * of a search, which should not grow with the number of runs.
 *
 * <p>The trap: setting up takes as long as some evaluations. Each search is timed with few and with
 * more of them, and the difference counts; of several such pairs the fastest of either.
 */
public final class LargeData {

  private static final int PROBLEMS = 64;
  private static final int FEW = 2;
  private static final int MORE = 6;
  private static final int REPEATS = 3;

  /** Runs, and how many sizes they have. */
  private record Design(int runs, int sizes) {}

  private static final List<Design> DESIGNS =
      List.of(
          new Design(400, 25),
          new Design(100_000, 1_000),
          new Design(1_000_000, 1_000),
          new Design(1_000_000, 100_000));

  private LargeData() {}

  /** Prints a row for each law and design, or those of the laws that are named. */
  public static void main(String[] laws) {
    System.out.println("law,runs,sizes,ns on 1 thread,ns on 2 threads,times the first on 1,2");
    for (Law law : List.of(new Chinchilla(), new Farseer())) {
      if (laws.length > 0 && !Arrays.asList(laws).contains(law.name())) {
        continue;
      }
      double first = 0;
      for (Design design : DESIGNS) {
        SurfaceProblem problem = problem(law, design);
        double one = nanos(problem, 1);
        double two = nanos(problem, 2);
        first = first == 0 ? one : first;
        System.out.printf(
            "%s,%d,%d,%.2f,%.2f,%.2f,%.2f%n",
            law.name(), design.runs(), design.sizes(), one, two, one / first, two / first);
      }
    }
  }

  private static SurfaceProblem problem(Law law, Design design) {
    SplittableRandom random = new SplittableRandom(1);
    double[] sizes = random.doubles(design.sizes(), 18, 23).map(Math::exp).toArray();
    double[] n = new double[design.runs()];
    Arrays.setAll(n, i -> sizes[i % sizes.length]);
    double[] d = random.doubles(design.runs(), 21, 26).map(Math::exp).toArray();
    double[] loss = new double[design.runs()];
    Arrays.fill(loss, 1);
    RunSet runs = Simulation.runs(law, law.example(), new RunSet(n, d, loss), 1e-2, 1);
    return new SurfaceProblem(
        law, Centre.of(runs.n(), runs.d(), runs.loss()), runs, Objective.LOG_SQUARED);
  }

  private static double nanos(SurfaceProblem problem, int threads) {
    int rounds = Math.clamp(1_000_000 / problem.runs(), 1, 2_000);
    double few = Double.POSITIVE_INFINITY;
    double more = Double.POSITIVE_INFINITY;
    for (int i = 0; i < REPEATS; i++) {
      few = Math.min(few, seconds(problem, threads, FEW, rounds));
      more = Math.min(more, seconds(problem, threads, MORE, rounds));
    }
    return (more - few) * 1e9 / (MORE - FEW) / PROBLEMS / problem.runs() / rounds;
  }

  /** Seconds of some rounds of a search that evaluates each problem so many times. */
  private static double seconds(SurfaceProblem problem, int threads, int evaluations, int rounds) {
    StartingPoints starts =
        new SpreadStarts(problem.law().samplingBox(problem.centre()).orElseThrow(), PROBLEMS, 1);
    BatchSolver solver =
        new BatchSolver(
            SolverSettings.DEFAULT.withMaxEvaluations(evaluations), threads, ProgressListener.NONE);
    try (Engine engine = Engines.open("simd")) {
      long begin = System.nanoTime();
      for (int round = 0; round < rounds; round++) {
        Solutions found = solver.solve(engine, problem, starts);
        if (found.evaluations(0) > evaluations) {
          throw new IllegalStateException("more evaluations than allowed");
        }
      }
      return (System.nanoTime() - begin) * 1e-9;
    }
  }
}
