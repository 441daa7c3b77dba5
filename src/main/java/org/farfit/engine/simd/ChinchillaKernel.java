package org.farfit.engine.simd;

import static org.farfit.engine.simd.VectorMath.LANES;

import org.farfit.engine.SurfaceProblem;

/** {@link org.farfit.law.Chinchilla}: lnE, cA and alpha feed U, cB feeds V, beta is A. */
final class ChinchillaKernel implements LawKernel {

  private final RunTerms runTerms;
  private final TermExpansion expansion = new TermExpansion(3, 0, 0, 1, 0, 2);
  private final double[] terms = new double[3 * LANES];
  private final double[] slopes = new double[5 * LANES];
  private final double[] capacity = new double[LANES];
  private final double[] sums = new double[9 * LANES];
  private final double[] capacityShare = new double[LANES];
  private final Scratch scratch;

  ChinchillaKernel(SurfaceProblem problem) {
    this.runTerms = new RunTerms(problem, 2);
    this.scratch = new Scratch(runTerms.value.length);
  }

  @Override
  public void evaluate(BlockRuns runs, double[] parameters, double[] result) {
    expansion.clear(result);
    System.arraycopy(parameters, 2 * LANES, terms, LANES, LANES);
    System.arraycopy(parameters, 4 * LANES, terms, 2 * LANES, LANES);
    for (int group = 0; group < runs.groups; group++) {
      sizeTerms(runs.x[group], parameters);
      expansion.dropInactive(runs, group, slopes);
      int count = runs.start[group + 1] - runs.start[group];
      LogSums.gaps(runs, group, terms, 0, LANES, 2 * LANES, scratch.w, scratch.x);
      scratch.exponentials(count);
      runTerms.sumDataForm(runs, group, terms, 0, scratch, sums, 0, result);
      expansion.add(slopes, sums, result);
    }
  }

  /** U = ln(e^lnE + e^(cA - alpha x)) and its slopes, as the sum of one run. */
  private void sizeTerms(double x, double[] parameters) {
    for (int lane = 0; lane < LANES; lane++) {
      capacity[lane] = parameters[LANES + lane] - x * parameters[3 * LANES + lane];
    }
    LogSums.gaps(1, parameters, 0, capacity, scratch.x);
    scratch.exponentials(1);
    LogSums.sums(
        1,
        parameters,
        0,
        capacity,
        scratch.t,
        scratch.log,
        scratch.inverse,
        terms,
        slopes,
        capacityShare);
    for (int lane = 0; lane < LANES; lane++) {
      slopes[LANES + lane] = capacityShare[lane];
      slopes[2 * LANES + lane] = 1;
      slopes[3 * LANES + lane] = -x * capacityShare[lane];
      slopes[4 * LANES + lane] = 1;
    }
  }
}
