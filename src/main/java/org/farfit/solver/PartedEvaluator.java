package org.farfit.solver;

import java.util.ArrayList;
import java.util.List;
import org.farfit.engine.Engine;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.PenalisedEvaluator;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;

/**
 * Evaluates problems on very many runs part by part, on several threads, so that few problems use
 * all of them and a part stays in the cache. Parts are always the same stretches of runs, summed in
 * their order: the numbers do not depend on the threads.
 */
public final class PartedEvaluator implements Evaluator {

  /** Runs of a part: a mebibyte of coordinates and targets, half of a usual second-level cache. */
  static final int PART = 1 << 16;

  /** Runs from which problems are evaluated part by part. */
  static final int MANY = 2 * PART;

  private final List<Evaluator> parts = new ArrayList<>();
  private final List<NormalEquations> sums = new ArrayList<>();
  private final int threads;
  private final int p;

  private PartedEvaluator(Engine engine, SurfaceProblem problem, int threads) {
    this.threads = threads;
    this.p = problem.law().parameterCount();
    for (int from = 0; from < problem.runs(); from += PART) {
      int to = Math.min(problem.runs(), from + PART);
      parts.add(engine.dataEvaluator(problem.stretch(from, to)));
    }
  }

  /** Whether a problem is evaluated part by part. */
  static boolean serves(SurfaceProblem problem) {
    return problem.runs() >= MANY && problem.formula().isEmpty() && !problem.sharesErrors();
  }

  /**
   * An evaluator of a problem, its prior included.
   *
   * @param threads how many threads may be used, at least 1
   */
  static Evaluator of(Engine engine, SurfaceProblem problem, int threads) {
    return PenalisedEvaluator.of(problem, new PartedEvaluator(engine, problem, threads));
  }

  /**
   * An evaluator of one problem after another, which no vectors serve: by the plain engine, on all
   * processors where there are many runs.
   */
  public static Evaluator ofOne(SurfaceProblem problem) {
    Engine engine = new ScalarEngine();
    return serves(problem)
        ? of(engine, problem, Runtime.getRuntime().availableProcessors())
        : engine.evaluator(problem);
  }

  @Override
  public int parameterCount() {
    return p;
  }

  @Override
  public void evaluate(NormalEquations batch, int count) {
    if (sums.isEmpty() || sums.getFirst().capacity() != batch.capacity()) {
      sums.clear();
      parts.forEach(part -> sums.add(new NormalEquations(p, batch.capacity())));
    }
    Parallel.forEach(
        parts.size(),
        threads,
        part -> {
          NormalEquations sum = sums.get(part);
          for (int k = 0; k < count; k++) {
            sum.copy(k, batch, k);
          }
          parts.get(part).evaluate(sum, count);
        });
    for (int k = 0; k < count; k++) {
      batch.clear(k);
      for (NormalEquations sum : sums) {
        batch.add(k, sum);
      }
    }
  }

  @Override
  public void close() {
    parts.forEach(Evaluator::close);
  }
}
