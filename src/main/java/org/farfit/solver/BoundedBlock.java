package org.farfit.solver;

import java.util.BitSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.solver.HostBlock.Command;
import org.farfit.solver.HostBlock.Report;

/**
 * A block of problems in the host's memory whose natural parameters have bounds. A step is the
 * least of the damped quadratic model under the bounds, made linear at the current point, by {@link
 * QuadraticProgram}; a trial point that misses a bound nevertheless, since natural parameters are
 * not linear in the coordinates, is brought back to it. So every point that is evaluated is within
 * the bounds, and a solution may lie at them.
 */
final class BoundedBlock implements ProblemBlock {

  /** Costs of formulas agree between engines to about this share of them. */
  private static final double COST_NOISE = 1e-11;

  /** A natural parameter this close to a bound, as a share of its size, is at it. */
  private static final double AT_BOUND = 1e-9;

  /** Where a fit is perfect, steps are judged beside this share of the predictions. */
  private static final double LEAST_RESIDUAL = 1e-6;

  private final Evaluator evaluator;
  private final BoundedCoordinates coordinates;
  private final boolean bounded;
  private final BitSet fixed;
  private final int p;
  private final int capacity;
  private final NormalEquations current;
  private final NormalEquations trial;
  private final Report report;
  private final double[] scale;
  private final double[][] natural;
  private final double[][] jacobian;
  private final double[][] trialNatural;
  private final double[][] trialJacobian;

  private final QuadraticProgram program;
  private final double[] h;
  private final double[] g;
  private final double[] step;
  private final double[] point;
  private final double[] low;
  private final double[] high;
  private final double[] damped;

  /**
   * A block.
   *
   * @param fixed coordinates that stay where they start
   */
  BoundedBlock(Evaluator evaluator, BoundedCoordinates coordinates, BitSet fixed, int capacity) {
    this.evaluator = evaluator;
    this.fixed = fixed;
    this.coordinates = coordinates;
    this.p = evaluator.parameterCount();
    this.capacity = capacity;
    boolean any = false;
    for (int j = 0; j < p; j++) {
      any |= Double.isFinite(coordinates.lower()[j]) || Double.isFinite(coordinates.upper()[j]);
    }
    this.bounded = any;
    current = new NormalEquations(p, capacity);
    trial = new NormalEquations(p, capacity);
    report = new Report(capacity);
    scale = new double[p * capacity];
    natural = new double[capacity][p];
    jacobian = new double[capacity][p * p];
    trialNatural = new double[capacity][p];
    trialJacobian = new double[capacity][p * p];
    program = new QuadraticProgram(p);
    h = new double[p * p];
    g = new double[p];
    step = new double[p];
    point = new double[p];
    low = new double[p];
    high = new double[p];
    damped = new double[p];
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
  public double costNoise() {
    return COST_NOISE;
  }

  @Override
  public Report report() {
    return report;
  }

  @Override
  public void place(int lane, double[] start, int weightRow) {
    trial.setParameters(lane, start);
    trial.weightRow[lane] = weightRow;
    for (int at = lane; at < scale.length; at += capacity) {
      scale[at] = 0;
    }
    describeTrial(lane);
  }

  /** Natural parameters at the trial point of a lane, and how they change there. */
  private void describeTrial(int lane) {
    if (bounded) {
      trial.getParameters(lane, point);
      toNatural(lane);
    }
  }

  /** Natural parameters at {@link #point}, and how they change with coordinates that may move. */
  private void toNatural(int lane) {
    coordinates.toNatural(point, trialNatural[lane], trialJacobian[lane]);
    for (int j = 0; j < p && !fixed.isEmpty(); j++) {
      for (int i = 0; i < p && isFixed(j); i++) {
        trialJacobian[lane][i * p + j] = i == j ? 1 : 0;
        trialJacobian[lane][j * p + i] = i == j ? 1 : 0;
      }
    }
  }

  /** What is fixed has no bounds. */
  private double lower(int j) {
    return isFixed(j) ? Double.NEGATIVE_INFINITY : coordinates.lower()[j];
  }

  private double upper(int j) {
    return isFixed(j) ? Double.POSITIVE_INFINITY : coordinates.upper()[j];
  }

  private boolean isFixed(int j) {
    return fixed.get(j);
  }

  @Override
  public void evaluate(int count, double[] curvatureBeyond) {
    System.arraycopy(curvatureBeyond, 0, trial.curvatureBeyond, 0, count);
    evaluator.evaluate(trial, count);
    for (int k = 0; k < count; k++) {
      inspectTrial(k);
    }
  }

  @Override
  public void propose(int count, Command[] commands, double[] damping) {
    for (int k = 0; k < count; k++) {
      if (commands[k] == Command.ACCEPT) {
        adopt(k);
      }
      propose(k, damping[k]);
    }
  }

  private void adopt(int k) {
    current.copy(k, trial, k);
    double[] swap = natural[k];
    natural[k] = trialNatural[k];
    trialNatural[k] = swap;
    swap = jacobian[k];
    jacobian[k] = trialJacobian[k];
    trialJacobian[k] = swap;
    for (int j = 0; j < p; j++) {
      int at = j * capacity + k;
      scale[at] = Math.max(scale[at], current.matrix[diagonal(j) + k]);
    }
  }

  /** Where the diagonal entry j of all lanes begins. */
  private int diagonal(int j) {
    return j * (j + 3) / 2 * capacity;
  }

  private void propose(int k, double damping) {
    trial.weightRow[k] = current.weightRow[k];
    report.free[k] = !bounded;
    loadModel(k, damping);
    if (!program.factor(h)) {
      report.predicted[k] = Double.NaN;
      current.getParameters(k, point);
      trial.setParameters(k, point);
      describeTrial(k);
      return;
    }
    program.solve(g, step);
    if (bounded) {
      for (int j = 0; j < p; j++) {
        low[j] = lower(j) - natural[k][j];
        high[j] = upper(j) - natural[k][j];
      }
      program.constrain(jacobian[k], low, high, step);
    }
    place(k);
    measure(k);
  }

  private void loadModel(int k, double damping) {
    double largest = 0;
    for (int j = 0; j < p; j++) {
      if (coordinates.floored()[j]) {
        largest = Math.max(largest, scale[j * capacity + k]);
      }
    }
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        h[i * p + j] = current.matrix[(i * (i + 1) / 2 + j) * capacity + k];
      }
      // Floored coordinates are of like size, so that the largest of their scales is typical.
      double least = coordinates.floored()[i] ? StepRules.SCALE_FLOOR * largest : 0;
      damped[i] = StepRules.damped(scale[i * capacity + k], least);
      h[i * p + i] += damping * coordinates.dampingShare()[i] * damped[i];
      g[i] = current.gradient[i * capacity + k];
    }
  }

  /** Puts the trial point a step away, within the bounds. */
  private void place(int k) {
    current.getParameters(k, point);
    for (int j = 0; j < p; j++) {
      point[j] += step[j];
    }
    trial.setParameters(k, point);
    if (!bounded) {
      return;
    }
    toNatural(k);
    boolean missed = false;
    for (int j = 0; j < p; j++) {
      double value = trialNatural[k][j];
      double within = Math.min(Math.max(value, lower(j)), upper(j));
      missed |= within != value && Math.abs(within - value) > 1e-13 * Math.abs(within);
      trialNatural[k][j] = within;
    }
    if (missed) {
      System.arraycopy(trialNatural[k], 0, point, 0, p);
      coordinates.toCoordinates(point);
      for (int j = 0; j < p && !fixed.isEmpty(); j++) {
        point[j] = isFixed(j) ? current.parameters[j * capacity + k] : point[j];
      }
      trial.setParameters(k, point);
      toNatural(k);
    }
  }

  /**
   * The reduction that the model predicts for the step, and the step's length: coordinates may be
   * of unlike units, so it is the largest effect of any on the predictions beside the residual.
   */
  private void measure(int k) {
    double reduction = 0;
    double longest = 0;
    double residual = Math.sqrt(2 * current.cost[k]);
    for (int i = 0; i < p; i++) {
      double product = 0;
      for (int j = 0; j < p; j++) {
        int high = Math.max(i, j);
        int entry = high * (high + 1) / 2 + Math.min(i, j);
        product += current.matrix[entry * capacity + k] * step[j];
      }
      reduction += StepRules.predictedByModel(step[i], g[i], product);
      double size = Math.sqrt(damped[i]);
      double from = Math.abs(current.parameters[i * capacity + k]);
      longest =
          Math.max(longest, size * Math.abs(step[i]) / (residual + LEAST_RESIDUAL * size * from));
    }
    report.predicted[k] = Math.max(reduction, 0);
    report.relativeStep[k] = longest;
  }

  private void inspectTrial(int k) {
    boolean finite = trial.isFinite(k);
    report.cost[k] = finite ? trial.cost[k] : Double.NaN;
    for (int j = 0; j < p; j++) {
      g[j] = trial.gradient[j * capacity + k];
    }
    report.atLimit[k] = false;
    if (bounded && finite) {
      dropFixed(k);
    }
    report.gradientCosine[k] = 0;
    report.remainingEffect[k] = 1;
    for (int j = 0; j < p; j++) {
      double diagonal = trial.matrix[diagonal(j) + k];
      double gradient = Math.abs(g[j]);
      if (gradient > 0) {
        double cosine = StepRules.cosine(gradient, diagonal, trial.cost[k]);
        report.gradientCosine[k] = Math.max(report.gradientCosine[k], cosine);
      }
    }
  }

  /** Takes from the gradient what bounds hold: natural parameters at one that it pushes against. */
  private void dropFixed(int k) {
    boolean any = false;
    for (int j = 0; j < p; j++) {
      any |= atLower(k, j) || atUpper(k, j);
    }
    if (!any) {
      return;
    }
    // K' u = g, u being the gradient by natural parameters.
    System.arraycopy(trialJacobian[k], 0, h, 0, p * p);
    System.arraycopy(g, 0, step, 0, p);
    if (!LinearSystem.solveTransposed(h, step, p)) {
      return;
    }
    for (int j = 0; j < p; j++) {
      if ((atLower(k, j) && step[j] > 0) || (atUpper(k, j) && step[j] < 0)) {
        report.atLimit[k] = true;
        double fixed = step[j];
        for (int m = 0; m < p; m++) {
          g[m] -= fixed * trialJacobian[k][j * p + m];
        }
      }
    }
  }

  private boolean atLower(int k, int j) {
    double bound = lower(j);
    double value = trialNatural[k][j];
    return Double.isFinite(bound)
        && value - bound <= AT_BOUND * Math.max(Math.abs(bound), Math.abs(value));
  }

  private boolean atUpper(int k, int j) {
    double bound = upper(j);
    double value = trialNatural[k][j];
    return Double.isFinite(bound)
        && bound - value <= AT_BOUND * Math.max(Math.abs(bound), Math.abs(value));
  }

  @Override
  public void take(ProblemBlock block, int from, int to) {
    BoundedBlock other = (BoundedBlock) block;
    current.copy(to, other.current, from);
    trial.copy(to, other.trial, from);
    for (int j = 0; j < p; j++) {
      scale[j * capacity + to] = other.scale[j * other.capacity + from];
    }
    swap(natural, to, other.natural, from);
    swap(jacobian, to, other.jacobian, from);
    swap(trialNatural, to, other.trialNatural, from);
    swap(trialJacobian, to, other.trialJacobian, from);
    report.takeStep(other.report, from, to);
  }

  private static void swap(double[][] rows, int to, double[][] others, int from) {
    double[] row = rows[to];
    rows[to] = others[from];
    others[from] = row;
  }

  @Override
  public double[] parameters(int lane, boolean atTrial) {
    double[] parameters = new double[p];
    (atTrial ? trial : current).getParameters(lane, parameters);
    return parameters;
  }

  @Override
  public void close() {
    evaluator.close();
  }
}
