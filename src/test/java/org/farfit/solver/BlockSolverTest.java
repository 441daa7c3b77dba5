package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a problem, told by a block that follows a script: every damping is a literal. */
class BlockSolverTest {

  /** What a trial point is found to be; a predicted reduction of NaN is a step without solution. */
  private record Trial(double cost, double predicted, double cosine, boolean atLimit) {

    Trial(double cost, double predicted) {
      this(cost, predicted, 0.1, false);
    }
  }

  private static final Trial START = new Trial(1, 0);

  /** The end of any script: a point without gradient. */
  private static final Trial MINIMUM = new Trial(1e-3, 1e-3, 0, false);

  private static final double NAN = Double.NaN;

  /** One lane that finds what the script says, and writes down by how much it was damped. */
  private static final class Scripted implements ProblemBlock {

    private final HostBlock.Report report = new HostBlock.Report(1);
    private final List<Trial> script;
    private final double noise;
    private final List<Double> dampings = new ArrayList<>();

    Scripted(double noise, Trial... script) {
      this.script = List.of(script);
      this.noise = noise;
    }

    @Override
    public int parameterCount() {
      return 1;
    }

    @Override
    public int capacity() {
      return 1;
    }

    @Override
    public HostBlock.Report report() {
      return report;
    }

    @Override
    public void place(int lane, double[] start, int weightRow) {}

    @Override
    public void advance(
        int count, HostBlock.Command[] commands, double[] damping, double[] curvatureBeyond) {
      Trial trial = script.get(dampings.size());
      dampings.add(damping[0]);
      report.cost[0] = trial.cost();
      report.predicted[0] = trial.predicted();
      report.relativeStep[0] = 0.1;
      report.gradientCosine[0] = trial.cosine();
      report.remainingEffect[0] = 1;
      report.atLimit[0] = trial.atLimit();
    }

    @Override
    public void move(int from, int to) {}

    @Override
    public double[] parameters(int lane, boolean atTrial) {
      return new double[1];
    }

    @Override
    public double costNoise() {
      return noise;
    }

    @Override
    public void close() {}
  }

  private static Solutions solve(Scripted block, double initialDamping) {
    Solutions solutions = new Solutions(1, 1);
    new BlockSolver(
            block,
            new WaitingProblems(
                StartingPoints.of(new double[][] {{0}}), solutions, ProgressListener.NONE),
            new SolverSettings(100, 1e-15, 1e-10, 1e-11, initialDamping))
        .run();
    return solutions;
  }

  /** The cost rose by 24 times what it should have fallen by: five times the damping, not twice. */
  @Test
  void aStepThatWasFarTooLongRaisesDampingAtOnce() {
    Scripted block =
        new Scripted(0, START, new Trial(13, 0.5), new Trial(Double.NaN, 0.5), MINIMUM);
    assertThat(solve(block, 1).status(0)).isEqualTo(Status.CONVERGED_GRADIENT);
    assertThat(block.dampings).containsExactly(1.0, 1.0, 5.0, 50.0);
  }

  /** After a step that is taken the next rejection counts as the first again. */
  @Test
  void rejectionsAreCountedInARow() {
    Scripted block =
        new Scripted(
            0,
            START,
            new Trial(2, 0.5),
            new Trial(2, 0.5),
            new Trial(0.5, 0.5),
            new Trial(2, 0.5),
            MINIMUM);
    Solutions solutions = solve(block, 1);
    assertThat(block.dampings).containsExactly(1.0, 1.0, 2.0, 8.0, 4.0, 8.0);
    assertThat(solutions.status(0)).isEqualTo(Status.CONVERGED_GRADIENT);
    assertThat(solutions.iterations(0)).isEqualTo(2);
    assertThat(solutions.evaluations(0)).isEqualTo(6);
  }

  /** Doubling next to nothing would take for ever: a matrix without inverse gets some at once. */
  @Test
  void aMatrixWithoutInverseIsDampedEnough() {
    Scripted block = new Scripted(0, START, new Trial(NAN, NAN), new Trial(NAN, NAN), MINIMUM);
    Solutions solutions = solve(block, 1e-20);
    assertThat(block.dampings).containsExactly(1e-20, 1e-20, 1e-15, 4e-15);
    assertThat(solutions.evaluations(0)).isEqualTo(2);
  }

  /** Where costs are noise, a step that is nearly undamped and promises less than that is none. */
  @Test
  void whatPromisesLessThanNoiseHasConverged() {
    Trial worse = new Trial(1 + 1e-6, 1e-5);
    Scripted undamped = new Scripted(1e-4, START, worse, MINIMUM);
    Solutions solutions = solve(undamped, 1e-3);
    assertThat(solutions.status(0)).isEqualTo(Status.CONVERGED_COST);
    assertThat(solutions.evaluations(0)).isEqualTo(2);
    for (Scripted goesOn :
        List.of(
            new Scripted(1e-6, START, worse, MINIMUM), new Scripted(0, START, worse, MINIMUM))) {
      assertThat(solve(goesOn, 1e-3).status(0)).isEqualTo(Status.CONVERGED_GRADIENT);
    }
    Scripted damped = new Scripted(1e-4, START, worse, MINIMUM);
    assertThat(solve(damped, 1).status(0)).isEqualTo(Status.CONVERGED_GRADIENT);
  }

  /** A minimum that the cost would fall beyond is one at a limit. */
  @Test
  void anEndAtALimitSaysSo() {
    Scripted block = new Scripted(0, START, new Trial(1e-3, 1, 0, true));
    assertThat(solve(block, 1).status(0)).isEqualTo(Status.CONVERGED_LIMIT);
  }
}
