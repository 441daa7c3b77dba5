package org.farfit.solver;

import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;

/**
 * Levenberg-Marquardt on a block of problems in lockstep: one flat loop of evaluate, judge,
 * propose, retire. A problem that ends leaves its lane to the next one that waits, so the block
 * stays full until none waits. What happens to a problem depends on nothing but itself.
 *
 * <p>Damping is relative to the running maximum of the diagonal of J'WJ (Marquardt 1963; Moré 1978,
 * section 5), adjusted by {@link Damping}.
 */
final class BlockSolver {

  /**
   * Steps that achieve less than this share of their prediction are rejected (Moré 1978, p. 109).
   */
  private static final double ACCEPTED_GAIN = 1e-4;

  /** Predicted reductions below this share of the cost drown in the rounding of its sum. */
  private static final double ROUNDING = 4 * Math.ulp(1.0);

  /** A stalled problem whose residual is this orthogonal to the Jacobian did reach its minimum. */
  private static final double STALLED_GRADIENT = 1e-5;

  /** Attempts to make a factorisation succeed by raising the damping. */
  private static final int FACTOR_ATTEMPTS = 60;

  private final Evaluator evaluator;
  private final WaitingProblems waiting;
  private final SolverSettings settings;
  private final Solutions solutions;
  private final int p;
  private final int capacity;

  private final NormalEquations current;
  private final NormalEquations trial;
  private final int[] problem;
  private final boolean[] fresh;
  private final int[] iterations;
  private final int[] evaluations;
  private final double[] damping;
  private final double[] increase;
  private final double[] predicted;
  private final double[] stepLength;
  private final double[] scale;
  private final Status[] ended;
  private int active;

  private final double[] factor;
  private final double[] step;
  private final double[] point;

  BlockSolver(
      Evaluator evaluator,
      int capacity,
      WaitingProblems waiting,
      SolverSettings settings,
      Solutions solutions) {
    this.evaluator = evaluator;
    this.waiting = waiting;
    this.settings = settings;
    this.solutions = solutions;
    this.p = evaluator.parameterCount();
    this.capacity = capacity;
    this.current = new NormalEquations(p, capacity);
    this.trial = new NormalEquations(p, capacity);
    this.problem = new int[capacity];
    this.fresh = new boolean[capacity];
    this.iterations = new int[capacity];
    this.evaluations = new int[capacity];
    this.damping = new double[capacity];
    this.increase = new double[capacity];
    this.predicted = new double[capacity];
    this.stepLength = new double[capacity];
    this.scale = new double[p * capacity];
    this.ended = new Status[capacity];
    this.factor = new double[NormalEquations.packedSize(p)];
    this.step = new double[p];
    this.point = new double[p];
  }

  /** Solves problems until none waits. */
  void run() {
    refill();
    while (active > 0) {
      evaluator.evaluate(trial, active);
      judgeTrials();
      proposeSteps();
      retireEnded();
      refill();
    }
  }

  private void refill() {
    while (active < capacity) {
      int next = waiting.next();
      if (next < 0) {
        return;
      }
      int k = active++;
      problem[k] = next;
      fresh[k] = true;
      iterations[k] = 0;
      evaluations[k] = 0;
      ended[k] = null;
      waiting.start(next, point);
      trial.setParameters(k, point);
      trial.weightRow[k] = waiting.weightRow(next);
    }
  }

  private void judgeTrials() {
    for (int k = 0; k < active; k++) {
      evaluations[k]++;
      if (fresh[k]) {
        begin(k);
      } else {
        judge(k);
      }
      if (ended[k] == null && evaluations[k] >= settings.maxEvaluations()) {
        ended[k] = Status.EVALUATION_LIMIT;
      }
    }
  }

  private void begin(int k) {
    current.copy(k, trial, k);
    fresh[k] = false;
    if (!trial.isFinite(k)) {
      ended[k] = Status.NON_FINITE;
      return;
    }
    damping[k] = settings.initialDamping();
    increase[k] = Damping.FIRST_INCREASE;
    for (int j = 0; j < p; j++) {
      scale[j * capacity + k] = 0;
    }
    raiseScale(k);
    if (gradientCosine(k) <= settings.gradientTolerance()) {
      ended[k] = stationary(k, Status.CONVERGED_GRADIENT);
    }
  }

  private void judge(int k) {
    double reduction = current.cost[k] - trial.cost[k];
    double gainRatio = reduction / predicted[k];
    if (gainRatio > ACCEPTED_GAIN && trial.isFinite(k)) {
      accept(k, reduction, gainRatio);
    } else {
      reject(k, reduction);
    }
  }

  private void accept(int k, double reduction, double gainRatio) {
    double before = current.cost[k];
    current.copy(k, trial, k);
    iterations[k]++;
    damping[k] = Damping.afterAccepted(damping[k], gainRatio);
    increase[k] = Damping.FIRST_INCREASE;
    raiseScale(k);
    if (gradientCosine(k) <= settings.gradientTolerance()) {
      ended[k] = stationary(k, Status.CONVERGED_GRADIENT);
    } else if (reduction <= settings.costTolerance() * before
        && predicted[k] <= settings.costTolerance() * before) {
      ended[k] = stationary(k, Status.CONVERGED_COST);
    } else if (stepIsNegligible(k)) {
      ended[k] = stationary(k, Status.CONVERGED_STEP);
    }
  }

  private void reject(int k, double reduction) {
    damping[k] = Damping.afterRejected(damping[k], increase[k]);
    increase[k] = Damping.nextIncrease(increase[k]);
    double rounding = ROUNDING * current.cost[k];
    if (predicted[k] <= rounding && Math.abs(reduction) <= rounding) {
      ended[k] = stationary(k, Status.CONVERGED_COST);
    } else if (stepIsNegligible(k) || damping[k] >= Damping.LARGEST) {
      boolean minimum = gradientCosine(k) <= STALLED_GRADIENT;
      ended[k] = minimum ? stationary(k, Status.CONVERGED_STEP) : Status.STALLED;
    }
  }

  private boolean stepIsNegligible(int k) {
    double size = 0;
    for (int j = k; j < scale.length; j += capacity) {
      size += scale[j] * current.parameters[j] * current.parameters[j];
    }
    return stepLength[k] <= settings.stepTolerance() * Math.sqrt(size);
  }

  /** The end of a problem that is stationary: converged, unless a parameter has lost all effect. */
  private Status stationary(int k, Status converged) {
    for (int j = 0; j < p; j++) {
      double diagonal = current.matrix[(j * (j + 3) / 2) * capacity + k];
      if (!(diagonal > LOST_EFFECT * scale[j * capacity + k])) {
        return Status.SINGULAR;
      }
    }
    return converged;
  }

  /** Share of its largest squared effect below which a parameter no longer moves the surface. */
  private static final double LOST_EFFECT = 1e-26;

  private void raiseScale(int k) {
    for (int j = 0; j < p; j++) {
      int at = j * capacity + k;
      scale[at] = Math.max(scale[at], current.matrix[(j * (j + 3) / 2) * capacity + k]);
    }
  }

  /** The largest cosine between the residual and a column of the Jacobian. */
  private double gradientCosine(int k) {
    double residualNorm = Math.sqrt(2 * current.cost[k]);
    double largest = 0;
    for (int j = 0; j < p; j++) {
      double gradient = Math.abs(current.gradient[j * capacity + k]);
      double columnNorm = Math.sqrt(current.matrix[(j * (j + 3) / 2) * capacity + k]);
      if (gradient > 0) {
        largest = Math.max(largest, gradient / (columnNorm * residualNorm));
      }
    }
    return largest;
  }

  private void proposeSteps() {
    for (int k = 0; k < active; k++) {
      if (ended[k] == null) {
        propose(k);
      }
    }
  }

  private void propose(int k) {
    for (int attempt = 0; attempt < FACTOR_ATTEMPTS; attempt++) {
      if (solveDamped(k)) {
        placeTrial(k);
        return;
      }
      damping[k] = Math.max(1e-15, Damping.afterRejected(damping[k], increase[k]));
      increase[k] = Damping.nextIncrease(increase[k]);
    }
    ended[k] = Status.SINGULAR;
  }

  /** Solves (J'WJ + damping diag(scale)) step = -J'Wr. */
  private boolean solveDamped(int k) {
    for (int entry = 0; entry < factor.length; entry++) {
      factor[entry] = current.matrix[entry * capacity + k];
    }
    for (int j = 0; j < p; j++) {
      double s = scale[j * capacity + k];
      factor[j * (j + 3) / 2] += damping[k] * (s > 0 ? s : 1.0);
      step[j] = -current.gradient[j * capacity + k];
    }
    if (!PackedCholesky.factor(factor, p)) {
      return false;
    }
    PackedCholesky.solve(factor, p, step);
    return true;
  }

  /** Stores the trial point and what the quadratic model predicts of it. */
  private void placeTrial(int k) {
    double reduction = 0;
    double length = 0;
    for (int j = 0; j < p; j++) {
      int at = j * capacity + k;
      double s = scale[at] > 0 ? scale[at] : 1.0;
      reduction += 0.5 * step[j] * (damping[k] * s * step[j] - current.gradient[at]);
      length += s * step[j] * step[j];
      trial.parameters[at] = current.parameters[at] + step[j];
    }
    trial.weightRow[k] = current.weightRow[k];
    predicted[k] = reduction;
    stepLength[k] = Math.sqrt(length);
  }

  private void retireEnded() {
    int kept = 0;
    for (int k = 0; k < active; k++) {
      if (ended[k] != null) {
        current.getParameters(k, point);
        solutions.record(
            problem[k], point, current.cost[k], ended[k], iterations[k], evaluations[k]);
        waiting.done();
      } else {
        if (kept < k) {
          move(k, kept);
        }
        kept++;
      }
    }
    active = kept;
  }

  private void move(int from, int to) {
    current.copy(to, current, from);
    for (int j = 0; j < p; j++) {
      trial.parameters[j * capacity + to] = trial.parameters[j * capacity + from];
      scale[j * capacity + to] = scale[j * capacity + from];
    }
    trial.weightRow[to] = trial.weightRow[from];
    problem[to] = problem[from];
    fresh[to] = fresh[from];
    iterations[to] = iterations[from];
    evaluations[to] = evaluations[from];
    damping[to] = damping[from];
    increase[to] = increase[from];
    predicted[to] = predicted[from];
    stepLength[to] = stepLength[from];
    ended[to] = null;
  }
}
