package org.farfit.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;

/** The devices that TornadoVM sees, and whether they really run kernels in fp64. */
final class TornadoDevices {

  /**
   * TornadoVM's name for running a kernel as Java code when it fails to compile. It must be off: a
   * result would look right and a timing would be a lie. Read once, when the runtime starts.
   */
  private static final String BAIL_OUT = "tornado.recover.bailout";

  /**
   * TornadoVM's name for inlining methods into kernels whatever their size. Without it a kernel may
   * call no method of more than 600 nodes, and evaluations are larger.
   */
  private static final String FULL_INLINING = "tornado.compiler.fullInlining";

  /**
   * TornadoVM's name for functions that a device has as its own, such as a square root, where
   * OpenCL leaves it to the device how exact they are: on PoCL to single precision.
   */
  private static final String NATIVE_FUNCTIONS = "tornado.enable.nativeFunctions";

  /**
   * TornadoVM's name for how many events each task of a graph may wait for. It clears room for all
   * of them at each execution, for 32,768 by default; graphs of Farfit have a few dozen.
   */
  private static final String EVENTS = "tornado.max.events";

  private static final int PROBE_THREADS = 128;

  /** A number whose functions are none of single precision. */
  private static final double PROBE = 1.7;

  static {
    System.setProperty(BAIL_OUT, "False");
    System.setProperty(FULL_INLINING, "True");
    System.setProperty(NATIVE_FUNCTIONS, "False");
    System.setProperty(EVENTS, "128");
  }

  private TornadoDevices() {}

  /**
   * One device.
   *
   * @param backend index of the back end
   * @param index index of the device in it
   * @param kind back end, such as OPENCL
   * @param name name of the device
   * @param memory bytes of global memory
   * @param largestArray bytes of the largest buffer
   * @param problem why it cannot serve, or empty
   */
  record Found(
      int backend,
      int index,
      String kind,
      String name,
      long memory,
      long largestArray,
      String problem,
      TornadoDevice device) {

    String address() {
      return backend + ":" + index;
    }

    /** What a measurement is about, the same in each process. */
    String identity() {
      return "%s, %s, %d bytes".formatted(kind, name, memory);
    }

    /** Whether it is a GPU by NVIDIA, by what its driver calls it. */
    boolean isNvidia() {
      return device.getDeviceType() == TornadoDeviceType.GPU
          && (kind.equals("cuda")
              || kind.equals("ptx")
              || device
                  .getPhysicalDevice()
                  .getDeviceInfo()
                  .toLowerCase(Locale.ROOT)
                  .contains("nvidia"));
    }

    /**
     * Why auto does not weigh it, in words; empty of a GPU. What is the processor can only share
     * the cores that other engines have.
     */
    Optional<String> unweighed() {
      return switch (device.getDeviceType()) {
        case GPU -> Optional.empty();
        case CPU ->
            Optional.of(
                "not measured, and auto never takes it: %s:%s is the processor itself, whose cores the other engines have, too"
                    .formatted(TornadoEngine.NAME, address()));
        default ->
            Optional.of(
                "not measured, and auto never takes it: %s:%s is no GPU"
                    .formatted(TornadoEngine.NAME, address()));
      };
    }

    String description() {
      return "%s:%s %s, %s, %.1f GiB, %s"
          .formatted(
              TornadoEngine.NAME,
              address(),
              kind,
              name,
              memory / (double) (1 << 30),
              problem.isEmpty() ? "fp64" : problem);
    }
  }

  /**
   * Every device, the default first.
   *
   * @throws RuntimeException if the TornadoVM runtime cannot start
   */
  static List<Found> all() {
    List<Found> found = new ArrayList<>();
    TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
    for (int b = 0; b < runtime.getNumBackends(); b++) {
      TornadoBackend backend = runtime.getBackend(b);
      for (int d = 0; d < backend.getNumDevices(); d++) {
        TornadoDevice device = backend.getDevice(d);
        found.add(
            new Found(
                b,
                d,
                device.getTornadoVMBackend().name().toLowerCase(Locale.ROOT),
                device.getPhysicalDevice().getDeviceName(),
                device.getMaxGlobalMemory(),
                device.getMaxAllocMemory(),
                probe(device),
                device));
      }
    }
    return found;
  }

  /** Each thread writes its number, in fp64: Java code would leave all but one entry untouched. */
  static void probeKernel(KernelContext context, DoubleArray numbers) {
    int thread = context.globalIdx;
    double x = numbers.get(thread);
    numbers.set(thread, Math.exp(x) + Math.sqrt(x) + Math.log(x) + thread);
  }

  private static String probe(TornadoDevice device) {
    DoubleArray numbers = new DoubleArray(PROBE_THREADS);
    numbers.init(PROBE);
    WorkerGrid1D grid = new WorkerGrid1D(PROBE_THREADS);
    TaskGraph graph =
        new TaskGraph("probe")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, numbers)
            .task("fp64", TornadoDevices::probeKernel, new KernelContext(), numbers)
            .transferToHost(DataTransferMode.EVERY_EXECUTION, numbers);
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withDevice(device).withGridScheduler(new GridScheduler("probe.fp64", grid)).execute();
      plan.freeDeviceMemory();
    } catch (TornadoExecutionPlanException | RuntimeException e) {
      return "no fp64: " + e.getMessage();
    }
    double expected = Math.exp(PROBE) + Math.sqrt(PROBE) + Math.log(PROBE);
    for (int i = 0; i < PROBE_THREADS; i++) {
      if (!(Math.abs(numbers.get(i) - (expected + i)) < 1e-12)) {
        return "fp64 is inexact or the kernel did not run (thread %d gave %s)"
            .formatted(i, numbers.get(i));
      }
    }
    return "";
  }
}
