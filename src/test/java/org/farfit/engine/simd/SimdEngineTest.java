package org.farfit.engine.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.EngineContract;
import org.farfit.engine.EngineUnavailableException;
import org.farfit.engine.Engines;
import org.farfit.engine.Evaluator;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.engine.code.FormulaEvaluator;
import org.farfit.engine.code.FormulaKernel;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.junit.jupiter.api.Test;

/** The SIMD engine: the contract of all engines, and its own exponential. */
class SimdEngineTest extends EngineContract {

  private final Engine simd = new SimdEngineProvider().open("");

  @Override
  protected Engine engine() {
    return simd;
  }

  /**
   * Farseer's derivatives by cA and mA are differences, ln D0 times as large, that may cancel; in
   * the plain engine they are as uncertain.
   */
  @Override
  protected double tolerance(Law law) {
    return law.name().startsWith("farseer") ? 2e-11 : 1e-12;
  }

  @Override
  protected int lanes() {
    return VectorMath.LANES;
  }

  @Test
  void exponentialIsTheLibrarysToARoundingOrTwo() {
    double[] x = new double[VectorMath.LANES];
    double[] out = new double[VectorMath.LANES];
    SplittableRandom random = new SplittableRandom(12);
    for (int trial = 0; trial < 20_000; trial++) {
      x[0] = random.nextDouble(-707, 709);
      VectorMath.exp(1, x, out);
      assertThat(out[0]).isCloseTo(Math.exp(x[0]), within(6e-16 * Math.exp(x[0])));
    }
    double[] specials = {0, -0.0, 1000, -1000, Double.NaN, -1e300, Double.POSITIVE_INFINITY};
    double[] expected = {
      1, 1, Double.POSITIVE_INFINITY, 0, Double.NaN, 0, Double.POSITIVE_INFINITY
    };
    for (int i = 0; i < specials.length; i++) {
      x[0] = specials[i];
      VectorMath.exp(1, x, out);
      assertThat(Double.compare(out[0], expected[i])).as("e^%s", specials[i]).isZero();
    }
  }

  /** Bit for bit, whatever the other lanes have: a problem's digits are its own. */
  @Test
  void logarithmsDoNotDependOnTheirNeighbours() {
    int lanes = VectorMath.LANES;
    double[] unusual = {0, -1, 1e-310, Double.NaN, Double.POSITIVE_INFINITY};
    SplittableRandom random = new SplittableRandom(13);
    for (int trial = 0; trial < 2_000; trial++) {
      double[] own = new double[2 * lanes];
      for (int lane = 0; lane < lanes; lane++) {
        own[lane] = Math.exp(random.nextDouble(-30, 30));
      }
      double[] beside = own.clone();
      VectorFunctions.ln(own, 0, lanes, 1);
      int at = trial % lanes;
      beside[at] = unusual[trial % unusual.length];
      VectorFunctions.ln(beside, 0, lanes, 1);
      for (int lane = 0; lane < lanes; lane++) {
        double expected = lane == at ? Math.log(beside[at]) : own[lanes + lane];
        assertThat(Double.compare(beside[lanes + lane], expected)).isZero();
      }
    }
  }

  /** Terms beyond e^340 are the plain engine's, and what is beside them does not change. */
  @Test
  void termsTooFarOffToBeAddedAreThePlainEngines() {
    Law law = Laws.named("chinchilla");
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
    SurfaceProblem problem =
        new SurfaceProblem(
            law, Centre.of(runs.n(), runs.d(), runs.loss()), runs, Objective.logHuber(1e-3));
    double[][] points = {
      {0.6, -0.6, -0.6, 0.3, 0.3}, {0.6, 0, 0, 250, 0.3}, {0.5, -0.5, -0.7, 0.4, 0.2},
      {0.6, 0, 800, 0.3, 0.3}, {-900, -400, -350, 0.3, 0.3}, {0.6, 0, 0, 0.3, -300}
    };
    NormalEquations batch = new NormalEquations(5, points.length);
    for (int k = 0; k < points.length; k++) {
      batch.setParameters(k, points[k]);
    }
    try (Evaluator evaluator = simd.evaluator(problem)) {
      evaluator.evaluate(batch, points.length);
    }
    for (int k = 0; k < points.length; k++) {
      boolean isFar = k % 2 == 1 || k == 4;
      NormalEquations alone = new NormalEquations(5, 1);
      alone.setParameters(0, points[k]);
      try (Evaluator evaluator = (isFar ? new ScalarEngine() : simd).evaluator(problem)) {
        evaluator.evaluate(alone, 1);
      }
      assertThat(alone.isFinite(0)).isTrue();
      assertThat(batch.cost[k]).isEqualTo(alone.cost[0]);
      assertThat(batch.fullMatrix(k)).isEqualTo(alone.fullMatrix(0));
    }
  }

  /** A law by hand without a kernel by hand is not the plain engine's. */
  @Test
  void generatedCodeEvaluatesWhatHasNoKernelOfItsOwn() {
    Law law = Laws.named("kaplan");
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
    SurfaceProblem problem =
        new SurfaceProblem(law, SurfaceProblem.centre(runs), runs, Objective.LOG_SQUARED);
    try (Evaluator evaluator = simd.dataEvaluator(problem)) {
      assertThat(evaluator).isInstanceOf(FormulaEvaluator.class);
    }
  }

  /** The same words read anew, for other runs of as many sizes, mean no further class. */
  @Test
  void aFormulaIsCompiledOncePerProcess() {
    Law truth = Laws.named("chinchilla");
    List<FormulaProblem> problems = new ArrayList<>();
    for (int seed = 1; seed <= 2; seed++) {
      RunSet runs = Simulation.runs(truth, truth.example(), DesignGrid.paper(), 2e-3, seed);
      Law law = StatedLaw.parse("E + A*N^-a + B*D^-b + 0*A").over(runs);
      SurfaceProblem problem =
          new SurfaceProblem(law, SurfaceProblem.centre(runs), runs, Objective.LOG_SQUARED);
      problems.add(problem.formula().orElseThrow());
    }
    assertThat(problems.get(1).derivation()).isSameAs(problems.get(0).derivation());
    FormulaKernel first = new VectorSums().kernel(problems.get(0).schedules().getFirst());
    FormulaKernel second = new VectorSums().kernel(problems.get(1).schedules().getFirst());
    assertThat(second).isSameAs(first);
    assertThat(first.getClass().isHidden()).isTrue();
  }

  private static SurfaceProblem farseer(int runs, int sizes) {
    Law law = Laws.named("farseer");
    SplittableRandom random = new SplittableRandom(3);
    double[] size = random.doubles(sizes, 18, 23).map(Math::exp).toArray();
    double[] n = IntStream.range(0, runs).mapToDouble(i -> size[i % sizes]).toArray();
    double[] d = random.doubles(runs, 21, 26).map(Math::exp).toArray();
    double[] loss = random.doubles(runs, 2, 3).toArray();
    return new SurfaceProblem(
        law, Centre.of(n, d, loss), new RunSet(n, d, loss), Objective.LOG_SQUARED);
  }

  /** Bit for bit what each weighting is by itself, whatever was in its lane before. */
  @Test
  void runsThatAreNotDrawnAreLeftOut() {
    Law law = Laws.named("chinchilla");
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
    SplittableRandom random = new SplittableRandom(4);
    int rows = 3 * VectorMath.LANES;
    double[][] drawn = new double[rows][runs.size()];
    for (int row = 1; row < rows; row++) {
      for (int draw = 0; draw < 1 + row * runs.size() / rows; draw++) {
        drawn[row][random.nextInt(runs.size())]++;
      }
    }
    Objective linear = new Objective(Objective.Residual.LINEAR, 1e-2);
    for (Objective objective : List.of(Objective.LOG_SQUARED, Objective.logHuber(1e-3), linear)) {
      SurfaceProblem problem =
          new SurfaceProblem(
              law,
              Centre.of(runs.n(), runs.d(), runs.loss()),
              runs,
              objective,
              WeightTable.of(drawn));
      double[] point = random.doubles(5, -0.4, 0.4).toArray();
      try (Evaluator evaluator = simd.evaluator(problem);
          Evaluator alone = simd.evaluator(problem)) {
        NormalEquations one = new NormalEquations(5, 1);
        NormalEquations batch = new NormalEquations(5, VectorMath.LANES);
        for (int round = 0; round < 20; round++) {
          for (int k = 0; k < VectorMath.LANES; k++) {
            batch.weightRow[k] = random.nextInt(rows);
            batch.setParameters(k, point);
          }
          evaluator.evaluate(batch, VectorMath.LANES);
          for (int k = 0; k < VectorMath.LANES; k++) {
            one.weightRow[0] = batch.weightRow[k];
            one.setParameters(0, point);
            alone.evaluate(one, 1);
            assertThat(batch.cost[k]).isEqualTo(one.cost[0]);
            assertThat(batch.fullMatrix(k)).containsExactly(one.fullMatrix(0));
          }
        }
      }
    }
  }

  /** Sizes in several chunks and a rest add up to what they do together. */
  @Test
  void farseersChunksOfSizesAddUp() {
    SurfaceProblem alone = farseer(210, 100);
    double[] sizes = IntStream.range(0, 210).mapToDouble(i -> i % 100).toArray();
    for (SurfaceProblem problem : List.of(alone, alone.sharing(0.5, sizes))) {
      int count = VectorMath.LANES + 1;
      NormalEquations found = new NormalEquations(9, count);
      NormalEquations expected = new NormalEquations(9, count);
      SplittableRandom random = new SplittableRandom(5);
      for (int k = 0; k < count; k++) {
        double[] point = random.doubles(9, -0.4, 0.4).toArray();
        found.setParameters(k, point);
        expected.setParameters(k, point);
      }
      try (Evaluator evaluator = simd.evaluator(problem);
          Evaluator plain = new ScalarEngine().evaluator(problem)) {
        evaluator.evaluate(found, count);
        plain.evaluate(expected, count);
      }
      for (int k = 0; k < count; k++) {
        double[] matrix = expected.fullMatrix(k);
        double largest = Arrays.stream(matrix).map(Math::abs).max().orElseThrow();
        assertThat(found.cost[k]).isCloseTo(expected.cost[k], within(1e-11 * expected.cost[k]));
        assertThat(found.fullMatrix(k)).containsExactly(matrix, within(1e-11 * largest));
      }
    }
  }

  /** What is kept of sizes would fall out of the cache: two kilobytes each. */
  @Test
  void farseersMemoryDoesNotGrowWithSizes() {
    SurfaceProblem problem = farseer(20_000, 20_000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    FarseerKernel kernel = new FarseerKernel(problem);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(kernel).isNotNull();
    assertThat(allocated).isLessThan(1_000_000);
  }

  @Test
  void autoPrefersItAndItNamesItsVectors() {
    assertThat(Engines.open("auto").name()).isEqualTo("simd");
    assertThat(simd.device()).contains("vectors of " + VectorMath.LANES + " doubles");
    assertThatThrownBy(() -> Engines.open("simd:0"))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("no devices to choose from");
  }
}
