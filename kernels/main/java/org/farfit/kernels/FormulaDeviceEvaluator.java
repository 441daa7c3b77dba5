package org.farfit.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.farfit.engine.Evaluator;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.NormalEquations;
import org.farfit.formula.Schedule;

/**
 * Normal equations of a law that is a formula, from the device: for each response a made kernel,
 * for each part of its runs a launch, whose sums are added to those of the problem's parameters.
 */
final class FormulaDeviceEvaluator implements Evaluator {

  private final PlanPool pool;
  private final FormulaProblem problem;
  private final List<FormulaSource> sources = new ArrayList<>();
  private final List<PlainPlan> plans = new ArrayList<>();

  /**
   * An evaluator.
   *
   * @param count problems of a launch
   * @param form of the kernels
   */
  FormulaDeviceEvaluator(PlanPool pool, FormulaProblem problem, int count, KernelForm form) {
    this.pool = pool;
    this.problem = problem;
    int runs = problem.weights().runs();
    PlanPool.checkEntries(problem.weights().rows(), runs, 1);
    WeightCodes codes = new WeightCodes(problem.weights(), runs);
    int[] responses = problem.parts().stream().mapToInt(FormulaProblem.Part::response).toArray();
    try {
      for (int response : IntStream.of(responses).distinct().toArray()) {
        FormulaSource source = new FormulaSource(problem, response, codes, form);
        plans.add(pool.plain(source, count));
        sources.add(source);
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public int parameterCount() {
    return problem.parameterCount();
  }

  @Override
  public void evaluate(NormalEquations batch, int count) {
    int capacity = batch.capacity();
    Arrays.fill(batch.cost, 0, count, 0);
    clear(batch.gradient, capacity, count);
    clear(batch.matrix, capacity, count);
    for (int s = 0; s < sources.size(); s++) {
      FormulaSource source = sources.get(s);
      PlainPlan plan = plans.get(s);
      DeviceArrays.Plain arrays = plan.arrays();
      for (FormulaProblem.Part part : source.parts()) {
        source.select(part);
        source.store(arrays.index, arrays.data, arrays.codes, arrays.capacity);
        plan.load();
        for (int from = 0; from < count; from += arrays.capacity) {
          int size = Math.min(arrays.capacity, count - from);
          send(arrays, source.schedule(), part, batch, from, size);
          plan.evaluate(size);
          add(arrays, source.schedule(), part, batch, from, size);
        }
      }
    }
  }

  private static void clear(double[] rows, int capacity, int count) {
    for (int at = 0; at < rows.length; at += capacity) {
      Arrays.fill(rows, at, at + count, 0);
    }
  }

  private static void send(
      DeviceArrays.Plain arrays,
      Schedule schedule,
      FormulaProblem.Part part,
      NormalEquations batch,
      int from,
      int size) {
    for (int k = 0; k < size; k++) {
      arrays.rows.set(k, batch.weightRow[from + k]);
      arrays.parameters.set(
          arrays.parameterCount * arrays.capacity + k, batch.curvatureBeyond[from + k]);
    }
    for (int j : schedule.inputs()) {
      int at = part.parameters()[j] * batch.capacity() + from;
      for (int k = 0; k < size; k++) {
        arrays.parameters.set(j * arrays.capacity + k, batch.parameters[at + k]);
      }
    }
  }

  private static void add(
      DeviceArrays.Plain arrays,
      Schedule schedule,
      FormulaProblem.Part part,
      NormalEquations batch,
      int from,
      int size) {
    for (int k = 0; k < size; k++) {
      batch.cost[from + k] += arrays.cost.get(k);
    }
    int[] parameters = schedule.parameters();
    for (int a = 0; a < parameters.length; a++) {
      int i = part.parameters()[parameters[a]];
      int gradient = i * batch.capacity() + from;
      for (int k = 0; k < size; k++) {
        batch.gradient[gradient + k] += arrays.gradient.get(a * arrays.capacity + k);
      }
      for (int b = 0; b <= a; b++) {
        int j = part.parameters()[parameters[b]];
        int high = Math.max(i, j);
        int to = (high * (high + 1) / 2 + Math.min(i, j)) * batch.capacity() + from;
        int entry = (a * (a + 1) / 2 + b) * arrays.capacity;
        for (int k = 0; k < size; k++) {
          batch.matrix[to + k] += arrays.matrix.get(entry + k);
        }
      }
    }
  }

  @Override
  public void close() {
    plans.forEach(pool::release);
    plans.clear();
  }
}
