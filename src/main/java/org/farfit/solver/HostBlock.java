package org.farfit.solver;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.ProblemBlock;
import org.farfit.law.Limits;

/**
 * A block of problems in the host's memory: an {@link Evaluator} for the normal equations, and
 * {@link LaneCholesky} for the steps of all lanes together.
 */
final class HostBlock implements ProblemBlock {

  private final Evaluator evaluator;
  private final double scaleFloor;
  private final int heldMask;
  private final int p;
  private final int capacity;
  private final NormalEquations current;
  private final NormalEquations trial;
  private final double[] scale;
  private final Report report;

  private final double[] factor;
  private final double[] step;
  private final double[] largestScale;
  private final boolean[] definite;
  private final double[] reduction;
  private final double[] stepSquared;
  private final double[] pointSquared;
  private final double[] probe;
  private final LimitedStep limited;
  private final boolean[] isLimited;
  private final double[] added;
  private final double[] limitedReduction;

  /**
   * A block.
   *
   * @param scaleFloor see {@link ProblemBlock#SCALE_FLOOR}; 0 for parameters of unlike units
   * @param heldMask parameters that take no part, bit j for parameter j
   * @param limits how far the others may go, given their number
   */
  HostBlock(
      Evaluator evaluator,
      int capacity,
      double scaleFloor,
      int heldMask,
      IntFunction<Limits> limits) {
    this.evaluator = evaluator;
    this.scaleFloor = scaleFloor;
    this.heldMask = heldMask;
    this.p = evaluator.parameterCount();
    this.capacity = capacity;
    this.current = new NormalEquations(p, capacity);
    this.trial = new NormalEquations(p, capacity);
    this.scale = new double[p * capacity];
    this.report = new Report(capacity);
    this.factor = new double[NormalEquations.packedSize(p) * capacity];
    this.step = new double[p * capacity];
    this.largestScale = new double[capacity];
    this.definite = new boolean[capacity];
    this.reduction = new double[capacity];
    this.stepSquared = new double[capacity];
    this.pointSquared = new double[capacity];
    this.probe = new double[capacity];
    this.limited = new LimitedStep(limits.apply(p), heldMask);
    this.isLimited = new boolean[capacity];
    this.added = new double[p];
    this.limitedReduction = new double[capacity];
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
    limited.restrict(start);
    trial.setParameters(lane, start);
    trial.weightRow[lane] = weightRow;
  }

  @Override
  public void advance(int count, Command[] commands, double[] damping) {
    for (int k = 0; k < count; k++) {
      if (commands[k] == Command.ACCEPT) {
        current.copy(k, trial, k);
      }
    }
    raiseScale(count, commands);
    solveDamped(count, damping);
    keepWithinLimits(count, damping);
    measureSteps(count, damping);
    for (int k = 0; k < count; k++) {
      propose(k, commands[k]);
    }
    evaluator.evaluate(trial, count);
    inspectTrials(count);
  }

  /** Scales of problems that begin are zero; those of accepted points are running maxima. */
  private void raiseScale(int count, Command[] commands) {
    for (int j = 0; j < p; j++) {
      int row = j * capacity;
      for (int k = 0; k < count; k++) {
        scale[row + k] =
            switch (commands[k]) {
              case START -> 0;
              case ACCEPT -> Math.max(scale[row + k], current.matrix[diagonal(j) + k]);
              case REJECT -> scale[row + k];
            };
      }
    }
    Arrays.fill(largestScale, 0, count, 0);
    for (int j = 0; j < p; j++) {
      if ((heldMask >>> j & 1) == 0) {
        for (int k = 0; k < count; k++) {
          largestScale[k] = Math.max(largestScale[k], scale[j * capacity + k]);
        }
      }
    }
  }

  /** Where the diagonal entry j of all lanes begins. */
  private int diagonal(int j) {
    return j * (j + 3) / 2 * capacity;
  }

  /** Lanes that begin are solved along with the others; nothing is made of it. */
  private void solveDamped(int count, double[] damping) {
    for (int entry = 0; entry < factor.length; entry += capacity) {
      System.arraycopy(current.matrix, entry, factor, entry, count);
    }
    for (int j = 0; j < p; j++) {
      int row = j * capacity;
      int diagonal = diagonal(j);
      for (int k = 0; k < count; k++) {
        factor[diagonal + k] += damping[k] * damped(scale[row + k], k);
        step[row + k] = -current.gradient[row + k];
      }
    }
    LaneCholesky.factor(factor, p, capacity, count, definite);
    LaneCholesky.solve(factor, p, capacity, count, step);
  }

  /** Solves again those whose parameters may not go where their steps lead. */
  private void keepWithinLimits(int count, double[] damping) {
    for (int k = 0; k < count; k++) {
      isLimited[k] = limited.isNeeded(current, k, step);
      if (isLimited[k]) {
        for (int j = 0; j < p; j++) {
          added[j] = damping[k] * damped(scale[j * capacity + k], k);
        }
        limitedReduction[k] = limited.solve(current, k, added, step);
        definite[k] = !Double.isNaN(limitedReduction[k]);
      }
    }
  }

  /** Predicted reductions, and squares of steps and points in the scaling. */
  private void measureSteps(int count, double[] damping) {
    Arrays.fill(reduction, 0, count, 0);
    Arrays.fill(stepSquared, 0, count, 0);
    Arrays.fill(pointSquared, 0, count, 0);
    for (int j = 0; j < p; j++) {
      int row = j * capacity;
      for (int k = 0; k < count; k++) {
        double s = damped(scale[row + k], k);
        double d = step[row + k];
        double from = current.parameters[row + k];
        reduction[k] += 0.5 * d * (damping[k] * s * d - current.gradient[row + k]);
        stepSquared[k] += s * d * d;
        pointSquared[k] += s * from * from;
      }
    }
  }

  /** Places the trial point a damped step away; at the current point if no step can be solved. */
  private void propose(int k, Command command) {
    if (command == Command.START) {
      report.predicted[k] = Double.NaN;
      report.relativeStep[k] = Double.NaN;
      return;
    }
    trial.weightRow[k] = current.weightRow[k];
    for (int at = k; at < step.length; at += capacity) {
      trial.parameters[at] = current.parameters[at] + (definite[k] ? step[at] : 0);
    }
    if (isLimited[k]) {
      reduction[k] = limitedReduction[k];
      for (int j = 0; j < p; j++) {
        int at = j * capacity + k;
        trial.parameters[at] = limited.target(j, current.parameters[at], trial.parameters[at]);
      }
    }
    report.predicted[k] = definite[k] ? reduction[k] : Double.NaN;
    report.relativeStep[k] = Math.sqrt(stepSquared[k]) / Math.sqrt(pointSquared[k]);
  }

  /** Without a floor, a parameter that never had an effect is damped as if it had one of one. */
  private double damped(double scale, int k) {
    double bounded = Math.max(scale, scaleFloor * largestScale[k]);
    return bounded > 0 ? bounded : 1.0;
  }

  private void inspectTrials(int count) {
    // Zero times a finite number is zero; one infinity or NaN makes the sum NaN.
    for (int k = 0; k < count; k++) {
      probe[k] = 0 * trial.cost[k];
    }
    addProbe(trial.gradient, count);
    addProbe(trial.matrix, count);
    for (int k = 0; k < count; k++) {
      report.cost[k] = probe[k] == 0 ? trial.cost[k] : Double.NaN;
      report.gradientCosine[k] = 0;
      report.remainingEffect[k] = 1;
      report.atLimit[k] = limited.isStuck(trial, k);
    }
    for (int j = 0; j < p; j++) {
      int row = j * capacity;
      int at = diagonal(j);
      for (int k = 0; k < count; k++) {
        if (report.atLimit[k] && limited.isStuck(trial, j, k)) {
          continue;
        }
        double diagonal = trial.matrix[at + k];
        double gradient = Math.abs(trial.gradient[row + k]);
        if (gradient > 0) {
          double cosine = gradient / (Math.sqrt(diagonal) * Math.sqrt(2 * trial.cost[k]));
          report.gradientCosine[k] = Math.max(report.gradientCosine[k], cosine);
        }
        double largest = Math.max(scale[row + k], diagonal);
        report.remainingEffect[k] =
            Math.min(report.remainingEffect[k], largest > 0 ? diagonal / largest : 0);
      }
    }
  }

  private void addProbe(double[] values, int count) {
    for (int row = 0; row < values.length; row += capacity) {
      for (int k = 0; k < count; k++) {
        probe[k] += 0 * values[row + k];
      }
    }
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
