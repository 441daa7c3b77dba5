package org.farfit.kernels;

import java.util.concurrent.TimeUnit;
import org.farfit.benchmarks.Workload;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * The short set of {@code bin/device-check}: what engines of a device do as a whole, with the
 * host's part in it, for few problems and for many. The counter says how long a step takes.
 *
 * <p>The trap: a kernel that fails to compile would run as Java. That is switched off, and in the
 * end answers are compared with the host's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class DeviceSet {

  /** Problems whose answers are compared. */
  private static final int CHECKED = 200;

  /** Of the starts compared, those that rounding may send elsewhere. */
  private static final int ELSEWHERE = CHECKED / 20;

  private static final double SAME_COST = 1e-6;

  /** Steps, beside which JMH reports time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counter {

    /** Evaluations of normal equations, with what belongs to them. */
    public long steps;

    /** Each iteration counts anew. */
    @Setup(Level.Iteration)
    public void clear() {
      steps = 0;
    }
  }

  @Param({"200", "10000", "1000000"})
  int problems;

  @Param("")
  String device;

  private final BatchSolver solver =
      new BatchSolver(SolverSettings.SEARCH, 1, ProgressListener.NONE);
  private Workload workload;
  private PlanPool pool;
  private Evaluator evaluator;
  private ResidentEngine resident;
  private NormalEquations batch;
  private SpreadStarts starts;
  private Solutions solutions;

  /** Finds the device. */
  @Setup
  public void open() {
    workload = new Workload("farseer");
    TornadoDevices.Found found = new TornadoEngineProvider().device(device);
    pool = new PlanPool(found.device(), found.memory(), found.largestArray());
    resident = new ResidentEngine(found, pool);
    starts = workload.starts(problems);
  }

  /** Parameters up, whole normal equations down. */
  @Benchmark
  public void evaluate(Counter counter) {
    if (evaluator == null) {
      batch = workload.batch(problems);
      evaluator = new PlainEvaluator(pool, workload.problem(), problems);
    }
    evaluator.evaluate(batch, problems);
    counter.steps += problems;
  }

  /** Fits from broad starts to their ends. */
  @Benchmark
  public void fit(Counter counter) {
    solutions = solver.solve(resident, workload.problem(), starts);
    for (int k = 0; k < problems; k++) {
      counter.steps += solutions.evaluations(k);
    }
  }

  /**
   * Compares answers with the host's.
   *
   * @throws IllegalStateException if they differ
   */
  @TearDown
  public void close() {
    int checked = Math.min(problems, CHECKED);
    if (evaluator != null) {
      NormalEquations expected = workload.batch(checked);
      try (Evaluator scalar = new ScalarEngine().evaluator(workload.problem())) {
        scalar.evaluate(expected, checked);
      }
      Workload.check(batch, expected, checked);
      evaluator.close();
    }
    if (solutions != null) {
      checkEnds(checked);
    }
    pool.close();
  }

  private void checkEnds(int checked) {
    Solutions expected =
        solver.solve(new ScalarEngine(), workload.problem(), workload.starts(checked));
    int elsewhere = 0;
    for (int k = 0; k < checked; k++) {
      double cost = expected.cost(k);
      boolean same =
          Double.isNaN(cost)
              ? Double.isNaN(solutions.cost(k))
              : Math.abs(solutions.cost(k) - cost) <= SAME_COST * cost;
      elsewhere += same ? 0 : 1;
    }
    if (elsewhere > ELSEWHERE) {
      throw new IllegalStateException("%d of %d fits end elsewhere".formatted(elsewhere, checked));
    }
  }
}
