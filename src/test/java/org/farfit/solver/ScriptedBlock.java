package org.farfit.solver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lanes that find what scripts say, one script per problem, and write down by how much each problem
 * was damped and how much curvature its runs beyond the threshold had. The start of problem k is k;
 * later the parameter of a point is its place in the script, 0 for the start.
 */
final class ScriptedBlock implements ProblemBlock {

  /** What a trial point is found to be; a predicted reduction of NaN is a step without solution. */
  record Trial(double cost, double predicted, double cosine, boolean atLimit) {

    Trial(double cost, double predicted) {
      this(cost, predicted, 0.1, false);
    }
  }

  private final HostBlock.Report report;
  private final double noise;
  private final List<List<Trial>> scripts;
  private final List<List<Double>> dampings = new ArrayList<>();
  private final List<List<Double>> curvatures = new ArrayList<>();
  private final int[] problem;
  private final double[] lastDamping;
  private final int[] current;
  private boolean shortens;

  ScriptedBlock(int lanes, double noise, List<List<Trial>> scripts) {
    this.report = new HostBlock.Report(lanes);
    this.noise = noise;
    this.scripts = scripts;
    this.problem = new int[lanes];
    this.lastDamping = new double[lanes];
    this.current = new int[lanes];
    for (int k = 0; k < scripts.size(); k++) {
      dampings.add(new ArrayList<>());
      curvatures.add(new ArrayList<>());
    }
  }

  /** One problem in one lane. */
  ScriptedBlock(double noise, Trial... script) {
    this(1, noise, List.of(List.of(script)));
  }

  /** The same lanes, which find a point on the way wherever a step was too long. */
  ScriptedBlock shortening() {
    shortens = true;
    return this;
  }

  @Override
  public boolean shorten(int lane) {
    return shortens;
  }

  /** Solves all problems of the scripts. */
  Solutions solve(double initialDamping, int maxEvaluations) {
    return solve(new SolverSettings(maxEvaluations, 1e-15, 1e-10, 1e-11, initialDamping, false));
  }

  /** The same by other settings. */
  Solutions solve(SolverSettings settings) {
    Solutions solutions = new Solutions(1, scripts.size());
    double[][] starts = new double[scripts.size()][1];
    Arrays.setAll(starts, k -> new double[] {k});
    new BlockSolver(
            this,
            new WaitingProblems(StartingPoints.of(starts), solutions, ProgressListener.NONE),
            settings)
        .run();
    return solutions;
  }

  /** The damping of each step of a problem that was evaluated. */
  List<Double> dampings(int k) {
    return dampings.get(k);
  }

  /** {@link RobustCurvature} of each evaluation of a problem. */
  List<Double> curvatures(int k) {
    return curvatures.get(k);
  }

  @Override
  public int parameterCount() {
    return 1;
  }

  @Override
  public int capacity() {
    return problem.length;
  }

  @Override
  public HostBlock.Report report() {
    return report;
  }

  @Override
  public void place(int lane, double[] start, int weightRow) {
    problem[lane] = (int) start[0];
    lastDamping[lane] = Double.NaN;
  }

  private int evaluated(int lane) {
    return curvatures.get(problem[lane]).size();
  }

  @Override
  public void propose(int count, HostBlock.Command[] commands, double[] damping) {
    for (int lane = 0; lane < count; lane++) {
      int next = evaluated(lane);
      List<Trial> script = scripts.get(problem[lane]);
      current[lane] = commands[lane] == HostBlock.Command.ACCEPT ? next - 1 : current[lane];
      // Those that ended with the end of their script are asked, too.
      report.predicted[lane] = next < script.size() ? script.get(next).predicted() : Double.NaN;
      report.relativeStep[lane] = 0.1;
      report.free[lane] = next < script.size() && !script.get(next).atLimit();
      lastDamping[lane] = damping[lane];
    }
  }

  @Override
  public void evaluate(int count, double[] curvatureBeyond) {
    for (int lane = 0; lane < count; lane++) {
      int k = problem[lane];
      Trial trial = scripts.get(k).get(evaluated(lane));
      if (evaluated(lane) > 0) {
        dampings.get(k).add(lastDamping[lane]);
      }
      curvatures.get(k).add(curvatureBeyond[lane]);
      report.cost[lane] = trial.cost();
      report.gradientCosine[lane] = trial.cosine();
      report.remainingEffect[lane] = 1;
      report.atLimit[lane] = trial.atLimit();
    }
  }

  @Override
  public void take(ProblemBlock block, int from, int to) {
    ScriptedBlock other = (ScriptedBlock) block;
    problem[to] = other.problem[from];
    lastDamping[to] = other.lastDamping[from];
    current[to] = other.current[from];
    report.takeStep(other.report, from, to);
  }

  @Override
  public double[] parameters(int lane, boolean atTrial) {
    return new double[] {atTrial ? evaluated(lane) : current[lane]};
  }

  @Override
  public double costNoise() {
    return noise;
  }

  @Override
  public void close() {}
}
