package org.farfit.engine.simd;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.scalar.ScalarEngine;

/**
 * Normal equations of a batch, a vector of problems at a time. Nothing is allocated once the batch
 * has had its largest size.
 */
final class SimdEvaluator implements Evaluator {

  private static final int LANES = VectorMath.LANES;

  private final SurfaceProblem problem;
  private final int p;
  private final LawKernel kernel;
  private final double[] parameters;
  private final double[] result;
  private final List<BlockRuns> blocks = new ArrayList<>();
  private Evaluator plain;
  private NormalEquations single;
  private OnePoint onePoint;

  SimdEvaluator(SurfaceProblem problem, LawKernel kernel) {
    this.problem = problem;
    this.p = problem.law().parameterCount();
    this.kernel = kernel;
    this.parameters = new double[p * LANES];
    this.result = new double[(1 + p + NormalEquations.packedSize(p)) * LANES];
  }

  @Override
  public int parameterCount() {
    return p;
  }

  @Override
  public void evaluate(NormalEquations batch, int count) {
    int block = 0;
    // One serves them all then: it takes as much memory as the runs do.
    boolean alike = isAlike(batch.weightRow, count);
    for (int from = 0; from < count; from += LANES) {
      int used = Math.min(LANES, count - from);
      if (block == blocks.size()) {
        blocks.add(new BlockRuns(problem, kernel.takesPackedRuns()));
      }
      BlockRuns runs = blocks.get(block);
      block += alike ? 0 : 1;
      runs.use(batch.weightRow, from, used);
      runs.useCurvature(batch.curvatureBeyond, from, used);
      load(batch, from, used);
      kernel.evaluate(runs, parameters, result);
      if (!runs.uniform && !runs.packed && !isFinite(result)) {
        runs.maskWeightless();
        kernel.evaluate(runs, parameters, result);
        runs.careful = false;
      }
      store(batch, from, used);
      evaluateExtremes(batch, from, used);
    }
    if (problem.fixedMask() != 0) {
      fix(batch, count);
    }
  }

  @Override
  public void evaluateAtOnePoint(NormalEquations batch, int count) {
    if (!OnePoint.serves(problem)) {
      evaluate(batch, count);
      return;
    }
    if (onePoint == null) {
      onePoint = new OnePoint(problem);
    }
    if (!onePoint.evaluate(batch, count)) {
      evaluate(batch, count);
    } else if (problem.fixedMask() != 0) {
      fix(batch, count);
    }
  }

  private static boolean isAlike(int[] weightRow, int count) {
    for (int k = 1; k < count; k++) {
      if (weightRow[k] != weightRow[0]) {
        return false;
      }
    }
    return true;
  }

  /** Whether all of a result is finite: zero times infinity or NaN is NaN. */
  static boolean isFinite(double[] result) {
    DoubleVector probe = DoubleVector.zero(VectorMath.SPECIES);
    for (int at = 0; at < result.length; at += LANES) {
      probe = DoubleVector.fromArray(VectorMath.SPECIES, result, at).mul(0).add(probe);
    }
    return probe.compare(VectorOperators.EQ, 0).allTrue();
  }

  /** Lanes past the end repeat the last problem. */
  private void load(NormalEquations batch, int from, int used) {
    int capacity = batch.capacity();
    for (int j = 0; j < p; j++) {
      System.arraycopy(batch.parameters, j * capacity + from, parameters, j * LANES, used);
      for (int lane = used; lane < LANES; lane++) {
        parameters[j * LANES + lane] = parameters[j * LANES + used - 1];
      }
    }
  }

  private void store(NormalEquations batch, int from, int used) {
    int capacity = batch.capacity();
    System.arraycopy(result, 0, batch.cost, from, used);
    for (int j = 0; j < p; j++) {
      System.arraycopy(result, (1 + j) * LANES, batch.gradient, j * capacity + from, used);
    }
    int entries = NormalEquations.packedSize(p);
    for (int e = 0; e < entries; e++) {
      System.arraycopy(result, (1 + p + e) * LANES, batch.matrix, e * capacity + from, used);
    }
  }

  /** Evaluates by the plain engine what is too far off for the kernel. */
  private void evaluateExtremes(NormalEquations batch, int from, int used) {
    for (int lane = 0; lane < used; lane++) {
      if (!kernel.serves(parameters, lane)) {
        if (plain == null) {
          plain = new ScalarEngine().evaluator(problem);
          single = new NormalEquations(p, 1);
        }
        single.copy(0, batch, from + lane);
        plain.evaluate(single, 1);
        batch.copy(from + lane, single, 0);
      }
    }
  }

  private void fix(NormalEquations batch, int count) {
    for (int j = 0; j < p; j++) {
      if ((problem.fixedMask() >>> j & 1) != 0) {
        for (int k = 0; k < count; k++) {
          batch.fix(j, k);
        }
      }
    }
  }
}
