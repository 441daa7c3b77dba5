package org.farfit.engine.simd;

import org.farfit.engine.Engine;
import org.farfit.engine.Evaluator;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.PenalisedEvaluator;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.code.FormulaEvaluator;
import org.farfit.engine.scalar.ScalarEngine;

/**
 * The engine for processors with vector units: one problem per lane. Laws are evaluated by
 * generated code, those with a kernel made by hand by that.
 */
final class SimdEngine implements Engine {

  /** Problems of an evaluator: what they take stays in the second-level cache. */
  private static final int BATCH = 8 * VectorMath.LANES;

  private final ScalarEngine plain = new ScalarEngine();

  @Override
  public String name() {
    return SimdEngineProvider.NAME;
  }

  @Override
  public String device() {
    return "%s, vectors of %d doubles".formatted(plain.device(), VectorMath.LANES);
  }

  @Override
  public int concurrency(int threads) {
    return threads;
  }

  @Override
  public int preferredBatch() {
    return BATCH;
  }

  @Override
  public Evaluator dataEvaluator(SurfaceProblem problem) {
    return LawKernels.of(problem)
        .<Evaluator>map(kernel -> new SimdEvaluator(problem, kernel))
        .or(() ->
            problem
                .scheduled()
                .map(made ->
                    PenalisedEvaluator.holding(
                        problem, new FormulaEvaluator(made, new VectorSums()))))
        .orElseGet(() -> plain.dataEvaluator(problem));
  }

  @Override
  public Evaluator formulaDataEvaluator(FormulaProblem problem) {
    return new FormulaEvaluator(problem, new VectorSums());
  }
}
