package org.farfit.engine;

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

  @Override
  default void close() {}
}
