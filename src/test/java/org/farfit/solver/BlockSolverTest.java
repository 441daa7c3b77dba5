package org.farfit.solver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.farfit.solver.ScriptedBlock.Trial;
import org.junit.jupiter.api.Test;

/** What becomes of a problem, told by a block that follows a script: every damping is a literal. */
class BlockSolverTest {

  private static final Trial START = new Trial(1, 0);

  /** The end of any script: a point without gradient. */
  private static final Trial MINIMUM = new Trial(1e-3, 1e-3, 0, false);

  private static final double NAN = Double.NaN;

  private static Solutions solve(ScriptedBlock block, double initialDamping) {
    return block.solve(initialDamping, 100);
  }

  /** The cost rose by 24 times what it should have fallen by: five times the damping, not twice. */
  @Test
  void aStepThatWasFarTooLongRaisesDampingAtOnce() {
    ScriptedBlock block =
        new ScriptedBlock(0, START, new Trial(13, 0.5), new Trial(Double.NaN, 0.5), MINIMUM);
    assertThat(solve(block, 1).status(0)).isEqualTo(Status.CONVERGED_GRADIENT);
    assertThat(block.dampings(0)).containsExactly(1.0, 5.0, 50.0);
  }

  /** After a step that is taken the next rejection counts as the first again. */
  @Test
  void rejectionsAreCountedInARow() {
    ScriptedBlock block =
        new ScriptedBlock(
            0,
            START,
            new Trial(2, 0.5),
            new Trial(2, 0.5),
            new Trial(0.5, 0.5),
            new Trial(2, 0.5),
            MINIMUM);
    Solutions solutions = solve(block, 1);
    assertThat(block.dampings(0)).containsExactly(1.0, 2.0, 8.0, 4.0, 8.0);
    assertThat(solutions.status(0)).isEqualTo(Status.CONVERGED_GRADIENT);
    assertThat(solutions.iterations(0)).isEqualTo(2);
    assertThat(solutions.evaluations(0)).isEqualTo(6);
  }

  /** What a replicate's step erred by is its matrix, not its damping. */
  @Test
  void aReplicateTakesPartOfAStepThatWasTooLong() {
    List<Trial> script = List.of(START, new Trial(2, 0.5), new Trial(0.5, 0.4), MINIMUM);
    ScriptedBlock block = new ScriptedBlock(1, 0, List.of(script)).shortening();
    Solutions solutions = block.solve(REPLICATES);
    assertThat(block.curvatures(0)).containsExactly(0.2, 0.06, 0.3, 0.3);
    assertThat(block.dampings(0).subList(0, 2)).containsExactly(1e-6, 2e-6);
    assertThat(solutions.iterations(0)).isEqualTo(2);
    ScriptedBlock other = new ScriptedBlock(1, 0, List.of(script)).shortening();
    solve(other, 1e-6);
    assertThat(other.curvatures(0)).containsExactly(0.2, 0.2, 0.7, 0.7);
  }

  /** A replicate whose minimum is not nearby after all is damped so that it is felt. */
  @Test
  void aReplicateWhoseStepFailsIsDampedEnough() {
    List<Trial> script = List.of(START, new Trial(2, 0.5), new Trial(2, 0.5), MINIMUM);
    ScriptedBlock block = new ScriptedBlock(1, 0, List.of(script));
    block.solve(REPLICATES);
    assertThat(block.dampings(0)).containsExactly(1e-6, 1e-3, 4e-3);
    assertThat(block.curvatures(0)).containsExactly(0.2, 0.06, 0.7, 0.7);
    ScriptedBlock other = new ScriptedBlock(1, 0, List.of(script));
    solve(other, 1e-6);
    assertThat(other.dampings(0)).containsExactly(1e-6, 2e-6, 8e-6);
  }

  /** Doubling next to nothing would take for ever: a matrix without inverse gets some at once. */
  @Test
  void aMatrixWithoutInverseIsDampedEnough() {
    ScriptedBlock block =
        new ScriptedBlock(0, START, new Trial(NAN, NAN), new Trial(NAN, NAN), MINIMUM);
    Solutions solutions = solve(block, 1e-20);
    assertThat(block.dampings(0)).containsExactly(1e-20, 1e-15, 4e-15);
    assertThat(solutions.evaluations(0)).isEqualTo(2);
  }

  /** Where costs are noise, a step that is nearly undamped and promises less than that is none. */
  @Test
  void whatPromisesLessThanNoiseHasConverged() {
    Trial worse = new Trial(1 + 1e-6, 1e-5);
    ScriptedBlock undamped = new ScriptedBlock(1e-4, START, worse, MINIMUM);
    Solutions solutions = solve(undamped, 1e-3);
    assertThat(solutions.status(0)).isEqualTo(Status.CONVERGED_COST);
    assertThat(solutions.evaluations(0)).isEqualTo(2);
    for (ScriptedBlock goesOn :
        List.of(
            new ScriptedBlock(1e-6, START, worse, MINIMUM),
            new ScriptedBlock(0, START, worse, MINIMUM))) {
      assertThat(solve(goesOn, 1e-3).status(0)).isEqualTo(Status.CONVERGED_GRADIENT);
    }
    ScriptedBlock damped = new ScriptedBlock(1e-4, START, worse, MINIMUM);
    assertThat(solve(damped, 1).status(0)).isEqualTo(Status.CONVERGED_GRADIENT);
  }

  /** A minimum that the cost would fall beyond is one at a limit. */
  @Test
  void anEndAtALimitSaysSo() {
    ScriptedBlock block = new ScriptedBlock(0, START, new Trial(1e-3, 1, 0, true));
    assertThat(solve(block, 1).status(0)).isEqualTo(Status.CONVERGED_LIMIT);
  }

  private static final SolverSettings REPLICATES =
      new SolverSettings(100, 1e-6, 1e-10, 1e-11, 1e-6, true);

  /** The step is taken, and what it promises is believed. */
  @Test
  void aStepThatPromisesNextToNothingIsNotEvaluated() {
    ScriptedBlock block =
        new ScriptedBlock(0, START, new Trial(0.5, 0.5), new Trial(0.4, 4e-7), MINIMUM);
    Solutions solutions = block.solve(REPLICATES);
    assertThat(solutions.status(0)).isEqualTo(Status.CONVERGED_COST);
    assertThat(solutions.parameters(0)).containsExactly(2);
    assertThat(solutions.cost(0)).isEqualTo(0.5 - 4e-7);
    assertThat(solutions.iterations(0)).isEqualTo(2);
    assertThat(solutions.evaluations(0)).isEqualTo(2);
  }

  /** A step that damping or a limit shortens, or whose model was wrong before, says nothing yet. */
  @Test
  void otherStepsAreEvaluated() {
    Trial good = new Trial(0.5, 0.5);
    Trial little = new Trial(0.5 - 2e-7, 3e-7);
    SolverSettings confirmed = new SolverSettings(100, 1e-6, 1e-10, 1e-11, 1e-6, false);
    for (Solutions evaluated :
        List.of(
            new ScriptedBlock(0, START, good, little).solve(confirmed),
            new ScriptedBlock(0, START, WORSE, good, little).solve(REPLICATES),
            new ScriptedBlock(0, START, new Trial(0.5, 0.3), little).solve(REPLICATES),
            new ScriptedBlock(0, START, new Trial(0.5, 0.7), little).solve(REPLICATES),
            new ScriptedBlock(0, START, good, new Trial(0.5 - 2e-7, 3e-7, 0.1, true))
                .solve(REPLICATES))) {
      assertThat(evaluated.cost(0)).isEqualTo(0.5 - 2e-7);
      assertThat(evaluated.status(0).isConverged()).isTrue();
    }
    ScriptedBlock more = new ScriptedBlock(0, START, good, new Trial(0.499, 2e-6), MINIMUM);
    assertThat(more.solve(REPLICATES).status(0)).isEqualTo(Status.CONVERGED_GRADIENT);
  }

  /** A lane whose problem ends before it is evaluated is evaluated for the next one. */
  @Test
  void theNextProblemBeginsWhereAnUnconfirmedOneEnded() {
    List<Trial> ends = List.of(START, new Trial(0.5, 0.5), new Trial(NAN, 4e-7));
    for (int lanes : new int[] {1, 2, 3}) {
      ScriptedBlock block = new ScriptedBlock(lanes, 0, List.of(ends, ends, ends, ends));
      Solutions solutions = block.solve(REPLICATES);
      for (int k = 0; k < 4; k++) {
        assertThat(solutions.status(k)).isEqualTo(Status.CONVERGED_COST);
        assertThat(solutions.evaluations(k)).isEqualTo(2);
        assertThat(solutions.cost(k)).isEqualTo(0.5 - 4e-7);
      }
    }
  }

  private static final Trial GOOD = new Trial(0.955, 0.05);
  private static final Trial BETTER = new Trial(0.91, 0.05);
  private static final Trial WORSE = new Trial(2, 0.05);

  /** Where the last trial point was dropped, the answer is the point before it. */
  @Test
  void theAnswerIsThePointThatWasTaken() {
    ScriptedBlock taken = new ScriptedBlock(0, START, GOOD, MINIMUM);
    assertThat(solve(taken, 1).parameters(0)).containsExactly(2);
    ScriptedBlock dropped = new ScriptedBlock(0, START, GOOD, WORSE);
    Solutions solutions = dropped.solve(1, 3);
    assertThat(solutions.status(0)).isEqualTo(Status.EVALUATION_LIMIT);
    assertThat(solutions.parameters(0)).containsExactly(1);
    assertThat(solutions.cost(0)).isEqualTo(0.955);
  }

  /** After a disappointment a step must promise less before curvature falls again. */
  @Test
  void promisesCountBesideThoseBefore() {
    ScriptedBlock block =
        new ScriptedBlock(0, START, GOOD, BETTER, WORSE, new Trial(0.865, 0.05), MINIMUM);
    solve(block, 1);
    assertThat(block.curvatures(0)).containsExactly(0.7, 0.7, 0.175, 0.04375, 0.7, 0.7);
  }

  /** The second and third problem of a lane do not know what the first went through. */
  @Test
  void aProblemThatComesIntoALaneBeginsAnew() {
    ScriptedBlock block =
        new ScriptedBlock(
            1,
            0,
            List.of(
                List.of(START, GOOD, BETTER, WORSE),
                List.of(START, new Trial(1.05, 0.05), GOOD, MINIMUM),
                List.of(new Trial(NAN, NAN))));
    Solutions solutions = block.solve(1, 4);
    assertThat(solutions.status(0)).isEqualTo(Status.EVALUATION_LIMIT);
    assertThat(solutions.status(1)).isEqualTo(Status.CONVERGED_GRADIENT);
    assertThat(block.dampings(1)).containsExactly(1.0, 2.0, 1.0);
    assertThat(block.curvatures(1)).containsExactly(0.7, 0.7, 0.7, 0.175);
    assertThat(solutions.iterations(1)).isEqualTo(2);
    assertThat(solutions.evaluations(1)).isEqualTo(4);
    assertThat(solutions.status(2)).isEqualTo(Status.NON_FINITE);
    assertThat(solutions.cost(2)).isNaN();
    assertThat(solutions.iterations(2)).isZero();
    assertThat(solutions.evaluations(2)).isEqualTo(1);
  }

  /** A problem whose lane is wanted goes on in another as if nothing had happened. */
  @Test
  void aProblemThatMovesGoesOnAsItWas() {
    List<Trial> ends = List.of(START, GOOD, BETTER, MINIMUM);
    Trial held = new Trial(0.91, 0.05, 0.1, true);
    for (List<Trial> script :
        List.of(
            List.of(START, GOOD, BETTER, WORSE, new Trial(0.865, 0.05), WORSE, MINIMUM),
            List.of(START, GOOD, held, WORSE, new Trial(0.92, 1e-6)),
            List.of(START, WORSE, GOOD, BETTER, WORSE, MINIMUM))) {
      ScriptedBlock alone = new ScriptedBlock(1, 1e-5, List.of(ends, script));
      ScriptedBlock moved = new ScriptedBlock(2, 1e-5, List.of(ends, script));
      Solutions expected = alone.solve(1e-4, 100);
      Solutions actual = moved.solve(1e-4, 100);
      assertThat(moved.dampings(1)).hasSize(script.size() - 1).isEqualTo(alone.dampings(1));
      assertThat(moved.curvatures(1)).isEqualTo(alone.curvatures(1));
      assertThat(actual.status(1)).isEqualTo(expected.status(1));
      assertThat(actual.cost(1)).isEqualTo(expected.cost(1));
      assertThat(actual.iterations(1)).isEqualTo(expected.iterations(1));
      assertThat(actual.evaluations(1)).isEqualTo(expected.evaluations(1));
    }
    // The lane that it comes into had a minimum, where a step that fails would have converged.
    ScriptedBlock steep = new ScriptedBlock(2, 0, List.of(List.of(MINIMUM), List.of(START, WORSE)));
    assertThat(steep.solve(Damping.LARGEST, 100).status(1)).isEqualTo(Status.STALLED);
    // The lane that it comes into had a matrix with all of the curvature.
    List<Trial> promising = List.of(START, new Trial(0.8, 0.2), new Trial(0.6, 0.2), MINIMUM);
    List<Trial> disappointed =
        List.of(START, GOOD, BETTER, new Trial(0.865, 0.05), WORSE, new Trial(0.82, 0.05), MINIMUM);
    ScriptedBlock curved = new ScriptedBlock(2, 0, List.of(promising, disappointed));
    curved.solve(1, 100);
    assertThat(curved.curvatures(1)).containsExactly(0.7, 0.7, 0.175, 0.04375, 0.0109375, 0.7, 0.7);
    ScriptedBlock atLimit =
        new ScriptedBlock(
            2, 1e-5, List.of(ends, List.of(START, GOOD, held, WORSE, new Trial(0.92, 1e-6))));
    Solutions solutions = atLimit.solve(1e-4, 100);
    assertThat(solutions.status(1)).isEqualTo(Status.CONVERGED_LIMIT);
    assertThat(solutions.parameters(1)).containsExactly(2);
  }
}
