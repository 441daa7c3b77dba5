package org.farfit.benchmarks;

import java.util.concurrent.TimeUnit;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.scalar.ScalarEngine;
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
 * Time to evaluate the normal equations of a batch of problems, by one evaluator on one thread:
 * what a solver pays per step. Divide by the batch size for the time per problem.
 *
 * <p>The trap: a loop over identical problems could be hoisted; every problem of the batch has its
 * own parameters, and the results are checked after each trial.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class EvaluationBenchmark {

  @Param({"kaplan", "chinchilla", "skaling", "farseer"})
  String law;

  @Param({"scalar", "simd"})
  String engine;

  @Param({"100", "1000"})
  int problems;

  private Engine opened;
  private Evaluator evaluator;
  private NormalEquations batch;
  private NormalEquations expected;

  /** Opens the engine and computes the answer that it must give. */
  @Setup
  public void open() {
    Workload workload = new Workload(law);
    batch = workload.batch(problems);
    expected = workload.batch(problems);
    try (Evaluator reference = new ScalarEngine().evaluator(workload.problem())) {
      reference.evaluate(expected, problems);
    }
    opened = Engines.open(engine);
    evaluator = opened.evaluator(workload.problem());
  }

  /** One evaluation of every problem. */
  @Benchmark
  public NormalEquations evaluate() {
    evaluator.evaluate(batch, problems);
    return batch;
  }

  /** Checks the last answer. */
  @TearDown(Level.Iteration)
  public void check() {
    Workload.check(batch, expected, problems);
  }

  /** Closes the engine. */
  @TearDown
  public void close() {
    evaluator.close();
    opened.close();
  }
}
