package org.farfit.benchmarks;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.farfit.analysis.PublishedGrid;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.report.RunTable;
import org.farfit.report.output.OutputFile;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;

/**
 * Our side of {@code benchmarks/peers/run}: writes the data and the starts that every program
 * reads, and measures this library on one thread. Each figure is the best of a few repetitions.
 */
public final class PeerSide {

  private static final int REPEATS = 4;

  /** Repetitions go on for so long, until the code is compiled, as that of the others is. */
  private static final double SECONDS = 8;

  private static final int BROAD_STARTS = 2000;
  private static final int REPLICATES = 4000;
  private static final double AT_BEST = 1.001;

  private PeerSide() {}

  /**
   * {@code data FARSEER EPOCH STARTS} writes data, and starts of the former as nine numbers a line,
   * and prints the best cost; {@code measure FARSEER EPOCH} measures.
   */
  public static void main(String[] arguments) {
    Path farseer = Path.of(arguments[1]);
    Path epoch = Path.of(arguments[2]);
    try (Engine engine = Engines.open("auto")) {
      if (arguments[0].equals("data")) {
        RunSet runs = Workload.runs();
        OutputFile.write(farseer, RunTable.text(runs));
        OutputFile.write(epoch, RunTable.text(Workload.epochRuns()));
        OutputFile.write(Path.of(arguments[3]), starts(runs));
        System.out.println(
            new GlobalFit(engine, FitOptions.DEFAULT).fit(new Farseer(), runs).cost());
      } else {
        RunSet runs = RunFile.read(farseer, ColumnOptions.usual()).runs();
        RunSet few = RunFile.read(epoch, ColumnOptions.usual()).runs();
        evaluate(engine, runs);
        fit(engine, runs);
        grid(engine, few);
        bootstrap(engine, few);
      }
    }
  }

  private static SpreadStarts broad(SurfaceProblem problem) {
    return new SpreadStarts(
        problem.law().samplingBox(problem.centre()).orElseThrow(), BROAD_STARTS, 1);
  }

  private static String starts(RunSet runs) {
    SpreadStarts starts = broad(problem(new Farseer(), runs, Objective.LOG_SQUARED));
    StringBuilder text = new StringBuilder();
    double[] point = new double[9];
    for (int k = 0; k < starts.count(); k++) {
      starts.start(k, point);
      text.append(Arrays.stream(point).mapToObj(Double::toString).collect(joining(",", "", "\n")));
    }
    return text.toString();
  }

  private static SurfaceProblem problem(Law law, RunSet runs, Objective objective) {
    return new SurfaceProblem(law, Centre.of(runs.n(), runs.d(), runs.loss()), runs, objective);
  }

  private static void print(String task, String unit, double value, String note) {
    System.out.printf(Locale.ROOT, "%s,farfit,%s,%.5g,%s%n", task, unit, value, note);
  }

  private static double bestSeconds(LongSupplier work) {
    double best = Double.POSITIVE_INFINITY;
    long begin = System.nanoTime();
    for (int i = 0; i < REPEATS || (System.nanoTime() - begin) * 1e-9 < SECONDS; i++) {
      long start = System.nanoTime();
      long done = work.getAsLong();
      best = Math.min(best, (System.nanoTime() - start) * 1e-9);
      if (done == 0) {
        throw new IllegalStateException("nothing was done");
      }
    }
    return best;
  }

  private static void evaluate(Engine engine, RunSet runs) {
    SurfaceProblem problem = problem(new Farseer(), runs, Objective.LOG_SQUARED);
    int count = 64;
    NormalEquations batch = new NormalEquations(9, count);
    SpreadStarts starts =
        new SpreadStarts(problem.law().samplingBox(problem.centre()).orElseThrow(), count, 1);
    double[] point = new double[9];
    for (int k = 0; k < count; k++) {
      starts.start(k, point);
      batch.setParameters(k, point);
    }
    evaluate("evaluate", engine, problem, batch, 3000);
    evaluate("evaluate scalar", new ScalarEngine(), problem, batch, 300);
  }

  private static void evaluate(
      String task, Engine engine, SurfaceProblem problem, NormalEquations batch, int rounds) {
    int count = batch.capacity();
    try (Evaluator evaluator = engine.evaluator(problem)) {
      double seconds =
          bestSeconds(() -> {
            for (int i = 0; i < rounds; i++) {
              evaluator.evaluate(batch, count);
            }
            return rounds;
          });
      print(task, "us per problem", seconds * 1e6 / rounds / count, engine.device());
    }
  }

  private static Solutions solve(
      SolverSettings settings, Engine engine, SurfaceProblem problem, StartingPoints starts) {
    return new BatchSolver(settings, 1, ProgressListener.NONE).solve(engine, problem, starts);
  }

  private static int atBest(Solutions solutions) {
    double best = Double.POSITIVE_INFINITY;
    for (int k = 0; k < solutions.count(); k++) {
      best = Math.min(best, solutions.cost(k));
    }
    int at = 0;
    for (int k = 0; k < solutions.count(); k++) {
      at += solutions.cost(k) <= AT_BEST * best ? 1 : 0;
    }
    return at;
  }

  private static void fit(Engine engine, RunSet runs) {
    SurfaceProblem problem = problem(new Farseer(), runs, Objective.LOG_SQUARED);
    SpreadStarts starts = broad(problem);
    int[] at = new int[1];
    double seconds =
        bestSeconds(() -> {
          at[0] = atBest(solve(SolverSettings.SEARCH, engine, problem, starts));
          return at[0];
        });
    print(
        "farseer fit",
        "good fits per second",
        at[0] / seconds,
        "%d of %d broad starts at the best".formatted(at[0], BROAD_STARTS));
  }

  private static void grid(Engine engine, RunSet runs) {
    SurfaceProblem problem = problem(new Chinchilla(), runs, Objective.logHuber(1e-3));
    PublishedGrid starts = new PublishedGrid(problem.law(), problem.centre());
    int[] at = new int[1];
    double seconds =
        bestSeconds(() -> {
          at[0] = atBest(solve(SolverSettings.SEARCH, engine, problem, starts));
          return at[0];
        });
    print(
        "grid of 4500",
        "seconds",
        seconds,
        "%d of %d starts at the best".formatted(at[0], starts.count()));
  }

  private static void bootstrap(Engine engine, RunSet runs) {
    Law law = new Chinchilla();
    Objective objective = Objective.logHuber(1e-3);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] warm =
        new GlobalFit(engine, FitOptions.DEFAULT.withObjective(objective))
            .fit(law, runs)
            .surface()
            .centredArray();
    SurfaceProblem problem =
        new SurfaceProblem(
            law,
            centre,
            runs,
            objective,
            WeightTable.of(Workload.replicates(REPLICATES, runs.size())));
    StartingPoints starts = Workload.warmStarts(warm, REPLICATES);
    Solutions exact = solve(SolverSettings.DEFAULT, engine, problem, starts);
    int[] good = new int[1];
    double seconds =
        bestSeconds(() -> {
          Solutions solutions = solve(SolverSettings.WARM, engine, problem, starts);
          good[0] = 0;
          for (int k = 0; k < REPLICATES; k++) {
            good[0] += solutions.cost(k) <= AT_BEST * exact.cost(k) ? 1 : 0;
          }
          return good[0];
        });
    print(
        "bootstrap",
        "fits per second",
        REPLICATES / seconds,
        "%d of %d replicates at their best".formatted(good[0], REPLICATES));
  }
}
