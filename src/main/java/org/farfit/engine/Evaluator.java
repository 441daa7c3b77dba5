package org.farfit.engine;

/**
 * Evaluates normal equations of a batch of problems that share everything but parameters and
 * weighting. One thread at a time; an {@link Engine} gives out as many as are wanted.
 */
public interface Evaluator extends AutoCloseable {

  /** p, the number of parameters of each problem. */
  int parameterCount();

  /**
   * Evaluates the first {@code count} problems of a batch: reads parameters and weight rows, writes
   * cost, gradient and matrix. The outcome for a problem does not depend on its place in the batch
   * nor on the other problems. Where a prediction of a run of positive weight is not finite, the
   * cost is not finite; nothing is thrown.
   */
  void evaluate(NormalEquations batch, int count);

  /**
   * The same for problems that are all at the parameters of the first and have its share of
   * curvature beyond the threshold: they differ by their weights, so that predictions and products
   * of derivatives may be computed once. What comes out may differ from {@link #evaluate} by
   * rounding.
   */
  default void evaluateAtOnePoint(NormalEquations batch, int count) {
    evaluate(batch, count);
  }

  @Override
  default void close() {}
}
