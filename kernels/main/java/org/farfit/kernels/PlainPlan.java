package org.farfit.kernels;

import org.farfit.kernels.made.DeviceLayout;
import org.farfit.kernels.made.Evaluation;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/** A plan that evaluates normal equations for the host: up go parameters, down come all of them. */
final class PlainPlan extends DevicePlan {

  private static final int EVALUATE = 1;

  private final DeviceArrays.Plain arrays;
  private final WorkerGrid1D grid;

  /**
   * A plan.
   *
   * @param form of the kernel
   */
  PlainPlan(Evaluation kernel, DeviceArrays.Plain arrays, TornadoDevice device, KernelForm form) {
    this(kernel, arrays, device, grid(form.groupSize()));
  }

  private PlainPlan(
      Evaluation kernel, DeviceArrays.Plain a, TornadoDevice device, WorkerGrid1D grid) {
    super(
        device,
        new GridScheduler("evaluate.kernel", grid),
        loadGraph(a).snapshot(),
        evaluateGraph(kernel, a).snapshot());
    this.arrays = a;
    this.grid = grid;
  }

  private static TaskGraph loadGraph(DeviceArrays.Plain a) {
    return new TaskGraph("load")
        .transferToDevice(DataTransferMode.EVERY_EXECUTION, a.index, a.data, a.codes)
        .task("touch", TouchKernel::touch, a.index, a.data, a.codes)
        .persistOnDevice(a.index, a.data, a.codes);
  }

  private static TaskGraph evaluateGraph(Evaluation kernel, DeviceArrays.Plain a) {
    return new TaskGraph("evaluate")
        .transferToDevice(DataTransferMode.EVERY_EXECUTION, a.control, a.rows, a.parameters)
        .transferToDevice(DataTransferMode.FIRST_EXECUTION, a.cost, a.gradient, a.matrix)
        .consumeFromDevice("load", a.index, a.data, a.codes)
        .task(
            "kernel",
            kernel,
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

  @Override
  DeviceArrays.Plain arrays() {
    return arrays;
  }

  @Override
  void prepare() {
    load();
    evaluate(0);
  }

  /** Sends runs and weights. */
  void load() {
    execute(LOAD);
  }

  /** Evaluates the first {@code count} problems. */
  void evaluate(int count) {
    arrays.control.set(DeviceLayout.ACTIVE, count);
    resize(grid, count);
    execute(EVALUATE);
  }
}
