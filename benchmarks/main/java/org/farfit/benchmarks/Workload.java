package org.farfit.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.StartingPoints;

/**
 * What every benchmark works on: the 404 real runs where {@code FARFIT_DATA} names them, else 345
 * simulated ones; weight 1 for every run, or ten seeded bootstrap weightings in turn; seeded starts
 * over the law's box.
 */
public final class Workload {

  private static final int REPLICATES = 10;

  private final Law law;
  private final Centre centre;
  private final SurfaceProblem problem;
  private final RunSet runs;

  /** The workload of a law in which every run has weight 1. */
  public Workload(String lawName) {
    this(lawName, false);
  }

  /** The workload of a law, with bootstrap weightings or without. */
  public Workload(String lawName, boolean bootstrap) {
    this(lawName, bootstrap, runs());
  }

  /** The workload of a law on simulated runs, the same on every machine. */
  static Workload simulated(String lawName) {
    return new Workload(lawName, false, simulatedRuns());
  }

  private Workload(String lawName, boolean bootstrap, RunSet runs) {
    this.law = Laws.named(lawName);
    this.runs = runs;
    centre = Centre.of(runs.n(), runs.d(), runs.loss());
    WeightTable weights =
        bootstrap
            ? WeightTable.of(replicates(REPLICATES, runs.size()))
            : WeightTable.of(runs.weight());
    problem = new SurfaceProblem(law, centre, runs, Objective.LOG_SQUARED, weights);
  }

  /** Bootstrap weightings: how often each run is drawn. */
  static double[][] replicates(int count, int runs) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] replicates = new double[count][runs];
    for (double[] replicate : replicates) {
      for (int draw = 0; draw < runs; draw++) {
        replicate[random.nextInt(runs)]++;
      }
    }
    return replicates;
  }

  /** The same start for each of many weightings. */
  static StartingPoints warmStarts(double[] start, int weightings) {
    return StartingPoints.forRows(start, weightings);
  }

  static RunSet runs() {
    String folder = System.getenv("FARFIT_DATA");
    Path file = Path.of(folder == null ? "" : folder, "farseer_1222_full.csv");
    if (Files.exists(file)) {
      return RunFile.read(file, ColumnOptions.usual()).runs();
    }
    return simulatedRuns();
  }

  private static RunSet simulatedRuns() {
    Law farseer = Laws.named("farseer");
    return Simulation.runs(farseer, farseer.example(), DesignGrid.paper(), 2e-3, 1);
  }

  /** The 240 Epoch runs where {@code FARFIT_DATA} names them, else simulated ones. */
  static RunSet epochRuns() {
    String folder = System.getenv("FARFIT_DATA");
    Path file = Path.of(folder == null ? "" : folder, "chinchilla_svg_extracted.csv");
    Law chinchilla = Laws.named("chinchilla");
    return Files.exists(file)
        ? RunFile.read(
                file,
                ColumnOptions.usual()
                    .computeColumns("Model Size", "Training FLOP", "loss")
                    .where("loss < 3.44"))
            .runs()
        : Simulation.runs(chinchilla, chinchilla.example(), DesignGrid.paper(), 4e-3, 2);
  }

  /** The runs. */
  RunSet runSet() {
    return runs;
  }

  /** The problem that all starts share. */
  public SurfaceProblem problem() {
    return problem;
  }

  /** Starts spread over the law's box. */
  public SpreadStarts starts(int count) {
    return new SpreadStarts(law.samplingBox(centre).orElseThrow(), count, 1);
  }

  /** A batch at the starts, weightings in turn. */
  public NormalEquations batch(int count) {
    NormalEquations batch = new NormalEquations(law.parameterCount(), count);
    SpreadStarts starts = starts(count);
    double[] point = new double[law.parameterCount()];
    for (int k = 0; k < count; k++) {
      starts.start(k, point);
      batch.setParameters(k, point);
      batch.weightRow[k] = k % problem.weights().rows();
    }
    return batch;
  }

  /**
   * Checks a batch against the costs of another.
   *
   * @throws IllegalStateException if one differs by more than rounding
   */
  public static void check(NormalEquations actual, NormalEquations expected, int count) {
    for (int k = 0; k < count; k++) {
      double difference = Math.abs(actual.cost[k] - expected.cost[k]);
      if (!(difference <= 1e-10 * expected.cost[k])) {
        throw new IllegalStateException(
            "problem %d: cost %s, expected %s".formatted(k, actual.cost[k], expected.cost[k]));
      }
    }
  }
}
