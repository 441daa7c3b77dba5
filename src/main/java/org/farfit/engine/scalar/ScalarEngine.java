package org.farfit.engine.scalar;

import org.farfit.engine.Engine;
import org.farfit.engine.Evaluator;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.code.FormulaEvaluator;
import org.farfit.engine.code.PlainSums;

/**
 * The reference engine: plain Java, one problem at a time, any law. Every other engine is tested
 * against it.
 */
public final class ScalarEngine implements Engine {

  /** The name by which users ask for it. */
  public static final String NAME = "scalar";

  /** Enough problems that the solver's bookkeeping is cheap, few enough to stay in the L1 cache. */
  private static final int BATCH = 32;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String device() {
    return "CPU, %d cores, Java %s"
        .formatted(Runtime.getRuntime().availableProcessors(), Runtime.version().feature());
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
    return new ScalarEvaluator(problem);
  }

  @Override
  public Evaluator formulaDataEvaluator(FormulaProblem problem) {
    return new FormulaEvaluator(problem, new PlainSums());
  }
}
