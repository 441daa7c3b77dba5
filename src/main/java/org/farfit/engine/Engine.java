package org.farfit.engine;

/** A device that evaluates normal equations. Thread-safe. */
public interface Engine extends AutoCloseable {

  /** The name by which users ask for this engine. */
  String name();

  /** What it runs on, for people: processor, device, vector width. */
  String device();

  /** How many evaluators are worth running at once, given the threads that the caller may use. */
  int concurrency(int threads);

  /** How many problems an evaluator likes to have in a batch. */
  int preferredBatch();

  /**
   * An evaluator of what the runs of a problem contribute, with its own workspace; not for laws
   * that are formulas.
   */
  Evaluator dataEvaluator(SurfaceProblem problem);

  /**
   * An evaluator of what the runs of a problem contribute whose law is a formula, with its own
   * workspace. What is fixed and priors are not its concern.
   *
   * @throws EngineUnavailableException if the engine cannot take such laws, with the reason
   */
  default Evaluator formulaDataEvaluator(FormulaProblem problem) {
    throw new EngineUnavailableException(
        "engine '%s' does not evaluate formulas; use auto, simd or scalar".formatted(name()));
  }

  /** An evaluator of a problem, priors included, with its own workspace. */
  default Evaluator evaluator(SurfaceProblem problem) {
    if (problem.formula().isPresent()) {
      return formulaEvaluator(problem.formula().get());
    }
    Evaluator data = dataEvaluator(problem);
    return problem.prior().isPresent() ? PenalisedEvaluator.of(problem, data) : data;
  }

  /**
   * An evaluator of a problem whose law is a formula, priors and fixed parameters included, with
   * its own workspace.
   *
   * @throws EngineUnavailableException if the engine cannot take such laws, with the reason
   */
  default Evaluator formulaEvaluator(FormulaProblem problem) {
    Evaluator data = formulaDataEvaluator(problem);
    return problem.prior().isPresent() || !problem.fixed().isEmpty()
        ? new PenalisedEvaluator(data, problem.prior(), problem.fixed())
        : data;
  }

  @Override
  default void close() {}
}
