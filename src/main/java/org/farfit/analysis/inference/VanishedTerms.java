package org.farfit.analysis.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.statistics.LinearPropagation;
import org.farfit.solver.PartedEvaluator;

/**
 * What an irreducible loss that vanished in a fit may still be. Such a fit ends at E of zero, since
 * the runs would rather have it negative; standard errors that take zero as known hold the truth in
 * two in five of the sets whose E is small and was not seen.
 *
 * <p>Were E free it would end one step of Gauss-Newton farther, below zero, and an estimand there
 * would have an interval that holds the truth as often as any. No truth is where E is negative. So
 * on the side to which an estimand moves as E rises from there to zero and beyond, the interval
 * ends where that of the free E does, if that is farther; on the other side it ends as at zero.
 *
 * @param freed the fit as if E could be of any sign, at the same parameters
 * @param step how its centred parameters would go on from these
 * @param degreesOfFreedom of its errors, by the gradient of an estimand
 */
record VanishedTerms(
    FittedSurface freed, double[] step, ToDoubleFunction<double[]> degreesOfFreedom) {

  /**
   * The terms of a fit.
   *
   * @param runs the runs that were fitted
   * @return empty where none vanished, or where the runs do not determine them
   */
  static Optional<VanishedTerms> of(LawFit fit, RunSet runs) {
    List<Integer> vanished = fit.vanished();
    if (vanished.isEmpty() || fit.surface().covariance().isEmpty()) {
      return Optional.empty();
    }
    LawFit freed = fit.freeing(vanished, runs);
    if (freed.surface().covariance().isEmpty()) {
      return Optional.empty();
    }
    return step(freed, runs)
        .map(step -> new VanishedTerms(freed.surface(), step, freed.degreesOfFreedomOf(runs)));
  }

  /** The step of Gauss-Newton of what the fit minimised; parameters at other limits stay. */
  private static Optional<double[]> step(LawFit fit, RunSet runs) {
    int p = fit.law().parameterCount();
    NormalEquations at = new NormalEquations(p, 1);
    at.setParameters(0, fit.surface().centredArray());
    SurfaceProblem problem = fit.problem(runs, WeightTable.of(runs.weight()));
    try (Evaluator evaluator = PartedEvaluator.ofOne(problem)) {
      evaluator.evaluate(at, 1);
    }
    double[] full = at.fullMatrix(0);
    double[] scale = new double[p];
    Arrays.setAll(scale, j -> fit.atLimit().contains(j) ? 0 : 1 / Math.sqrt(full[j * p + j]));
    DMatrixRMaj matrix = new DMatrixRMaj(p, p);
    DMatrixRMaj right = new DMatrixRMaj(p, 1);
    for (int i = 0; i < p; i++) {
      right.set(i, 0, -at.gradient[i] * scale[i]);
      for (int j = 0; j < p; j++) {
        matrix.set(i, j, scale[i] * full[i * p + j] * scale[j]);
      }
      if (scale[i] == 0) {
        matrix.set(i, i, 1);
      }
    }
    DMatrixRMaj solution = new DMatrixRMaj(p, 1);
    if (!CommonOps_DDRM.solve(matrix, right, solution)) {
      return Optional.empty();
    }
    double[] step = new double[p];
    Arrays.setAll(step, j -> scale[j] * solution.get(j, 0));
    return Arrays.stream(step).allMatch(Double::isFinite) ? Optional.of(step) : Optional.empty();
  }

  /**
   * Intervals that reach as far as terms that vanished may.
   *
   * @param own intervals of the fit, which take its vanished terms as known
   */
  List<Interval> reached(List<Interval> own, Estimands estimands, double level) {
    double[] estimate = estimands.values().apply(freed);
    double[][] gradient = estimands.gradient(freed);
    double[] errors = LinearPropagation.errors(gradient, freed.covariance().orElseThrow());
    List<Interval> reached = new ArrayList<>();
    for (int k = 0; k < estimate.length; k++) {
      Estimands.Item item = estimands.items().get(k);
      int at = k;
      double[] by = Arrays.stream(gradient).mapToDouble(row -> row[at]).toArray();
      double moved = 0;
      for (int j = 0; j < step.length; j++) {
        moved += by[j] * step[j];
      }
      double half =
          AsymptoticInference.quantile(degreesOfFreedom.applyAsDouble(by), level) * errors[k];
      double free = item.toScale(estimate[k]) + moved;
      Interval interval = own.get(k);
      if (item.ofSlopes() || !Double.isFinite(free + half)) {
        reached.add(interval);
      } else if (moved < 0) {
        reached.add(
            new Interval(interval.low(), Math.max(interval.high(), item.fromScale(free + half))));
      } else {
        reached.add(
            new Interval(Math.min(interval.low(), item.fromScale(free - half)), interval.high()));
      }
    }
    estimands.replaceOptima(
        reached, (size, others) -> size.reached(others, freed, step, degreesOfFreedom, level));
    return reached;
  }
}
