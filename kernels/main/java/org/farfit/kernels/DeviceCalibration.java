package org.farfit.kernels;

import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Calibration;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.search.SpreadStarts;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.SolverSettings;

/**
 * How fast a device fits beside the processor: the law of most parameters from broad starts, on
 * simulated runs.
 */
final class DeviceCalibration {

  /** Problems at a time; a GPU is full only with the most. */
  private static final int[] COUNTS = {1 << 10, 1 << 14, 1 << 18};

  /** What takes less is timed with more problems. */
  private static final double LONG_ENOUGH = 0.1;

  private static final int HOST_COUNT = 512;

  /** How long the host is timed, most of it when its code is compiled. */
  private static final double HOST_SECONDS = 2;

  private final TornadoDevices.Found device;
  private final SurfaceProblem problem;
  private final int threads = Runtime.getRuntime().availableProcessors();

  DeviceCalibration(TornadoDevices.Found device) {
    this.device = device;
    Law law = Laws.richest();
    RunSet runs = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 1);
    this.problem =
        new SurfaceProblem(
            law, Centre.of(runs.n(), runs.d(), runs.loss()), runs, Objective.LOG_SQUARED);
  }

  /** Measures; takes some seconds, most of them to compile kernels. */
  Calibration measure() {
    try (PlanPool pool = new PlanPool(device.device(), device.memory(), device.largestArray());
        Engine host = Engines.open(Engines.AUTO)) {
      Engine engine = new ResidentEngine(device, pool);
      double start = seconds(engine, PlanPool.SMALLEST_CAPACITY);
      double rate = 0;
      for (int count : COUNTS) {
        pool.release(pool.resident(problem, count));
        double seconds = seconds(engine, count);
        rate = Math.max(rate, work(count) / Math.min(seconds, seconds(engine, count)));
        if (seconds > LONG_ENOUGH) {
          break;
        }
      }
      return new Calibration(start, rate, hostRate(host));
    }
  }

  /** The best of several, since what else a machine does only slows. */
  private double hostRate(Engine host) {
    double rate = 0;
    double passed = 0;
    while (passed < HOST_SECONDS) {
      double seconds = seconds(host, HOST_COUNT * threads);
      rate = Math.max(rate, work(HOST_COUNT * threads) / seconds);
      passed += seconds;
    }
    return rate;
  }

  private long work(int count) {
    return (long) count * problem.runs();
  }

  private double seconds(Engine engine, int count) {
    SpreadStarts starts =
        new SpreadStarts(problem.law().samplingBox(problem.centre()).orElseThrow(), count, 1);
    long begin = System.nanoTime();
    new BatchSolver(SolverSettings.SEARCH, threads, ProgressListener.NONE)
        .solve(engine, problem, starts);
    return (System.nanoTime() - begin) / 1e9;
  }
}
