package org.farfit.sweep;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.farfit.analysis.Holdout;
import org.farfit.analysis.Validation;
import org.farfit.analysis.inference.BootstrapInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.data.ColumnOptions;
import org.farfit.data.InputException;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.HoldoutFits;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.PiecewiseFit;
import org.farfit.fit.PiecewiseSettings;
import org.farfit.fit.Surface;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.Interval;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.bootstrap.Resampling;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.report.Json;
import org.farfit.solver.ProgressListener;

/**
 * The part of a sweep that shares its runs, law and method: one batch for all its hold-outs, and
 * the unit that is done or not. Immutable; what {@link #run} gives depends on nothing else.
 *
 * @param input file of runs
 * @param where filter on rows
 * @param loss loss column, or empty
 * @param holdout hold-out, which may be several
 * @param law name of the law
 * @param method name of the method
 * @param objective name of the objective
 * @param seed of starts and replicates
 * @param starts starts per fit
 * @param bootstrap replicates per fit
 * @param resampling how they are drawn
 */
public record SweepGroup(
    String input,
    String where,
    String loss,
    String holdout,
    String law,
    String method,
    String objective,
    long seed,
    int starts,
    int bootstrap,
    String resampling) {

  private static final double LEVEL = 0.9;
  private static final String HUBER = "/huber:";

  /** Characters of a hash that identify a result among any number that a sweep can have. */
  private static final int ID_LENGTH = 16;

  static Objective objective(String text) {
    int huber = text.indexOf(HUBER);
    String scale = huber < 0 ? text : text.substring(0, huber);
    Objective.Residual residual =
        switch (scale) {
          case "log" -> Objective.Residual.LOG;
          case "linear" -> Objective.Residual.LINEAR;
          default ->
              throw new IllegalArgumentException(
                  "unknown objective '%s', expected log or linear, perhaps with /huber:DELTA"
                      .formatted(text));
        };
    try {
      return new Objective(
          residual,
          huber < 0
              ? Double.POSITIVE_INFINITY
              : Double.parseDouble(text.substring(huber + HUBER.length())));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("objective '%s': not a number".formatted(text), e);
    }
  }

  /** Whether the method is defined for the law. */
  boolean isDefined() {
    return switch (Method.named(method)) {
      case GLOBAL -> true;
      case REGULARISED -> !Laws.named(law).curvatures().isEmpty();
      case PIECEWISE -> PiecewiseFit.LAWS.contains(law);
    };
  }

  /** Whether all the values of an exclusion are this group's. */
  boolean matches(Map<String, String> exclusion) {
    return exclusion.entrySet().stream()
        .allMatch(entry ->
            entry
                .getValue()
                .equals(
                    switch (entry.getKey()) {
                      case "input" -> input;
                      case "where" -> where;
                      case "loss" -> loss;
                      case "holdout" -> holdout;
                      case "law" -> law;
                      case "method" -> method;
                      case "objective" -> objective;
                      default -> Long.toString(seed);
                    }));
  }

  /** Stable identifier of the group. */
  public String id() {
    return id("", "");
  }

  private String id(String heldOut, String split) {
    String all =
        String.join(
            "\u0000",
            input,
            where,
            loss,
            holdout,
            law,
            method,
            objective,
            Long.toString(seed),
            Integer.toString(starts),
            Integer.toString(bootstrap),
            resampling,
            heldOut,
            split);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, ID_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Reads the runs; the filter may name the loss column as {@code {loss}}. */
  RunSet runs() {
    ColumnOptions options =
        new ColumnOptions(
            Optional.empty(),
            Optional.empty(),
            Optional.of(loss).filter(name -> !name.isEmpty()),
            Optional.empty(),
            Optional.empty(),
            Optional.of(where.replace("{loss}", loss)).filter(text -> !text.isEmpty()));
    return RunFile.read(Path.of(input), options).runs();
  }

  /**
   * Fits and judges. What cannot be read or fitted gives a row that says so.
   *
   * @param threads how many threads may be used; the rows do not depend on it
   */
  public List<SweepRow> run(Engine engine, int threads) {
    try {
      return run(engine, runs(), threads);
    } catch (InputException e) {
      return List.of(failed(holdout, Validation.FITTED, "failed: input", e.getMessage()));
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      // One bad fit never throws away a sweep.
      return List.of(failed(holdout, Validation.FITTED, "failed: defect", e.toString()));
    }
  }

  private List<SweepRow> run(Engine engine, RunSet runs, int threads) {
    Law fitted = Laws.named(law);
    FitRequirements.check(input, fitted, runs);
    List<Holdout> holdouts = HoldoutChoice.parse(holdout).holdouts(runs);
    FitOptions options =
        FitOptions.DEFAULT
            .withObjective(objective(objective))
            .withStarts(starts, seed)
            .withThreads(threads);
    List<HoldoutFits.Outcome> outcomes =
        new HoldoutFits(engine, options, PiecewiseSettings.DEFAULT, ProgressListener.NONE)
            .fit(fitted, Method.named(method), runs, holdouts.stream().map(Holdout::fit).toList());
    List<SweepRow> rows = new ArrayList<>();
    for (int i = 0; i < holdouts.size(); i++) {
      Holdout one = holdouts.get(i);
      Optional<LawFit> fit = outcomes.get(i).fit();
      if (fit.isEmpty()) {
        rows.add(
            failed(
                one.name(),
                Validation.FITTED,
                "failed: fit",
                outcomes.get(i).problem().orElse("no fit")));
      } else {
        rows.addAll(judged(engine, runs, one, fit.get(), threads));
      }
    }
    return rows;
  }

  /** The runs that a row is about. */
  private record Judged(String split, double[] weights) {}

  private List<SweepRow> judged(Engine engine, RunSet runs, Holdout one, LawFit fit, int threads) {
    List<Judged> sets = new ArrayList<>();
    sets.add(new Judged(Validation.FITTED, one.fit()));
    one.tests().forEach((name, weights) -> sets.add(new Judged(name, weights)));
    RunSet own = runs.weighted(one.fit());
    Optional<Replicates> replicates = replicates(engine, fit, own, threads);
    List<SweepRow> rows = new ArrayList<>();
    for (Judged set : sets) {
      rows.add(row(engine, runs, own, one, set, fit, replicates));
    }
    return rows;
  }

  private Optional<Replicates> replicates(Engine engine, LawFit fit, RunSet own, int threads) {
    boolean fitted = fit.status().isConverged() || fit.method() == Method.PIECEWISE;
    if (bootstrap == 0 || !fitted) {
      return Optional.empty();
    }
    BootstrapOptions options =
        BootstrapOptions.pairs(bootstrap, seed)
            .with(Resampling.named(resampling))
            .suitedTo(fit.method())
            .withThreads(threads);
    return Optional.of(new Bootstrap(engine, options, ProgressListener.NONE).run(fit, own));
  }

  private SweepRow row(
      Engine engine,
      RunSet runs,
      RunSet own,
      Holdout one,
      Judged set,
      LawFit fit,
      Optional<Replicates> replicates) {
    int[] predicted = IntStream.range(0, runs.size()).filter(i -> set.weights()[i] > 0).toArray();
    Estimands errors = errors(runs, predicted);
    double[] error = errors.values().apply(fit.surface());
    Interval mape = Interval.UNKNOWN;
    Interval signed = Interval.UNKNOWN;
    if (replicates.isPresent()) {
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
    return new SweepRow(
        id(one.name(), set.split()),
        input,
        where,
        loss,
        one.name(),
        set.split(),
        law,
        method,
        objective,
        seed,
        fit.status().label(),
        null,
        own.size(),
        predicted.length,
        Json.finite(fit.cost()),
        IntStream.range(0, own.size()).mapToDouble(own::n).max().orElseThrow(),
        Json.finite(error[0]),
        Json.finite(error[1]),
        Json.finite(mape.low()),
        Json.finite(mape.high()),
        Json.finite(signed.low()),
        Json.finite(signed.high()),
        replicates.map(found -> found.count() - found.failedCount()).orElse(0),
        parameters);
  }

  /** Mean of the absolute errors of some runs and mean of their errors, percent. */
  private static Estimands errors(RunSet runs, int[] predicted) {
    return new Estimands(
        List.of(new Estimands.Item("mape", false), new Estimands.Item("meanSigned", false)),
        (Surface surface) -> {
          double size = 0;
          double sum = 0;
          for (int i : predicted) {
            double error = 100 * (surface.loss(runs.n(i), runs.d(i)) / runs.loss(i) - 1);
            size += Math.abs(error);
            sum += error;
          }
          return new double[] {size / predicted.length, sum / predicted.length};
        });
  }

  private SweepRow failed(String heldOut, String split, String status, String message) {
    return new SweepRow(
        id(heldOut, split),
        input,
        where,
        loss,
        heldOut,
        split,
        law,
        method,
        objective,
        seed,
        status,
        message,
        0,
        0,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        Map.of());
  }
}
