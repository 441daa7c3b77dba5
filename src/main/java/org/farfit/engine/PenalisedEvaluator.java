package org.farfit.engine;

/** Adds the priors of a problem to what an engine evaluates from its runs. */
final class PenalisedEvaluator implements Evaluator {

  private final Evaluator data;
  private final PriorTable prior;
  private final int heldMask;

  PenalisedEvaluator(Evaluator data, PriorTable prior, int heldMask) {
    this.data = data;
    this.prior = prior;
    this.heldMask = heldMask;
  }

  @Override
  public int parameterCount() {
    return data.parameterCount();
  }

  @Override
  public void evaluate(NormalEquations batch, int count) {
    data.evaluate(batch, count);
    int capacity = batch.capacity();
    for (int j = 0; j < data.parameterCount(); j++) {
      boolean held = (heldMask >>> j & 1) != 0;
      int diagonal = j * (j + 3) / 2 * capacity;
      for (int k = 0; k < count; k++) {
        int row = batch.weightRow[k];
        double precision = prior.precision(row, j);
        double distance = batch.parameters[j * capacity + k] - prior.mean(row, j);
        batch.cost[k] += 0.5 * precision * distance * distance;
        if (!held) {
          batch.gradient[j * capacity + k] += precision * distance;
          batch.matrix[diagonal + k] += precision;
        }
      }
    }
  }

  @Override
  public void close() {
    data.close();
  }
}
