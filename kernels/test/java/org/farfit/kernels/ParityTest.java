package org.farfit.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.LossTable;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The device against the scalar engine: a thousand random problems with random weights per law. */
class ParityTest {

  private static final int PROBLEMS = 1000;

  private static final Map<KernelChoice, TornadoEngine> ENGINES = new EnumMap<>(KernelChoice.class);

  @BeforeAll
  static void open() {
    for (KernelChoice choice : KernelChoice.values()) {
      ENGINES.put(choice, TestDevice.open(choice, 64));
    }
  }

  @AfterAll
  static void close() {
    ENGINES.values().forEach(TornadoEngine::close);
  }

  static Stream<Arguments> cases() {
    List<Objective> objectives =
        List.of(
            Objective.LOG_SQUARED,
            Objective.logHuber(1e-2),
            new Objective(Objective.Residual.LINEAR, 5e-2));
    return Laws.all().stream()
        .flatMap(law ->
            objectives.stream()
                .flatMap(objective ->
                    Stream.of(KernelChoice.values())
                        .map(choice -> Arguments.of(law, objective, choice))));
  }

  /** Multiplicities as of a bootstrap, and weights that are all different. */
  private static WeightTable weights(int runs, SplittableRandom random) {
    return WeightTable.of(
        random.ints(runs, 0, 4).asDoubleStream().toArray(),
        random.ints(runs, 0, 3).asDoubleStream().toArray(),
        random.doubles(runs, 0, 2).toArray());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void costGradientAndMatrixAgree(Law law, Objective objective, KernelChoice choice) {
    SplittableRandom random = new SplittableRandom(11);
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 0.02, 1);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    SurfaceProblem problem =
        new SurfaceProblem(law, centre, runs, objective, weights(runs.size(), random));
    agrees(problem, random, ENGINES.get(choice));
    double[][] losses = new double[3][];
    for (int row = 0; row < 3; row++) {
      losses[row] = Simulation.runs(law, law.example(), DesignGrid.paper(), 0.02, 2 + row).loss();
    }
    agrees(problem.withLosses(LossTable.of(losses)), random, ENGINES.get(choice));
  }

  private static void agrees(
      SurfaceProblem problem, SplittableRandom random, TornadoEngine engine) {
    Law law = problem.law();
    int p = law.parameterCount();
    NormalEquations expected = new NormalEquations(p, PROBLEMS);
    NormalEquations actual = new NormalEquations(p, PROBLEMS);
    double[] point = new double[p];
    for (int k = 0; k < PROBLEMS; k++) {
      law.samplingBox(problem.centre()).orElseThrow().at(random.doubles(p).toArray(), point);
      for (NormalEquations batch : List.of(expected, actual)) {
        batch.setParameters(k, point);
        batch.weightRow[k] = k % 3;
      }
    }
    // One problem that cannot be evaluated must stay alone.
    actual.parameters[5] = Double.NaN;
    expected.parameters[5] = Double.NaN;
    try (Evaluator scalar = new ScalarEngine().evaluator(problem);
        Evaluator device = engine.evaluator(problem)) {
      scalar.evaluate(expected, PROBLEMS);
      device.evaluate(actual, PROBLEMS);
    }
    for (int k = 0; k < PROBLEMS; k++) {
      assertThat(actual.isFinite(k)).isEqualTo(expected.isFinite(k));
      if (expected.isFinite(k)) {
        compare(expected, actual, k);
      }
    }
    assertThat(actual.isFinite(5)).isFalse();
  }

  private static void compare(NormalEquations expected, NormalEquations actual, int k) {
    int p = expected.parameterCount();
    double[] matrix = expected.fullMatrix(k);
    double[] found = actual.fullMatrix(k);
    assertThat(actual.cost[k])
        .isCloseTo(expected.cost[k], within(1e-11 * Math.abs(expected.cost[k])));
    for (int i = 0; i < p; i++) {
      int at = i * expected.capacity() + k;
      double scale = Math.sqrt(2 * expected.cost[k] * matrix[i * p + i]);
      assertThat(actual.gradient[at]).isCloseTo(expected.gradient[at], within(1e-11 * scale));
      for (int j = 0; j < p; j++) {
        double size = Math.sqrt(matrix[i * p + i] * matrix[j * p + j]);
        assertThat(found[i * p + j]).isCloseTo(matrix[i * p + j], within(1e-11 * size));
      }
    }
  }
}
