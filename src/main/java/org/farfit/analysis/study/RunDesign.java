package org.farfit.analysis.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.farfit.analysis.ComputeModel;
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
import org.farfit.fit.statistics.NoiseModel;
import org.farfit.fit.statistics.RunErrors;
import org.farfit.fit.statistics.Uncertainty;
import org.farfit.solver.BatchSolver;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.Solutions;
import org.farfit.solver.SolverSettings;
import org.farfit.solver.StartingPoints;

/**
 * Which runs to train next so that an estimand becomes surer, and how sure a plan would make it.
 *
 * <p>A plan is judged by simulation: the fitted runs and those of the plan are drawn anew from the
 * fitted surface many times, with residuals of the density that the objective stands for, or of the
 * model of the noise, each run its own even where it repeats another, and what runs of a size
 * share; the law is fitted to each as it was fitted, and the estimand's spread over these fits is
 * its standard error under the plan. The greedy search shortlists candidates by the linearised
 * variance (c-optimality; Atkinson, Donev and Tobias 2007, section 10.4), which costs nothing, and
 * decides among these by simulation, with the same random numbers for all.
 */
public final class RunDesign {

  /** A standard error of what is not determined at all, beside those of plans that determine it. */
  private static final double UNKNOWN = 1e6;

  /** What runs say of a direction that none of them tells of, over what they say of others. */
  private static final double NOTHING = 1e-14;

  /** Candidates that each step simulates. */
  private static final int SHORTLIST = 6;

  private final Engine engine;
  private final LawFit fit;
  private final RunSet fitted;
  private final Estimands target;
  private final ToDoubleFunction<Estimands.Point> cost;
  private final int simulations;
  private final long seed;
  private final int threads;

  /**
   * A design.
   *
   * @param fit the surface that runs are simulated from, with the scatter of its residuals
   * @param fitted runs that are there already; none to plan from scratch
   * @param target one estimand
   * @param compute FLOPs of a run
   * @param simulations how many data sets judge a plan
   */
  public RunDesign(
      Engine engine,
      LawFit fit,
      RunSet fitted,
      Estimands target,
      ComputeModel compute,
      int simulations,
      long seed,
      int threads) {
    this(
        engine,
        fit,
        fitted,
        target,
        run -> compute.flops(run.n(), run.d()),
        simulations,
        seed,
        threads);
  }

  /**
   * A design of runs of any columns.
   *
   * @param fit the surface that runs are simulated from, with the scatter of its residuals
   * @param fitted runs that are there already; none to plan from scratch
   * @param target one estimand
   * @param cost of a run, in FLOPs or whatever a budget is counted in
   * @param simulations how many data sets judge a plan
   */
  public RunDesign(
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
   * How sure a plan makes the estimand.
   *
   * @param runs how many runs the plan adds
   * @param flops what they cost
   * @param standardError of the estimand on its scale: relative, for positive ones
   * @param undetermined share of simulated data sets from which the law could not be fitted; all of
   *     them where the runs do not determine its parameters
   */
  public record Score(int runs, double flops, double standardError, double undetermined) {}

  /**
   * A step of the greedy search.
   *
   * @param run the run that it adds
   * @param flops what it costs
   * @param score of the plan so far
   */
  public record Step(Estimands.Point run, double flops, Score score) {}

  /**
   * A plan.
   *
   * @param before how sure the estimand is without it
   * @param steps the runs to train, in the order in which they help
   */
  public record Plan(Score before, List<Step> steps) {

    private double standardError() {
      return (steps.isEmpty() ? before : steps.getLast().score()).standardError();
    }
  }

  /** How sure a plan makes the estimand; with too few runs to fit, infinitely unsure. */
  public Score score(List<Estimands.Point> plan) {
    if (fitted.size() + plan.size() == 0) {
      return new Score(0, 0, Double.POSITIVE_INFINITY, 1);
    }
    return simulate(plan, List.of(IntStream.range(0, plan.size()).toArray())).getFirst();
  }

  /**
   * Adds runs one by one, as long as the budget lasts and it helps: once those that help most, once
   * those that help most for their compute. The better of the two plans is the answer; to be surest
   * with few runs and to be surest with little compute are different aims.
   *
   * @param candidates runs to choose from, each any number of times
   * @param budget FLOPs for all runs together
   * @param mostRuns how many runs at most
   */
  public Plan greedy(List<Estimands.Point> candidates, double budget, int mostRuns) {
    return greedy(candidates, budget, mostRuns, ProgressListener.NONE);
  }

  /**
   * The same, telling how far it is.
   *
   * @param progress told after each run of either plan
   */
  public Plan greedy(
      List<Estimands.Point> candidates, double budget, int mostRuns, ProgressListener progress) {
    return nested(candidates, new double[] {budget}, mostRuns, progress).getFirst();
  }

  /**
   * Plans for budgets that are spent one after the other: each begins with the runs of the one
   * before, since what was trained stays trained.
   *
   * @param budgets what all runs up to then together may cost, ascending
   * @param mostRuns how many runs at most, in the last plan
   * @return a plan for each budget
   */
  public List<Plan> nested(
      List<Estimands.Point> candidates, double[] budgets, int mostRuns, ProgressListener progress) {
    int most = 2 * mostRuns * budgets.length;
    List<Plan> plans = new ArrayList<>();
    Plan known = new Plan(score(List.of()), List.of());
    for (int k = 0; k < budgets.length; k++) {
      int done = 2 * mostRuns * k;
      Plan bold =
          extended(
              known, candidates, budgets[k], mostRuns, false, n -> progress.done(done + n, most));
      Plan thrifty =
          extended(
              known,
              candidates,
              budgets[k],
              mostRuns,
              true,
              n -> progress.done(done + mostRuns + n, most));
      known = thrifty.standardError() < bold.standardError() ? thrifty : bold;
      plans.add(known);
    }
    return plans;
  }

  private Plan extended(
      Plan known,
      List<Estimands.Point> candidates,
      double budget,
      int mostRuns,
      boolean perFlop,
      IntConsumer listener) {
    List<Step> steps = new ArrayList<>(known.steps());
    List<Integer> chosen = new ArrayList<>();
    steps.forEach(step -> chosen.add(candidates.indexOf(step.run())));
    DMatrixRMaj information = information(candidates, chosen);
    double left = budget - steps.stream().mapToDouble(Step::flops).sum();
    double error = known.standardError();
    while (steps.size() < mostRuns) {
      List<Integer> shortlist = shortlist(candidates, information, left);
      if (shortlist.isEmpty()) {
        break;
      }
      List<int[]> plans =
          shortlist.stream()
              .map(c ->
                  IntStream.concat(chosen.stream().mapToInt(Integer::intValue), IntStream.of(c))
                      .toArray())
              .toList();
      List<Score> scores = simulate(candidates, plans);
      int best = -1;
      double bestGain = 0;
      for (int i = 0; i < plans.size(); i++) {
        double gain =
            Math.log(Math.min(error, UNKNOWN) / scores.get(i).standardError())
                / (perFlop ? flops(candidates.get(shortlist.get(i))) : 1);
        if (gain > bestGain) {
          best = i;
          bestGain = gain;
        }
      }
      if (best < 0) {
        break;
      }
      int added = shortlist.get(best);
      chosen.add(added);
      left -= flops(candidates.get(added));
      error = scores.get(best).standardError();
      steps.add(new Step(candidates.get(added), flops(candidates.get(added)), scores.get(best)));
      information = information(candidates, chosen);
      listener.accept(steps.size());
    }
    listener.accept(mostRuns);
    return new Plan(known.before(), steps);
  }

  private double flops(Estimands.Point run) {
    return cost.applyAsDouble(run);
  }

  /** J'J of the fitted and the chosen runs, with the prior, scaled by the noise. */
  private DMatrixRMaj information(List<Estimands.Point> candidates, List<Integer> chosen) {
    int p = fit.law().parameterCount();
    DMatrixRMaj information = new DMatrixRMaj(p, p);
    for (double[] row : rows(fitted, fit.priorPrecision())) {
      add(information, row);
    }
    if (!chosen.isEmpty()) {
      double[][] all = rows(runs(candidates), new double[p]);
      chosen.forEach(c -> add(information, all[c]));
    }
    return information;
  }

  private static void add(DMatrixRMaj information, double[] row) {
    for (int i = 0; i < row.length; i++) {
      for (int j = 0; j < row.length; j++) {
        information.add(i, j, row[i] * row[j]);
      }
    }
  }

  /** Rows of the Jacobian, each run weighed by its own noise. */
  private double[][] rows(RunSet runs, double[] precision) {
    if (!fit.isGeneralised() || runs.size() == 0) {
      return fit.evaluation(runs).jacobian(precision);
    }
    NoiseModel model = fit.structuredNoise().orElseThrow();
    return fit.evaluation(runs.weighted(model.weights(fit.surface().centre(), runs)))
        .jacobian(precision);
  }

  private RunSet runs(List<Estimands.Point> points) {
    return fit.surface().runsAt(points.stream().map(Estimands.Point::columns).toList());
  }

  /** Affordable candidates whose linearised gain, or gain per FLOP, is largest. */
  private List<Integer> shortlist(
      List<Estimands.Point> candidates, DMatrixRMaj information, double budget) {
    int p = fit.law().parameterCount();
    DMatrixRMaj inverse = inverse(information);
    double[][] gradient = target.gradient(fit.surface());
    DMatrixRMaj g = new DMatrixRMaj(p, 1);
    for (int j = 0; j < p; j++) {
      g.set(j, gradient[j][0]);
    }
    DMatrixRMaj ag = new DMatrixRMaj(p, 1);
    CommonOps_DDRM.mult(inverse, g, ag);
    double variance = CommonOps_DDRM.dot(g, ag);
    double[][] rows = rows(runs(candidates), new double[p]);
    double[] gain = new double[candidates.size()];
    List<Integer> affordable = new ArrayList<>();
    for (int c = 0; c < gain.length; c++) {
      if (flops(candidates.get(c)) > budget) {
        continue;
      }
      affordable.add(c);
      DMatrixRMaj row = new DMatrixRMaj(p, 1, true, rows[c]);
      DMatrixRMaj ar = new DMatrixRMaj(p, 1);
      CommonOps_DDRM.mult(inverse, row, ar);
      double along = CommonOps_DDRM.dot(row, ag);
      double reduced = along * along / (1 + CommonOps_DDRM.dot(row, ar));
      gain[c] = -Math.log1p(-Math.min(1 - NOTHING, reduced / variance));
    }
    Set<Integer> shortlist = new LinkedHashSet<>();
    affordable.sort(Comparator.comparingDouble(c -> -gain[c] / flops(candidates.get(c))));
    affordable.stream().limit(SHORTLIST / 2).forEach(shortlist::add);
    affordable.sort(Comparator.comparingDouble(c -> -gain[c]));
    affordable.stream().limit(SHORTLIST / 2).forEach(shortlist::add);
    return List.copyOf(shortlist);
  }

  /**
   * The covariance that an information says. What no run tells of is all but unknown and not, as by
   * a pseudoinverse, known: runs that would tell of it are those that help.
   */
  private static DMatrixRMaj inverse(DMatrixRMaj information) {
    int p = information.numRows;
    double[] scale = new double[p];
    Arrays.setAll(scale, j -> information.get(j, j) > 0 ? 1 / Math.sqrt(information.get(j, j)) : 1);
    DMatrixRMaj scaled = information.copy();
    CommonOps_DDRM.multRows(scale, scaled);
    CommonOps_DDRM.multCols(scaled, scale);
    for (int j = 0; j < p; j++) {
      scaled.add(j, j, NOTHING);
    }
    DMatrixRMaj inverse = new DMatrixRMaj(p, p);
    CommonOps_DDRM.invert(scaled, inverse);
    CommonOps_DDRM.multRows(scale, inverse);
    CommonOps_DDRM.multCols(inverse, scale);
    return inverse;
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

  /** Scores several plans, each a list of positions among the candidates, in one batch. */
  private List<Score> simulate(List<Estimands.Point> candidates, List<int[]> plans) {
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
    List<Score> scores = new ArrayList<>();
    for (int k = 0; k < plans.size(); k++) {
      double flops = Arrays.stream(plans.get(k)).mapToDouble(c -> flops(candidates.get(c))).sum();
      boolean enough =
          FitRequirements.problem(fit.law(), fit.method(), all, weights[k * simulations]).isEmpty()
              && isDetermined(all.weighted(weights[k * simulations]));
      double[] values = new double[simulations];
      for (int s = 0; s < simulations; s++) {
        values[s] = enough ? value(solutions, k * simulations + s) : Double.NaN;
      }
      long undetermined = Arrays.stream(values).filter(Double::isNaN).count();
      scores.add(
          new Score(
              plans.get(k).length,
              flops,
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
        Uncertainty.of(fit.evaluation(runs), fit.priorPrecision(), fit.atLimit()).condition());
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
    return fitted.and(runs(used.stream().map(run -> candidates.get(run.candidate())).toList()));
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
