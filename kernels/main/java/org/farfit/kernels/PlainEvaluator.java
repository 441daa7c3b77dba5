package org.farfit.kernels;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.farfit.engine.EngineUnavailableException;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;

/**
 * Normal equations from the device, for a solver that iterates on the host. A batch that is larger
 * than a plan is cut into chunks, and two plans take turns: while one runs its kernel, the other
 * brings its chunk up or down, as far as the back end lets them.
 */
final class PlainEvaluator implements Evaluator {

  private static final System.Logger LOG = System.getLogger(PlainEvaluator.class.getName());

  private static final int PLANS_IN_TURN = 2;

  private final PlanPool pool;
  private final SurfaceProblem problem;
  private final int p;
  private final List<PlainPlan> plans = new ArrayList<>();

  PlainEvaluator(PlanPool pool, SurfaceProblem problem, int count) {
    this.pool = pool;
    this.problem = problem;
    this.p = problem.law().parameterCount();
    addPlan(count);
  }

  private void addPlan(int count) {
    PlainPlan plan = pool.plain(problem, count);
    plans.add(plan);
    plan.load();
  }

  @Override
  public int parameterCount() {
    return p;
  }

  @Override
  public void evaluate(NormalEquations batch, int count) {
    int capacity = plans.getFirst().arrays().capacity;
    if (count <= capacity) {
      evaluateChunk(plans.getFirst(), batch, 0, count);
      return;
    }
    addPlansInTurn(capacity);
    AtomicInteger next = new AtomicInteger();
    List<CompletableFuture<Void>> turns =
        plans.stream()
            .map(plan -> CompletableFuture.runAsync(() -> evaluateChunks(plan, batch, count, next)))
            .toList();
    try {
      turns.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Where there is no memory for another plan, fewer take turns. */
  private void addPlansInTurn(int capacity) {
    try {
      while (plans.size() < PLANS_IN_TURN) {
        addPlan(capacity);
      }
    } catch (EngineUnavailableException e) {
      LOG.log(Level.DEBUG, "no second plan", e);
    }
  }

  private void evaluateChunks(
      PlainPlan plan, NormalEquations batch, int count, AtomicInteger next) {
    int capacity = plan.arrays().capacity;
    int from = next.getAndAdd(capacity);
    while (from < count) {
      evaluateChunk(plan, batch, from, Math.min(capacity, count - from));
      from = next.getAndAdd(capacity);
    }
  }

  private void evaluateChunk(PlainPlan plan, NormalEquations batch, int from, int size) {
    upload(plan.arrays(), batch, from, size);
    plan.evaluate(size);
    download(plan.arrays(), batch, from, size);
  }

  private void upload(DeviceArrays.Plain arrays, NormalEquations batch, int from, int size) {
    for (int k = 0; k < size; k++) {
      arrays.rows.set(k, batch.weightRow[from + k]);
    }
    for (int k = 0; k < size; k++) {
      arrays.parameters.set(p * arrays.capacity + k, batch.curvatureBeyond[from + k]);
    }
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < size; k++) {
        arrays.parameters.set(
            j * arrays.capacity + k, batch.parameters[j * batch.capacity() + from + k]);
      }
    }
  }

  private void download(DeviceArrays.Plain arrays, NormalEquations batch, int from, int size) {
    for (int k = 0; k < size; k++) {
      batch.cost[from + k] = arrays.cost.get(k);
    }
    for (int j = 0; j < p; j++) {
      for (int k = 0; k < size; k++) {
        batch.gradient[j * batch.capacity() + from + k] =
            arrays.gradient.get(j * arrays.capacity + k);
      }
    }
    for (int e = 0; e < NormalEquations.packedSize(p); e++) {
      for (int k = 0; k < size; k++) {
        batch.matrix[e * batch.capacity() + from + k] = arrays.matrix.get(e * arrays.capacity + k);
      }
    }
  }

  @Override
  public void close() {
    plans.forEach(pool::release);
    plans.clear();
  }
}
