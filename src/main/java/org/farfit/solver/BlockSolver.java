package org.farfit.solver;

import org.farfit.solver.HostBlock.Command;

/**
 * Levenberg-Marquardt on a block of problems in lockstep: one flat loop of evaluate, judge, propose
 * and replace. A problem that ends leaves its lane to the next one that waits. What happens to a
 * problem depends on nothing but itself, and is decided by {@link StepRules} and {@link Damping}.
 */
final class BlockSolver {

  /** With so little damping a step is nearly the one that the model thinks best. */
  private static final double NEARLY_UNDAMPED = 1e-3;

  /** How far from 1 the gain ratio of a step may be whose model is believed. */
  private static final double TRUSTED_GAIN = 0.25;

  private final ProblemBlock block;

  /** Problems that have taken their first steps; null where they start anywhere. */
  private final BlockSolver starts;

  private final HostBlock.Report report;
  private final WaitingProblems waiting;
  private final SolverSettings settings;

  private final int[] problem;
  private final Command[] command;
  private final double[] damping;
  private final double[] increase;

  /** {@link RobustCurvature} of the next evaluation. */
  private final double[] curvature;

  /** The same of the matrix at the current point. */
  private final double[] curvatureHere;

  private final double[] promise;

  /** Whether the last step kept what its model promised, no more and no less. */
  private final boolean[] trusted;

  private final int[] iterations;
  private final int[] evaluations;
  private final double[] cost;
  private final double[] gradientCosine;
  private final double[] remainingEffect;
  private final boolean[] atLimit;
  private final int[] end;
  private int active;

  private final double[] start;

  BlockSolver(ProblemBlock block, WaitingProblems waiting, SolverSettings settings) {
    this(block, null, waiting, settings);
  }

  /**
   * A solver of problems that start at one point: they come to their first steps together, in
   * another block, before they are taken into this one.
   *
   * @param starting the other block; null where problems start anywhere
   */
  BlockSolver(
      ProblemBlock block, ProblemBlock starting, WaitingProblems waiting, SolverSettings settings) {
    this.block = block;
    this.starts = starting == null ? null : new BlockSolver(starting, waiting, settings);
    this.report = block.report();
    this.waiting = waiting;
    this.settings = settings;
    int capacity = block.capacity();
    this.problem = new int[capacity];
    this.command = new Command[capacity];
    this.damping = new double[capacity];
    this.increase = new double[capacity];
    this.curvature = new double[capacity];
    this.curvatureHere = new double[capacity];
    this.promise = new double[capacity];
    this.trusted = new boolean[capacity];
    this.iterations = new int[capacity];
    this.evaluations = new int[capacity];
    this.cost = new double[capacity];
    this.gradientCosine = new double[capacity];
    this.remainingEffect = new double[capacity];
    this.atLimit = new boolean[capacity];
    this.end = new int[capacity];
    this.start = new double[block.parameterCount()];
  }

  /** Solves problems until none waits. */
  void run() {
    fill();
    // Those that started together may have ended there.
    replaceEnded();
    while (active > 0) {
      block.evaluate(active, curvature);
      judgeTrials();
      block.propose(active, command, damping);
      replaceEnded();
    }
  }

  private void fill() {
    while (active < block.capacity() && begin(active)) {
      active++;
    }
  }

  /** Gives a lane to the next problem that waits; false if none does. */
  private boolean begin(int k) {
    return starts == null ? place(k) : starts.hasAny() && takeStarted(k);
  }

  /** Whether any problem has taken its first step and waits for a lane. */
  private boolean hasAny() {
    if (active == 0) {
      fill();
      if (active > 0) {
        block.evaluateStarts(active, curvature);
        judgeTrials();
        block.propose(active, command, damping);
      }
    }
    return active > 0;
  }

  private boolean takeStarted(int k) {
    starts.active--;
    take(starts, starts.active, k);
    return true;
  }

  private boolean place(int k) {
    int next = waiting.next();
    if (next < 0) {
      return false;
    }
    problem[k] = next;
    damping[k] = settings.initialDamping();
    increase[k] = Damping.FIRST_INCREASE;
    curvature[k] = RobustCurvature.first(settings.initialDamping());
    promise[k] = RobustCurvature.FIRST_PROMISE;
    trusted[k] = false;
    iterations[k] = 0;
    evaluations[k] = 0;
    cost[k] = Double.NaN;
    end[k] = StepRules.GOING_ON;
    waiting.start(next, start);
    block.place(k, start, waiting.weightRow(next));
    return true;
  }

  private void judgeTrials() {
    for (int k = 0; k < active; k++) {
      if (evaluations[k] == 0) {
        evaluations[k]++;
        judgeStart(k);
      } else if (Double.isNaN(report.predicted[k])) {
        repair(k);
      } else {
        evaluations[k]++;
        judgeStep(k);
      }
      if (atLimit[k]) {
        end[k] = StepRules.atLimit(end[k]);
      }
      if (end[k] == StepRules.GOING_ON && evaluations[k] >= settings.maxEvaluations()) {
        end[k] = StepRules.EVALUATION_LIMIT;
      }
    }
  }

  private void judgeStart(int k) {
    command[k] = Command.ACCEPT;
    if (!Double.isNaN(report.cost[k])) {
      adopt(k);
    }
    if (settings.replicates()) {
      curvature[k] = RobustCurvature.AFTER_START;
    }
    end[k] =
        StepRules.afterStart(
            report.cost[k], gradientCosine[k], remainingEffect[k], settings.gradientTolerance());
  }

  private void judgeStep(int k) {
    double reduction = cost[k] - report.cost[k];
    double gain = reduction / report.predicted[k];
    double promised = report.predicted[k] / cost[k];
    double promisedLittle = promise[k];
    promise[k] = RobustCurvature.promise(promise[k], gain, curvatureHere[k]);
    trusted[k] = Math.abs(gain - 1) < TRUSTED_GAIN;
    if (StepRules.isAccepted(reduction, report.predicted[k])) {
      accept(k, reduction);
    } else {
      boolean isFirstDisappointment =
          promisedLittle == RobustCurvature.FIRST_PROMISE && promise[k] < promisedLittle;
      reject(k, reduction, settings.replicates() && isFirstDisappointment);
    }
    curvature[k] =
        command[k] == Command.SHORTEN
            ? RobustCurvature.AFTER_SHORTENING
            : RobustCurvature.next(curvature[k], gain, promised, promise[k]);
  }

  private void adopt(int k) {
    command[k] = Command.ACCEPT;
    curvatureHere[k] = curvature[k];
    cost[k] = report.cost[k];
    gradientCosine[k] = report.gradientCosine[k];
    remainingEffect[k] = report.remainingEffect[k];
    atLimit[k] = report.atLimit[k];
  }

  private void accept(int k, double reduction) {
    double before = cost[k];
    adopt(k);
    iterations[k]++;
    damping[k] = Damping.afterAccepted(damping[k], reduction / report.predicted[k], increase[k]);
    increase[k] = Damping.FIRST_INCREASE;
    end[k] =
        StepRules.afterAccepted(
            before,
            reduction,
            report.predicted[k],
            report.relativeStep[k],
            gradientCosine[k],
            remainingEffect[k],
            settings.costTolerance(),
            settings.stepTolerance(),
            settings.gradientTolerance());
  }

  private void reject(int k, double reduction, boolean isFirstDisappointment) {
    command[k] = Command.REJECT;
    boolean promisesNothing =
        damping[k] <= NEARLY_UNDAMPED && report.predicted[k] < block.costNoise() * cost[k];
    if (promisesNothing) {
      end[k] = StepRules.CONVERGED_COST;
      return;
    }
    boolean isShortened = settings.replicates() && block.shorten(k);
    if (isShortened) {
      command[k] = Command.SHORTEN;
      raiseDamping(k, increase[k]);
    } else {
      raiseDamping(k, Damping.factor(increase[k], reduction / report.predicted[k]));
    }
    end[k] =
        StepRules.afterRejected(
            cost[k],
            reduction,
            report.predicted[k],
            report.relativeStep[k],
            damping[k],
            gradientCosine[k],
            remainingEffect[k],
            settings.stepTolerance());
    if (isFirstDisappointment && !isShortened) {
      // Raised ten times at once from 1e-6 it would not be felt for three evaluations.
      damping[k] = Math.max(damping[k], NEARLY_UNDAMPED);
    }
  }

  private void raiseDamping(int k, double factor) {
    damping[k] = Damping.afterRejected(damping[k], factor);
    increase[k] = Damping.nextIncrease(increase[k]);
  }

  /** The damped matrix was not positive definite: try again with more damping. */
  private void repair(int k) {
    command[k] = Command.REJECT;
    raiseDamping(k, increase[k]);
    damping[k] = StepRules.repaired(damping[k]);
    end[k] = StepRules.afterRepair(damping[k]);
  }

  /**
   * A problem that ends leaves its lane to one that waits; when none does, the last lane moves
   * there. No other lane moves: evaluators keep the weights and losses of a lane until another
   * problem comes into it, and filling them in anew costs as much as an evaluation.
   */
  private void replaceEnded() {
    int k = 0;
    while (k < active) {
      boolean unconfirmed = end[k] == StepRules.GOING_ON && endsUnconfirmed(k);
      if (end[k] == StepRules.GOING_ON && !unconfirmed) {
        k++;
        continue;
      }
      retire(k, unconfirmed);
      if (!begin(k)) {
        active--;
        if (k < active) {
          take(this, active, k);
        }
      }
    }
  }

  /** Whether the step of a lane ends its problem without being evaluated. */
  private boolean endsUnconfirmed(int k) {
    return settings.replicates()
        && trusted[k]
        && report.free[k]
        && damping[k] <= settings.initialDamping()
        && StepRules.isNegligible(
            cost[k], report.predicted[k], remainingEffect[k], settings.costTolerance());
  }

  /**
   * Answers for a lane.
   *
   * @param unconfirmed whether with the point that its step leads to, of which only a prediction is
   *     known
   */
  private void retire(int k, boolean unconfirmed) {
    waiting.answer(
        problem[k],
        block.parameters(k, unconfirmed),
        unconfirmed ? cost[k] - report.predicted[k] : cost[k],
        unconfirmed ? Status.CONVERGED_COST : Status.ofCode(end[k]),
        unconfirmed ? iterations[k] + 1 : iterations[k],
        evaluations[k]);
  }

  private void take(BlockSolver other, int from, int to) {
    block.take(other.block, from, to);
    problem[to] = other.problem[from];
    command[to] = other.command[from];
    damping[to] = other.damping[from];
    increase[to] = other.increase[from];
    curvature[to] = other.curvature[from];
    curvatureHere[to] = other.curvatureHere[from];
    promise[to] = other.promise[from];
    trusted[to] = other.trusted[from];
    iterations[to] = other.iterations[from];
    evaluations[to] = other.evaluations[from];
    cost[to] = other.cost[from];
    gradientCosine[to] = other.gradientCosine[from];
    remainingEffect[to] = other.remainingEffect[from];
    atLimit[to] = other.atLimit[from];
    end[to] = other.end[from];
  }
}
