package org.farfit.engine;

import java.util.Optional;

/** A device that evaluates normal equations. Thread-safe. */
public interface Engine extends AutoCloseable {

  /** The name by which {@code --engine} asks for this engine. */
  String name();

  /** What it runs on, for people: processor, device, vector width. */
  String device();

  /** How many evaluators are worth running at once, given the threads that the caller may use. */
  int concurrency(int threads);

  /** How many problems an evaluator likes to have in a batch. */
  int preferredBatch();

  /** An evaluator with its own workspace over the runs of a problem. */
  Evaluator evaluator(SurfaceProblem problem);

  /**
   * A block of problems that iterates on the device, if this engine has that; without it the solver
   * iterates on the host with an {@link Evaluator}.
   *
   * @param count how many problems there are to solve; the block may hold fewer at a time
   */
  default Optional<ProblemBlock> residentBlock(SurfaceProblem problem, int count) {
    return Optional.empty();
  }

  @Override
  default void close() {}
}
