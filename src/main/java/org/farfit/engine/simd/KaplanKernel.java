package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;

import java.util.Arrays;
import org.farfit.engine.SurfaceProblem;

/** {@link org.farfit.law.Kaplan}: cN and lnAlphaN feed U, cD is V, lnAlphaD feeds k. */
final class KaplanKernel implements LawKernel {

  private final RunTerms runTerms;
  private final TermExpansion expansion = new TermExpansion(3, 0, 1, 0, 2);
  private final double[] terms = new double[3 * LANES];
  private final double[] exponents = new double[2 * LANES];
  private final double[] slopes = new double[4 * LANES];
  private final double[] sums = new double[9 * LANES];
  private final double[] sharedSums = new double[5 * LANES];
  private final Scratch scratch;
  private final boolean shares;
  private final SharedErrors shared;

  KaplanKernel(SurfaceProblem problem) {
    this.runTerms = new RunTerms(problem, 3);
    this.scratch = new Scratch(runTerms.value.length);
    this.shares = problem.sharesErrors();
    this.shared = new SharedErrors(problem, 4);
  }

  @Override
  public void evaluate(BlockRuns runs, double[] parameters, double[] result) {
    Arrays.fill(result, 0);
    // alphaN and alphaD, from their logarithms
    System.arraycopy(parameters, 2 * LANES, exponents, 0, 2 * LANES);
    VectorMath.exp(2, exponents, exponents);
    System.arraycopy(parameters, LANES, terms, LANES, LANES);
    System.arraycopy(exponents, LANES, terms, 2 * LANES, LANES);
    for (int group = 0; group < runs.groups; group++) {
      for (int lane = 0; lane < LANES; lane++) {
        double slope = -runs.x[group] * exponents[lane];
        terms[lane] = parameters[lane] + slope;
        slopes[lane] = 1;
        slopes[LANES + lane] = 1;
        slopes[2 * LANES + lane] = slope;
        slopes[3 * LANES + lane] = exponents[LANES + lane];
      }
      expansion.dropInactive(runs, group, slopes);
      int count = runs.start[group + 1] - runs.start[group];
      LogSums.gaps(runs, group, terms, 0, LANES, 2 * LANES, scratch.w, scratch.x);
      LogSums.divide(count, terms, 2 * LANES, scratch.x);
      scratch.exponentials(count);
      LogSums.powerSums(
          count,
          terms,
          0,
          2 * LANES,
          scratch.w,
          scratch.x,
          scratch.t,
          scratch.log,
          scratch.inverse,
          runTerms.value,
          runTerms.local[0],
          runTerms.local[1],
          runTerms.local[2]);
      // k is also the slope of the data term.
      LogSums.subtractTimesTokens(runs, group, runTerms.local[1], runTerms.local[2]);
      runTerms.weigh(runs, runs.start[group], count, result);
      runTerms.sumThree(count, sums);
      expansion.add(slopes, sums, result);
      if (shares) {
        SharedErrors.sum(runTerms, 0, count, 3, sharedSums, 0);
        expansion.share(shared, runs, group, slopes, sharedSums, result);
      }
    }
  }
}
