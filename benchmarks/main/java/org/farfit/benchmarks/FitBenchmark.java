package org.farfit.benchmarks;

import java.util.concurrent.TimeUnit;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
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
 * Time to fit the farseer law from a number of broad starts to full convergence, on every core or
 * the whole device. Starts divided by seconds are fits per second.
 *
 * <p>The trap: a solver that gives up early looks fast; after each trial at least 60% of the starts
 * must have reached the best cost.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
public class FitBenchmark {

  private static final double SHARE_AT_BEST = 0.6;

  @Param({"scalar", "simd"})
  String engine;

  @Param({"100", "1000", "10000"})
  int starts;

  private Engine opened;
  private Workload workload;
  private Solutions solutions;

  /** Opens the engine. */
  @Setup
  public void open() {
    workload = new Workload("farseer");
    opened = Engines.open(engine);
  }

  /** Every start to its end. */
  @Benchmark
  public Solutions fit() {
    int threads = Runtime.getRuntime().availableProcessors();
    solutions =
        new BatchSolver(SolverSettings.DEFAULT, threads, ProgressListener.NONE)
            .solve(opened, workload.problem(), workload.starts(starts));
    return solutions;
  }

  /** Checks that the fits are fits. */
  @TearDown(Level.Iteration)
  public void check() {
    double best = Double.POSITIVE_INFINITY;
    for (int k = 0; k < starts; k++) {
      best = Math.min(best, solutions.cost(k));
    }
    int atBest = 0;
    for (int k = 0; k < starts; k++) {
      atBest += solutions.cost(k) <= 1.001 * best ? 1 : 0;
    }
    if (atBest < SHARE_AT_BEST * starts) {
      throw new IllegalStateException("%d of %d starts at the best cost".formatted(atBest, starts));
    }
  }

  /** Closes the engine. */
  @TearDown
  public void close() {
    opened.close();
  }
}
