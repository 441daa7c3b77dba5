package org.farfit.solver;

import java.util.function.Consumer;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.ProblemBlock;

/**
 * A block of problems in the host's memory: an {@link Evaluator} for the normal equations, and a
 * small packed Cholesky solve per lane.
 */
final class HostBlock implements ProblemBlock {

  private final Evaluator evaluator;
  private final int p;
  private final int capacity;
  private final NormalEquations current;
  private final NormalEquations trial;
  private final double[] scale;
  private final Report report;

  private final double[] factor;
  private final double[] step;
  private final double[] point;

  HostBlock(Evaluator evaluator, int capacity) {
    this.evaluator = evaluator;
    this.p = evaluator.parameterCount();
    this.capacity = capacity;
    this.current = new NormalEquations(p, capacity);
    this.trial = new NormalEquations(p, capacity);
    this.scale = new double[p * capacity];
    this.report = new Report(capacity);
    this.factor = new double[NormalEquations.packedSize(p)];
    this.step = new double[p];
    this.point = new double[p];
  }

  @Override
  public int parameterCount() {
    return p;
  }

  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public boolean refillsAtOnce() {
    return true;
  }

  @Override
  public Report report() {
    return report;
  }

  @Override
  public void place(int lane, double[] start, int weightRow) {
    trial.setParameters(lane, start);
    trial.weightRow[lane] = weightRow;
  }

  @Override
  public void advance(int count, Command[] commands, double[] damping) {
    for (int k = 0; k < count; k++) {
      switch (commands[k]) {
        case START -> begin(k);
        case ACCEPT -> {
          current.copy(k, trial, k);
          raiseScale(k);
          propose(k, damping[k]);
        }
        case REJECT -> propose(k, damping[k]);
      }
    }
    evaluator.evaluate(trial, count);
    for (int k = 0; k < count; k++) {
      inspectTrial(k);
    }
  }

  private void begin(int k) {
    for (int j = 0; j < p; j++) {
      scale[j * capacity + k] = 0;
    }
    report.predicted[k] = Double.NaN;
    report.relativeStep[k] = Double.NaN;
  }

  private void raiseScale(int k) {
    for (int j = 0; j < p; j++) {
      int at = j * capacity + k;
      scale[at] = Math.max(scale[at], diagonal(current, j, k));
    }
  }

  private double diagonal(NormalEquations equations, int j, int k) {
    return equations.matrix[(j * (j + 3) / 2) * capacity + k];
  }

  /** Places the trial point a damped step away; at the current point if no step can be solved. */
  private void propose(int k, double damping) {
    trial.weightRow[k] = current.weightRow[k];
    if (!solveDamped(k, damping)) {
      report.predicted[k] = Double.NaN;
      current.getParameters(k, point);
      trial.setParameters(k, point);
      return;
    }
    double reduction = 0;
    double stepSquared = 0;
    double pointSquared = 0;
    for (int j = 0; j < p; j++) {
      int at = j * capacity + k;
      double s = positive(scale[at]);
      double from = current.parameters[at];
      reduction += 0.5 * step[j] * (damping * s * step[j] - current.gradient[at]);
      stepSquared += s * step[j] * step[j];
      pointSquared += s * from * from;
      trial.parameters[at] = from + step[j];
    }
    report.predicted[k] = reduction;
    report.relativeStep[k] = Math.sqrt(stepSquared) / Math.sqrt(pointSquared);
  }

  private boolean solveDamped(int k, double damping) {
    for (int entry = 0; entry < factor.length; entry++) {
      factor[entry] = current.matrix[entry * capacity + k];
    }
    for (int j = 0; j < p; j++) {
      factor[j * (j + 3) / 2] += damping * positive(scale[j * capacity + k]);
      step[j] = -current.gradient[j * capacity + k];
    }
    if (!PackedCholesky.factor(factor, p)) {
      return false;
    }
    PackedCholesky.solve(factor, p, step);
    return true;
  }

  /** A parameter that never had an effect is damped as if it had one of size one. */
  private static double positive(double scale) {
    return scale > 0 ? scale : 1.0;
  }

  private void inspectTrial(int k) {
    if (!trial.isFinite(k)) {
      report.cost[k] = Double.NaN;
      return;
    }
    double residualNorm = Math.sqrt(2 * trial.cost[k]);
    double cosine = 0;
    double effect = 1;
    for (int j = 0; j < p; j++) {
      double diagonal = diagonal(trial, j, k);
      double gradient = Math.abs(trial.gradient[j * capacity + k]);
      if (gradient > 0) {
        cosine = Math.max(cosine, gradient / (Math.sqrt(diagonal) * residualNorm));
      }
      double largest = Math.max(scale[j * capacity + k], diagonal);
      effect = Math.min(effect, largest > 0 ? diagonal / largest : 0);
    }
    report.cost[k] = trial.cost[k];
    report.gradientCosine[k] = cosine;
    report.remainingEffect[k] = effect;
  }

  @Override
  public void move(int from, int to) {
    current.copy(to, current, from);
    trial.copy(to, trial, from);
    for (int j = 0; j < p; j++) {
      scale[j * capacity + to] = scale[j * capacity + from];
    }
  }

  @Override
  public void retire(int lane, boolean atTrial, Consumer<double[]> answer) {
    double[] parameters = new double[p];
    (atTrial ? trial : current).getParameters(lane, parameters);
    answer.accept(parameters);
  }

  @Override
  public void flush() {
    // Answers are delivered as they come.
  }

  @Override
  public void close() {
    evaluator.close();
  }
}
