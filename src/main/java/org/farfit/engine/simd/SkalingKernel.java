package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;

import java.util.Arrays;
import org.farfit.engine.SurfaceProblem;

/** {@link org.farfit.law.Skaling}: lnE, cA with sA, cB, sB and k feed one term each. */
final class SkalingKernel implements LawKernel {

  private static final int LIMIT = 0;
  private static final int CAPACITY = LANES;
  private static final int DATA = 2 * LANES;
  private static final int DATA_SLOPE = 3 * LANES;
  private static final int POWER = 4 * LANES;

  private final RunTerms runTerms;
  private final TermExpansion expansion = new TermExpansion(5, 0, 1, 2, 1, 3, 4);
  private final double[] terms = new double[5 * LANES];
  private final double[] power = new double[LANES];
  private final double[] slopes = new double[6 * LANES];
  private final double[] sums = new double[20 * LANES];
  private final double[] sharedSums = new double[7 * LANES];
  private final Scratch scratch;
  private final boolean shares;
  private final SharedErrors shared;
  private final double[] reducible;
  private final double[] reducibleShare;

  SkalingKernel(SurfaceProblem problem) {
    this.runTerms = new RunTerms(problem, 5);
    int length = runTerms.value.length;
    this.scratch = new Scratch(length);
    this.shares = problem.sharesErrors();
    this.shared = new SharedErrors(problem, 6);
    this.reducible = new double[length];
    this.reducibleShare = new double[length];
  }

  @Override
  public void evaluate(BlockRuns runs, double[] parameters, double[] result) {
    Arrays.fill(result, 0);
    System.arraycopy(parameters, 5 * LANES, power, 0, LANES);
    VectorMath.exp(1, power, power);
    System.arraycopy(parameters, 0, terms, LIMIT, LANES);
    System.arraycopy(parameters, 2 * LANES, terms, DATA, LANES);
    System.arraycopy(parameters, 4 * LANES, terms, DATA_SLOPE, LANES);
    System.arraycopy(power, 0, terms, POWER, LANES);
    for (int group = 0; group < runs.groups; group++) {
      double x = runs.x[group];
      for (int lane = 0; lane < LANES; lane++) {
        terms[CAPACITY + lane] = parameters[LANES + lane] - x * parameters[3 * LANES + lane];
        slopes[lane] = 1;
        slopes[LANES + lane] = 1;
        slopes[2 * LANES + lane] = 1;
        slopes[3 * LANES + lane] = -x;
        slopes[4 * LANES + lane] = 1;
        slopes[5 * LANES + lane] = power[lane];
      }
      expansion.dropInactive(runs, group, slopes);
      int count = runs.start[group + 1] - runs.start[group];
      LogSums.gaps(runs, group, terms, CAPACITY, DATA, DATA_SLOPE, scratch.w, scratch.x);
      LogSums.divide(count, terms, POWER, scratch.x);
      scratch.exponentials(count);
      LogSums.powerSums(
          count,
          terms,
          CAPACITY,
          POWER,
          scratch.w,
          scratch.x,
          scratch.t,
          scratch.log,
          scratch.inverse,
          reducible,
          runTerms.local[1],
          runTerms.local[2],
          runTerms.local[4]);
      LogSums.gaps(count, terms, LIMIT, reducible, scratch.x);
      scratch.exponentials(count);
      LogSums.sums(
          count,
          terms,
          LIMIT,
          reducible,
          scratch.t,
          scratch.log,
          scratch.inverse,
          runTerms.value,
          runTerms.local[0],
          reducibleShare);
      LogSums.scale(count, reducibleShare, runTerms.local[1]);
      LogSums.scale(count, reducibleShare, runTerms.local[2]);
      LogSums.scale(count, reducibleShare, runTerms.local[4]);
      runTerms.weigh(runs, runs.start[group], count, result);
      runTerms.sumFive(runs, group, sums);
      expansion.add(slopes, sums, result);
      if (shares) {
        SharedErrors.sumGroup(runTerms, runs, group, 5, 2, 3, sharedSums, 0);
        expansion.share(shared, runs, group, slopes, sharedSums, result);
      }
    }
  }
}
