package org.farfit.analysis.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.solver.ProgressListener;

/**
 * Which runs to train next so that a target becomes surer, or how sure given plans would make it.
 *
 * <pre>{@code
 * DesignStudy.Target target =
 *     DesignStudy.Target.loss(fit, LossLimits.of(runs), new Estimands.Point(25.1e9, 5e11));
 * DesignStudy study =
 *     new DesignStudy(engine, fit, runs, target, run -> 6 * run.n() * run.d(), 400, 1);
 * study.search(candidates, List.of(1e21, 1e22), 10, ProgressListener.NONE).runs().forEach(System.out::println);
 * }</pre>
 */
public final class DesignStudy {

  private final LawFit fit;
  private final Target target;
  private final RunDesign design;

  /**
   * What should become surer.
   *
   * @param estimand one number
   * @param where it is: a point of the surface
   */
  public record Target(Estimands estimand, Estimands.Point where) {

    /**
     * The loss at a point, or whatever else the law predicts.
     *
     * @throws IllegalArgumentException if the surface has none there that can be believed
     */
    public static Target loss(LawFit fit, LossLimits limits, Estimands.Point point) {
      refuse(limits, fit.surface(), point, point.on(fit.surface()));
      return new Target(
          limits.equals(LossLimits.NONE)
              ? Estimands.values(List.of(point))
              : Estimands.losses(List.of(point)),
          point);
    }

    /**
     * Tokens per parameter at the optimum of a budget.
     *
     * @param fixed columns besides N and D; those not named are at the centre of the runs
     * @throws IllegalArgumentException if there is no optimum, or none that can be believed
     */
    public static Target ratio(
        LawFit fit,
        LossLimits limits,
        SurfaceRange range,
        ComputeModel compute,
        double budget,
        Map<String, Double> fixed) {
      Surface surface = fit.surface().fixing(fixed);
      Allocation.Point optimum =
          new Allocation(surface, range, compute)
              .at(budget)
              .best()
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "no interior optimum at C = %.4g".formatted(budget)));
      Estimands.Point where = new Estimands.Point(optimum.n(), optimum.d(), fixed);
      refuse(limits, surface, where, optimum.loss());
      return new Target(
          Estimands.optima(range, compute, new double[] {budget}, new double[] {optimum.n()})
              .fixing(fixed)
              .only(Estimands.OPTIMUM.indexOf("D*/N*")),
          where);
    }

    private static void refuse(
        LossLimits limits, Surface surface, Estimands.Point at, double loss) {
      (Double.isNaN(at.n()) || Double.isNaN(at.d())
              ? limits.refusal(loss)
              : limits.refusal(surface, at.n(), at.d(), loss))
          .ifPresent(reason -> {
            throw new IllegalArgumentException("no target: " + reason);
          });
    }
  }

  /**
   * A run to train next, or a plan.
   *
   * @param name of the plan; of a run its number
   * @param run the run; empty for a plan
   * @param budget of a run, the first of the budgets that suffice for it; empty for a plan
   * @param cost of it
   * @param score how sure the target is with it, and with the runs before it
   */
  public record Planned(
      String name,
      Optional<Estimands.Point> run,
      Optional<Double> budget,
      double cost,
      RunDesign.Score score) {}

  /**
   * What was found.
   *
   * @param law by which the target is predicted
   * @param target what should become surer
   * @param value its value by the fit
   * @param before how sure it is without further runs
   * @param runs to train in the order in which they help, or plans in theirs
   * @param isSearch whether they are runs, which add up
   */
  public record Findings(
      String law,
      Target target,
      double value,
      RunDesign.Score before,
      List<Planned> runs,
      boolean isSearch) {}

  /**
   * A study.
   *
   * @param fit by which runs are simulated
   * @param fitted runs that are there already; none to plan from scratch
   * @param cost of a run
   * @param simulations how many data sets judge a plan
   * @throws IllegalArgumentException if the law was fitted to no more runs than it has parameters:
   *     nothing is left to tell by how much runs scatter
   */
  public DesignStudy(
      Engine engine,
      LawFit fit,
      RunSet fitted,
      Target target,
      ToDoubleFunction<Estimands.Point> cost,
      int simulations,
      long seed) {
    if (fit.surface().degreesOfFreedom() <= 0) {
      int parameters = fit.law().parameterCount();
      throw new IllegalArgumentException(
          "%d runs leave nothing to tell by how much runs scatter, as %s has %d parameters: train %d or more first, or plan by a smaller law"
              .formatted(fit.surface().runs(), fit.law().name(), parameters, parameters + 1));
    }
    this.fit = fit;
    this.target = target;
    this.design =
        new RunDesign(
            engine,
            fit,
            fitted,
            target.estimand(),
            cost,
            simulations,
            seed,
            Runtime.getRuntime().availableProcessors());
  }

  /**
   * Runs to train next, within budgets that are spent one after the other: what a smaller one buys
   * is trained before the next one is planned.
   *
   * @param candidates runs to choose from, each any number of times; those at which the law has no
   *     value are left out
   * @param budgets what all runs up to then together may cost
   * @param mostRuns how many runs at most
   * @param progress told after each run
   * @throws InputException if the law has a value at none of them
   */
  public Findings search(
      List<Estimands.Point> candidates,
      List<Double> budgets,
      int mostRuns,
      ProgressListener progress) {
    double[] ascending = budgets.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    List<RunDesign.Plan> plans = design.nested(possible(candidates), ascending, mostRuns, progress);
    List<Planned> runs = new ArrayList<>();
    for (int k = 0; k < ascending.length; k++) {
      List<RunDesign.Step> steps = plans.get(k).steps();
      for (RunDesign.Step step : steps.subList(runs.size(), steps.size())) {
        runs.add(
            new Planned(
                "run " + (runs.size() + 1),
                Optional.of(step.run()),
                Optional.of(ascending[k]),
                step.cost(),
                step.score()));
      }
    }
    return findings(plans.getFirst().before(), runs, true);
  }

  /** Candidates at which the law has a value: more unique tokens than tokens, say, have none. */
  private List<Estimands.Point> possible(List<Estimands.Point> candidates) {
    List<Estimands.Point> possible =
        candidates.stream()
            .filter(point -> Double.isFinite(fit.surface().at(point.columns())))
            .toList();
    if (possible.isEmpty() && !candidates.isEmpty()) {
      throw new InputException(
          "the law %s has no value at any of the %d candidates"
              .formatted(fit.law().name(), candidates.size()));
    }
    return possible;
  }

  /**
   * How sure plans would make the target.
   *
   * @param progress told after each plan
   */
  public Findings judge(
      SequencedMap<String, List<Estimands.Point>> plans, ProgressListener progress) {
    List<Planned> judged = new ArrayList<>();
    plans.forEach((name, plan) -> {
      RunDesign.Score score = design.score(plan);
      judged.add(new Planned(name, Optional.empty(), Optional.empty(), score.cost(), score));
      progress.done(judged.size(), plans.size());
    });
    return findings(design.score(List.of()), judged, false);
  }

  private Findings findings(RunDesign.Score before, List<Planned> runs, boolean isSearch) {
    return new Findings(
        fit.law().name(),
        target,
        target.estimand().values().apply(fit.surface())[0],
        before,
        runs,
        isSearch);
  }

  /**
   * Of a grid of candidates the runs along its lower edges, on which all columns but one are at
   * their least: the least N with every D and the least D with every N.
   */
  public static List<Estimands.Point> leastOfEither(List<Estimands.Point> grid) {
    Map<String, Double> least = new LinkedHashMap<>();
    grid.forEach(
        run -> run.columns().forEach((column, value) -> least.merge(column, value, Math::min)));
    return grid.stream()
        .filter(run ->
            least.entrySet().stream()
                    .filter(each -> run.value(each.getKey()) != each.getValue())
                    .count()
                <= 1)
        .toList();
  }
}
