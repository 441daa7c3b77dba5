package org.farfit.kernels;

import java.lang.System.Logger.Level;
import org.farfit.engine.EngineUnavailableException;
import org.farfit.law.Law;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task11;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.exceptions.TornadoMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The task graphs of one law on one device, compiled once, and their arrays.
 *
 * <p>{@code load} brings runs, weights and starting points to the device, where they stay. {@code
 * iterate} proposes and evaluates trial points: up go 16 bytes per lane, down come 40. {@code
 * collect} brings the parameters of every slot back. A plan without iteration has one side; its
 * {@code load} takes only the runs, and {@code evaluate} goes up with parameters and down with
 * whole normal equations.
 *
 * <p>Not thread-safe. Closing frees the device memory.
 */
final class DevicePlan implements AutoCloseable {

  /**
   * TornadoVM's default adds -cl-fast-relaxed-math, under which a compiler may assume that nothing
   * is ever NaN; a point that cannot be evaluated is told by just that.
   */
  private static final String OPENCL_FLAGS = "-cl-mad-enable -w";

  private static final System.Logger LOG = System.getLogger(DevicePlan.class.getName());

  private static final int LOAD = 0;
  private static final int ITERATE = 1;
  private static final int COLLECT = 2;

  private final DeviceArrays arrays;
  private final TornadoExecutionPlan plan;
  private final WorkerGrid1D grid;
  private boolean closed;

  private DevicePlan(
      DeviceArrays arrays, TornadoExecutionPlan plan, WorkerGrid1D grid, GridScheduler scheduler) {
    this.arrays = arrays;
    this.plan = plan;
    this.grid = grid;
    // Concurrency does nothing where the back end has one queue, as OpenCL has.
    plan.withGridScheduler(scheduler)
        .withIntraPlanConcurrency()
        .withStagedTransfers()
        .withCompilerFlags(TornadoVMBackendType.OPENCL, OPENCL_FLAGS);
  }

  /** A plan that keeps problems on the device and iterates there. */
  static DevicePlan resident(Law law, DeviceArrays a, TornadoDevice device) {
    WorkerGrid1D grid = new WorkerGrid1D(SurfaceKernels.GROUP_SIZE);
    grid.setLocalWork(SurfaceKernels.GROUP_SIZE, 1, 1);
    KernelContext context = new KernelContext();
    TaskGraph load =
        new TaskGraph("load")
            .transferToDevice(
                DataTransferMode.EVERY_EXECUTION, a.data, a.codes, a.rows, a.parameters)
            .task("touch", TouchKernel::touch, a.data, a.codes, a.rows, a.parameters)
            .persistOnDevice(a.data, a.codes, a.rows, a.parameters);
    TaskGraph iterate =
        new TaskGraph("iterate")
            .consumeFromDevice("load", a.data, a.codes, a.rows, a.parameters)
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, a.index, a.lanes, a.damping)
            .transferToDevice(
                DataTransferMode.FIRST_EXECUTION, a.gradient, a.matrix, a.scale, a.report)
            .task(
                "propose",
                StepKernel::propose,
                context,
                a.index,
                a.lanes,
                a.damping,
                a.parameters,
                a.gradient,
                a.matrix,
                a.scale,
                a.report);
    evaluate(law, iterate, context, a)
        .transferToHost(DataTransferMode.EVERY_EXECUTION, a.report)
        .persistOnDevice(a.parameters);
    TaskGraph collect =
        new TaskGraph("collect")
            .consumeFromDevice("iterate", a.parameters)
            .task("touch", TouchKernel::touchOne, a.parameters)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, a.parameters);
    TornadoExecutionPlan plan =
        new TornadoExecutionPlan(load.snapshot(), iterate.snapshot(), collect.snapshot())
            .withDevice(device);
    GridScheduler scheduler = new GridScheduler("iterate.propose", grid);
    scheduler.addWorkerGrid("iterate.evaluate", grid);
    return new DevicePlan(a, plan, grid, scheduler);
  }

  /** A plan that evaluates normal equations for the host. */
  static DevicePlan plain(Law law, DeviceArrays a, TornadoDevice device) {
    WorkerGrid1D grid = new WorkerGrid1D(SurfaceKernels.GROUP_SIZE);
    grid.setLocalWork(SurfaceKernels.GROUP_SIZE, 1, 1);
    KernelContext context = new KernelContext();
    TaskGraph load =
        new TaskGraph("load")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, a.data, a.codes, a.lanes, a.scale)
            .task("touch", TouchKernel::touch, a.data, a.codes, a.lanes, a.scale)
            .persistOnDevice(a.data, a.codes, a.lanes, a.scale);
    TaskGraph iterate =
        new TaskGraph("iterate")
            .consumeFromDevice("load", a.data, a.codes, a.lanes, a.scale)
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, a.index, a.rows, a.parameters);
    evaluate(law, iterate, context, a)
        .transferToHost(DataTransferMode.EVERY_EXECUTION, a.report, a.gradient, a.matrix);
    TornadoExecutionPlan plan =
        new TornadoExecutionPlan(load.snapshot(), iterate.snapshot()).withDevice(device);
    return new DevicePlan(a, plan, grid, new GridScheduler("iterate.evaluate", grid));
  }

  private static TaskGraph evaluate(
      Law law, TaskGraph graph, KernelContext context, DeviceArrays a) {
    Task11<
            KernelContext,
            IntArray,
            DoubleArray,
            ByteArray,
            IntArray,
            IntArray,
            DoubleArray,
            DoubleArray,
            DoubleArray,
            DoubleArray,
            DoubleArray>
        kernel =
            switch (law.name()) {
              case "kaplan" -> SurfaceKernels::kaplan;
              case "chinchilla" -> SurfaceKernels::chinchilla;
              case "skaling" -> SurfaceKernels::skaling;
              case "farseer" -> SurfaceKernels::farseer;
              default ->
                  throw new UnsupportedOperationException("no kernel for the law " + law.name());
            };
    return graph.task(
        "evaluate",
        kernel,
        context,
        a.index,
        a.data,
        a.codes,
        a.rows,
        a.lanes,
        a.parameters,
        a.gradient,
        a.matrix,
        a.scale,
        a.report);
  }

  DeviceArrays arrays() {
    return arrays;
  }

  /** Sends runs, weights and, for a resident plan, starting points. */
  void load() {
    execute(LOAD);
  }

  /** Runs the kernels on the first {@code count} lanes. */
  void iterate(int count) {
    arrays.index.set(DeviceLayout.COUNT, count);
    int size = SurfaceKernels.GROUP_SIZE;
    int groups = Math.max(1, (count + size - 1) / size);
    grid.setGlobalWork((long) groups * size, 1, 1);
    execute(ITERATE);
  }

  /** Brings the parameters of both sides of every slot back. */
  void collect() {
    execute(COLLECT);
  }

  private void execute(int graph) {
    if (closed) {
      throw new EngineUnavailableException("engine 'tornado' is closed");
    }
    try {
      plan.withGraph(graph).execute();
    } catch (TornadoOutOfMemoryException | TornadoMemoryException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  /** A kernel that does not compile and a device that is gone both end here. */
  static EngineUnavailableException failed(RuntimeException cause) {
    EngineUnavailableException failure =
        new EngineUnavailableException(
            "engine 'tornado' stopped: %s: %s"
                .formatted(cause.getClass().getSimpleName(), cause.getMessage()));
    failure.initCause(cause);
    return failure;
  }

  /** Bytes of device memory that the graphs of this plan hold; shared arrays count in each. */
  long deviceBytes() {
    return plan.withAllGraphs().getCurrentDeviceMemoryUsage();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // The graph that names every array first: of arrays that graphs share the others then have
    // none.
    free(ITERATE);
    free(LOAD);
  }

  /**
   * Frees what a graph has allocated. Where the device ran out of memory half-way, TornadoVM says
   * so at the array that it could not allocate, having freed those before; there are none after it.
   */
  private void free(int graph) {
    try {
      plan.withGraph(graph).close();
    } catch (TornadoInternalError e) {
      LOG.log(Level.DEBUG, "a graph was allocated in part, or freed with another", e);
    } catch (TornadoExecutionPlanException e) {
      throw new IllegalStateException("a plan that ran must close", e);
    }
  }
}
