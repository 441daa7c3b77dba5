package org.farfit.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.law.Centre;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.farfit.solver.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Decisions on the device against those of the host, and what travels to make them. */
class ResidentTest {

  private static final TornadoDevices.Found DEVICE = TornadoDevices.all().getFirst();

  private static SurfaceProblem problem(Law law) {
    return problem(law, Objective.LOG_SQUARED);
  }

  private static SurfaceProblem problem(Law law, Objective objective) {
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    return new SurfaceProblem(law, centre, runs, objective);
  }

  /** Broad starts, some of which cannot be evaluated. */
  private static double[][] starts(SurfaceProblem problem, int count) {
    int p = problem.law().parameterCount();
    SplittableRandom random = new SplittableRandom(7);
    double[][] starts = new double[count][p];
    for (int k = 0; k < count; k++) {
      problem
          .law()
          .samplingBox(problem.centre())
          .orElseThrow()
          .at(random.doubles(p).toArray(), starts[k]);
      if (k % 50 == 3) {
        starts[k][1] = Double.NaN;
      }
    }
    return starts;
  }

  private static Solutions host(
      SurfaceProblem problem, SolverSettings settings, double[][] starts) {
    return new BatchSolver(settings, 1, ProgressListener.NONE)
        .solve(new ScalarEngine(), problem, StartingPoints.of(starts));
  }

  private static PlanPool pool(int groupSize) {
    return TestDevice.pool(KernelChoice.BLOCKS, groupSize);
  }

  private static Solutions device(
      PlanPool pool, SurfaceProblem problem, SolverSettings settings, double[][] starts) {
    return new BatchSolver(settings, 1, ProgressListener.NONE)
        .solve(new ResidentEngine(DEVICE, pool), problem, StartingPoints.of(starts));
  }

  /**
   * With tolerances above rounding, and for a dozen steps, in which rounding hardly grows,
   * statuses, counts and points are the same, points in the measure by which steps are small. In
   * whole fits a broad start may go another way, as between engines of the host.
   */
  @ParameterizedTest
  @CsvSource({
    "kaplan, BLOCKS", "chinchilla, BLOCKS", "skaling, BLOCKS", "farseer, BLOCKS",
    "kaplan, REGISTERS", "chinchilla, REGISTERS", "skaling, REGISTERS", "farseer, REGISTERS"
  })
  void decisionsAreThoseOfTheHost(String name, KernelChoice choice) {
    try (PlanPool pool = TestDevice.pool(choice, 64)) {
      decisionsAreThoseOfTheHost(problem(Laws.named(name)), pool);
      decisionsAreThoseOfTheHost(problem(Laws.named(name), Objective.logHuber(1e-3)), pool);
    }
  }

  /** Threads that work together decide as one does; a warp is 32 of them. */
  @ParameterizedTest
  @CsvSource({
    "kaplan, REGISTERS, 32, 0.001",
    "chinchilla, REGISTERS, 8, 0",
    "skaling, REGISTERS, 32, 0",
    "farseer, REGISTERS, 8, 0.001",
    "farseer, BLOCKS, 32, 0"
  })
  void decisionsOfTeamsAreThoseOfTheHost(
      String name, KernelChoice choice, int team, double huberDelta) {
    Objective objective = huberDelta > 0 ? Objective.logHuber(huberDelta) : Objective.LOG_SQUARED;
    try (PlanPool pool = TestDevice.pool(choice, 32, team)) {
      decisionsAreThoseOfTheHost(problem(Laws.named(name), objective), pool);
    }
  }

  private static void decisionsAreThoseOfTheHost(SurfaceProblem problem, PlanPool pool) {
    double[][] starts = starts(problem, 200);
    for (int limit : new int[] {1, 2, 12}) {
      SolverSettings settings = SolverSettings.SEARCH.withMaxEvaluations(limit);
      Solutions expected = host(problem, settings, starts);
      Solutions actual = device(pool, problem, settings, starts);
      for (int k = 0; k < starts.length; k++) {
        assertThat(actual.status(k)).isEqualTo(expected.status(k));
        assertThat(actual.evaluations(k)).isEqualTo(expected.evaluations(k));
        assertThat(actual.iterations(k)).isEqualTo(expected.iterations(k));
        if (expected.status(k) != Status.NON_FINITE) {
          assertThat(actual.cost(k)).isCloseTo(expected.cost(k), within(1e-8 * expected.cost(k)));
          assertThat(distance(problem, expected.parameters(k), actual.parameters(k)))
              .isLessThan(1e-8);
        } else {
          assertThat(actual.cost(k)).isNaN();
        }
      }
    }
    for (SolverSettings settings : List.of(SolverSettings.SEARCH, SolverSettings.DEFAULT)) {
      Solutions expected = host(problem, settings, starts);
      Solutions actual = device(pool, problem, settings, starts);
      assertThat(same(expected, actual, settings.equals(SolverSettings.SEARCH)))
          .isGreaterThanOrEqualTo(starts.length * 95 / 100);
    }
  }

  /**
   * How far two points are apart, scaled by what parameters do to the runs, of how far they are.
   */
  private static double distance(SurfaceProblem problem, double[] from, double[] to) {
    int p = from.length;
    NormalEquations at = new NormalEquations(p, 1);
    at.setParameters(0, from);
    try (Evaluator evaluator = new ScalarEngine().evaluator(problem)) {
      evaluator.evaluate(at, 1);
    }
    double[] matrix = at.fullMatrix(0);
    double apart = 0;
    double size = 0;
    for (int j = 0; j < p; j++) {
      apart += matrix[j * (p + 1)] * (to[j] - from[j]) * (to[j] - from[j]);
      size += matrix[j * (p + 1)] * from[j] * from[j];
    }
    return Math.sqrt(apart / size);
  }

  /** How many ends agree; in their counts, too, where tolerances are above rounding. */
  private static int same(Solutions expected, Solutions actual, boolean counts) {
    int same = 0;
    for (int k = 0; k < expected.count(); k++) {
      double cost = expected.cost(k);
      boolean sameCost =
          Double.isNaN(cost)
              ? Double.isNaN(actual.cost(k))
              : Math.abs(actual.cost(k) - cost) <= 1e-8 * cost;
      boolean sameEnd =
          counts
              ? actual.status(k) == expected.status(k)
                  && actual.evaluations(k) == expected.evaluations(k)
              : actual.status(k).isConverged() == expected.status(k).isConverged();
      same += sameCost && sameEnd ? 1 : 0;
    }
    return same;
  }

  @ParameterizedTest
  @EnumSource(KernelChoice.class)
  void everyWorkGroupGivesTheSameNumbers(KernelChoice choice) {
    SurfaceProblem problem = problem(new Farseer());
    double[][] starts = starts(problem, 100);
    SolverSettings settings = SolverSettings.DEFAULT.withMaxEvaluations(12);
    Solutions expected;
    try (PlanPool pool = TestDevice.pool(choice, 64)) {
      expected = device(pool, problem, settings, starts);
    }
    for (int size : new int[] {1, 7, 16, 256, 1024}) {
      Solutions actual;
      try (PlanPool pool = TestDevice.pool(choice, size)) {
        actual = device(pool, problem, settings, starts);
      }
      for (int k = 0; k < starts.length; k++) {
        assertThat(actual.status(k)).isEqualTo(expected.status(k));
        assertThat(actual.evaluations(k)).isEqualTo(expected.evaluations(k));
        if (expected.status(k) != Status.NON_FINITE) {
          assertThat(actual.parameters(k)).containsExactly(expected.parameters(k), within(1e-8));
        }
      }
    }
  }

  /** However many threads work on a problem, and however many problems a work-group has. */
  @ParameterizedTest
  @CsvSource({"2, 2", "64, 8", "64, 64"})
  void everyTeamGivesTheSameNumbers(int groupSize, int team) {
    SurfaceProblem problem = problem(new Farseer(), Objective.logHuber(1e-3)).fixing(List.of(2));
    double[][] starts = starts(problem, 100);
    SolverSettings settings = SolverSettings.DEFAULT.withMaxEvaluations(8);
    Solutions expected;
    try (PlanPool pool = TestDevice.pool(KernelChoice.REGISTERS, 64)) {
      expected = device(pool, problem, settings, starts);
    }
    Solutions actual;
    try (PlanPool pool = TestDevice.pool(KernelChoice.REGISTERS, groupSize, team)) {
      actual = device(pool, problem, settings, starts);
    }
    for (int k = 0; k < starts.length; k++) {
      assertThat(actual.status(k)).isEqualTo(expected.status(k));
      assertThat(actual.evaluations(k)).isEqualTo(expected.evaluations(k));
      if (expected.status(k) != Status.NON_FINITE) {
        assertThat(distance(problem, expected.parameters(k), actual.parameters(k)))
            .isLessThan(1e-8);
      }
    }
  }

  /** The fewer problems there are, the more threads of a GPU work on each. */
  @ParameterizedTest
  @CsvSource({"1, 32", "1024, 32", "1025, 8", "8192, 8", "8193, 1", "1000000, 1"})
  void threadsPerProblemAreChosenByCount(int count, int team) {
    assertThat(KernelChoice.REGISTERS.team(count)).isEqualTo(team);
    assertThat(KernelChoice.BLOCKS.team(count)).isEqualTo(1);
    KernelForm form = KernelChoice.REGISTERS.sources().of(problem(new Farseer()), count).form();
    assertThat(form.team()).isEqualTo(team);
    assertThat(form.groupSize() % team).isZero();
  }

  /** Starts and answers travel once per problem, and per launch a few numbers. */
  @Test
  void littleTravels() {
    SurfaceProblem problem = problem(new Farseer());
    double[][] starts = starts(problem, 2000);
    try (PlanPool pool = pool(64)) {
      ResidentPlan plan = pool.resident(problem, starts.length);
      pool.release(plan);
      long before = plan.bytesMoved();
      Solutions solutions = device(pool, problem, SolverSettings.DEFAULT, starts);
      long steps = 0;
      for (int k = 0; k < starts.length; k++) {
        steps += solutions.evaluations(k);
      }
      double bytes = (plan.bytesMoved() - before) / (double) steps;
      assertThat(bytes).isPositive().isLessThan(6);
    }
  }

  /** Whatever the capacity, a launch carries the same few bytes. */
  @Test
  void whatALaunchCarriesDoesNotGrowWithTheCapacity() {
    SurfaceProblem problem = problem(new Farseer());
    try (PlanPool pool = pool(64)) {
      for (int capacity : new int[] {64, 1024, 16_384}) {
        ResidentPlan plan = pool.resident(problem, capacity);
        assertThat(plan.arrays().capacity).isEqualTo(capacity);
        long before = plan.bytesMoved();
        plan.advance(0, 0, 1);
        plan.pack(0, 0, 0);
        assertThat(plan.bytesMoved() - before).isEqualTo(92);
      }
    }
  }
}
