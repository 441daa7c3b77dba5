package org.farfit.kernels;

import org.farfit.law.Law;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task10;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** A plan that evaluates normal equations for the host: up go parameters, down come all of them. */
final class PlainPlan extends DevicePlan {

  private static final int EVALUATE = 1;

  private final DeviceArrays.Plain arrays;
  private final WorkerGrid1D grid;

  /** A plan in work-groups of the usual size. */
  PlainPlan(Law law, DeviceArrays.Plain arrays, TornadoDevice device) {
    this(law, arrays, device, grid(SurfaceKernels.GROUP_SIZE));
  }

  private PlainPlan(Law law, DeviceArrays.Plain a, TornadoDevice device, WorkerGrid1D grid) {
    super(
        device,
        new GridScheduler("evaluate.kernel", grid),
        loadGraph(a).snapshot(),
        evaluateGraph(law, a).snapshot());
    this.arrays = a;
    this.grid = grid;
  }

  private static TaskGraph loadGraph(DeviceArrays.Plain a) {
    return new TaskGraph("load")
        .transferToDevice(DataTransferMode.EVERY_EXECUTION, a.index, a.data, a.codes)
        .task("touch", TouchKernel::touch, a.index, a.data, a.codes)
        .persistOnDevice(a.index, a.data, a.codes);
  }

  private static TaskGraph evaluateGraph(Law law, DeviceArrays.Plain a) {
    return new TaskGraph("evaluate")
        .transferToDevice(DataTransferMode.EVERY_EXECUTION, a.control, a.rows, a.parameters)
        .transferToDevice(DataTransferMode.FIRST_EXECUTION, a.cost, a.gradient, a.matrix)
        .consumeFromDevice("load", a.index, a.data, a.codes)
        .task(
            "kernel",
            kernel(law),
            new KernelContext(),
            a.control,
            a.index,
            a.data,
            a.codes,
            a.rows,
            a.parameters,
            a.cost,
            a.gradient,
            a.matrix)
        .transferToHost(DataTransferMode.EVERY_EXECUTION, a.cost, a.gradient, a.matrix);
  }

  private static Task10<
          KernelContext,
          IntArray,
          IntArray,
          DoubleArray,
          ByteArray,
          IntArray,
          DoubleArray,
          DoubleArray,
          DoubleArray,
          DoubleArray>
      kernel(Law law) {
    return switch (law.name()) {
      case "kaplan" -> PlainKernels::kaplan;
      case "chinchilla" -> PlainKernels::chinchilla;
      case "skaling" -> PlainKernels::skaling;
      case "farseer" -> PlainKernels::farseer;
      default -> throw noKernel(law);
    };
  }

  /** What to throw for a law that has no kernel. */
  static UnsupportedOperationException noKernel(Law law) {
    return new UnsupportedOperationException("no kernel for the law " + law.name());
  }

  @Override
  DeviceArrays.Plain arrays() {
    return arrays;
  }

  @Override
  void prepare() {
    load();
    evaluate(0);
  }

  /** Evaluates the first {@code count} problems. */
  void evaluate(int count) {
    arrays.control.set(DeviceLayout.ACTIVE, count);
    resize(grid, count);
    execute(EVALUATE);
  }
}
