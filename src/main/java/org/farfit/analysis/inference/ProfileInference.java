package org.farfit.analysis.inference;

import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.engine.Evaluator;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.PriorTable;
import org.farfit.engine.ScalarEngine;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.LogLikelihood;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;
import org.hipparchus.analysis.solvers.BrentSolver;

/**
 * Profile-likelihood intervals of any estimand: the values at which the fit can be held, the
 * parameters giving way as best they can, before its cost rises too far. With s the scale of a
 * residual, the profile t, sqrt(2 (cost - least cost)) / s, is compared with Student's t (Bates and
 * Watts 1988, section 6.1). Unlike the delta method it follows the curvature of the model.
 */
public final class ProfileInference {

  /** How far the profile is followed, in asymptotic standard errors. */
  private static final double FARTHEST = 60;

  /** How much farther to pull where the profile has not risen enough yet. */
  private static final double FARTHER = 1.25;

  /** Strength of the pull: it reaches all but a hundredth of the way to its target. */
  private static final double STIFFNESS = 100;

  private final LawFit fit;
  private final SurfaceProblem problem;
  private final double leastCost;
  private final double deviation;

  /**
   * Inference on a fit.
   *
   * @param runs the runs that were fitted
   */
  public ProfileInference(LawFit fit, RunSet runs) {
    this.fit = fit;
    FittedSurface surface = fit.surface();
    this.problem =
        new SurfaceProblem(
                surface.law(),
                surface.centre(),
                runs,
                fit.objective(),
                WeightTable.of(runs.weight()))
            .withPrior(
                PriorTable.of(new double[surface.law().parameterCount()], fit.priorPrecision()));
    this.leastCost = cost(surface.centredArray());
    this.deviation =
        LogLikelihood.scale(
            leastCost, Math.max(1, surface.degreesOfFreedom()), fit.objective().huberDelta());
  }

  private double cost(double[] parameters) {
    NormalEquations at = new NormalEquations(parameters.length, 1);
    at.setParameters(0, parameters);
    try (Evaluator evaluator = new ScalarEngine().evaluator(problem)) {
      evaluator.evaluate(at, 1);
    }
    return at.cost[0];
  }

  /**
   * The interval of one estimand; an end is NaN where the profile does not rise far enough, so that
   * the data do not bound the estimand on that side, or cannot be followed.
   *
   * @param k which of the estimands
   */
  public Interval interval(Estimands estimands, int k, double level) {
    FittedSurface surface = fit.surface();
    Estimands one = estimands.only(k);
    if (surface.covariance().isEmpty()) {
      return Interval.UNKNOWN;
    }
    double limit = AsymptoticInference.quantile(surface.degreesOfFreedom(), level);
    double error = BootstrapInference.propagated(one, surface, surface.covariance())[0];
    if (!(error > 0)) {
      return Interval.UNKNOWN;
    }
    Estimands.Item item = one.items().getFirst();
    return new Interval(
        item.fromScale(end(one, -error, limit)), item.fromScale(end(one, error, limit)));
  }

  /** A fit held at a value on the estimand's scale, and its profile t. */
  private record Held(double[] parameters, double value, double t) {}

  /** Where the profile t reaches a limit, in the direction of a signed standard error. */
  private double end(Estimands one, double error, double limit) {
    double[] optimum = fit.surface().centredArray();
    double start = one.scaled(fit.surface())[0];
    Held inner = new Held(optimum, start, 0);
    double at = 0;
    double next = limit;
    while (next < FARTHEST) {
      Optional<Held> outer = hold(one, inner.parameters(), start + next * error, error);
      if (outer.isEmpty()) {
        return Double.NaN;
      }
      if (outer.get().t() >= limit) {
        double[] from = inner.parameters();
        double pull =
            new BrentSolver(1e-6, 1e-5)
                .solve(
                    60,
                    x ->
                        hold(one, from, start + x * error, error).map(Held::t).orElse(Double.NaN)
                            - limit,
                    at,
                    next);
        return hold(one, from, start + pull * error, error).map(Held::value).orElse(Double.NaN);
      }
      inner = outer.get();
      at = next;
      next *= FARTHER;
    }
    return Double.NaN;
  }

  /** The fit pulled towards a target; empty if it does not converge. */
  private Optional<Held> hold(Estimands one, double[] from, double target, double error) {
    double stiffness = STIFFNESS * deviation * deviation / (error * error);
    FittedSurface surface = fit.surface();
    Solutions solutions =
        new BatchSolver(SolverSettings.SEARCH, 1, ProgressListener.NONE)
            .solve(
                () ->
                    new HeldEvaluator(
                        new ScalarEngine().evaluator(problem), surface, one, target, stiffness),
                1,
                1,
                StartingPoints.of(from));
    if (!solutions.status(0).isConverged()) {
      return Optional.empty();
    }
    double[] parameters = solutions.parameters(0);
    double value =
        one.scaled(FittedSurface.of(surface.law(), surface.centre(), parameters, surface.runs()))[
            0];
    double excess = Math.max(0, 2 * (cost(parameters) - leastCost));
    return Optional.of(new Held(parameters, value, Math.sqrt(excess) / deviation));
  }
}
