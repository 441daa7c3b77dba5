package org.farfit.kernels;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.farfit.analysis.CostScan;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.law.SamplingBox;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.farfit.solver.Status;

/** The parts of a device check: each does the same on the device and on the host. */
final class DeviceTrial implements AutoCloseable {

  /** Problems per law whose normal equations are compared. */
  private static final int PARITY = 1000;

  private static final int STARTS = 16_384;
  private static final int REPLICATES = 100_000;
  private static final double POINTS = 1e7;
  private static final int[] EVALUATIONS = {200, 10_000, 1_000_000};

  /** Of large sizes the host does this many, which are compared and give its rate. */
  private static final int ON_HOST = 500;

  /** How long the host is timed, at least. */
  private static final double HOST_SECONDS = 1;

  /** How long launches are repeated before fits are timed. */
  private static final double WARM_SECONDS = 3;

  /** How often they are repeated at least: kernels are compiled in the first of them. */
  private static final int WARM_TURNS = 50;

  /** How often fits are timed; the least counts, since what else a machine does only adds. */
  private static final int TURNS = 5;

  /** Differences of sums of the same numbers in another order. */
  private static final double SUMS = 1e-11;

  /** Costs of fits that end by the tolerances of a search. */
  private static final double SEARCHED = 1e-6;

  /** Share of broad starts that rounding may send another way, as between engines of the host. */
  private static final double ELSEWHERE = 0.05;

  private final TornadoDevices.Found found;
  private final RunSet runs;
  private final double scale;
  private final Law law = Laws.richest();
  private final TornadoEngine plain;
  private final ResidentEngine resident;
  private final Engine host = Engines.open("auto");
  private final int threads = Runtime.getRuntime().availableProcessors();
  private final Consumer<DeviceFinding> tell;

  /**
   * A trial.
   *
   * @param pool plans of the device
   * @param scale share of the sizes
   * @param tell is told of each finding
   */
  DeviceTrial(
      TornadoDevices.Found found,
      PlanPool pool,
      RunSet runs,
      double scale,
      Consumer<DeviceFinding> tell) {
    this.found = found;
    this.runs = runs;
    this.scale = scale;
    this.tell = tell;
    this.plain = new TornadoEngine(found, pool);
    this.resident = new ResidentEngine(found, pool);
  }

  private int sized(double count) {
    return sized(count, scale);
  }

  private static int sized(double count, double scale) {
    return (int) Math.max(PlanPool.SMALLEST_CAPACITY, count * scale);
  }

  /** Numbers of problems that are evaluated, here and by JMH. */
  static int[] evaluations(double scale) {
    return Arrays.stream(EVALUATIONS).map(count -> sized(count, scale)).distinct().toArray();
  }

  /** Runs everything. */
  void run() {
    for (Law each : Laws.all()) {
      for (Objective objective : List.of(Objective.LOG_SQUARED, Objective.logHuber(1e-2))) {
        tell.accept(parity(each, objective));
      }
    }
    for (int count : evaluations(scale)) {
      tell.accept(ofEvaluation(count));
    }
    tell.accept(fits());
    LawFit fit = new GlobalFit(host, FitOptions.DEFAULT.withStarts(64, 1)).fit(law, runs);
    tell.accept(bootstrap(fit));
    tell.accept(scan(fit));
  }

  private SurfaceProblem problem(Law of, Objective objective) {
    return new SurfaceProblem(of, Centre.of(runs.n(), runs.d(), runs.loss()), runs, objective);
  }

  private static NormalEquations batch(SurfaceProblem problem, int count) {
    int p = problem.law().parameterCount();
    SplittableRandom random = new SplittableRandom(5);
    NormalEquations batch = new NormalEquations(p, count);
    double[] point = new double[p];
    for (int k = 0; k < count; k++) {
      problem
          .law()
          .samplingBox(problem.centre())
          .orElseThrow()
          .at(random.doubles(p).toArray(), point);
      batch.setParameters(k, point);
    }
    return batch;
  }

  private static double seconds(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  /** The least of several, over a time in which code is compiled. */
  private static double best(Runnable work) {
    double least = Double.POSITIVE_INFINITY;
    for (double passed = 0; passed < HOST_SECONDS; ) {
      double once = seconds(work);
      least = Math.min(least, once);
      passed += once;
    }
    return least;
  }

  /** The largest difference of cost, gradient and matrix, relative to their scales. */
  private static double difference(NormalEquations expected, NormalEquations actual, int count) {
    int p = expected.parameterCount();
    double worst = 0;
    for (int k = 0; k < count; k++) {
      if (expected.isFinite(k) != actual.isFinite(k)) {
        return Double.POSITIVE_INFINITY;
      }
      if (!expected.isFinite(k)) {
        continue;
      }
      double cost = expected.cost[k];
      worst = Math.max(worst, Math.abs(actual.cost[k] - cost) / cost);
      double[] matrix = expected.fullMatrix(k);
      double[] other = actual.fullMatrix(k);
      for (int i = 0; i < p; i++) {
        double own = matrix[i * p + i];
        double gradient =
            actual.gradient[i * actual.capacity() + k]
                - expected.gradient[i * expected.capacity() + k];
        worst = larger(worst, Math.abs(gradient), Math.sqrt(2 * cost * own));
        for (int j = 0; j <= i; j++) {
          double off = Math.abs(other[i * p + j] - matrix[i * p + j]);
          worst = larger(worst, off, Math.sqrt(own * matrix[j * p + j]));
        }
      }
    }
    return worst;
  }

  private static double larger(double worst, double off, double scale) {
    return off == 0 ? worst : Math.max(worst, off / Math.max(scale, Double.MIN_NORMAL));
  }

  /** Normal equations of random problems. */
  DeviceFinding parity(Law of, Objective objective) {
    SurfaceProblem problem = problem(of, objective);
    NormalEquations expected = batch(problem, PARITY);
    NormalEquations actual = batch(problem, PARITY);
    try (Evaluator scalar = new ScalarEngine().evaluator(problem);
        Evaluator device = plain.evaluator(problem)) {
      scalar.evaluate(expected, PARITY);
      device.evaluate(actual, PARITY);
    }
    String what =
        "normal equations of %s, %s"
            .formatted(of.name(), objective.isSquared() ? "squared" : "Huber");
    return DeviceFinding.of(what, PARITY, difference(expected, actual, PARITY), SUMS);
  }

  private DeviceFinding ofEvaluation(int count) {
    SurfaceProblem problem = problem(law, Objective.LOG_SQUARED);
    NormalEquations actual = batch(problem, count);
    NormalEquations expected = batch(problem, Math.min(count, ON_HOST));
    double seconds;
    double hostSeconds;
    try (Evaluator evaluator = host.evaluator(problem);
        Evaluator device = plain.evaluator(problem, count)) {
      device.evaluate(actual, count);
      seconds = seconds(() -> device.evaluate(actual, count));
      hostSeconds = best(() -> evaluator.evaluate(expected, expected.capacity()));
    }
    double hostRate = expected.capacity() * host.concurrency(threads) / hostSeconds;
    double difference = difference(expected, actual, expected.capacity());
    return new DeviceFinding(
        "evaluation, results to the host",
        count,
        difference,
        SUMS,
        seconds,
        count,
        hostRate,
        0,
        0,
        0);
  }

  private Solutions solve(Engine engine, SurfaceProblem problem, StartingPoints starts) {
    return new BatchSolver(SolverSettings.SEARCH, threads, ProgressListener.NONE)
        .solve(engine, problem, starts);
  }

  private static long steps(Solutions solutions) {
    long steps = 0;
    for (int k = 0; k < solutions.count(); k++) {
      steps += solutions.evaluations(k);
    }
    return steps;
  }

  /** Fits from broad starts; those that the host makes, too, must end alike, all but a few. */
  private DeviceFinding fits() {
    SurfaceProblem problem = problem(law, Objective.LOG_SQUARED);
    int count = sized(STARTS);
    SamplingBox box = law.samplingBox(problem.centre()).orElseThrow();
    SpreadStarts starts = new SpreadStarts(box, count, 1);
    double withoutPause = hostNanosOfOneStep(problem, new SpreadStarts(box, STARTS, 1));
    Solutions[] device = new Solutions[1];
    double seconds = Double.POSITIVE_INFINITY;
    double nanos = Double.POSITIVE_INFINITY;
    for (int turn = 0; turn < TURNS; turn++) {
      double[] turnSeconds = new double[1];
      double of =
          hostNanos(
              () -> turnSeconds[0] = seconds(() -> device[0] = solve(resident, problem, starts)));
      seconds = Math.min(seconds, turnSeconds[0]);
      nanos = Math.min(nanos, of);
    }
    double[][] few = new double[Math.min(count, ON_HOST)][law.parameterCount()];
    for (int k = 0; k < few.length; k++) {
      starts.start(k, few[k]);
    }
    Solutions[] onHost = new Solutions[1];
    double hostSeconds = best(() -> onHost[0] = solve(host, problem, StartingPoints.of(few)));
    long steps = steps(device[0]);
    return new DeviceFinding(
        "fits from broad starts, share that ends elsewhere",
        count,
        shareElsewhere(onHost[0], device[0]),
        ELSEWHERE,
        seconds,
        steps,
        steps(onHost[0]) / hostSeconds,
        DeviceModel.stepsPerSecond(found, runs.size(), count),
        nanos / steps,
        withoutPause / STARTS / (steps / (double) count));
  }

  /** Processor time of this thread. */
  private static double hostNanos(Runnable work) {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long before = clock.getCurrentThreadCpuTime();
    work.run();
    return clock.getCurrentThreadCpuTime() - before;
  }

  /**
   * What the host does for problems that end after a step, the least of many times: the same calls,
   * letters and answers as for whole fits, but without the seconds in which caches and pages of a
   * machine go to others. Most of it is TornadoVM's, whose code the JVM compiles after many
   * launches.
   */
  private double hostNanosOfOneStep(SurfaceProblem problem, StartingPoints starts) {
    BatchSolver once =
        new BatchSolver(SolverSettings.SEARCH.withMaxEvaluations(1), 1, ProgressListener.NONE);
    double least = Double.POSITIVE_INFINITY;
    long begin = System.nanoTime();
    for (int turn = 0;
        turn < WARM_TURNS || System.nanoTime() - begin < WARM_SECONDS * 1e9;
        turn++) {
      least = Math.min(least, hostNanos(() -> once.solve(resident, problem, starts)));
    }
    return least;
  }

  private static double shareElsewhere(Solutions expected, Solutions actual) {
    int elsewhere = 0;
    for (int k = 0; k < expected.count(); k++) {
      boolean same =
          expected.status(k).isConverged() == actual.status(k).isConverged()
              && (expected.status(k) == Status.NON_FINITE
                  || Math.abs(actual.cost(k) - expected.cost(k)) <= SEARCHED * expected.cost(k));
      elsewhere += same ? 0 : 1;
    }
    return elsewhere / (double) expected.count();
  }

  private Replicates bootstrap(Engine engine, LawFit fit, int replicates) {
    BootstrapOptions options = BootstrapOptions.pairs(replicates, 1);
    return new Bootstrap(engine, options, ProgressListener.NONE).run(fit, runs);
  }

  /** Replicates by the same draws: their medians must be the same. */
  private DeviceFinding bootstrap(LawFit fit) {
    int count = sized(REPLICATES);
    bootstrap(resident, fit, Math.min(count, ON_HOST));
    Replicates[] device = new Replicates[1];
    double seconds = seconds(() -> device[0] = bootstrap(resident, fit, count));
    Replicates onHost = bootstrap(host, fit, Math.min(count, ON_HOST));
    double[] differences = new double[onHost.count()];
    for (int b = 0; b < differences.length; b++) {
      double[] expected = onHost.centred(b);
      double[] actual = device[0].centred(b);
      for (int j = 0; j < expected.length; j++) {
        double off = Math.abs(actual[j] - expected[j]) / Math.max(1, Math.abs(expected[j]));
        differences[b] = Math.max(differences[b], off);
      }
    }
    Arrays.sort(differences);
    // A replicate that is hardly determined may end elsewhere along its valley.
    double most = differences[(int) (0.95 * (differences.length - 1))];
    return new DeviceFinding(
        "bootstrap, replicates per second", count, most, 1e-3, seconds, count, 0, 0, 0, 0);
  }

  private DeviceFinding scan(LawFit fit) {
    int side = (int) Math.max(8, Math.sqrt(POINTS * scale));
    List<CostScan.Axis> axes =
        List.of(
            new CostScan.Axis("alpha", -0.1, 0.3, side),
            new CostScan.Axis("beta", -0.2, 0.0, side));
    CostScan.Result[] device = new CostScan.Result[1];
    double seconds =
        seconds(() ->
            device[0] =
                new CostScan(resident, FitOptions.DEFAULT, ProgressListener.NONE)
                    .run(fit, runs, axes, false, List.of()));
    SurfaceProblem problem = problem(law, Objective.LOG_SQUARED);
    int every = Math.max(1, device[0].cost().length / ON_HOST);
    NormalEquations one = new NormalEquations(law.parameterCount(), 1);
    double worst = 0;
    try (Evaluator scalar = new ScalarEngine().evaluator(problem)) {
      for (int point = 0; point < device[0].cost().length; point += every) {
        one.setParameters(0, device[0].parameters().get(point));
        scalar.evaluate(one, 1);
        worst = larger(worst, Math.abs(device[0].cost()[point] - one.cost[0]), one.cost[0]);
      }
    }
    return new DeviceFinding(
        "scan of the cost",
        (long) side * side,
        worst,
        SUMS,
        seconds,
        (long) side * side,
        0,
        0,
        0,
        0);
  }

  @Override
  public void close() {
    // Both have one pool.
    resident.close();
    host.close();
  }
}
