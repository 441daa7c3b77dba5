package org.farfit.fit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.MultiStart;
import org.farfit.fit.Optimum;
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.NoiseStudy;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.StartingPoints;

/**
 * Fits again by generalised least squares under the noise that the residuals of a fit show (Aitken
 * 1936), the model being estimated from these residuals and once more from those of the new fit
 * (Carroll and Ruppert 1988, section 2.1: two rounds gain what there is to gain).
 *
 * <pre>{@code
 * LawFit ordinary = new GlobalFit(engine, FitOptions.DEFAULT).fit(law, runs);
 * LawFit fit = new GeneralisedFit(engine, FitOptions.DEFAULT).fit(ordinary, runs, Optional.empty());
 * }</pre>
 */
public final class GeneralisedFit {

  private static final int ROUNDS = 2;

  /** Points of the sampling box that are tried besides the known optima. */
  private static final int SPREAD = 8;

  private final Engine engine;
  private final FitOptions options;

  /** A fitter; of the options it uses the seed, the threads and the stopping tests. */
  public GeneralisedFit(Engine engine, FitOptions options) {
    this.engine = engine;
    this.options = options;
  }

  /**
   * Fits again, where residuals are not independent and alike.
   *
   * @param ordinary a fit that has converged, by squared loss
   * @param runs the runs that were fitted
   * @param asked the model to take; empty for the one that the tests speak for
   * @return the new fit; the given one with its noise studied ({@link LawFit#withNoise}) where
   *     errors are independent and alike, or correlated beyond any model, the loss is robust, the
   *     fit is not by least squares, or no generalised fit was found
   */
  public LawFit fit(LawFit ordinary, RunSet runs, Optional<NoiseModel.Kind> asked) {
    LawFit studied = ordinary.withNoise(runs, asked);
    if (studied.structuredNoise().isEmpty()
        || studied.isBeyondModel()
        || !studied.objective().isSquared()
        || studied.method().hasStages()
        || studied.surface().covariance().isEmpty()) {
      return studied;
    }
    NoiseStudy.Result noise = studied.noise().orElseThrow();
    NoiseModel model = noise.model();
    List<double[]> from = new ArrayList<>(spread(studied, model, runs));
    studied.multiStart().flatMap(MultiStart::second).map(Optimum::parameters).ifPresent(from::add);
    from.add(studied.surface().centredArray());
    Optional<LawFit> found = Optional.empty();
    for (int round = 0; round < ROUNDS; round++) {
      Optimum optimum = optimum(studied, model, runs, from);
      found =
          optimum.status().isConverged()
              ? studied.generalised(optimum, noise, runs)
              : Optional.empty();
      if (found.isEmpty()) {
        return studied;
      }
      model = found.get().noise().orElseThrow().model();
      from = List.of(optimum.parameters());
    }
    return found.get();
  }

  private List<double[]> spread(LawFit fit, NoiseModel model, RunSet runs) {
    StartingPoints spread =
        Starts.spread(
            fit.problemUnder(model, runs, WeightTable.of(runs.weight())),
            0,
            Math.min(SPREAD, options.starts()),
            options.seed());
    List<double[]> starts = new ArrayList<>();
    for (int k = 0; k < spread.count(); k++) {
      double[] start = new double[fit.law().parameterCount()];
      spread.start(k, start);
      starts.add(start);
    }
    return starts;
  }

  private Optimum optimum(LawFit fit, NoiseModel model, RunSet runs, List<double[]> from) {
    SurfaceProblem problem = fit.problemUnder(model, runs, WeightTable.of(runs.weight()));
    Solutions solutions =
        new BatchSolver(options.solver(), options.threads(), ProgressListener.NONE)
            .solve(engine, problem, StartingPoints.of(from.toArray(double[][]::new)));
    int best = 0;
    for (int k = 1; k < solutions.count(); k++) {
      if (Solutions.isBetter(
          solutions.cost(k), solutions.status(k), solutions.cost(best), solutions.status(best))) {
        best = k;
      }
    }
    Polish.Point point =
        Polish.refine(problem, 0, solutions.parameters(best), solutions.cost(best));
    return new Optimum(
        Arrays.stream(point.parameters()).boxed().toList(),
        point.cost(),
        solutions.status(best),
        solutions.count());
  }
}
