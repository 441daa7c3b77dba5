package org.farfit.engine.code;

import java.util.Arrays;
import java.util.List;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.formula.Schedule;

/**
 * Normal equations of a formula's problems: for each part the kernel fills a chunk of runs with
 * responses and derivatives, sums are taken over it, and those of the part's parameters are added
 * to the problem's. Problems are taken as many at a time as the kernel has lanes.
 */
public final class FormulaEvaluator implements Evaluator {

  /** Runs of a chunk, times lanes: its arrays stay in the first-level cache or near it. */
  private static final int CHUNK = 128;

  /** Sums over the runs of a chunk, a lane per problem. */
  public interface Sums {

    /** How many problems at a time. */
    int lanes();

    /** A kernel of a schedule, with as many lanes. */
    FormulaKernel kernel(Schedule schedule);

    /**
     * Turns responses into residuals.
     *
     * @param own in: responses at {@code at}; lanes x count
     * @param target what responses are compared with; lanes x count
     * @param weight lanes x count
     * @param matrixWeight output: weight of products of derivatives
     * @param gradientWeight output: weighted residual
     * @param cost lanes; added to
     */
    void residuals(
        int count,
        double[] own,
        int at,
        double[] target,
        double[] weight,
        double huberDelta,
        double[] matrixWeight,
        double[] gradientWeight,
        double[] cost);

    /**
     * Adds products of derivatives.
     *
     * @param slots offsets in {@code own} of the derivatives
     * @param scratch as large as a slot
     * @param gradient output, derivatives x lanes
     * @param matrix output, packed, x lanes
     */
    void products(
        int count,
        double[] own,
        int[] slots,
        double[] matrixWeight,
        double[] gradientWeight,
        double[] scratch,
        double[] gradient,
        double[] matrix);
  }

  private final FormulaProblem problem;
  private final Sums sums;
  private final int lanes;
  private final int chunk;
  private final int p;
  private final Work[] works;
  private final double[] weight;
  private final double[] target;
  private final double[] matrixWeight;
  private final double[] gradientWeight;
  private final double[] scratch;
  private final double[] cost;
  private final double[] partGradient;
  private final double[] partMatrix;
  private final double[] gradient;
  private final double[] matrix;

  /** Arrays and kernel of a response; parts of one response take turns. */
  private static final class Work {

    final Schedule schedule;
    final FormulaKernel kernel;
    final double[] own;
    final double[] problem;
    final int[] inputs;
    final int[] parameters;
    final int[] slots;
    final int valueAt;
    final int[] extentAt;
    double[] values = new double[0];

    Work(Schedule schedule, FormulaKernel kernel, int lanes, int chunk) {
      this.schedule = schedule;
      this.kernel = kernel;
      List<Schedule.Extent> extents = schedule.extents();
      this.own = new double[extents.getLast().slotCount() * chunk * lanes];
      this.problem = new double[extents.getFirst().slotCount() * lanes];
      this.inputs = schedule.inputs();
      this.parameters = schedule.parameters();
      this.slots = Arrays.stream(schedule.gradientSlots()).map(s -> s * chunk * lanes).toArray();
      this.valueAt = schedule.valueSlot() * chunk * lanes;
      this.extentAt = new int[2 * extents.size()];
    }

    /** Lays out the slots of values for a part. */
    void layOut(FormulaProblem.Bound bound, int lanes) {
      int extents = schedule.extents().size();
      int total = 0;
      for (int e = 1; e < extents - 1; e++) {
        extentAt[e] = total;
        extentAt[extents + e] = bound.counts()[e] * lanes;
        total += schedule.extents().get(e).slotCount() * extentAt[extents + e];
      }
      if (values.length < total) {
        values = new double[total];
      }
    }
  }

  /** An evaluator with its own workspace. */
  public FormulaEvaluator(FormulaProblem problem, Sums sums) {
    this.problem = problem;
    this.sums = sums;
    this.lanes = sums.lanes();
    this.chunk = Math.max(16, CHUNK / lanes);
    this.p = problem.parameterCount();
    List<Schedule> schedules = problem.derivation().schedules();
    works = new Work[schedules.size()];
    int most = 0;
    for (int r = 0; r < works.length; r++) {
      works[r] = new Work(schedules.get(r), sums.kernel(schedules.get(r)), lanes, chunk);
      most = Math.max(most, works[r].parameters.length);
    }
    weight = new double[chunk * lanes];
    target = new double[chunk * lanes];
    matrixWeight = new double[chunk * lanes];
    gradientWeight = new double[chunk * lanes];
    scratch = new double[chunk * lanes];
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
    for (int from = 0; from < count; from += lanes) {
      evaluateBlock(batch, from, Math.min(lanes, count - from));
    }
  }

  private void evaluateBlock(NormalEquations batch, int from, int used) {
    Arrays.fill(cost, 0);
    Arrays.fill(gradient, 0);
    Arrays.fill(matrix, 0);
    for (FormulaProblem.Part part : problem.parts()) {
      Work work = works[part.response()];
      load(work, part, batch, from, used);
      work.kernel.problem(work.problem, part.bound().scalars());
      values(work, part.bound());
      Arrays.fill(partGradient, 0);
      Arrays.fill(partMatrix, 0);
      for (int first = 0; first < part.runs().length; first += chunk) {
        sum(work, part, batch, from, used, first, Math.min(chunk, part.runs().length - first));
      }
      spread(work, part);
    }
    store(batch, from, used);
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
  }

  private void values(Work work, FormulaProblem.Bound bound) {
    int extents = work.schedule.extents().size();
    work.layOut(bound, lanes);
    for (int e = 1; e < extents - 1; e++) {
      int size = bound.counts()[e] * lanes;
      int slots = work.schedule.extents().get(e).slotCount();
      double[] own = new double[slots * size];
      work.kernel.values(
          e,
          bound.counts()[e],
          own,
          size,
          work.problem,
          bound.scalars(),
          bound.columns()[e],
          bound.counts()[e]);
      System.arraycopy(own, 0, work.values, work.extentAt[e], own.length);
    }
  }

  private void sum(
      Work work,
      FormulaProblem.Part part,
      NormalEquations batch,
      int from,
      int used,
      int first,
      int count) {
    FormulaProblem.Bound bound = part.bound();
    weigh(part, batch, from, used, first, count);
    work.kernel.runs(
        count,
        first,
        work.own,
        chunk * lanes,
        work.problem,
        bound.scalars(),
        bound.columns()[bound.columns().length - 1],
        part.runs().length,
        work.values,
        work.extentAt,
        bound.index());
    sums.residuals(
        count,
        work.own,
        work.valueAt,
        target,
        weight,
        problem.objective().huberDelta(),
        matrixWeight,
        gradientWeight,
        cost);
    sums.products(
        count,
        work.own,
        work.slots,
        matrixWeight,
        gradientWeight,
        scratch,
        partGradient,
        partMatrix);
  }

  /** Weights and targets of a chunk; where one is 0, what is computed need not even be finite. */
  private void weigh(
      FormulaProblem.Part part, NormalEquations batch, int from, int used, int first, int count) {
    for (int i = 0; i < count; i++) {
      int run = part.runs()[first + i];
      for (int lane = 0; lane < lanes; lane++) {
        int row = batch.weightRow[from + Math.min(lane, used - 1)];
        weight[i * lanes + lane] = problem.weights().weight(row, run);
        target[i * lanes + lane] = problem.target(part, row, first + i);
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
