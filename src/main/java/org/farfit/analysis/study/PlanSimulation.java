package org.farfit.analysis.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.LossTable;
import org.farfit.engine.SurfaceProblem;
import org.farfit.engine.WeightTable;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.BootstrapIntervals;
import org.farfit.fit.statistics.RunErrors;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;

/**
 * How sure plans make an estimand, by simulation: the fitted runs and those of a plan are drawn
 * anew from the fitted surface many times, with residuals of the density that the objective stands
 * for, or of the model of the noise, each run its own even where it repeats another, and what runs
 * of a size share; the law is fitted to each as it was fitted, and the estimand's spread over these
 * fits is its standard error under the plan.
 */
final class PlanSimulation {

  private final Engine engine;
  private final LawFit fit;
  private final RunSet fitted;
  private final Estimands target;
  private final ToDoubleFunction<Estimands.Point> cost;
  private final int simulations;
  private final long seed;
  private final int threads;

  /** A simulation; see {@link RunDesign}. */
  PlanSimulation(
      Engine engine,
      LawFit fit,
      RunSet fitted,
      Estimands target,
      ToDoubleFunction<Estimands.Point> cost,
      int simulations,
      long seed,
      int threads) {
    this.engine = engine;
    this.fit = fit;
    this.fitted = fitted;
    this.target = target;
    this.cost = cost;
    this.simulations = simulations;
    this.seed = seed;
    this.threads = threads;
  }

  /**
   * A run of a plan.
   *
   * @param candidate its position among the candidates
   * @param repeat how many runs of the plan before it are of the same candidate
   */
  private record Trained(int candidate, int repeat) implements Comparable<Trained> {

    static List<Trained> of(int[] plan) {
      Map<Integer, Integer> seen = new HashMap<>();
      return Arrays.stream(plan)
          .mapToObj(c -> new Trained(c, seen.merge(c, 1, Integer::sum) - 1))
          .toList();
    }

    @Override
    public int compareTo(Trained other) {
      return Comparator.comparingInt(Trained::candidate)
          .thenComparingInt(Trained::repeat)
          .compare(this, other);
    }
  }

  /**
   * Scores several plans in one batch.
   *
   * @param plans each a list of positions among the candidates
   */
  List<RunDesign.Score> scores(List<Estimands.Point> candidates, List<int[]> plans) {
    List<List<Trained>> trained = plans.stream().map(Trained::of).toList();
    List<Trained> used = trained.stream().flatMap(List::stream).distinct().sorted().toList();
    RunSet all = union(candidates, used);
    double[] sizeOf = all.bySize().n();
    RunErrors errors = fit.errors(all);
    double[][] weights = new double[plans.size() * simulations][];
    double[][] losses = new double[weights.length][];
    for (int k = 0; k < plans.size(); k++) {
      double[] row = new double[all.size()];
      System.arraycopy(fitted.weight(), 0, row, 0, fitted.size());
      for (Trained run : trained.get(k)) {
        row[fitted.size() + Collections.binarySearch(used, run)] = 1;
      }
      for (int s = 0; s < simulations; s++) {
        weights[k * simulations + s] = row;
        losses[k * simulations + s] =
            k == 0 ? simulated(all, sizeOf, errors, candidates, used, s) : losses[s];
      }
    }
    Solutions solutions = solve(all, weights, losses);
    List<RunDesign.Score> scores = new ArrayList<>();
    for (int k = 0; k < plans.size(); k++) {
      double spent =
          Arrays.stream(plans.get(k)).mapToDouble(c -> cost.applyAsDouble(candidates.get(c))).sum();
      boolean enough =
          FitRequirements.problem(fit.law(), fit.method(), all, weights[k * simulations]).isEmpty()
              && isDetermined(all.weighted(weights[k * simulations]));
      double[] values = new double[simulations];
      for (int s = 0; s < simulations; s++) {
        values[s] = enough ? value(solutions, k * simulations + s) : Double.NaN;
      }
      long undetermined = Arrays.stream(values).filter(Double::isNaN).count();
      scores.add(
          new RunDesign.Score(
              plans.get(k).length,
              spent,
              undetermined > simulations / 10
                  ? Double.POSITIVE_INFINITY
                  : BootstrapIntervals.standardError(values),
              undetermined / (double) simulations));
    }
    return scores;
  }

  /**
   * Whether runs determine every parameter. Where they do not, refits of simulated losses stay
   * where they began along what is not determined, and would seem sure of it.
   */
  private boolean isDetermined(RunSet runs) {
    return !Uncertainty.isSingular(
        Uncertainty.condition(fit.evaluation(runs), fit.priorPrecision(), fit.atLimit()));
  }

  private double value(Solutions solutions, int k) {
    FittedSurface surface = fit.surface();
    return solutions.status(k).isConverged()
        ? target
            .scaled(
                FittedSurface.of(
                    surface.law(), surface.centre(), solutions.parameters(k), surface.runs()))[0]
        : Double.NaN;
  }

  private RunSet union(List<Estimands.Point> candidates, List<Trained> used) {
    return fitted.and(
        fit.surface()
            .runsAt(used.stream().map(run -> candidates.get(run.candidate()).columns()).toList()));
  }

  /**
   * Losses of one simulated data set. The noise of a run depends on which candidate it is and which
   * repeat of it, not on what else is simulated, so that plans differ by their runs and not by
   * their luck.
   *
   * @param sizeOf the size of each run
   * @param errors of the runs
   */
  private double[] simulated(
      RunSet all,
      double[] sizeOf,
      RunErrors errors,
      List<Estimands.Point> candidates,
      List<Trained> used,
      int simulation) {
    double[] losses = new double[all.size()];
    RandomGenerator ofFitted = random(simulation, -1);
    for (int i = 0; i < losses.length; i++) {
      RandomGenerator random = ofFitted;
      if (i >= fitted.size()) {
        Trained run = used.get(i - fitted.size());
        random = random(simulation, run.candidate() + run.repeat() * candidates.size());
      }
      double error = errors.own(i, random);
      if (errors.areShared()) {
        error += errors.shared(ofSize(sizeOf[i], simulation));
      }
      losses[i] =
          Math.max(fit.objective().residual().shifted(fit.loss(all, i), error), Double.MIN_NORMAL);
    }
    return losses;
  }

  /** The error of a size is the same whatever else is simulated. */
  private RandomGenerator ofSize(double size, int simulation) {
    long hashedSize = new SplittableRandom(seed ^ Double.doubleToLongBits(size)).nextLong();
    return new SplittableRandom(new SplittableRandom(hashedSize ^ simulation).nextLong());
  }

  private RandomGenerator random(int simulation, int run) {
    long hashedSeed = new SplittableRandom(seed ^ ((long) run << 32)).nextLong();
    return new SplittableRandom(new SplittableRandom(hashedSeed ^ simulation).nextLong());
  }

  private Solutions solve(RunSet all, double[][] weights, double[][] losses) {
    double[] truth = fit.surface().centredArray();
    SurfaceProblem problem =
        fit.problem(all, WeightTable.of(weights)).withLosses(LossTable.ofResponses(losses));
    StartingPoints starts = StartingPoints.forRows(truth, weights.length);
    return new BatchSolver(SolverSettings.WARM, threads, ProgressListener.NONE)
        .solve(engine, problem, starts);
  }
}
