package org.farfit.benchmarks;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.farfit.data.ColumnOptions;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.law.Centre;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The short set that {@link HotPathCheck} compares with its table: what fits spend their time in,
 * on one thread, on simulated runs, so that it measures the same everywhere; and two loops without
 * Farfit, which say how fast the machine is just now.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class HotPaths {

  private static final int PROBLEMS = 64;

  private static final String HEADER = "N,D,loss\n";

  /** The loop that all else is divided by: exponentials and multiply-adds of plain Java. */
  @State(Scope.Benchmark)
  public static class Loop {

    private final double[] values = new SplittableRandom(1).doubles(4096, -1, 1).toArray();
  }

  /** Normal equations of a batch of problems. */
  @State(Scope.Benchmark)
  public static class Batch {

    /** An engine and a law; {@code formula} is chinchilla's, as text. */
    @Param({
      "simd kaplan",
      "simd chinchilla",
      "simd skaling",
      "simd farseer",
      "simd formula",
      "scalar farseer"
    })
    String work;

    private Engine engine;
    private Evaluator evaluator;
    private NormalEquations equations;

    /** Opens the engine. */
    @Setup
    public void open() {
      String law = work.substring(work.indexOf(' ') + 1);
      boolean isFormula = law.equals("formula");
      Workload workload = Workload.simulated(isFormula ? "chinchilla" : law);
      SurfaceProblem problem = isFormula ? formula(workload.runSet()) : workload.problem();
      equations = isFormula ? atOnes(problem) : workload.batch(PROBLEMS);
      engine = Engines.open(work.substring(0, work.indexOf(' ')));
      evaluator = engine.evaluator(problem);
    }

    private static SurfaceProblem formula(RunSet runs) {
      Model model = Model.of(LawText.formula("E + A*N^-alpha + B*D^-beta"));
      return new SurfaceProblem(
          FormulaLaw.of(model, true, runs),
          Centre.of(runs.n(), runs.d(), runs.loss()),
          runs,
          Objective.LOG_SQUARED,
          WeightTable.of(runs.weight()));
    }

    private static NormalEquations atOnes(SurfaceProblem problem) {
      int p = problem.law().parameterCount();
      NormalEquations batch = new NormalEquations(p, PROBLEMS);
      SplittableRandom random = new SplittableRandom(1);
      for (int k = 0; k < PROBLEMS; k++) {
        batch.setParameters(k, random.doubles(p, 0.1, 0.5).toArray());
      }
      return batch;
    }

    /** Closes it. */
    @TearDown
    public void close() {
      evaluator.close();
      engine.close();
    }
  }

  /** Fits of farseer from broad starts. */
  @State(Scope.Benchmark)
  public static class Fits {

    private Engine engine;
    private Workload workload;

    /** Opens the engine. */
    @Setup
    public void open() {
      workload = Workload.simulated("farseer");
      engine = Engines.open("simd");
    }

    /** Closes it. */
    @TearDown
    public void close() {
      engine.close();
    }
  }

  /** A file of runs in memory. */
  @State(Scope.Benchmark)
  public static class Table {

    private static final int ROWS = 20_000;

    private byte[] bytes;

    /** Writes it. */
    @Setup
    public void write() {
      SplittableRandom random = new SplittableRandom(1);
      StringBuilder text = new StringBuilder(HEADER);
      for (int i = 0; i < ROWS; i++) {
        text.append(1e8 * (1 + random.nextDouble())).append(',');
        text.append(1e10 * (1 + random.nextDouble())).append(',');
        text.append(2 + random.nextDouble()).append('\n');
      }
      bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The calibration. */
  @Benchmark
  public double loop(Loop loop) {
    double sum = 0;
    for (double value : loop.values) {
      sum = Math.fma(sum, 0.5, Math.exp(value));
    }
    return sum;
  }

  /** One evaluation of every problem. */
  @Benchmark
  public NormalEquations evaluate(Batch batch) {
    batch.evaluator.evaluate(batch.equations, PROBLEMS);
    return batch.equations;
  }

  /** Every start to its end. */
  @Benchmark
  public Solutions fit(Fits fits) {
    return new BatchSolver(SolverSettings.DEFAULT, 1, ProgressListener.NONE)
        .solve(fits.engine, fits.workload.problem(), fits.workload.starts(PROBLEMS));
  }

  /**
   * The calibration of what reads text: the same bytes hashed, cut into cells and made numbers by
   * the JDK alone. How fast a machine is at that and at arithmetic does not go together.
   */
  @Benchmark
  public double parse(Table table) throws NoSuchAlgorithmException {
    byte[] bytes = table.bytes;
    double sum = MessageDigest.getInstance("SHA-256").digest(bytes)[0];
    int from = HEADER.length();
    for (int at = from; at < bytes.length; at++) {
      if (bytes[at] == ',' || bytes[at] == '\n') {
        sum += Double.parseDouble(new String(bytes, from, at - from, StandardCharsets.US_ASCII));
        from = at + 1;
      }
    }
    return sum;
  }

  /** A table with its numbers. */
  @Benchmark
  public RunFile read(Table table) {
    return RunFile.parse("runs.csv", table.bytes, ColumnOptions.usual());
  }
}
