package org.farfit.analysis.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.solver.ProgressListener;

/**
 * Which runs to train next so that an estimand becomes surer, and how sure a plan would make it.
 *
 * <p>A plan is judged by simulation ({@link PlanSimulation}). The greedy search shortlists
 * candidates by the linearised variance ({@link LinearGain}), which costs nothing, and decides
 * among these by simulation, with the same random numbers for all.
 */
public final class RunDesign {

  /** A standard error of what is not determined at all, beside those of plans that determine it. */
  private static final double UNKNOWN = 1e6;

  /** Candidates that each step simulates. */
  private static final int SHORTLIST = 6;

  private final LawFit fit;
  private final RunSet fitted;
  private final Estimands target;
  private final ToDoubleFunction<Estimands.Point> cost;
  private final PlanSimulation simulation;

  /**
   * A design.
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
    this.fit = fit;
    this.fitted = fitted;
    this.target = target;
    this.cost = cost;
    this.simulation =
        new PlanSimulation(engine, fit, fitted, target, cost, simulations, seed, threads);
  }

  /**
   * How sure a plan makes the estimand.
   *
   * @param runs how many runs the plan adds
   * @param cost of them
   * @param standardError of the estimand on its scale: relative, for positive ones
   * @param undetermined share of simulated data sets from which the law could not be fitted; all of
   *     them where the runs do not determine its parameters
   */
  public record Score(int runs, double cost, double standardError, double undetermined) {}

  /**
   * A step of the greedy search.
   *
   * @param run the run that it adds
   * @param cost of it
   * @param score of the plan so far
   */
  public record Step(Estimands.Point run, double cost, Score score) {}

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
    return simulation.scores(plan, List.of(IntStream.range(0, plan.size()).toArray())).getFirst();
  }

  /**
   * Plans for budgets that are spent one after the other: each begins with the runs of the one
   * before, since what was trained stays trained. Runs are added one by one, as long as a budget
   * lasts and it helps: once those that help most, once those that help most for their cost. The
   * better of the two plans is the answer; to be surest with few runs and to be surest at little
   * cost are different aims.
   *
   * @param candidates runs to choose from, each any number of times
   * @param budgets what all runs up to then together may cost, ascending
   * @param mostRuns how many runs at most, in the last plan
   * @param progress told after each run of either plan
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
              known,
              candidates,
              budgets[k],
              mostRuns,
              run -> 1,
              n -> progress.done(done + n, most));
      Plan thrifty =
          extended(
              known,
              candidates,
              budgets[k],
              mostRuns,
              cost,
              n -> progress.done(done + mostRuns + n, most));
      known = thrifty.standardError() < bold.standardError() ? thrifty : bold;
      plans.add(known);
    }
    return plans;
  }

  /**
   * A plan with more runs.
   *
   * @param price what the gain by a run is divided by
   */
  private Plan extended(
      Plan known,
      List<Estimands.Point> candidates,
      double budget,
      int mostRuns,
      ToDoubleFunction<Estimands.Point> price,
      IntConsumer listener) {
    List<Step> steps = new ArrayList<>(known.steps());
    List<Integer> chosen = new ArrayList<>();
    steps.forEach(step -> chosen.add(candidates.indexOf(step.run())));
    LinearGain gain =
        new LinearGain(
            fit,
            fitted,
            target,
            fit.surface().runsAt(candidates.stream().map(Estimands.Point::columns).toList()));
    double left = budget - steps.stream().mapToDouble(Step::cost).sum();
    double error = known.standardError();
    while (steps.size() < mostRuns) {
      List<Integer> shortlist = shortlist(candidates, gain.beside(chosen), left);
      if (shortlist.isEmpty()) {
        break;
      }
      List<int[]> plans =
          shortlist.stream()
              .map(c ->
                  IntStream.concat(chosen.stream().mapToInt(Integer::intValue), IntStream.of(c))
                      .toArray())
              .toList();
      List<Score> scores = simulation.scores(candidates, plans);
      int best = -1;
      double mostHelp = 0;
      for (int i = 0; i < plans.size(); i++) {
        double helps =
            Math.log(Math.min(error, UNKNOWN) / scores.get(i).standardError())
                / price.applyAsDouble(candidates.get(shortlist.get(i)));
        if (helps > mostHelp) {
          best = i;
          mostHelp = helps;
        }
      }
      if (best < 0) {
        break;
      }
      chosen.add(shortlist.get(best));
      Estimands.Point added = candidates.get(shortlist.get(best));
      double spent = cost.applyAsDouble(added);
      left -= spent;
      error = scores.get(best).standardError();
      steps.add(new Step(added, spent, scores.get(best)));
      listener.accept(steps.size());
    }
    listener.accept(mostRuns);
    return new Plan(known.before(), steps);
  }

  /** Affordable candidates whose linearised gain, or gain for its cost, is largest. */
  private List<Integer> shortlist(List<Estimands.Point> candidates, double[] gain, double budget) {
    List<Integer> affordable = new ArrayList<>();
    for (int c = 0; c < gain.length; c++) {
      if (!(cost.applyAsDouble(candidates.get(c)) > budget)) {
        affordable.add(c);
      }
    }
    Set<Integer> shortlist = new LinkedHashSet<>();
    affordable.sort(
        Comparator.comparingDouble(c -> -gain[c] / cost.applyAsDouble(candidates.get(c))));
    affordable.stream().limit(SHORTLIST / 2).forEach(shortlist::add);
    affordable.sort(Comparator.comparingDouble(c -> -gain[c]));
    affordable.stream().limit(SHORTLIST / 2).forEach(shortlist::add);
    return List.copyOf(shortlist);
  }
}
