package org.farfit.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.law.Centre;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/** 10,000 starts of 100 bootstrap replicates of the farseer law, evaluated in one call. */
class MillionProblemsTest {

  private static final int STARTS = 10_000;
  private static final int REPLICATES = 100;
  private static final long FOUR_GIB = 4L << 30;

  /** The 404 real runs if they are at hand, else as many simulated ones as the paper's grid has. */
  private static RunSet runs(Law law) {
    String folder = System.getenv("FARFIT_DATA");
    Path file = Path.of(folder == null ? "" : folder, "farseer_1222_full.csv");
    return Files.exists(file)
        ? RunFile.read(file, ColumnOptions.usual()).runs()
        : Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
  }

  @Test
  void areEvaluatedWithinFourGibibytes() {
    Law law = new Farseer();
    RunSet runs = runs(law);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    SplittableRandom random = new SplittableRandom(1);
    double[][] replicates = new double[REPLICATES][runs.size()];
    for (double[] replicate : replicates) {
      for (int draw = 0; draw < runs.size(); draw++) {
        replicate[random.nextInt(runs.size())]++;
      }
    }
    SurfaceProblem problem =
        new SurfaceProblem(law, centre, runs, Objective.LOG_SQUARED, WeightTable.of(replicates));
    int p = law.parameterCount();
    int count = STARTS * REPLICATES;
    NormalEquations batch = new NormalEquations(p, count);
    SpreadStarts starts = new SpreadStarts(law.samplingBox(centre).orElseThrow(), STARTS, 1);
    double[] point = new double[p];
    for (int k = 0; k < count; k++) {
      starts.start(k / REPLICATES, point);
      batch.setParameters(k, point);
      batch.weightRow[k] = k % REPLICATES;
    }
    try (TornadoEngine engine = TestDevice.open("host");
        Evaluator evaluator = engine.evaluator(problem, count)) {
      evaluator.evaluate(batch, count);
      assertThat(engine.deviceBytes()).isPositive().isLessThan(FOUR_GIB);
    }
    NormalEquations one = new NormalEquations(p, 1);
    try (Evaluator scalar = new ScalarEngine().evaluator(problem)) {
      for (int check = 0; check < 300; check++) {
        int k = random.nextInt(count);
        batch.getParameters(k, point);
        one.setParameters(0, point);
        one.weightRow[0] = batch.weightRow[k];
        scalar.evaluate(one, 1);
        assertThat(batch.cost[k]).isCloseTo(one.cost[0], within(1e-11 * one.cost[0]));
      }
    }
  }
}
