package org.farfit.kernels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.Objective;
import org.farfit.formula.Schedule;
import org.farfit.kernels.made.DeviceLayout;
import org.farfit.kernels.made.Evaluation;
import org.farfit.kernels.made.Iteration;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.DoubleArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * One response of a formula's problem as the arrays that a made kernel reads, a part at a time:
 * sizes serve every part, and {@link #store} stores the one that is {@linkplain #select selected}.
 *
 * <p>The numbers after the constants are: scalars, columns of groups, columns of runs, weights,
 * targets.
 */
final class FormulaSource implements PlanSource {

  private final FormulaProblem problem;
  private final Schedule schedule;
  private final Arrangement arrangement;
  private final WeightCodes codes;
  private final KernelForm form;
  private final List<FormulaProblem.Part> parts;
  private FormulaProblem.Part part;

  FormulaSource(FormulaProblem problem, int response, WeightCodes codes, KernelForm form) {
    this.problem = problem;
    this.schedule = problem.derivation().schedules().get(response);
    this.arrangement = new Arrangement(schedule);
    this.codes = codes;
    this.form = form;
    this.parts = problem.parts().stream().filter(p -> p.response() == response).toList();
    this.part = parts.getFirst();
  }

  List<FormulaProblem.Part> parts() {
    return parts;
  }

  /** Chooses the part that is stored next. */
  void select(FormulaProblem.Part chosen) {
    part = chosen;
  }

  Schedule schedule() {
    return schedule;
  }

  /** A kernel, and thus a plan, serves every problem of the same schedule. */
  private record Key(Schedule schedule, KernelForm form) {}

  @Override
  public Object kernelKey() {
    return new Key(schedule, form);
  }

  @Override
  public KernelForm form() {
    return form;
  }

  @Override
  public int parameterCount() {
    return KernelTarget.of(schedule).parameterRows();
  }

  @Override
  public int derivativeCount() {
    return schedule.parameters().length;
  }

  @Override
  public Evaluation evaluation() {
    return KernelMaker.evaluation(KernelTarget.of(schedule), form);
  }

  @Override
  public Iteration iteration() {
    throw new UnsupportedOperationException("formulas are iterated by the host");
  }

  private int groups(FormulaProblem.Part of) {
    return arrangement.groupExtent() < 0 ? 1 : of.inputs().counts()[arrangement.groupExtent()];
  }

  @Override
  public int indexSize() {
    return DeviceLayout.GROUP_START + parts.stream().mapToInt(this::groups).max().orElse(0) + 1;
  }

  @Override
  public long dataSize() {
    return parts.stream().mapToLong(this::dataSize).max().orElse(0);
  }

  private long dataSize(FormulaProblem.Part of) {
    long runs = of.runs().length;
    return DeviceLayout.firstColumn(parameterCount())
        + schedule.scalars().size()
        + (long) arrangement.groupColumns().size() * groups(of)
        + (arrangement.runColumns().size() + targetRows()) * runs
        + codes.distinct();
  }

  /** Targets are stored once, or once per row of weights. */
  private int targetRows() {
    return problem.hasLossRows() ? problem.weights().rows() : 1;
  }

  @Override
  public long codesSize() {
    return parts.stream().mapToLong(of -> codes.size(of.runs().length)).max().orElse(0);
  }

  @Override
  public void store(IntArray index, DoubleArray data, ByteArray bytes, int capacity) {
    Objective objective = problem.objective();
    int runs = part.runs().length;
    int groups = groups(part);
    Integer[] order = order(runs);
    index.set(DeviceLayout.CAPACITY, capacity);
    index.set(DeviceLayout.GROUPS, groups);
    index.set(DeviceLayout.RUNS, runs);
    index.set(DeviceLayout.CODE_BYTES, codes.bytes());
    index.set(DeviceLayout.FIXED_MASK, 0);
    index.set(DeviceLayout.TARGET_STRIDE, problem.hasLossRows() ? runs : 0);
    data.set(DeviceLayout.HUBER_DELTA, objective.huberDelta());
    storeGroups(index, order, groups);
    int at = DeviceLayout.firstColumn(parameterCount());
    for (double scalar : part.inputs().scalars()) {
      data.set(at++, scalar);
    }
    for (int node : arrangement.groupColumns()) {
      int extent = arrangement.groupExtent();
      int column = schedule.extents().get(extent).columns().indexOf(node);
      for (int group = 0; group < groups; group++) {
        data.set(at++, part.inputs().columns()[extent][column * groups + group]);
      }
    }
    for (int node : arrangement.runColumns()) {
      for (int i = 0; i < runs; i++) {
        data.set(at++, byRun(node, order[i]));
      }
    }
    codes.storeWeights(data, at);
    at += codes.distinct();
    index.set(DeviceLayout.FIRST_TARGET, at);
    for (int row = 0; row < targetRows(); row++) {
      for (int i = 0; i < runs; i++) {
        data.set(at++, problem.target(part, row, order[i]));
      }
    }
    codes.store(bytes, runs, i -> part.runs()[order[i]]);
  }

  private int groupOf(int run) {
    int extent = arrangement.groupExtent();
    return extent < 0 ? 0 : part.inputs().index()[extent * part.runs().length + run];
  }

  private Integer[] order(int runs) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, runs).boxed().toList());
    order.sort(Comparator.comparingInt(this::groupOf));
    return order.toArray(Integer[]::new);
  }

  private void storeGroups(IntArray index, Integer[] order, int groups) {
    int run = 0;
    for (int group = 0; group < groups; group++) {
      index.set(DeviceLayout.GROUP_START + group, run);
      while (run < order.length && groupOf(order[run]) == group) {
        run++;
      }
    }
    index.set(DeviceLayout.GROUP_START + groups, run);
  }

  /** An expression of columns at a run, wherever the schedule has it. */
  private double byRun(int node, int run) {
    List<Schedule.Extent> extents = schedule.extents();
    int runs = part.runs().length;
    for (int e = extents.size() - 1; e > 0; e--) {
      int column = extents.get(e).columns().indexOf(node);
      if (column >= 0) {
        int count = part.inputs().counts()[e];
        int item = e == extents.size() - 1 ? run : part.inputs().index()[e * runs + run];
        return part.inputs().columns()[e][column * count + item];
      }
    }
    throw new IllegalStateException("a column that no extent has");
  }
}
