package org.farfit.kernels;

import java.lang.System.Logger.Level;
import org.farfit.engine.EngineUnavailableException;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.exceptions.TornadoMemoryException;
import uk.ac.manchester.tornado.api.exceptions.TornadoOutOfMemoryException;

/**
 * The task graphs of one law on one device, compiled once, and their arrays. {@link #LOAD} brings
 * runs and weights to the device, where they stay; what else there is, {@link PlainPlan} and {@link
 * ResidentPlan} know.
 *
 * <p>Not thread-safe. Closing frees the device memory.
 */
abstract sealed class DevicePlan implements AutoCloseable permits PlainPlan, ResidentPlan {

  /** The graph that loads. */
  static final int LOAD = 0;

  /**
   * TornadoVM's default adds -cl-fast-relaxed-math, under which a compiler may assume that nothing
   * is ever NaN; a point that cannot be evaluated is told by just that.
   */
  private static final String OPENCL_FLAGS = "-cl-mad-enable -w";

  private static final System.Logger LOG = System.getLogger(DevicePlan.class.getName());

  private final int graphs;
  private final TornadoExecutionPlan plan;
  private int selected = -1;
  private boolean closed;

  DevicePlan(TornadoDevice device, GridScheduler scheduler, ImmutableTaskGraph... graphs) {
    this.graphs = graphs.length;
    this.plan = new TornadoExecutionPlan(graphs).withDevice(device);
    // Concurrency does nothing where the back end has one queue, as OpenCL has.
    plan.withGridScheduler(scheduler)
        .withIntraPlanConcurrency()
        .withStagedTransfers()
        .withCompilerFlags(TornadoVMBackendType.OPENCL, OPENCL_FLAGS);
  }

  abstract DeviceArrays arrays();

  /** Runs every graph on no problem: allocates and compiles everything. */
  abstract void prepare();

  /** A grid of work-groups, to be told how many threads there are. */
  static WorkerGrid1D grid(int groupSize) {
    WorkerGrid1D grid = new WorkerGrid1D(groupSize);
    grid.setLocalWork(groupSize, 1, 1);
    return grid;
  }

  /** Makes a grid at least as large as a number of threads. */
  static void resize(WorkerGrid1D grid, int threads) {
    long size = grid.getLocalWork()[0];
    long groups = Math.max(1, (threads + size - 1) / size);
    grid.setGlobalWork(groups * size, 1, 1);
  }

  /** Executes a graph; from what comes back arrays can be fetched that travel on demand. */
  final TornadoExecutionResult execute(int graph) {
    if (closed) {
      throw new EngineUnavailableException("engine 'tornado' is closed");
    }
    try {
      TornadoExecutionResult result = (graph == selected ? plan : plan.withGraph(graph)).execute();
      selected = graph;
      return result;
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
  final long deviceBytes() {
    selected = -1;
    return plan.withAllGraphs().getCurrentDeviceMemoryUsage();
  }

  @Override
  public final void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (int graph = graphs - 1; graph >= 0; graph--) {
      free(graph);
    }
  }

  /**
   * Frees what a graph has allocated. TornadoVM throws at an array that it could not allocate, when
   * memory ran out, or that was freed with another graph, and it goes through a graph's arrays in
   * the order in which the graph names them. So graphs name arrays of their own first.
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
