package org.farfit.solver;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.law.AddedTerm;
import org.farfit.law.Limits;

/**
 * A block of problems in the host's memory, which Levenberg-Marquardt iterates in lockstep: an
 * {@link Evaluator} for the normal equations, and {@link LaneCholesky} for the steps of all lanes
 * together. The block holds parameters, normal equations and scaling; the solver decides. Problems
 * occupy lanes 0 to {@code count - 1}.
 *
 * <p>Each problem has a current point and a trial point, its start at first. {@link #evaluate}
 * finds out about the trial points of all lanes; {@link #propose} obeys the solver's {@link
 * Command} about each and proposes the next. Both report a few numbers in {@link #report()}. One
 * thread at a time.
 */
final class HostBlock implements ProblemBlock {

  /** What to do with a lane before its next trial point is proposed. */
  enum Command {
    /** The trial point becomes the current one. */
    ACCEPT,
    /** The trial point is dropped. */
    REJECT,
    /** The trial point is dropped, and the next one is what {@link #shorten} found. */
    SHORTEN
  }

  /** Numbers about each lane's trial point. */
  static final class Report {

    /** Cost there; NaN if anything there is not finite. */
    final double[] cost;

    /** Reduction of the cost that the quadratic model predicts; NaN if no step could be solved. */
    final double[] predicted;

    /** Length of the step relative to that of the current parameters, both in the scaling. */
    final double[] relativeStep;

    /** Whether no limit or bound had a part in the step. */
    final boolean[] free;

    /** Largest cosine between the residual and a column of the Jacobian, at the trial point. */
    final double[] gradientCosine;

    /** Smallest ratio of a diagonal entry of J'WJ to its running maximum, at the trial point. */
    final double[] remainingEffect;

    /** Whether a parameter is at a limit that the cost would fall beyond, at the trial point. */
    final boolean[] atLimit;

    Report(int capacity) {
      cost = new double[capacity];
      predicted = new double[capacity];
      relativeStep = new double[capacity];
      free = new boolean[capacity];
      gradientCosine = new double[capacity];
      remainingEffect = new double[capacity];
      atLimit = new boolean[capacity];
    }

    /** Takes over what is known about the step of a lane. */
    void takeStep(Report other, int from, int to) {
      predicted[to] = other.predicted[from];
      relativeStep[to] = other.relativeStep[from];
      free[to] = other.free[from];
    }
  }

  private final Evaluator evaluator;
  private final double scaleFloor;
  private final int fixedMask;
  private final int p;
  private final int capacity;
  private final int[] logarithm;
  private final int[][] slopes;
  private final int[] logPower;
  private final boolean[] isLogarithm;
  private NormalEquations current;
  private NormalEquations trial;

  // By parameter or entry of the matrix, and lane: see LaneCholesky.
  private final double[][] scale;
  private final double[] floor;
  private final double[][] dampedScale;
  private final double[][] gradient;
  private final double[][] from;
  private final double[][] to;
  private final Report report;

  private final double[][] termShare;
  private final double[] allEffects;
  private final double[] growth;
  private final double[] moved;
  private final double[][] factor;
  private final double[][] step;

  private final double[] largestScale;
  private final double[] secondScale;
  private final double[] termScale;
  private final boolean[] definite;
  private final double[] reduction;
  private final double[] stepSquared;
  private final double[] pointSquared;
  private final double[] probe;
  private final double[] line;
  private final double[] ownEffect;
  private final LimitedStep limited;
  private final ShortenedStep shortened;
  private final boolean[] isLimited;
  private final double[] added;
  private final double[] limitedReduction;

  /**
   * A block.
   *
   * @param scaleFloor see {@link StepRules#SCALE_FLOOR}; 0 for parameters of unlike units
   * @param fixedMask parameters that take no part, bit j for parameter j
   * @param limits how far the others may go, given their number
   * @param terms terms of the law whose coordinates are among the parameters
   */
  HostBlock(
      Evaluator evaluator,
      int capacity,
      double scaleFloor,
      int fixedMask,
      IntFunction<Limits> limits,
      List<AddedTerm> terms) {
    this.evaluator = evaluator;
    this.scaleFloor = scaleFloor;
    this.fixedMask = fixedMask;
    this.p = evaluator.parameterCount();
    this.capacity = capacity;
    List<AddedTerm> free =
        terms.stream().filter(t -> (fixedMask >>> t.logarithm() & 1) == 0).toList();
    this.logarithm = free.stream().mapToInt(AddedTerm::logarithm).toArray();
    this.slopes =
        free.stream()
            .map(term -> term.slopes().stream().mapToInt(j -> j).toArray())
            .toArray(int[][]::new);
    this.logPower = free.stream().mapToInt(AddedTerm::logPower).toArray();
    this.termShare = new double[free.size()][capacity];
    this.allEffects = new double[capacity];
    this.growth = new double[capacity];
    this.moved = new double[capacity];
    this.isLogarithm = new boolean[p];
    free.forEach(term -> isLogarithm[term.logarithm()] = true);
    this.current = new NormalEquations(p, capacity);
    this.trial = new NormalEquations(p, capacity);
    this.scale = new double[p][capacity];
    this.floor = new double[capacity];
    this.dampedScale = new double[p][capacity];
    this.gradient = new double[p][capacity];
    this.from = new double[p][capacity];
    this.to = new double[p][capacity];
    this.report = new Report(capacity);
    this.factor = new double[NormalEquations.packedSize(p)][capacity];
    this.step = new double[p][capacity];
    this.largestScale = new double[capacity];
    this.secondScale = new double[capacity];
    this.termScale = new double[capacity];
    this.definite = new boolean[capacity];
    this.reduction = new double[capacity];
    this.stepSquared = new double[capacity];
    this.pointSquared = new double[capacity];
    this.probe = new double[capacity];
    this.line = new double[capacity];
    this.ownEffect = new double[capacity];
    this.limited = new LimitedStep(limits.apply(p), fixedMask);
    this.shortened = new ShortenedStep(p, capacity);
    this.isLimited = new boolean[capacity];
    this.added = new double[p];
    this.limitedReduction = new double[capacity];
  }

  /** p, the number of parameters of each problem. */
  @Override
  public int parameterCount() {
    return p;
  }

  /** How many lanes there are. */
  @Override
  public int capacity() {
    return capacity;
  }

  @Override
  public Report report() {
    return report;
  }

  /**
   * Puts a new problem into a lane, whose start is its first trial point.
   *
   * @param start its starting point, p values, copied
   * @param weightRow which row of the weight table it uses
   */
  @Override
  public void place(int lane, double[] start, int weightRow) {
    limited.restrict(start);
    trial.setParameters(lane, start);
    trial.weightRow[lane] = weightRow;
    for (double[] row : scale) {
      row[lane] = 0;
    }
  }

  /**
   * Evaluates the trial points of the first {@code count} lanes.
   *
   * @param curvatureBeyond one per lane: {@link NormalEquations#curvatureBeyond}
   */
  @Override
  public void evaluate(int count, double[] curvatureBeyond) {
    System.arraycopy(curvatureBeyond, 0, trial.curvatureBeyond, 0, count);
    evaluator.evaluate(trial, count);
    inspectTrials(count);
  }

  @Override
  public void evaluateStarts(int count, double[] curvatureBeyond) {
    System.arraycopy(curvatureBeyond, 0, trial.curvatureBeyond, 0, count);
    evaluator.evaluateAtOnePoint(trial, count);
    inspectTrials(count);
  }

  /**
   * Obeys the commands about the trial points of the first {@code count} lanes and proposes the
   * next ones.
   *
   * <p>The step solves (J'WJ + damping diag(scale)) step = -J'Wr at the current point, scale being
   * the running maxima of the diagonal of J'WJ (Marquardt 1963; Moré 1978, section 5), but at least
   * the floor's share of the largest.
   *
   * @param commands one per lane
   * @param damping one per lane
   */
  @Override
  public void propose(int count, Command[] commands, double[] damping) {
    obey(count, commands);
    load(count);
    raiseScale(count);
    findDampedScale(count);
    solveDamped(count, damping);
    keepWithinLimits(count, damping);
    measureSteps(count, damping);
    takeSteps(count);
    for (int k = 0; k < count; k++) {
      report.free[k] = !isLimited[k];
      report.predicted[k] = definite[k] ? reduction[k] : Double.NaN;
      if (commands[k] == Command.SHORTEN) {
        shortened.take(k, trial, report);
      }
    }
  }

  @Override
  public boolean shorten(int lane) {
    return shortened.find(current, trial, lane, report.relativeStep[lane]);
  }

  /**
   * Makes accepted trial points the current ones: all lanes change over if most do, and those that
   * should not are put back.
   */
  private void obey(int count, Command[] commands) {
    int accepted = 0;
    for (int k = 0; k < count; k++) {
      accepted += commands[k] == Command.ACCEPT ? 1 : 0;
    }
    boolean changesOver = 2 * accepted > count;
    if (changesOver) {
      NormalEquations before = current;
      current = trial;
      trial = before;
    }
    for (int k = 0; k < count; k++) {
      if (changesOver != (commands[k] == Command.ACCEPT)) {
        current.copy(k, trial, k);
      }
    }
  }

  /** The quadratic model of each lane, whose matrix is about to be factored. */
  private void load(int count) {
    for (int e = 0; e < factor.length; e++) {
      System.arraycopy(current.matrix, e * capacity, factor[e], 0, count);
    }
    for (int j = 0; j < p; j++) {
      System.arraycopy(current.gradient, j * capacity, gradient[j], 0, count);
      System.arraycopy(current.parameters, j * capacity, from[j], 0, count);
    }
  }

  /** Scales are running maxima of the diagonal. */
  private void raiseScale(int count) {
    Arrays.fill(largestScale, 0, count, 0);
    Arrays.fill(secondScale, 0, count, 0);
    Arrays.fill(termScale, 0, count, 0);
    for (int j = 0; j < p; j++) {
      double[] own = scale[j];
      raise(own, factor[j * (j + 3) / 2], count);
      if ((fixedMask >>> j & 1) == 0) {
        for (int k = 0; k < count; k++) {
          secondScale[k] = Math.max(secondScale[k], Math.min(own[k], largestScale[k]));
        }
        raise(largestScale, own, count);
        if (isLogarithm[j]) {
          raise(termScale, own, count);
        }
      }
    }
  }

  private static void raise(double[] most, double[] own, int count) {
    for (int k = 0; k < count; k++) {
      most[k] = Math.max(most[k], own[k]);
    }
  }

  /** The scales that damping uses. */
  private void findDampedScale(int count) {
    for (int k = 0; k < count; k++) {
      floor[k] = StepRules.leastScale(scaleFloor, largestScale[k], secondScale[k], termScale[k]);
    }
    for (int j = 0; j < p; j++) {
      double[] damped = dampedScale[j];
      double[] own = scale[j];
      double[] slope = gradient[j];
      boolean isTerm = isLogarithm[j];
      for (int k = 0; k < count; k++) {
        double least = isTerm ? StepRules.leastScaleOfTerm(slope[k], floor[k]) : floor[k];
        damped[k] = StepRules.damped(own[k], least);
      }
    }
  }

  /** Where the diagonal entry j of all lanes begins. */
  private int diagonal(int j) {
    return j * (j + 3) / 2 * capacity;
  }

  private void solveDamped(int count, double[] damping) {
    for (int j = 0; j < p; j++) {
      double[] diagonal = factor[j * (j + 3) / 2];
      double[] damped = dampedScale[j];
      double[] right = step[j];
      double[] slope = gradient[j];
      for (int k = 0; k < count; k++) {
        diagonal[k] += damping[k] * damped[k];
      }
      for (int k = 0; k < count; k++) {
        right[k] = -slope[k];
      }
    }
    LaneCholesky.factor(factor, p, count, definite);
    LaneCholesky.solve(factor, p, count, step);
  }

  /** Solves again those whose parameters may not go where their steps lead. */
  private void keepWithinLimits(int count, double[] damping) {
    for (int k = 0; k < count; k++) {
      isLimited[k] = limited.isNeeded(current, k, step);
      if (isLimited[k]) {
        for (int j = 0; j < p; j++) {
          added[j] = damping[k] * dampedScale[j][k];
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
      double[] s = dampedScale[j];
      double[] d = step[j];
      double[] slope = gradient[j];
      double[] at = from[j];
      for (int k = 0; k < count; k++) {
        reduction[k] += StepRules.predicted(d[k], damping[k], s[k], slope[k]);
      }
      for (int k = 0; k < count; k++) {
        stepSquared[k] += s[k] * d[k] * d[k];
        pointSquared[k] += s[k] * at[k] * at[k];
      }
    }
    for (int k = 0; k < count; k++) {
      report.relativeStep[k] = Math.sqrt(stepSquared[k]) / Math.sqrt(pointSquared[k]);
    }
  }

  /** Places trial points a damped step away; at the current point if no step can be solved. */
  private void takeSteps(int count) {
    System.arraycopy(current.weightRow, 0, trial.weightRow, 0, count);
    for (int j = 0; j < p; j++) {
      double[] start = from[j];
      double[] way = step[j];
      double[] end = to[j];
      for (int k = 0; k < count; k++) {
        end[k] = start[k] + way[k];
      }
    }
    moveTerms(count);
    for (int k = 0; k < count; k++) {
      if (!definite[k] || isLimited[k]) {
        correct(k);
      }
    }
    for (int j = 0; j < p; j++) {
      System.arraycopy(to[j], 0, trial.parameters, j * capacity, count);
    }
  }

  /** A lane without a step, or with one that leads to a limit, does not go along terms. */
  private void correct(int k) {
    for (int j = 0; j < p; j++) {
      double start = from[j][k];
      to[j][k] = definite[k] ? limited.target(j, start, start + step[j][k]) : start;
    }
    if (isLimited[k]) {
      reduction[k] = limitedReduction[k];
    }
  }

  /** Moves terms and their slopes as {@link TermStep} says. */
  private void moveTerms(int count) {
    Arrays.fill(allEffects, 0, count, 0);
    for (int t = 0; t < logarithm.length; t++) {
      double[] own = termShare[t];
      System.arraycopy(current.matrix, diagonal(logarithm[t]), own, 0, count);
      for (int k = 0; k < count; k++) {
        own[k] = Math.sqrt(own[k]);
      }
      for (int k = 0; k < count; k++) {
        allEffects[k] += own[k];
      }
    }
    for (int t = 0; t < logarithm.length; t++) {
      int j = logarithm[t];
      double[] own = termShare[t];
      for (int k = 0; k < count; k++) {
        own[k] /= allEffects[k];
      }
      grow(t, step[j], own, count);
      move(j, growth, count);
      for (int slope : slopes[t]) {
        double[] way = step[slope];
        for (int k = 0; k < count; k++) {
          moved[k] = TermStep.ofSlope(way[k], growth[k]);
        }
        move(slope, moved, count);
      }
    }
  }

  /** By how much the logarithm of a term moves. */
  private void grow(int t, double[] way, double[] share, int count) {
    if (logPower[t] == AddedTerm.NO_POWER) {
      for (int k = 0; k < count; k++) {
        growth[k] = TermStep.ofLogarithm(way[k], share[k]);
      }
      return;
    }
    for (int k = 0; k < count; k++) {
      double power = Math.exp(from[logPower[t]][k]);
      growth[k] = power * TermStep.ofLogarithm(way[k] / power, share[k]);
    }
  }

  private void move(int j, double[] way, int count) {
    double[] start = from[j];
    double[] end = to[j];
    for (int k = 0; k < count; k++) {
      end[k] = limited.nearest(j, start[k] + way[k]);
    }
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
      report.atLimit[k] = limited.isActive(trial, k);
    }
    Arrays.fill(report.gradientCosine, 0, count, 0);
    Arrays.fill(report.remainingEffect, 0, count, 1);
    double[] cosine = report.gradientCosine;
    double[] effect = report.remainingEffect;
    for (int j = 0; j < p; j++) {
      double[] largest = scale[j];
      System.arraycopy(trial.gradient, j * capacity, line, 0, count);
      System.arraycopy(trial.matrix, diagonal(j), ownEffect, 0, count);
      for (int k = 0; k < count; k++) {
        cosine[k] = Math.max(cosine[k], StepRules.squaredSlope(line[k], ownEffect[k]));
      }
      for (int k = 0; k < count; k++) {
        effect[k] = Math.min(effect[k], StepRules.effect(largest[k], ownEffect[k]));
      }
    }
    for (int k = 0; k < count; k++) {
      if (report.atLimit[k]) {
        inspectFree(k);
      }
      report.gradientCosine[k] = StepRules.largestCosine(report.gradientCosine[k], trial.cost[k]);
    }
  }

  /** The same of a lane where a parameter is at its limit: only the others count. */
  private void inspectFree(int k) {
    report.gradientCosine[k] = 0;
    report.remainingEffect[k] = 1;
    for (int j = 0; j < p; j++) {
      if (!limited.isActive(trial, j, k)) {
        double own = trial.matrix[diagonal(j) + k];
        double slope = StepRules.squaredSlope(trial.gradient[j * capacity + k], own);
        double effect = StepRules.effect(scale[j][k], own);
        report.gradientCosine[k] = Math.max(report.gradientCosine[k], slope);
        report.remainingEffect[k] = Math.min(report.remainingEffect[k], effect);
      }
    }
  }

  private void addProbe(double[] values, int count) {
    for (int row = 0; row < values.length; row += capacity) {
      System.arraycopy(values, row, line, 0, count);
      for (int k = 0; k < count; k++) {
        probe[k] += 0 * line[k];
      }
    }
  }

  @Override
  public void take(ProblemBlock block, int from, int to) {
    HostBlock other = (HostBlock) block;
    current.copy(to, other.current, from);
    trial.copy(to, other.trial, from);
    for (int j = 0; j < p; j++) {
      scale[j][to] = other.scale[j][from];
    }
    report.takeStep(other.report, from, to);
  }

  /**
   * The parameters of a lane.
   *
   * @param atTrial whether of the trial point, else of the current one
   */
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
