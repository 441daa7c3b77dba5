package org.farfit.engine.code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.farfit.engine.Evaluator;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.ScheduleInputs;
import org.farfit.engine.ScheduledProblem;
import org.farfit.formula.Schedule;

/**
 * Normal equations of a formula's problems: for each part the kernel fills a chunk of runs with
 * responses and factors of derivatives, sums of their products are taken over the runs of each
 * value of a column, expanded to the part's parameters and added to the problem's. Problems are
 * taken as many at a time as the kernel has lanes.
 */
public final class FormulaEvaluator implements Evaluator {

  /** Numbers of a chunk's arrays: they stay in the first-level cache or near it. */
  private static final int CHUNK = 3072;

  private static final int LEAST_RUNS = 16;
  private static final int MOST_RUNS = 256;

  /** Loops over runs and lanes, a lane per problem. */
  public interface Sums {

    /** How many problems at a time. */
    int lanes();

    /** A kernel of a schedule, with as many lanes. */
    FormulaKernel kernel(Schedule schedule);

    /**
     * Turns the responses of a chunk into residuals and weights, and adds up the cost.
     *
     * @param sums receives weight, residual and cost
     * @param at where in {@code sums.own} the responses begin
     * @param runs targets and weights
     * @return whether it has also added m and M of all factors
     */
    boolean residuals(RunSums sums, int at, RunWeights runs, double huberDelta);

    /** Adds m and M of one, two or three factors from {@code k} on. */
    void triangle(RunSums sums, int k, int factors);

    /** Adds M of one or three factors from {@code k} on with three from {@code l} on. */
    void rectangle(RunSums sums, int k, int factors, int l);

    /** Adds the sum over all values to {@code to}. */
    void sum(int n, double[] a, int atA, double[] to, int at);

    /** Adds the sum of products over all values to {@code to}. */
    void dot(int n, double[] a, int atA, double[] b, int atB, double[] to, int at);

    /** The same with three arrays from {@code atB[b]} on, and the two after it. */
    void dots(int n, double[] a, int atA, double[] b, int[] atB, int from, double[] to, int[] at);

    /** Puts, or if not {@code first} adds, products into {@code to}. */
    void multiply(int n, double[] a, int atA, double[] b, int atB, double[] to, boolean first);
  }

  /**
   * Targets and weights of a part's runs.
   *
   * @param uniform whether there is one weight per run, and not one per run and lane
   * @param ownTargets whether there is one target per run and lane, and not one per run
   */
  public record RunWeights(double[] target, boolean ownTargets, double[] weight, boolean uniform) {}

  private final ScheduledProblem problem;
  private final Sums sums;
  private final int lanes;
  private final int p;
  private final Work[] works;
  private final Optional<SharedRows> shared;
  private final List<PartRuns[]> blocks = new ArrayList<>();
  private final double[] cost;
  private final double[] partGradient;
  private final double[] partMatrix;
  private final double[] gradient;
  private final double[] matrix;

  /** Arrays and kernel of a response; parts of one response take turns. */
  private static final class Work {

    final Schedule schedule;
    final FormulaKernel kernel;
    final Expansion expansion;
    final boolean direct;
    final int chunk;
    final RunSums sums;
    final double[] problem;
    final int[] inputs;
    final int[] parameters;
    final int valueAt;
    final int[] stride;
    final double[][] values;

    Work(Schedule schedule, FormulaKernel kernel, int lanes, boolean keepsResiduals) {
      this.schedule = schedule;
      this.kernel = kernel;
      this.expansion = new Expansion(schedule);
      this.direct = schedule.isDirect();
      List<Schedule.Extent> extents = schedule.extents();
      int slots = extents.getLast().slotCount();
      int runs = CHUNK / (lanes * (slots + 2));
      this.chunk = Math.max(LEAST_RUNS, Math.min(MOST_RUNS, runs));
      this.sums = new RunSums(chunk, lanes, keepsResiduals);
      sums.own = new double[slots * chunk * lanes];
      sums.slots = Arrays.stream(schedule.factorSlots()).map(s -> s * chunk * lanes).toArray();
      this.problem = new double[extents.getFirst().slotCount() * lanes];
      this.inputs = schedule.inputs();
      this.parameters = schedule.parameters();
      this.valueAt = schedule.valueSlot() * chunk * lanes;
      this.stride = new int[extents.size()];
      this.values = new double[extents.size()][0];
    }

    /** Lays out the slots of values, and the sums, for a part. */
    void layOut(ScheduleInputs inputs, int lanes) {
      int extents = schedule.extents().size();
      for (int e = 1; e < extents - 1; e++) {
        stride[e] = inputs.counts()[e] * lanes;
        int size = schedule.extents().get(e).slotCount() * stride[e];
        if (values[e].length < size) {
          values[e] = new double[size];
        }
      }
      int q = sums.slots.length;
      sums.start = inputs.start();
      sums.stride = (inputs.start().length - 1) * lanes;
      int size = (q + NormalEquations.packedSize(q)) * sums.stride;
      if (sums.sums.length < size) {
        sums.sums = new double[size];
      }
      Arrays.fill(sums.sums, 0, size, 0);
    }
  }

  /** An evaluator with its own workspace. */
  public FormulaEvaluator(ScheduledProblem problem, Sums sums) {
    this.problem = problem;
    this.sums = sums;
    this.lanes = sums.lanes();
    this.p = problem.parameterCount();
    List<Schedule> schedules = problem.schedules();
    works = new Work[schedules.size()];
    int most = 0;
    for (int r = 0; r < works.length; r++) {
      works[r] =
          new Work(
              schedules.get(r),
              sums.kernel(schedules.get(r)),
              lanes,
              problem.sharedSizes().isPresent());
      most = Math.max(most, works[r].parameters.length);
    }
    shared = problem.sharedSizes().map(sizes -> new SharedRows(problem, sizes, lanes));
    cost = new double[lanes];
    partGradient = new double[most * lanes];
    partMatrix = new double[NormalEquations.packedSize(most) * lanes];
    gradient = new double[p * lanes];
    matrix = new double[NormalEquations.packedSize(p) * lanes];
  }

  @Override
  public int parameterCount() {
    return p;
  }

  @Override
  public void evaluate(NormalEquations batch, int count) {
    int block = 0;
    for (int from = 0; from < count; from += lanes) {
      if (block == blocks.size()) {
        blocks.add(
            problem.parts().stream()
                .map(part -> new PartRuns(problem, part, lanes))
                .toArray(PartRuns[]::new));
      }
      evaluateBlock(batch, blocks.get(block++), from, Math.min(lanes, count - from));
    }
  }

  private void evaluateBlock(NormalEquations batch, PartRuns[] block, int from, int used) {
    boolean uniform = true;
    for (PartRuns runs : block) {
      runs.use(batch.weightRow, from, used);
      uniform &= runs.uniform;
    }
    evaluateBlock(batch, block, from, used, false);
    // Zero times a finite number is zero, so what has no weight matters only where it is not.
    if (!uniform && !isFinite()) {
      evaluateBlock(batch, block, from, used, true);
    }
    store(batch, from, used);
  }

  private boolean isFinite() {
    double probe = 0;
    for (double[] output : new double[][] {cost, gradient, matrix}) {
      for (double value : output) {
        probe += 0 * value;
      }
    }
    return probe == 0;
  }

  private void evaluateBlock(
      NormalEquations batch, PartRuns[] block, int from, int used, boolean careful) {
    Arrays.fill(cost, 0);
    Arrays.fill(gradient, 0);
    Arrays.fill(matrix, 0);
    shared.ifPresent(SharedRows::begin);
    for (int i = 0; i < block.length; i++) {
      FormulaProblem.Part part = problem.parts().get(i);
      PartRuns runs = block[i];
      if (runs.count() == 0) {
        continue;
      }
      Work work = works[part.response()];
      load(work, part, batch, from, used);
      work.kernel.problem(work.problem, runs.inputs.scalars());
      values(work, runs.inputs);
      System.arraycopy(cost, 0, work.sums.cost, 0, lanes);
      int number = i;
      Optional<SharedSums> sizes = shared.map(all -> all.of(number));
      accumulate(work, runs, sizes, careful);
      System.arraycopy(work.sums.cost, 0, cost, 0, lanes);
      expand(work, part, runs, sizes, careful);
    }
    shared.ifPresent(sizes -> sizes.takeOff(cost, gradient, matrix));
  }

  /** Lanes past the end repeat the last problem. */
  private void load(
      Work work, FormulaProblem.Part part, NormalEquations batch, int from, int used) {
    for (int j : work.inputs) {
      int at = part.parameters()[j] * batch.capacity() + from;
      for (int lane = 0; lane < lanes; lane++) {
        work.problem[j * lanes + lane] = batch.parameters[at + Math.min(lane, used - 1)];
      }
    }
    for (int lane = 0; lane < lanes; lane++) {
      work.sums.curvatureBeyond[lane] = batch.curvatureBeyond[from + Math.min(lane, used - 1)];
    }
  }

  private void values(Work work, ScheduleInputs inputs) {
    int extents = work.schedule.extents().size();
    work.layOut(inputs, lanes);
    for (int e = 1; e < extents - 1; e++) {
      work.kernel.values(
          e,
          inputs.counts()[e],
          work.values[e],
          work.stride[e],
          work.problem,
          inputs.scalars(),
          inputs.columns()[e],
          inputs.counts()[e]);
    }
  }

  /** Chunks are of whole values where these have few runs. */
  private void accumulate(Work work, PartRuns runs, Optional<SharedSums> sizes, boolean careful) {
    RunWeights weights = new RunWeights(runs.target, runs.ownTargets, runs.weight, runs.uniform);
    int[] start = runs.inputs.start();
    int values = start.length - 1;
    RunSums chunk = work.sums;
    sizes.ifPresent(own -> own.begin(runs));
    int value = 0;
    chunk.first = 0;
    while (value < values) {
      chunk.firstValue = value;
      while (value < values && start[value + 1] - chunk.first <= work.chunk) {
        value++;
      }
      boolean whole = value > chunk.firstValue;
      chunk.endValue = whole ? value : value + 1;
      chunk.end = whole ? start[value] : chunk.first + work.chunk;
      sumChunk(work, runs, weights, sizes, careful);
      chunk.first = chunk.end;
    }
  }

  private void sumChunk(
      Work work, PartRuns runs, RunWeights weights, Optional<SharedSums> sizes, boolean careful) {
    ScheduleInputs inputs = runs.inputs;
    RunSums chunk = work.sums;
    work.kernel.runs(
        chunk.end - chunk.first,
        chunk.first,
        chunk.own,
        work.chunk * lanes,
        work.problem,
        inputs.scalars(),
        inputs.columns()[inputs.columns().length - 1],
        runs.count(),
        work.values,
        work.stride,
        inputs.index());
    if (careful && !runs.uniform) {
      dropWeightless(work, runs);
    }
    if (sums.residuals(chunk, work.valueAt, weights, problem.objective().huberDelta())) {
      return;
    }
    if (sizes.isPresent()) {
      sizes.get().add(sums, chunk);
    }
    int q = chunk.slots.length;
    for (int k = 0; k < q; k += 3) {
      int factors = Math.min(3, q - k);
      for (int l = 0; l < k; l += 3) {
        if (factors == 3) {
          sums.rectangle(chunk, k, 3, l);
        } else {
          for (int row = k; row < q; row++) {
            sums.rectangle(chunk, row, 1, l);
          }
        }
      }
      sums.triangle(chunk, k, factors);
    }
  }

  /** What has no weight need not be finite. */
  private void dropWeightless(Work work, PartRuns runs) {
    RunSums chunk = work.sums;
    for (int at = 0; at < (chunk.end - chunk.first) * lanes; at++) {
      int run = chunk.first + at / lanes;
      if (runs.weight[run * lanes + at % lanes] == 0) {
        chunk.own[work.valueAt + at] =
            runs.target[runs.ownTargets ? run * lanes + at % lanes : run];
        for (int slot : chunk.slots) {
          chunk.own[slot + at] = 0;
        }
      }
    }
  }

  private void expand(
      Work work,
      FormulaProblem.Part part,
      PartRuns runs,
      Optional<SharedSums> sizes,
      boolean careful) {
    int n = work.parameters.length;
    int extent = work.schedule.shareExtent();
    double[] shares = extent == 0 ? work.problem : work.values[extent];
    if (work.direct) {
      direct(work);
    } else {
      Arrays.fill(partGradient, 0, n * lanes, 0);
      Arrays.fill(partMatrix, 0, NormalEquations.packedSize(n) * lanes, 0);
      if (careful && !runs.uniform && extent > 0) {
        dropInactive(work, runs, extent);
      }
      work.expansion.add(sums, work.sums, shares, partGradient, partMatrix);
    }
    if (sizes.isPresent()) {
      sizes.get().addRows(shared.orElseThrow(), shares, work.sums.stride);
    }
    spread(work, part);
  }

  /** A value none of whose runs a problem weighs must not matter to it. */
  private void dropInactive(Work work, PartRuns runs, int extent) {
    int[] start = runs.inputs.start();
    int slots = work.schedule.extents().get(extent).slotCount();
    for (int value = 0; value + 1 < start.length; value++) {
      for (int lane = 0; lane < lanes; lane++) {
        boolean any = false;
        for (int run = start[value]; run < start[value + 1]; run++) {
          any |= runs.weight[run * lanes + lane] > 0;
        }
        for (int slot = 0; !any && slot < slots; slot++) {
          work.values[extent][slot * work.sums.stride + value * lanes + lane] = 0;
        }
      }
    }
  }

  /** Factors are the derivatives, and there is one value. */
  private void direct(Work work) {
    int[] factorOf = work.expansion.factorOf();
    RunSums from = work.sums;
    for (int i = 0; i < factorOf.length; i++) {
      int k = factorOf[i];
      System.arraycopy(from.sums, from.rightSide(k), partGradient, i * lanes, lanes);
      for (int j = 0; j <= i; j++) {
        int l = factorOf[j];
        int at = from.product(Math.max(k, l), Math.min(k, l));
        System.arraycopy(from.sums, at, partMatrix, (i * (i + 1) / 2 + j) * lanes, lanes);
      }
    }
  }

  private void spread(Work work, FormulaProblem.Part part) {
    int n = work.parameters.length;
    for (int a = 0; a < n; a++) {
      int i = part.parameters()[work.parameters[a]];
      for (int lane = 0; lane < lanes; lane++) {
        gradient[i * lanes + lane] += partGradient[a * lanes + lane];
      }
      for (int b = 0; b <= a; b++) {
        int j = part.parameters()[work.parameters[b]];
        int high = Math.max(i, j);
        int to = (high * (high + 1) / 2 + Math.min(i, j)) * lanes;
        int at = (a * (a + 1) / 2 + b) * lanes;
        for (int lane = 0; lane < lanes; lane++) {
          matrix[to + lane] += partMatrix[at + lane];
        }
      }
    }
  }

  private void store(NormalEquations batch, int from, int used) {
    int capacity = batch.capacity();
    System.arraycopy(cost, 0, batch.cost, from, used);
    for (int j = 0; j < p; j++) {
      System.arraycopy(gradient, j * lanes, batch.gradient, j * capacity + from, used);
    }
    int entries = NormalEquations.packedSize(p);
    for (int e = 0; e < entries; e++) {
      System.arraycopy(matrix, e * lanes, batch.matrix, e * capacity + from, used);
    }
  }
}
