package org.farfit.benchmarks;

import java.util.concurrent.TimeUnit;
import org.farfit.analysis.PublishedGrid;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Chinchilla's law with Huber loss: the published grid of 4,500 starts, and 4,000 bootstrap
 * replicates from a warm start. Replicates divided by seconds are replicates per second.
 *
 * <p>The trap: warm starts that go nowhere look fast; replicates must have moved and converged.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
public class ChinchillaBenchmark {

  private static final int REPLICATES = 4000;
  private static final double SHARE = 0.8;

  @Param({"1", "2"})
  int threads;

  private Engine engine;
  private SurfaceProblem grid;
  private SurfaceProblem replicates;
  private double[] warm;
  private Solutions solutions;

  /** Draws the replicates and finds the warm start. */
  @Setup
  public void open() {
    engine = Engines.open("auto");
    RunSet runs = Workload.epochRuns();
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    Objective objective = Objective.logHuber(Objective.PUBLISHED_HUBER_DELTA);
    grid = new SurfaceProblem(new Chinchilla(), centre, runs, objective);
    replicates =
        new SurfaceProblem(
            new Chinchilla(),
            centre,
            runs,
            objective,
            WeightTable.of(Workload.replicates(REPLICATES, runs.size())));
    publishedGrid();
    int best = 0;
    for (int k = 0; k < solutions.count(); k++) {
      best = solutions.cost(k) < solutions.cost(best) ? k : best;
    }
    warm = solutions.parameters(best);
  }

  private Solutions solve(SolverSettings settings, SurfaceProblem problem, StartingPoints starts) {
    solutions =
        new BatchSolver(settings, threads, ProgressListener.NONE).solve(engine, problem, starts);
    return solutions;
  }

  /** Every start of the grid. */
  @Benchmark
  public final Solutions publishedGrid() {
    return solve(SolverSettings.SEARCH, grid, new PublishedGrid(grid.law(), grid.centre()));
  }

  /** Every replicate. */
  @Benchmark
  public Solutions bootstrap() {
    return solve(SolverSettings.WARM, replicates, Workload.warmStarts(warm, REPLICATES));
  }

  /** Checks that fits moved and converged. */
  @TearDown(Level.Iteration)
  public void check() {
    int good = 0;
    for (int k = 0; k < solutions.count(); k++) {
      good += solutions.status(k).isConverged() && solutions.evaluations(k) > 2 ? 1 : 0;
    }
    if (good < SHARE * solutions.count()) {
      throw new IllegalStateException("%d of %d good".formatted(good, solutions.count()));
    }
  }
}
