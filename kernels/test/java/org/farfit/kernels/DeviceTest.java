package org.farfit.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.EngineUnavailableException;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.farfit.solver.Status;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;

/** Odd sizes, failures, and what they leave behind on the device. */
class DeviceTest {

  private static final Law LAW = new Chinchilla();

  private static SurfaceProblem problem(long seed) {
    RunSet runs = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, seed);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    return new SurfaceProblem(LAW, centre, runs, Objective.LOG_SQUARED);
  }

  private static double cost(Engine engine, SurfaceProblem problem, double[] point) {
    NormalEquations one = new NormalEquations(LAW.parameterCount(), 1);
    one.setParameters(0, point);
    try (Evaluator evaluator = engine.evaluator(problem)) {
      evaluator.evaluate(one, 1);
    }
    return one.cost[0];
  }

  private static final double[] POINT = {0.6, -1, -1, 0.35, 0.37};
  private static final double[] NAN = {Double.NaN, -1, -1, 0.35, 0.37};

  /** How a command in a process of its own ended, and what it said. */
  private record Ended(int exitCode, String said) {}

  /** Without the device the command must end with code 5, not with a result computed elsewhere. */
  @Test
  void withTheDeviceHiddenTheCommandFails() throws Exception {
    Map<String, String> hidden =
        // Where the OpenCL loader looks for drivers.
        Map.of("OCL_ICD_VENDORS", "/nonexistent", "OPENCL_VENDOR_PATH", "/nonexistent");
    assertThat(fitInProcess(hidden, "tornado", 3).exitCode()).isEqualTo(5);
    assertThat(fitInProcess(Map.of(), "tornado", 3).exitCode()).isZero();
  }

  /** TornadoVM itself takes no more memory than it is told to. */
  @Test
  void littleDeviceMemoryHalvesTheChunkWithAWarning() throws Exception {
    for (String engine : List.of("tornado", "tornado:host")) {
      Ended tight = fitInProcess(Map.of(), engine, 3000, "-Dtornado.device.memory=600KB");
      assertThat(tight.exitCode()).as(tight.said()).isZero();
      assertThat(tight.said()).contains("out of device memory; going on with");
    }
    Ended hopeless = fitInProcess(Map.of(), "tornado", 3, "-Dtornado.device.memory=10KB");
    assertThat(hopeless.exitCode()).as(hopeless.said()).isEqualTo(5);
    assertThat(hopeless.said()).contains("too little device memory for 64 problems at a time");
  }

  private static Ended fitInProcess(
      Map<String, String> environment, String engine, int starts, String... flags)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of(System.getenv("TORNADOVM_HOME"), "tornado-argfile"));
    command.add("-Dtornado.recover.bailout=False");
    command.addAll(List.of(flags));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "org.farfit.cli.Main", "fit"));
    command.addAll(List.of("--law", "chinchilla", "--starts", Integer.toString(starts)));
    // The SDK's EJML, which tests run with, is too old for covariances under other noise.
    command.addAll(List.of("--engine", engine, "--noise", "independent", "--json"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), said);
  }

  /** A kernel that TornadoVM cannot compile: it would silently run as Java if that were not off. */
  static void cannotCompile(DoubleArray values) {
    for (@Parallel int i = 0; i < values.getSize(); i++) {
      values.set(i, (double) System.nanoTime());
    }
  }

  @Test
  void aKernelThatCannotCompileIsAnError() {
    DoubleArray values = new DoubleArray(8);
    assertThatThrownBy(
            () -> {
              TaskGraph graph =
                  new TaskGraph("bad")
                      .transferToDevice(DataTransferMode.EVERY_EXECUTION, values)
                      .task("kernel", DeviceTest::cannotCompile, values)
                      .transferToHost(DataTransferMode.EVERY_EXECUTION, values);
              try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
                plan.execute();
              }
            })
        .isInstanceOf(RuntimeException.class);
    RuntimeException cause = new RuntimeException("unsupported");
    assertThat(DevicePlan.failed(cause)).hasMessageContaining("unsupported").hasCause(cause);
  }

  @Test
  void aDeviceThatIsGoneIsAnError() {
    TornadoEngine engine = TestDevice.open("host");
    Evaluator evaluator = engine.evaluator(problem(1));
    engine.close();
    assertThat(engine.deviceBytes()).isZero();
    NormalEquations one = new NormalEquations(LAW.parameterCount(), 1);
    assertThatThrownBy(() -> evaluator.evaluate(one, 1))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aThousandEvaluatorsLeakNothing() {
    try (TornadoEngine engine = TestDevice.open("host")) {
      SurfaceProblem first = problem(1);
      SurfaceProblem second = problem(2);
      double expectedFirst = cost(new ScalarEngine(), first, POINT);
      double expectedSecond = cost(new ScalarEngine(), second, POINT);
      cost(engine, first, POINT);
      long bytes = engine.deviceBytes();
      assertThat(bytes).isPositive();
      NormalEquations none = new NormalEquations(LAW.parameterCount(), 1);
      for (int i = 0; i < 1000; i++) {
        SurfaceProblem problem = i % 2 == 0 ? first : second;
        double expected = i % 2 == 0 ? expectedFirst : expectedSecond;
        assertThat(cost(engine, problem, POINT)).isCloseTo(expected, within(1e-11 * expected));
        assertThat(cost(engine, problem, NAN)).isNaN();
        try (Evaluator evaluator = engine.evaluator(problem)) {
          evaluator.evaluate(none, 0);
        }
      }
      assertThat(engine.deviceBytes()).isEqualTo(bytes);
    }
  }

  @Test
  void batchesOfEverySizeGiveTheSameNumbers() {
    SurfaceProblem problem = problem(3);
    double expected = cost(new ScalarEngine(), problem, POINT);
    try (TornadoEngine engine = TestDevice.open("host");
        Evaluator evaluator = engine.evaluator(problem, 128)) {
      for (int count : new int[] {0, 1, 63, 64, 65, 127, 128, 129, 1000}) {
        NormalEquations batch = new NormalEquations(LAW.parameterCount(), Math.max(1, count));
        for (int k = 0; k < count; k++) {
          batch.setParameters(k, POINT);
        }
        evaluator.evaluate(batch, count);
        for (int k = 0; k < count; k++) {
          assertThat(batch.cost[k]).isCloseTo(expected, within(1e-12 * expected));
        }
      }
    }
  }

  @Test
  void startsThatCannotBeEvaluatedGetAStatusAndDisturbNoOther() {
    for (String form : new String[] {"", "host"}) {
      try (TornadoEngine engine = TestDevice.open(form)) {
        Solutions solutions = solve(engine, problem(4), NAN, POINT, NAN);
        assertThat(solutions.status(0)).isEqualTo(Status.NON_FINITE);
        assertThat(solutions.status(1).isConverged()).isTrue();
        assertThat(solutions.status(2)).isEqualTo(Status.NON_FINITE);
        assertThat(solve(engine, problem(4)).count()).isZero();
      }
    }
  }

  private static Solutions solve(Engine engine, SurfaceProblem problem, double[]... starts) {
    return new BatchSolver(SolverSettings.DEFAULT, 1, ProgressListener.NONE)
        .solve(engine, problem, StartingPoints.of(starts));
  }

  /** More problems than slots: the block is emptied and filled again. */
  @Test
  void problemsBeyondTheBlockAreSolvedInTurn() {
    double[][] starts = new double[300][];
    for (int k = 0; k < starts.length; k++) {
      starts[k] = POINT.clone();
      starts[k][3] += 1e-3 * k;
    }
    TornadoDevices.Found device = TornadoDevices.all().getFirst();
    // Memory for about 100 problems leaves blocks of 64.
    long memory = 2 * 100 * DeviceArrays.bytesPerSlot(LAW.parameterCount(), true);
    PlanPool pool = new PlanPool(device.device(), memory, Long.MAX_VALUE);
    SurfaceProblem problem = problem(5);
    Solutions expected = solve(new ScalarEngine(), problem, starts);
    try (TornadoEngine engine = new ResidentEngine(device, pool)) {
      Solutions actual = solve(engine, problem, starts);
      for (int k = 0; k < starts.length; k++) {
        assertThat(actual.status(k).isConverged()).isTrue();
        assertThat(actual.cost(k)).isCloseTo(expected.cost(k), within(1e-10 * expected.cost(k)));
        assertThat(actual.parameters(k)[3]).isCloseTo(expected.parameters(k)[3], within(1e-7));
      }
    }
  }

  @Test
  void runningOutOfMemoryHalvesTheChunk() {
    TornadoDevices.Found device = TornadoDevices.all().getFirst();
    int[] attempts = new int[1];
    PlanPool pool =
        new PlanPool(
            (source, arrays) -> {
              attempts[0]++;
              if (arrays.capacity > 256) {
                throw new TornadoOutOfMemoryException("simulated");
              }
              return PlanPool.plans(device.device()).make(source, arrays);
            },
            device.memory(),
            device.largestArray());
    try (pool) {
      PlainPlan plan = pool.plain(problem(6), 1000);
      assertThat(plan.arrays().capacity).isEqualTo(256);
      assertThat(attempts[0]).isEqualTo(3);
      pool.release(plan);
    }
    PlanPool hopeless =
        new PlanPool(
            (source, arrays) -> {
              throw new TornadoOutOfMemoryException("simulated");
            },
            device.memory(),
            device.largestArray());
    assertThatThrownBy(() -> hopeless.plain(problem(6), 1000))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("too little device memory for 64 problems")
        .hasCauseInstanceOf(TornadoOutOfMemoryException.class);
  }

  /** Memory of plans that are not in use comes first; the capacity is halved only then. */
  @Test
  void plansThatAreNotInUseAreGivenUpBeforeTheChunkIsHalved() {
    TornadoDevices.Found device = TornadoDevices.all().getFirst();
    int[] attempts = new int[1];
    PlanPool pool =
        new PlanPool(
            (source, arrays) -> {
              attempts[0]++;
              if (attempts[0] == 2) {
                throw new TornadoOutOfMemoryException("simulated");
              }
              return PlanPool.plans(device.device()).make(source, arrays);
            },
            device.memory(),
            device.largestArray());
    try (pool) {
      pool.release(pool.plain(problem(6), 100));
      PlainPlan plan = pool.plain(problem(6), 1000);
      assertThat(plan.arrays().capacity).isEqualTo(1024);
      assertThat(attempts[0]).isEqualTo(3);
    }
  }

  /** Beyond 2^30 entries sizes would overflow an int; found before anything is allocated. */
  @Test
  void moreWeightsThanAnArrayHoldsAreRefused() {
    RunSet runs = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 1);
    int rows = (1 << 30) / runs.size() + 1;
    SurfaceProblem tooMany =
        new SurfaceProblem(
            LAW,
            Centre.of(runs.n(), runs.d(), runs.loss()),
            runs,
            Objective.LOG_SQUARED,
            WeightTable.repeated(runs.weight(), rows));
    try (TornadoEngine engine = TestDevice.open("")) {
      assertThatThrownBy(() -> engine.evaluator(tooMany, 1))
          .isInstanceOf(EngineUnavailableException.class)
          .hasMessageContaining("%d rows of weights for %d runs".formatted(rows, runs.size()));
    }
    assertThat(PlanPool.roundedUp(1 << 30)).isEqualTo(1 << 30);
    assertThatThrownBy(() -> PlanPool.roundedUp((1L << 30) + 1))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void aNewNumberOfProblemsUsesTheCompiledPlan() {
    TornadoDevices.Found device = TornadoDevices.all().getFirst();
    try (PlanPool pool = new PlanPool(device.device(), device.memory(), device.largestArray())) {
      PlainPlan first = pool.plain(problem(7), 1000);
      pool.release(first);
      PlainPlan second = pool.plain(problem(8), 700);
      assertThat(second).isSameAs(first);
      assertThat(pool.plain(problem(8), 700)).isNotSameAs(first);
    }
  }

  @Test
  void devicesThatCannotServeAreRefusedWithTheReason() {
    TornadoDevices.Found single =
        new TornadoDevices.Found(
            0, 0, "opencl", "Half a GPU", 1L << 30, 1L << 28, "no fp64: not supported", null);
    assertRefused(new TornadoEngineProvider(() -> List.of(single)), "no fp64: not supported");
    assertRefused(new TornadoEngineProvider(List::of), "TornadoVM sees no device");
    assertRefused(
        new TornadoEngineProvider(() -> {
          throw new IllegalStateException("no driver");
        }),
        "no driver");
  }

  private static void assertRefused(TornadoEngineProvider provider, String reason) {
    assertThat(provider.unavailable().orElseThrow()).contains(reason).contains("docs/gpu.md");
    assertThatThrownBy(() -> provider.open(""))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void unknownDevicesAreNamed() {
    assertThatThrownBy(() -> TestDevice.open("7:7"))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("no device '7:7'")
        .hasMessageContaining("tornado:0:0");
  }
}
