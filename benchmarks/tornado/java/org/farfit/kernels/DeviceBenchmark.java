package org.farfit.kernels;

import java.util.concurrent.TimeUnit;
import org.farfit.benchmarks.Workload;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.kernels.made.DeviceLayout;
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
  private PlainPlan plain;
  private ResidentPlan resident;
  private TornadoExecutionPlan naivePlan;
  private DeviceArrays.Plain naive;

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
    fill(plain.arrays());
    plain.load();
    resident = pool.resident(problem, problems);
    // Every problem ends after its start was evaluated.
    resident.arrays().index.set(DeviceLayout.MAX_EVALUATIONS, 1);
    resident.begin(0);
    naive(device, problem);
  }

  private void naive(TornadoDevices.Found device, SurfaceProblem problem) {
    PlanSource source = KernelChoice.BLOCKS.sources().of(problem, problems);
    naive =
        new DeviceArrays.Plain(
            9,
            9,
            plain.arrays().capacity,
            source.indexSize(),
            (int) source.dataSize(),
            (int) source.codesSize());
    source.store(naive.index, naive.data, naive.codes, naive.capacity);
    fill(naive);
    naive.control.set(DeviceLayout.ACTIVE, problems);
    WorkerGrid1D grid = new WorkerGrid1D(plain.arrays().capacity);
    grid.setLocalWork(KernelForm.GROUP_SIZE, 1, 1);
    TaskGraph graph =
        new TaskGraph("naive")
            .transferToDevice(
                DataTransferMode.FIRST_EXECUTION,
                naive.control,
                naive.index,
                naive.data,
                naive.codes,
                naive.rows,
                naive.parameters)
            .task(
                "evaluate",
                NaiveKernel::farseer,
                new KernelContext(),
                naive.control,
                naive.index,
                naive.data,
                naive.codes,
                naive.rows,
                naive.parameters,
                naive.cost,
                naive.gradient,
                naive.matrix)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, naive.cost);
    naivePlan =
        new TornadoExecutionPlan(graph.snapshot())
            .withDevice(device.device())
            .withGridScheduler(new GridScheduler("naive.evaluate", grid));
    naivePlan.execute();
  }

  private void fill(DeviceArrays.Plain arrays) {
    for (int k = 0; k < problems; k++) {
      arrays.rows.set(k, batch.weightRow[k]);
      for (int j = 0; j < arrays.parameterCount; j++) {
        arrays.parameters.set(j * arrays.capacity + k, batch.parameters[j * problems + k]);
      }
    }
  }

  /** Places every problem in the slot of its number. */
  private void place() {
    DeviceArrays.Resident arrays = resident.arrays();
    int p = arrays.parameterCount;
    for (int from = 0; from < problems; from += arrays.letters) {
      int letters = Math.min(arrays.letters, problems - from);
      for (int letter = 0; letter < letters; letter++) {
        int k = from + letter;
        arrays.startWords.set(letter * DeviceLayout.START_WORDS, k);
        arrays.startWords.set(letter * DeviceLayout.START_WORDS + 1, batch.weightRow[k]);
        for (int j = 0; j < p; j++) {
          arrays.starts.set(letter * p + j, batch.parameters[j * problems + k]);
        }
      }
      resident.place(from, 0, letters);
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
    plain.evaluate(problems);
  }

  /**
   * Starts up, one step of the kernel that decides on the device, lanes packed, two numbers down.
   */
  @Benchmark
  public void residentStart() {
    place();
    resident.advance(problems, 0, 1);
    resident.pack(problems, 0, 0);
  }

  /** The kernel without factorisation; cost alone down. */
  @Benchmark
  public void naiveEvaluate() {
    naivePlan.execute();
  }

  /** Starting points to the device. */
  @Benchmark
  public void placeStarts() {
    place();
  }

  /** Answers back to the host. */
  @Benchmark
  public void readAnswers() {
    for (int from = 0; from < problems; from += resident.arrays().letters) {
      resident.answer(from, Math.min(resident.arrays().letters, problems - from));
    }
  }

  /** Checks every answer there is, and frees the device. */
  @TearDown
  public void close() throws TornadoExecutionPlanException {
    scalar.evaluate(batch, problems);
    Workload.check(batch, expected, problems);
    plain.evaluate(problems);
    check(plain.arrays());
    checkResident();
    naivePlan.execute();
    check(naive);
    pool.close();
    naivePlan.freeDeviceMemory();
    naivePlan.close();
  }

  private void check(DeviceArrays.Plain arrays) {
    for (int k = 0; k < problems; k++) {
      batch.cost[k] = arrays.cost.get(k);
    }
    Workload.check(batch, expected, problems);
  }

  private void checkResident() {
    residentStart();
    DeviceArrays.Resident arrays = resident.arrays();
    int stride = arrays.parameterCount + 1;
    for (int from = 0; from < problems; from += arrays.letters) {
      int letters = Math.min(arrays.letters, problems - from);
      resident.answer(from, letters);
      for (int letter = 0; letter < letters; letter++) {
        int k = arrays.answerWords.get(letter * DeviceLayout.ANSWER_WORDS);
        batch.cost[k] = arrays.answers.get(letter * stride + stride - 1);
      }
    }
    Workload.check(batch, expected, problems);
  }
}
