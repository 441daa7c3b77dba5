package org.farfit.analysis.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.farfit.analysis.Allocation;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.SurfaceRange;
import org.farfit.analysis.SurfaceShape;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Estimate;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.solver.Parallel;
import org.farfit.solver.ProgressListener;

/**
 * Compute-optimal training answered with what is known of each answer: its interval, how many
 * bootstrap replicates have it, and whether it may be believed at all.
 *
 * <pre>{@code
 * AllocationStudy study = new AllocationStudy(runs, ComputeModel.USUAL);
 * AllocationStudy.Findings found =
 *     study.of(inference, AllocationStudy.Questions.budgets(1e21, 1e23), ProgressListener.NONE);
 * found.answers().forEach(answer -> System.out.println(answer.point() + " " + answer.intervals()));
 * }</pre>
 */
public final class AllocationStudy {

  private static final List<String> OF_AN_OPTIMUM = List.of("n", "d", "ratio", "loss");

  /** Budgets whose intervals are made together, so that their profiles share the cores. */
  private static final int BUDGETS_AT_ONCE = 16;

  /** Between which budgets. */
  private static final String SEARCHED =
      " (%.0e to %.0e FLOPs were searched)"
          .formatted(Allocation.LEAST_COMPUTE, Allocation.MOST_COMPUTE);

  /** Of so many budgets, at most, the same is said of each. */
  private static final int MOST_WARNINGS_ALIKE = 3;

  private final SurfaceRange range;
  private final LossLimits limits;
  private final ComputeModel compute;
  private final Map<String, Double> fixed;

  /** What is asked of a surface. */
  public enum Question {
    /** Which N and D are best for a budget? */
    OPTIMUM("optimum"),
    /** Which budget reaches a loss at its optimum? */
    TARGET_LOSS("target-loss"),
    /** For how many tokens is a model of a given size the optimal one? */
    FOR_N("for-n"),
    /** Which is the smallest model whose loss is within a share of the optimum? */
    WITHIN("within");

    private final String label;

    Question(String label) {
      this.label = label;
    }

    /** How tables and files call it. */
    public String label() {
      return label;
    }
  }

  /**
   * What is asked of every surface.
   *
   * @param budgets FLOPs to be divided between N and D
   * @param targets losses, in the unit of the data, for which a budget is asked
   * @param sizes parameters for which tokens are asked
   * @param within for each budget also the smallest N whose loss is larger by at most this share
   */
  public record Questions(
      List<Double> budgets, List<Double> targets, List<Double> sizes, OptionalDouble within) {

    /** Optima of some budgets, in FLOPs, and nothing else. */
    public static Questions budgets(Double... budgets) {
      return new Questions(List.of(budgets), List.of(), List.of(), OptionalDouble.empty());
    }
  }

  /**
   * One answer.
   *
   * @param question what was asked
   * @param compute FLOPs; NaN where none are known
   * @param point the answer; empty where there is none, or none that can be believed
   * @param problem why there is none
   * @param intervals by quantity: n, d, ratio and loss of an optimum, compute for a target; those
   *     that can be estimated. Where a fit has no optimum, those of the n, d and ratio that it may
   *     have for all that the runs say
   * @param support which bootstrap replicates have no such answer; empty without replicates, and
   *     where there is no interval
   */
  public record Answer(
      Question question,
      double compute,
      Optional<Allocation.Point> point,
      Optional<String> problem,
      Map<String, Interval> intervals,
      Optional<Support> support) {}

  /**
   * On how many bootstrap replicates an interval rests.
   *
   * @param drawn how many replicates there are
   * @param failed how many have no fit
   * @param without how many fits have no such answer; intervals are of the others
   * @param reasons why, each with the number of fits
   */
  public record Support(int drawn, int failed, int without, Map<String, Long> reasons) {

    static Optional<Support> of(
        Inference inference, Estimate estimate, Function<Surface, String> reason) {
      if (!inference.isBootstrapped()) {
        return Optional.empty();
      }
      return Optional.of(
          new Support(
              inference.drawn(),
              inference.drawn() - inference.surfaces().size(),
              estimate.undefined().size(),
              counted(estimate.undefined(), reason)));
    }

    /** A reason may take a search, so they are found on all cores. */
    private static Map<String, Long> counted(
        List<Surface> surfaces, Function<Surface, String> reason) {
      return Parallel.map(
              surfaces.size(),
              Runtime.getRuntime().availableProcessors(),
              ProgressListener.NONE,
              i -> reason.apply(surfaces.get(i)))
          .stream()
          .collect(Collectors.groupingBy(each -> each, TreeMap::new, Collectors.counting()));
    }
  }

  /**
   * What was found on one surface.
   *
   * @param answers in the order of the questions
   * @param estimates of the optima, by every method there is
   * @param warnings what to beware of, in words
   */
  public record Findings(List<Answer> answers, List<Estimate> estimates, List<String> warnings) {}

  /**
   * A study of surfaces that were fitted to the same runs.
   *
   * @param runs what they were fitted to
   * @param compute FLOPs of a run
   */
  public AllocationStudy(RunSet runs, ComputeModel compute) {
    this(runs, compute, Map.of());
  }

  /**
   * A study of surfaces with columns besides N and D.
   *
   * @param runs what they were fitted to
   * @param compute FLOPs of a run
   * @param fixed where these columns are fixed; those not named are at the centre of the runs
   */
  public AllocationStudy(RunSet runs, ComputeModel compute, Map<String, Double> fixed) {
    this.range = SurfaceRange.of(runs);
    this.limits = LossLimits.of(runs);
    this.compute = compute;
    this.fixed = Map.copyOf(fixed);
  }

  /**
   * Answers for one surface.
   *
   * @param inference on the surface
   * @param progress told after every few budgets
   */
  public Findings of(Inference inference, Questions questions, ProgressListener progress) {
    return new Surveyed(inference, questions).findings(progress);
  }

  /** One surface with what has been found of it. */
  private final class Surveyed {

    private final Inference inference;
    private final Questions questions;
    private final Surface surface;
    private final Allocation allocation;
    private final List<Answer> answers = new ArrayList<>();
    private final List<Estimate> estimates = new ArrayList<>();
    private final Map<Allocation.Caution, Map<Double, String>> cautions =
        new EnumMap<>(Allocation.Caution.class);
    private final Map<Double, String> untested = new LinkedHashMap<>();
    private final Map<Double, String> empty = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    Surveyed(Inference inference, Questions questions) {
      this.inference = inference;
      this.questions = questions;
      this.surface = inference.surface().fixing(fixed);
      this.allocation = new Allocation(surface, range, compute);
    }

    Findings findings(ProgressListener progress) {
      List<Double> budgets = questions.budgets();
      for (int done = 0; done < budgets.size(); ) {
        int end = Math.min(done + BUDGETS_AT_ONCE, budgets.size());
        optima(budgets.subList(done, end));
        done = end;
        progress.done(done, budgets.size());
      }
      cautions.forEach((kind, of) -> warnings.addAll(words(of)));
      warnings.addAll(words(untested));
      warnings.addAll(words(empty));
      inference.lack().ifPresent(lack -> warnings.add("no intervals: " + lack));
      if (surface instanceof FittedSurface fitted) {
        SurfaceShape.examineCoarsely(fitted, range).warning().ifPresent(warnings::add);
      }
      questions.targets().forEach(this::target);
      questions.sizes().forEach(this::size);
      return new Findings(answers, estimates, warnings);
    }

    /** The same of many budgets is said once. */
    private List<String> words(Map<Double, String> of) {
      if (of.size() <= MOST_WARNINGS_ALIKE) {
        return of.entrySet().stream()
            .map(each -> "C = %.3g: %s".formatted(each.getKey(), each.getValue()))
            .toList();
      }
      double last = Collections.max(of.keySet());
      return List.of(
          "%d of %d budgets, from C = %.3g to %.3g; at the last %s"
              .formatted(
                  of.size(),
                  questions.budgets().size(),
                  Collections.min(of.keySet()),
                  last,
                  of.get(last)));
    }

    private void optima(List<Double> budgets) {
      List<Allocation.Answer> found = budgets.stream().map(allocation::at).toList();
      List<Estimate> estimated =
          inference.of(
              Estimands.optima(
                      range,
                      compute,
                      budgets.stream().mapToDouble(Double::doubleValue).toArray(),
                      found.stream()
                          .mapToDouble(
                              each -> each.best().map(Allocation.Point::n).orElse(Double.NaN))
                          .toArray())
                  .fixing(fixed),
              true);
      estimates.addAll(estimated);
      int each = OF_AN_OPTIMUM.size();
      for (int i = 0; i < found.size(); i++) {
        optimum(found.get(i), estimated.subList(i * each, (i + 1) * each));
      }
    }

    private void optimum(Allocation.Answer found, List<Estimate> own) {
      double budget = found.compute();
      if (found.best().isPresent()) {
        // Else they are why there is no answer, which says so itself.
        found
            .cautions()
            .forEach((kind, words) ->
                cautions.computeIfAbsent(kind, k -> new LinkedHashMap<>()).put(budget, words));
      }
      found
          .best()
          .flatMap(best -> inference.untestedOptimum(best.n(), best.d()))
          .ifPresent(words -> untested.put(budget, words));
      Interval ofLoss = own.getLast().interval();
      found
          .best()
          .flatMap(best -> limits.emptiness(ofLoss.low(), ofLoss.high()))
          .ifPresent(words -> empty.put(budget, "loss: " + words));
      Optional<Support> support =
          Support.of(
              inference,
              own.getFirst(),
              each ->
                  new Allocation(each.fixing(fixed), range, compute)
                      .problem(budget)
                      .orElse("the optimum is not a number"));
      answers.add(
          found
              .best()
              .map(point ->
                  answer(surface, Question.OPTIMUM, point, intervals(own, OF_AN_OPTIMUM), support))
              .orElseGet(() ->
                  new Answer(
                      Question.OPTIMUM,
                      budget,
                      Optional.empty(),
                      Optional.of(String.join("; ", found.cautions().values())),
                      intervals(own, OF_AN_OPTIMUM),
                      support)));
      questions.within().ifPresent(share -> within(budget, share));
    }

    private void within(double budget, double share) {
      allocation
          .smallestWithin(budget, share)
          .ifPresentOrElse(
              point ->
                  answers.add(answer(surface, Question.WITHIN, point, Map.of(), Optional.empty())),
              () -> unanswered(Question.WITHIN, budget, "no smaller N has a loss above the bound"));
    }

    private void target(double loss) {
      OptionalDouble needed = allocation.computeFor(loss);
      if (needed.isEmpty()) {
        unanswered(
            Question.TARGET_LOSS,
            Double.NaN,
            "no budget reaches a loss of %.6g at an optimum%s".formatted(loss, SEARCHED));
        return;
      }
      allocation
          .at(needed.getAsDouble())
          .best()
          .ifPresent(point -> {
            List<Estimate> needs =
                inference.of(
                    Estimands.requiredCompute(range, compute, loss, point).fixing(fixed), false);
            answers.add(
                answer(
                    surface,
                    Question.TARGET_LOSS,
                    point,
                    intervals(needs, List.of("compute")),
                    Support.of(
                        inference,
                        needs.getFirst(),
                        each -> "no budget reaches it at an interior optimum")));
          });
    }

    private void unanswered(Question question, double flops, String reason) {
      answers.add(
          new Answer(
              question, flops, Optional.empty(), Optional.of(reason), Map.of(), Optional.empty()));
    }

    private void size(double n) {
      OptionalDouble tokens = allocation.tokensFor(n);
      if (tokens.isEmpty()) {
        unanswered(
            Question.FOR_N,
            Double.NaN,
            "N = %.3g is optimal for no budget%s".formatted(n, SEARCHED));
        return;
      }
      double d = tokens.getAsDouble();
      answers.add(
          answer(
              surface,
              Question.FOR_N,
              new Allocation.Point(
                  compute.flops(n, d), n, d, surface.loss(n, d), range.factorBeyond(n, d)),
              Map.of(),
              Optional.empty()));
    }
  }

  /** An answer, or why it may not be believed. */
  private Answer answer(
      Surface surface,
      Question question,
      Allocation.Point point,
      Map<String, Interval> intervals,
      Optional<Support> support) {
    Optional<String> refusal = limits.refusal(surface, point.n(), point.d(), point.loss());
    boolean believed = refusal.isEmpty();
    return new Answer(
        question,
        point.compute(),
        believed ? Optional.of(point) : Optional.empty(),
        refusal,
        believed ? intervals : Map.of(),
        support);
  }

  private static Map<String, Interval> intervals(List<Estimate> estimates, List<String> names) {
    Map<String, Interval> known = new LinkedHashMap<>();
    for (int k = 0; k < names.size(); k++) {
      if (estimates.get(k).interval().isKnown()) {
        known.put(names.get(k), estimates.get(k).interval());
      }
    }
    return known;
  }
}
