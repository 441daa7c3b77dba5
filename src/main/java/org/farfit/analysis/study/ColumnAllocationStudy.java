package org.farfit.analysis.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.farfit.analysis.ColumnAllocation;
import org.farfit.analysis.Lever;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Estimate;
import org.farfit.analysis.inference.Inference;
import org.farfit.analysis.study.AllocationStudy.Support;
import org.farfit.data.RunSet;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.solver.ProgressListener;

/**
 * The best values of any columns of a law under a cost, with what is known of each: its interval,
 * how many bootstrap replicates have it, and whether it may be believed at all.
 *
 * <pre>{@code
 * Question question =
 *     new Question(List.of(Lever.of(runs, "N"), Lever.of(runs, "D")), Map.of("U", 1e12),
 *         Optional.of(Cost.of("cost", "6*N*D + 2*N*1e13", List.of("N", "D"))), Goal.LEAST);
 * new ColumnAllocationStudy(runs, LossLimits.of(runs), question)
 *     .of(inference, List.of(1e22, 1e23), ProgressListener.NONE).answers();
 * }</pre>
 */
public final class ColumnAllocationStudy {

  private final RunSet runs;
  private final LossLimits limits;
  private final ColumnAllocation.Question question;
  private final List<Lever> over;

  /**
   * One answer.
   *
   * @param budget what a run may cost; empty without a cost
   * @param best the best values; empty where there are none, or none that can be believed
   * @param problem why there are none
   * @param intervals by column that was chosen, and of {@link #VALUE}; those that can be estimated
   * @param support which bootstrap replicates have no such answer; empty without replicates
   */
  public record Answer(
      OptionalDouble budget,
      Optional<ColumnAllocation.Best> best,
      Optional<String> problem,
      Map<String, Interval> intervals,
      Optional<Support> support) {}

  /** What the interval of the loss, or of whatever is predicted, is called. */
  public static final String VALUE = "value";

  /**
   * What was found on one surface.
   *
   * @param answers one for each budget
   * @param estimates of the best values, by every method there is
   * @param warnings what to beware of, in words
   */
  public record Findings(List<Answer> answers, List<Estimate> estimates, List<String> warnings) {}

  /**
   * A study of surfaces that were fitted to the same runs.
   *
   * @param runs what they were fitted to
   * @param limits which of their values may be believed
   * @param question what is asked of every surface
   */
  public ColumnAllocationStudy(RunSet runs, LossLimits limits, ColumnAllocation.Question question) {
    this.runs = runs;
    this.limits = limits;
    this.question = question;
    this.over = question.over();
  }

  /** What is asked of every surface. */
  public ColumnAllocation.Question question() {
    return question;
  }

  private ColumnAllocation on(Surface surface) {
    return new ColumnAllocation(surface, question);
  }

  /**
   * Answers for one surface.
   *
   * @param inference on the surface
   * @param budgets what runs may cost; none without a cost
   * @param progress told after each budget
   */
  public Findings of(Inference inference, List<Double> budgets, ProgressListener progress) {
    List<Answer> answers = new ArrayList<>();
    List<Estimate> estimates = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    List<OptionalDouble> asked =
        question.cost().isEmpty()
            ? List.of(OptionalDouble.empty())
            : budgets.stream().map(OptionalDouble::of).toList();
    for (OptionalDouble budget : asked) {
      answers.add(answer(inference, budget, estimates, warnings));
      progress.done(answers.size(), asked.size());
    }
    return new Findings(answers, estimates, warnings);
  }

  private Answer answer(
      Inference inference, OptionalDouble budget, List<Estimate> estimates, List<String> warnings) {
    ColumnAllocation allocation = on(inference.surface());
    ColumnAllocation.Answer found =
        budget.isPresent() ? allocation.within(budget.getAsDouble()) : allocation.anywhere();
    if (found.best().isEmpty()) {
      return none(budget, found.problem());
    }
    ColumnAllocation.Best best = found.best().get();
    Optional<String> refusal = refusal(inference.surface(), best);
    if (refusal.isPresent()) {
      return none(budget, refusal);
    }
    String where = budget.isPresent() ? "%.3g: ".formatted(budget.getAsDouble()) : "";
    found.problem().ifPresent(problem -> warnings.add(where + problem));
    if (!found.others().isEmpty()) {
      warnings.add(where + "%d more local optima".formatted(found.others().size()));
    }
    inference.lack().ifPresent(lack -> warnings.add("no intervals: " + lack));
    if (best.factorBeyond() > SurfaceRange.FAR) {
      warnings.add(
          where
              + "the optimum is a factor %.0f beyond the fitted runs"
                  .formatted(best.factorBeyond()));
    }
    List<Estimate> own = inference.of(estimands(budget, best), true);
    estimates.addAll(own);
    return new Answer(
        budget,
        Optional.of(best),
        Optional.empty(),
        intervals(own),
        Support.of(
            inference,
            own.getFirst(),
            each -> {
              ColumnAllocation other = on(each);
              return (budget.isPresent() ? other.within(budget.getAsDouble()) : other.anywhere())
                  .problem()
                  .orElse("the optimum is not a number");
            }));
  }

  private static Answer none(OptionalDouble budget, Optional<String> problem) {
    return new Answer(budget, Optional.empty(), problem, Map.of(), Optional.empty());
  }

  private Optional<String> refusal(Surface surface, ColumnAllocation.Best best) {
    Double n = best.row().get(RunSet.N);
    Double d = best.row().get(RunSet.D);
    return n == null || d == null
        ? limits.refusal(best.value())
        : limits.refusal(surface, n, d, best.value());
  }

  /** The best values and what is predicted there, of surfaces that resemble one. */
  private Estimands estimands(OptionalDouble budget, ColumnAllocation.Best known) {
    List<Estimands.Item> items = new ArrayList<>();
    String where = budget.isPresent() ? " at %.4g".formatted(budget.getAsDouble()) : "";
    over.forEach(
        lever -> items.add(new Estimands.Item(lever.column() + "*" + where, lever.isPositive())));
    items.add(new Estimands.Item(VALUE + where, runs.isPositive()));
    return new Estimands(items, surface -> values(on(surface).near(budget, known)));
  }

  private double[] values(Optional<ColumnAllocation.Best> best) {
    double[] values = new double[over.size() + 1];
    for (int j = 0; j < values.length; j++) {
      int k = j;
      values[j] =
          best.map(each -> k < over.size() ? each.row().get(over.get(k).column()) : each.value())
              .orElse(Double.NaN);
    }
    return values;
  }

  private Map<String, Interval> intervals(List<Estimate> estimates) {
    Map<String, Interval> known = new LinkedHashMap<>();
    for (int k = 0; k < estimates.size(); k++) {
      if (estimates.get(k).interval().isKnown()) {
        known.put(k < over.size() ? over.get(k).column() : VALUE, estimates.get(k).interval());
      }
    }
    return known;
  }
}
