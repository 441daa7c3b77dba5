package org.farfit.kernels;

import java.util.concurrent.TimeUnit;
import org.farfit.benchmarks.Workload;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.ScalarEngine;
import org.farfit.engine.SurfaceProblem;
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
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/**
 * The farseer law on the device, piece by piece, beside one thread of the scalar engine: compile
 * once in the set-up, then upload, evaluation and read-back apart.
 *
 * <p>The traps: a kernel that fails to compile would run as Java (switched off, and every answer is
 * compared with the scalar engine's); a first execution compiles (done in the set-up).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class DeviceBenchmark {

  @Param({"100", "1000", "10000", "100000"})
  int problems;

  @Param({"false", "true"})
  boolean bootstrap;

  private Workload workload;
  private NormalEquations batch;
  private NormalEquations expected;
  private Evaluator scalar;
  private PlanPool pool;
  private DevicePlan plain;
  private DevicePlan resident;
  private TornadoExecutionPlan naivePlan;
  private DeviceArrays naive;

  /** Compiles every kernel and brings the runs to the device. */
  @Setup
  public void open() {
    workload = new Workload("farseer", bootstrap);
    SurfaceProblem problem = workload.problem();
    batch = workload.batch(problems);
    expected = workload.batch(problems);
    scalar = new ScalarEngine().evaluator(problem);
    scalar.evaluate(expected, problems);
    TornadoDevices.Found device = TornadoDevices.all().getFirst();
    pool = new PlanPool(device.device(), device.memory(), device.largestArray());
    plain = pool.plain(problem, problems);
    fill(plain.arrays(), 0);
    plain.load();
    resident = pool.resident(problem, problems);
    fill(resident.arrays(), 1);
    resident.load();
    naive(device, problem);
  }

  private void naive(TornadoDevices.Found device, SurfaceProblem problem) {
    DeviceProblem source = new DeviceProblem(problem);
    naive =
        new DeviceArrays(
            9,
            plain.arrays().capacity,
            1,
            source.indexSize(),
            (int) source.dataSize(),
            (int) source.codesSize());
    source.store(naive.index, naive.data, naive.codes, naive.capacity);
    fill(naive, 0);
    naive.index.set(DeviceLayout.COUNT, problems);
    WorkerGrid1D grid = new WorkerGrid1D(plain.arrays().capacity);
    grid.setLocalWork(SurfaceKernels.GROUP_SIZE, 1, 1);
    TaskGraph graph =
        new TaskGraph("naive")
            .transferToDevice(
                DataTransferMode.FIRST_EXECUTION,
                naive.data,
                naive.codes,
                naive.lanes,
                naive.index,
                naive.rows,
                naive.parameters,
                naive.scale)
            .task(
                "evaluate",
                NaiveKernel::farseer,
                new KernelContext(),
                naive.index,
                naive.data,
                naive.codes,
                naive.rows,
                naive.lanes,
                naive.parameters,
                naive.gradient,
                naive.matrix,
                naive.scale,
                naive.report)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, naive.report);
    naivePlan =
        new TornadoExecutionPlan(graph.snapshot())
            .withDevice(device.device())
            .withGridScheduler(new GridScheduler("naive.evaluate", grid));
    naivePlan.execute();
  }

  /** Puts the batch into arrays: lanes in order, starts on the trial side. */
  private void fill(DeviceArrays arrays, int trialSide) {
    int p = arrays.parameterCount;
    for (int k = 0; k < problems; k++) {
      arrays.lanes.set(k, k);
      arrays.lanes.set(
          arrays.capacity + k, trialSide == 0 ? DeviceLayout.SIDE_FLAG : DeviceLayout.START_FLAG);
      arrays.rows.set(k, batch.weightRow[k]);
      for (int j = 0; j < p; j++) {
        arrays.parameters.set(
            (trialSide * p + j) * arrays.capacity + k, batch.parameters[j * problems + k]);
      }
    }
  }

  /** The scalar engine on one thread. */
  @Benchmark
  public void scalarEvaluate() {
    scalar.evaluate(batch, problems);
  }

  /** Parameters up, factorised kernel, whole normal equations down. */
  @Benchmark
  public void plainEvaluate() {
    plain.iterate(problems);
  }

  /** Sixteen bytes per problem up, factorised kernel, forty bytes down. */
  @Benchmark
  public void residentEvaluate() {
    resident.iterate(problems);
  }

  /** The kernel without factorisation; cost alone down. */
  @Benchmark
  public void naiveEvaluate() {
    naivePlan.execute();
  }

  /** Runs, weights and starting points to the device. */
  @Benchmark
  public void upload() {
    resident.load();
  }

  /** The parameters of both sides back to the host. */
  @Benchmark
  public void readBack() {
    resident.collect();
  }

  /** Checks every answer there is, and frees the device. */
  @TearDown
  public void close() throws TornadoExecutionPlanException {
    scalar.evaluate(batch, problems);
    Workload.check(batch, expected, problems);
    plain.iterate(problems);
    check(plain.arrays());
    resident.load();
    resident.iterate(problems);
    check(resident.arrays());
    naivePlan.execute();
    check(naive);
    pool.close();
    naivePlan.freeDeviceMemory();
    naivePlan.close();
  }

  private void check(DeviceArrays arrays) {
    for (int k = 0; k < problems; k++) {
      batch.cost[k] = arrays.report.get(DeviceLayout.REPORT_COST * arrays.capacity + k);
    }
    Workload.check(batch, expected, problems);
  }
}
