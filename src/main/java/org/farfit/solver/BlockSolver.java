package org.farfit.solver;

import org.farfit.engine.ProblemBlock;
import org.farfit.engine.ProblemBlock.Command;

/**
 * Levenberg-Marquardt on a block of problems in lockstep: one flat loop of advance, judge, retire
 * and refill, the same for every engine. A problem that ends leaves its lane to the next one that
 * waits. What happens to a problem depends on nothing but itself.
 *
 * <p>Damping is adjusted by {@link Damping}.
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

  /** Share of its largest squared effect below which a parameter no longer moves the surface. */
  private static final double LOST_EFFECT = 1e-26;

  /** The least damping with which a factorisation that failed is tried again. */
  private static final double REPAIR_DAMPING = 1e-15;

  private final ProblemBlock block;
  private final ProblemBlock.Report report;
  private final WaitingProblems waiting;
  private final SolverSettings settings;
  private final Solutions solutions;

  private final int[] problem;
  private final Command[] command;
  private final double[] damping;
  private final double[] increase;
  private final int[] iterations;
  private final int[] evaluations;
  private final double[] cost;
  private final double[] gradientCosine;
  private final double[] remainingEffect;
  private final boolean[] atLimit;
  private final Status[] ended;
  private int active;

  private final double[] start;

  BlockSolver(
      ProblemBlock block, WaitingProblems waiting, SolverSettings settings, Solutions solutions) {
    this.block = block;
    this.report = block.report();
    this.waiting = waiting;
    this.settings = settings;
    this.solutions = solutions;
    int capacity = block.capacity();
    this.problem = new int[capacity];
    this.command = new Command[capacity];
    this.damping = new double[capacity];
    this.increase = new double[capacity];
    this.iterations = new int[capacity];
    this.evaluations = new int[capacity];
    this.cost = new double[capacity];
    this.gradientCosine = new double[capacity];
    this.remainingEffect = new double[capacity];
    this.atLimit = new boolean[capacity];
    this.ended = new Status[capacity];
    this.start = new double[block.parameterCount()];
  }

  /** Solves problems until none waits. */
  void run() {
    refill();
    while (active > 0) {
      block.advance(active, command, damping);
      judgeTrials();
      retireEnded();
      if (block.refillsAtOnce() || active == 0) {
        block.flush();
        refill();
      }
    }
  }

  private void refill() {
    while (active < block.capacity()) {
      int next = waiting.next();
      if (next < 0) {
        return;
      }
      int k = active++;
      problem[k] = next;
      command[k] = Command.START;
      damping[k] = settings.initialDamping();
      increase[k] = Damping.FIRST_INCREASE;
      iterations[k] = 0;
      evaluations[k] = 0;
      cost[k] = Double.NaN;
      ended[k] = null;
      waiting.start(next, start);
      block.place(k, start, waiting.weightRow(next));
    }
  }

  private void judgeTrials() {
    for (int k = 0; k < active; k++) {
      if (command[k] == Command.START) {
        evaluations[k]++;
        judgeStart(k);
      } else if (Double.isNaN(report.predicted[k])) {
        repair(k);
      } else {
        evaluations[k]++;
        judgeStep(k);
      }
      if (ended[k] == null && evaluations[k] >= settings.maxEvaluations()) {
        ended[k] = Status.EVALUATION_LIMIT;
      }
    }
  }

  private void judgeStart(int k) {
    if (Double.isNaN(report.cost[k])) {
      ended[k] = Status.NON_FINITE;
    } else {
      adopt(k);
      if (gradientCosine[k] <= settings.gradientTolerance()) {
        ended[k] = stationary(k, Status.CONVERGED_GRADIENT);
      }
    }
  }

  private void judgeStep(int k) {
    double reduction = cost[k] - report.cost[k];
    double gainRatio = reduction / report.predicted[k];
    if (gainRatio > ACCEPTED_GAIN) {
      accept(k, reduction, gainRatio);
    } else {
      reject(k, reduction);
    }
  }

  private void adopt(int k) {
    command[k] = Command.ACCEPT;
    cost[k] = report.cost[k];
    gradientCosine[k] = report.gradientCosine[k];
    remainingEffect[k] = report.remainingEffect[k];
    atLimit[k] = report.atLimit[k];
  }

  private void accept(int k, double reduction, double gainRatio) {
    double negligible = settings.costTolerance() * cost[k];
    adopt(k);
    iterations[k]++;
    damping[k] = Damping.afterAccepted(damping[k], gainRatio);
    increase[k] = Damping.FIRST_INCREASE;
    if (gradientCosine[k] <= settings.gradientTolerance()) {
      ended[k] = stationary(k, Status.CONVERGED_GRADIENT);
    } else if (reduction <= negligible && report.predicted[k] <= negligible) {
      ended[k] = stationary(k, Status.CONVERGED_COST);
    } else if (report.relativeStep[k] <= settings.stepTolerance()) {
      ended[k] = stationary(k, Status.CONVERGED_STEP);
    }
  }

  private void reject(int k, double reduction) {
    command[k] = Command.REJECT;
    raiseDamping(k);
    double rounding = ROUNDING * cost[k];
    if (report.predicted[k] <= rounding && Math.abs(reduction) <= rounding) {
      ended[k] = stationary(k, Status.CONVERGED_COST);
    } else if (report.relativeStep[k] <= settings.stepTolerance()
        || damping[k] >= Damping.LARGEST) {
      boolean minimum = gradientCosine[k] <= STALLED_GRADIENT;
      ended[k] = minimum ? stationary(k, Status.CONVERGED_STEP) : Status.STALLED;
    }
  }

  private void raiseDamping(int k) {
    damping[k] = Damping.afterRejected(damping[k], increase[k]);
    increase[k] = Damping.nextIncrease(increase[k]);
  }

  /** The damped matrix was not positive definite: try again with more damping. */
  private void repair(int k) {
    command[k] = Command.REJECT;
    raiseDamping(k);
    damping[k] = Math.max(REPAIR_DAMPING, damping[k]);
    if (damping[k] >= Damping.LARGEST) {
      ended[k] = Status.SINGULAR;
    }
  }

  /** The end of a problem that is stationary: converged, unless a parameter has lost all effect. */
  private Status stationary(int k, Status converged) {
    if (remainingEffect[k] <= LOST_EFFECT) {
      return Status.SINGULAR;
    }
    return atLimit[k] ? Status.CONVERGED_LIMIT : converged;
  }

  private void retireEnded() {
    int kept = 0;
    for (int k = 0; k < active; k++) {
      if (ended[k] != null) {
        retire(k);
      } else {
        if (kept < k) {
          move(k, kept);
        }
        kept++;
      }
    }
    active = kept;
  }

  private void retire(int k) {
    int index = problem[k];
    double finalCost = cost[k];
    Status status = ended[k];
    int steps = iterations[k];
    int effort = evaluations[k];
    // The trial point was adopted but not yet moved; only a rejected one is not the answer.
    boolean atTrial = command[k] != Command.REJECT;
    block.retire(
        k,
        atTrial,
        parameters -> solutions.record(index, parameters, finalCost, status, steps, effort));
    waiting.done();
  }

  private void move(int from, int to) {
    block.move(from, to);
    problem[to] = problem[from];
    command[to] = command[from];
    damping[to] = damping[from];
    increase[to] = increase[from];
    iterations[to] = iterations[from];
    evaluations[to] = evaluations[from];
    cost[to] = cost[from];
    gradientCosine[to] = gradientCosine[from];
    remainingEffect[to] = remainingEffect[from];
    atLimit[to] = atLimit[from];
    ended[to] = null;
  }
}
