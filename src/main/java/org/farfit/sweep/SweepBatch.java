package org.farfit.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.farfit.analysis.Holdout;
import org.farfit.analysis.LossLimits;
import org.farfit.analysis.inference.BootstrapInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.study.Validation;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.LawFit;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.extrapolation.HoldoutFits;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.fit.search.RunStructure;
import org.farfit.law.Law;
import org.farfit.report.output.Json;
import org.farfit.solver.ProgressListener;

/**
 * Tasks that differ in their hold-outs alone: weights over the same runs, which an engine fits as
 * one batch. Each fit's replicates are another, since they leave out what the fit did.
 *
 * @param tasks at least one
 */
record SweepBatch(List<SweepTask> tasks) {

  private static final double LEVEL = 0.9;

  /** Divides tasks: neighbours that differ in their hold-outs alone go together. */
  static List<SweepBatch> of(List<SweepTask> tasks) {
    List<SweepBatch> batches = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= tasks.size(); i++) {
      boolean ends =
          i == tasks.size()
              || !tasks.get(i).withoutHoldout().equals(tasks.get(from).withoutHoldout());
      if (ends) {
        batches.add(new SweepBatch(List.copyOf(tasks.subList(from, i))));
        from = i;
      }
    }
    return batches;
  }

  /** What all tasks have in common. */
  private SweepTask common() {
    return tasks.getFirst();
  }

  /** One fit of a task. */
  private record Part(SweepTask task, Holdout holdout) {}

  /**
   * Fits and judges. Input that cannot be used gives rows that say so.
   *
   * @param threads how many threads may be used; the rows do not depend on it
   */
  List<SweepRow> run(Engine engine, RunReader reader, int threads) {
    try {
      SourceRuns read = reader.read(common().source());
      RunSet runs = read.runs();
      Law law =
          read.law(
              common().law(),
              common().objective().objective().residual() == Objective.Residual.LOG);
      FitRequirements.check(common().source().input(), law, common().method(), runs);
      return run(engine, law, runs, threads);
    } catch (InputException e) {
      return new SweepShard(tasks).failed(SweepShard.BAD_INPUT, SourceRuns.words(e));
    }
  }

  private List<SweepRow> run(Engine engine, Law law, RunSet runs, int threads) {
    List<SweepRow> rows = new ArrayList<>();
    List<Part> parts = new ArrayList<>();
    for (SweepTask task : tasks) {
      try {
        task.holdout().of(runs).forEach(holdout -> parts.add(new Part(task, holdout)));
      } catch (InputException e) {
        rows.add(task.failed(SweepShard.BAD_INPUT, SourceRuns.words(e)));
      }
    }
    FitOptions options =
        FitOptions.DEFAULT
            .withObjective(common().objective().objective())
            .withStarts(common().starts(), common().seed())
            .withThreads(threads);
    List<HoldoutFits.Outcome> outcomes =
        new HoldoutFits(engine, options, PiecewiseSettings.DEFAULT, ProgressListener.NONE)
            .fit(
                law,
                common().method(),
                runs,
                parts.stream().map(part -> part.holdout().fit()).toList());
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      HoldoutFits.Outcome outcome = outcomes.get(i);
      if (outcome.fit().isEmpty()) {
        rows.add(
            part.task()
                .failed(part.holdout().name(), "failed: fit", outcome.problem().orElse("no fit")));
      } else {
        rows.addAll(judged(engine, runs, part, outcome, threads));
      }
    }
    return rows;
  }

  /** The runs that a row is about. */
  private record Judged(String split, double[] weights) {}

  private List<SweepRow> judged(
      Engine engine, RunSet runs, Part part, HoldoutFits.Outcome outcome, int threads) {
    LawFit fit = outcome.fit().orElseThrow();
    List<Judged> sets = new ArrayList<>();
    sets.add(new Judged(Validation.FITTED, part.holdout().fit()));
    part.holdout().tests().forEach((name, weights) -> sets.add(new Judged(name, weights)));
    RunSet own = runs.weighted(part.holdout().fit());
    // What may not be trusted has no replicates.
    Optional<Replicates> replicates =
        common().bootstrap() > 0 && outcome.problem().isEmpty()
            ? Optional.of(replicates(engine, fit, own, threads))
            : Optional.empty();
    List<SweepRow> rows = new ArrayList<>();
    for (Judged set : sets) {
      rows.add(row(engine, runs, own, part, set, fit, replicates));
    }
    return rows;
  }

  private Replicates replicates(Engine engine, LawFit fit, RunSet own, int threads) {
    BootstrapOptions options =
        BootstrapOptions.pairs(common().bootstrap(), common().seed())
            .with(common().resampling())
            .suitedTo(fit.method())
            .withThreads(threads);
    return new Bootstrap(engine, options, ProgressListener.NONE).run(fit, own);
  }

  private static SweepRow row(
      Engine engine,
      RunSet runs,
      RunSet own,
      Part part,
      Judged set,
      LawFit fit,
      Optional<Replicates> replicates) {
    int[] predicted = IntStream.range(0, runs.size()).filter(i -> set.weights()[i] > 0).toArray();
    Estimands errors = errors(runs, predicted);
    Optional<String> refusal = refusal(runs, own, predicted, fit);
    double[] error =
        refusal.isPresent()
            ? new double[] {Double.NaN, Double.NaN}
            : errors.values().apply(fit.surface());
    Interval mape = Interval.UNKNOWN;
    Interval signed = Interval.UNKNOWN;
    if (replicates.isPresent() && refusal.isEmpty()) {
      List<BootstrapInference.Row> intervals =
          new BootstrapInference(engine, fit, own, replicates.get())
              .intervals(errors, LEVEL, Set.of(IntervalType.DEFAULT));
      mape = intervals.get(0).intervals().get(IntervalType.DEFAULT);
      signed = intervals.get(1).intervals().get(IntervalType.DEFAULT);
    }
    Map<String, Double> parameters = new LinkedHashMap<>();
    double[] published = fit.surface().published();
    for (int j = 0; j < published.length; j++) {
      parameters.put(fit.law().parameterNames().get(j), Json.finite(published[j]));
    }
    SweepTask task = part.task();
    return new SweepRow(
        task.key(part.holdout().name(), set.split()),
        new SweepResult(
            fit.status().label(),
            refusal
                .or(() -> RunStructure.remarks(fit.law(), fit.method(), own).stream().findFirst())
                .orElse(null),
            own.size(),
            predicted.length,
            Json.finite(fit.cost()),
            Json.finite(IntStream.range(0, own.size()).mapToDouble(own::n).max().orElseThrow()),
            Json.finite(error[0]),
            Json.finite(error[1]),
            Json.finite(mape.low()),
            Json.finite(mape.high()),
            Json.finite(signed.low()),
            Json.finite(signed.high()),
            replicates.map(found -> found.count() - found.failedCount()).orElse(0),
            parameters));
  }

  /** Why the predictions of some runs are none. */
  private static Optional<String> refusal(RunSet runs, RunSet own, int[] predicted, LawFit fit) {
    LossLimits limits = own.isPositive() ? LossLimits.of(own) : LossLimits.NONE;
    return Arrays.stream(predicted)
        .mapToObj(i ->
            limits
                .refusal(runs, i, fit.loss(runs, i))
                .map(reason ->
                    String.format(
                        Locale.ROOT, "at N = %.4g, D = %.4g %s", runs.n(i), runs.d(i), reason)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Mean of the absolute errors of some runs and mean of their errors, percent. */
  private static Estimands errors(RunSet runs, int[] predicted) {
    return new Estimands(
        List.of(new Estimands.Item("mape", false), new Estimands.Item("meanSigned", false)),
        (Surface surface) -> {
          double size = 0;
          double sum = 0;
          for (int i : predicted) {
            double error = 100 * surface.relativeError(runs, i);
            size += Math.abs(error);
            sum += error;
          }
          return new double[] {size / predicted.length, sum / predicted.length};
        });
  }
}
