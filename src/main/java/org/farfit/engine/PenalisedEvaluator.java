package org.farfit.engine;

import java.util.BitSet;
import java.util.Optional;

/**
 * Adds the priors of a problem to what an engine evaluates from its runs, and holds parameters:
 * those have no gradient, no products with others, and a one on the diagonal.
 */
public final class PenalisedEvaluator implements Evaluator {

  private final Evaluator data;
  private final Optional<PriorTable> prior;
  private final BitSet fixed;

  PenalisedEvaluator(Evaluator data, Optional<PriorTable> prior, BitSet fixed) {
    this.data = data;
    this.prior = prior;
    this.fixed = fixed;
  }

  /**
   * What a problem's runs contribute, with its prior and what it holds.
   *
   * @param data of a law by hand
   */
  public static Evaluator of(SurfaceProblem problem, Evaluator data) {
    return new PenalisedEvaluator(
        data, problem.prior(), BitSet.valueOf(new long[] {problem.fixedMask()}));
  }

  /** What a problem's runs contribute, with what it holds and without its prior. */
  public static Evaluator holding(SurfaceProblem problem, Evaluator data) {
    return problem.fixedMask() == 0
        ? data
        : new PenalisedEvaluator(
            data, Optional.empty(), BitSet.valueOf(new long[] {problem.fixedMask()}));
  }

  @Override
  public int parameterCount() {
    return data.parameterCount();
  }

  @Override
  public void evaluate(NormalEquations batch, int count) {
    data.evaluate(batch, count);
    penalise(batch, count);
  }

  @Override
  public void evaluateAtOnePoint(NormalEquations batch, int count) {
    data.evaluateAtOnePoint(batch, count);
    penalise(batch, count);
  }

  private void penalise(NormalEquations batch, int count) {
    prior.ifPresent(table -> add(table, batch, count));
    for (int j = fixed.nextSetBit(0); j >= 0; j = fixed.nextSetBit(j + 1)) {
      for (int k = 0; k < count; k++) {
        batch.fix(j, k);
      }
    }
  }

  private void add(PriorTable table, NormalEquations batch, int count) {
    int capacity = batch.capacity();
    for (int j = 0; j < data.parameterCount(); j++) {
      int diagonal = j * (j + 3) / 2 * capacity;
      for (int k = 0; k < count; k++) {
        int row = batch.weightRow[k];
        double precision = table.precision(row, j);
        double distance = batch.parameters[j * capacity + k] - table.mean(row, j);
        batch.cost[k] += 0.5 * precision * distance * distance;
        batch.gradient[j * capacity + k] += precision * distance;
        batch.matrix[diagonal + k] += precision;
      }
    }
  }

  @Override
  public void close() {
    data.close();
  }
}
