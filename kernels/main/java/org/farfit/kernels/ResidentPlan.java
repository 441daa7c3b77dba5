package org.farfit.kernels;

import org.farfit.kernels.made.DeviceLayout;
import org.farfit.kernels.made.Iteration;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/**
 * A plan whose problems stay on the device and are solved there. Each graph carries arrays of a
 * fixed size: {@link #begin} runs, weights and the first letters with starts, {@link #place}
 * further letters, {@link #advance} and {@link #pack} a few numbers for any number of problems and
 * steps, {@link #answer} letters with answers.
 */
final class ResidentPlan extends DevicePlan {

  private static final int PLACE = 1;
  private static final int ADVANCE = 2;
  private static final int PACK = 3;
  private static final int ANSWER = 4;

  /** The grids of the kernels, by what their threads stand for. */
  private record Grids(WorkerGrid1D letters, WorkerGrid1D lanes, WorkerGrid1D blocks) {

    Grids(KernelForm form) {
      this(grid(KernelForm.GROUP_SIZE), grid(form.groupSize()), grid(KernelForm.GROUP_SIZE));
    }

    GridScheduler scheduler() {
      GridScheduler scheduler = new GridScheduler("load.kernel", letters);
      scheduler.addWorkerGrid("place.kernel", letters);
      scheduler.addWorkerGrid("answer.kernel", letters);
      scheduler.addWorkerGrid("advance.step", lanes);
      scheduler.addWorkerGrid("pack.count", blocks);
      scheduler.addWorkerGrid("pack.pack", blocks);
      return scheduler;
    }
  }

  private final DeviceArrays.Resident arrays;
  private final Grids grids;
  private final int team;
  private TornadoExecutionResult advanced;
  private long bytesMoved;

  /**
   * A plan.
   *
   * @param form of the kernel that iterates
   */
  ResidentPlan(
      Iteration kernel, DeviceArrays.Resident arrays, TornadoDevice device, KernelForm form) {
    this(kernel, arrays, device, new Grids(form), form.team());
  }

  private ResidentPlan(
      Iteration kernel, DeviceArrays.Resident a, TornadoDevice device, Grids grids, int team) {
    super(
        device,
        grids.scheduler(),
        loadGraph(a).snapshot(),
        placeGraph(a).snapshot(),
        advanceGraph(kernel, a).snapshot(),
        packGraph(a).snapshot(),
        answerGraph(a).snapshot());
    this.arrays = a;
    this.grids = grids;
    this.team = team;
  }

  /** An execution has its price, whatever is in it: what is needed to begin travels in one. */
  private static TaskGraph loadGraph(DeviceArrays.Resident a) {
    return placing(
        new TaskGraph("load")
            .transferToDevice(
                DataTransferMode.EVERY_EXECUTION,
                a.index,
                a.data,
                a.codes,
                a.control,
                a.startWords,
                a.starts)
            .transferToDevice(
                DataTransferMode.FIRST_EXECUTION,
                a.words,
                a.lanes,
                a.parameters,
                a.gradient,
                a.matrix,
                a.scale,
                a.state),
        a);
  }

  /**
   * What stays on the device. TornadoVM hands arrays from each graph to the one executed next, so
   * every graph names them all.
   */
  private static Object[] kept(DeviceArrays.Resident a) {
    return new Object[] {
      a.index,
      a.data,
      a.codes,
      a.words,
      a.lanes,
      a.parameters,
      a.gradient,
      a.matrix,
      a.scale,
      a.state
    };
  }

  private static TaskGraph placeGraph(DeviceArrays.Resident a) {
    return placing(
        new TaskGraph("place")
            .transferToDevice(DataTransferMode.EVERY_EXECUTION, a.control, a.startWords, a.starts)
            .consumeFromDevice("load", kept(a)),
        a);
  }

  private static TaskGraph placing(TaskGraph graph, DeviceArrays.Resident a) {
    return graph
        .task(
            "kernel",
            LaneKernels::place,
            new KernelContext(),
            a.control,
            a.index,
            a.data,
            a.codes,
            a.startWords,
            a.starts,
            a.words,
            a.lanes,
            a.parameters,
            a.gradient,
            a.matrix,
            a.scale,
            a.state)
        .persistOnDevice(kept(a));
  }

  private static TaskGraph advanceGraph(Iteration kernel, DeviceArrays.Resident a) {
    return new TaskGraph("advance")
        .transferToDevice(DataTransferMode.EVERY_EXECUTION, a.control)
        .consumeFromDevice("load", kept(a))
        .task(
            "step",
            kernel,
            new KernelContext(),
            a.control,
            a.index,
            a.data,
            a.codes,
            a.words,
            a.lanes,
            a.parameters,
            a.gradient,
            a.matrix,
            a.scale,
            a.state)
        .transferToHost(DataTransferMode.EVERY_EXECUTION, a.control)
        .persistOnDevice(kept(a));
  }

  private static TaskGraph packGraph(DeviceArrays.Resident a) {
    KernelContext context = new KernelContext();
    return new TaskGraph("pack")
        .transferToDevice(DataTransferMode.EVERY_EXECUTION, a.control)
        .transferToDevice(DataTransferMode.FIRST_EXECUTION, a.counts, a.header)
        .consumeFromDevice("load", kept(a))
        .task("count", LaneKernels::count, context, a.control, a.index, a.words, a.lanes, a.counts)
        .task(
            "pack",
            LaneKernels::pack,
            context,
            a.control,
            a.index,
            a.words,
            a.lanes,
            a.counts,
            a.header)
        .transferToHost(DataTransferMode.EVERY_EXECUTION, a.header)
        .persistOnDevice(kept(a));
  }

  private static TaskGraph answerGraph(DeviceArrays.Resident a) {
    return new TaskGraph("answer")
        .transferToDevice(DataTransferMode.EVERY_EXECUTION, a.control)
        .transferToDevice(DataTransferMode.FIRST_EXECUTION, a.answerWords, a.answers)
        .consumeFromDevice("load", kept(a))
        .task(
            "kernel",
            LaneKernels::answer,
            new KernelContext(),
            a.control,
            a.index,
            a.words,
            a.lanes,
            a.parameters,
            a.state,
            a.answerWords,
            a.answers)
        .transferToHost(DataTransferMode.EVERY_EXECUTION, a.answerWords, a.answers)
        .persistOnDevice(kept(a));
  }

  @Override
  DeviceArrays.Resident arrays() {
    return arrays;
  }

  @Override
  void prepare() {
    begin(0);
    place(0, 0, 0);
    advance(0, 0, 0);
    pack(0, 0, 0);
    answer(0, 0);
  }

  /**
   * Sends runs and weights, and delivers the first starts; no lane was active before.
   *
   * @param letters how many starts there are, at most {@code arrays().letters}
   */
  void begin(int letters) {
    deliver(LOAD, 0, 0, letters);
  }

  /**
   * Delivers starts, which join the active lanes.
   *
   * @param active how many lanes are active
   * @param first where their list begins
   * @param letters how many starts there are, at most {@code arrays().letters}
   */
  void place(int active, int first, int letters) {
    deliver(PLACE, active, first, letters);
  }

  private void deliver(int graph, int active, int first, int letters) {
    arrays.control.set(DeviceLayout.ACTIVE, active);
    arrays.control.set(DeviceLayout.FIRST_LANE, first);
    arrays.control.set(DeviceLayout.LETTERS, letters);
    resize(grids.letters(), letters);
    execute(graph);
    bytesMoved +=
        bytes(arrays.control.getSize(), arrays.startWords.getSize())
            + (long) Double.BYTES * arrays.starts.getSize();
  }

  /**
   * Lets every active lane take several steps.
   *
   * @param active how many lanes are active
   * @param first where their list begins
   * @return whether any of them has not ended
   */
  boolean advance(int active, int first, int steps) {
    arrays.control.set(DeviceLayout.ACTIVE, active);
    arrays.control.set(DeviceLayout.FIRST_LANE, first);
    arrays.control.set(DeviceLayout.STEPS, steps);
    arrays.control.set(DeviceLayout.GOES_ON, 0);
    resize(grids.lanes(), active * team);
    advanced = execute(ADVANCE);
    bytesMoved += bytes(arrays.control.getSize(), arrays.control.getSize());
    return arrays.control.get(DeviceLayout.GOES_ON) != 0;
  }

  /**
   * Packs the lanes that are still active into the other list. How many these are, and how many
   * slots have ended in all, the header says.
   *
   * @param ended how many slots have ended and not been cleared
   */
  void pack(int active, int first, int ended) {
    arrays.control.set(DeviceLayout.ACTIVE, active);
    arrays.control.set(DeviceLayout.FIRST_LANE, first);
    arrays.control.set(DeviceLayout.ENDED, ended);
    resize(grids.blocks(), (active + LaneKernels.BLOCK - 1) / LaneKernels.BLOCK);
    execute(PACK);
    bytesMoved += bytes(arrays.control.getSize(), arrays.header.getSize());
  }

  /** Fetches what the device has of all slots, right after they have advanced. */
  void fetchSlots() {
    DataRange costs =
        new DataRange(arrays.state)
            .withOffset((long) DeviceLayout.COST * arrays.capacity)
            .withSize(arrays.capacity);
    advanced.transferToHost(arrays.words, arrays.parameters);
    advanced.transferToHost(costs);
    bytesMoved +=
        bytes(0, arrays.words.getSize())
            + (long) Double.BYTES * (arrays.parameters.getSize() + arrays.capacity);
  }

  /** Fetches the answers of slots that have ended, from a place in their list. */
  void answer(int from, int letters) {
    arrays.control.set(DeviceLayout.FIRST_LETTER, from);
    arrays.control.set(DeviceLayout.LETTERS, letters);
    resize(grids.letters(), letters);
    execute(ANSWER);
    bytesMoved +=
        bytes(arrays.control.getSize(), arrays.answerWords.getSize())
            + (long) Double.BYTES * arrays.answers.getSize();
  }

  private static long bytes(int sent, int received) {
    return (long) Integer.BYTES * (sent + received);
  }

  /** Bytes that travelled since the plan was made, runs and weights aside. */
  long bytesMoved() {
    return bytesMoved;
  }
}
