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

  /** An evaluator of what the runs of a problem contribute, with its own workspace. */
  Evaluator dataEvaluator(SurfaceProblem problem);

  /** An evaluator of a problem, priors included, with its own workspace. */
  default Evaluator evaluator(SurfaceProblem problem) {
    Evaluator data = dataEvaluator(problem);
    return problem.prior().isPresent()
        ? new PenalisedEvaluator(data, problem.prior().get(), problem.heldMask())
        : data;
  }

  /**
   * A block of problems that iterates on the device, if this engine has that; without it the solver
   * iterates on the host with an {@link Evaluator}. Never asked for a problem with priors.
   *
   * @param count how many problems there are to solve; the block may hold fewer at a time
   */
  default Optional<ProblemBlock> residentBlock(SurfaceProblem problem, int count) {
    return Optional.empty();
  }

  @Override
  default void close() {}
}
