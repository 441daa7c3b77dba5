package org.farfit.fit.extrapolation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.Fitter;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.Surface;
import org.farfit.fit.method.Fitters;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;

/** Fits by any method to many weightings of the same runs, as batches wherever there is a batch. */
public final class HoldoutFits {

  private final Engine engine;
  private final FitOptions options;
  private final Fitters fitters;
  private final ProgressListener progress;

  /** A fitter. */
  public HoldoutFits(
      Engine engine, FitOptions options, PiecewiseSettings piecewise, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.fitters = new Fitters(engine, options, piecewise, progress);
    this.progress = progress;
  }

  /**
   * What came out for one weighting.
   *
   * @param method how it was fitted; for a choice what was chosen
   * @param surface the surface, if there is one
   * @param problem why there is none, or why it may not be trusted
   * @param fit the fit to the runs of positive weight; empty for a choice, or if there is none
   * @param choice what was chosen, for a choice
   */
  public record Outcome(
      String method,
      Optional<Surface> surface,
      Optional<String> problem,
      Optional<LawFit> fit,
      Optional<AutoFit.Choice> choice) {

    private static Outcome of(String method, Fitter.Outcome outcome) {
      return new Outcome(
          method,
          outcome.fit().map(LawFit::surface),
          outcome.problem(),
          outcome.fit(),
          Optional.empty());
    }

    private static Outcome of(AutoFit.Choice choice) {
      return new Outcome(
          choice.name(),
          Optional.of(choice.surface()),
          Optional.empty(),
          Optional.empty(),
          Optional.of(choice));
    }

    private static Outcome none(String method, Optional<String> problem) {
      return new Outcome(method, Optional.empty(), problem, Optional.empty(), Optional.empty());
    }
  }

  /**
   * Fits a law to every weighting; what does not meet {@link FitRequirements} has no fit.
   *
   * @param weightings weight of each run, 0 for those left out
   */
  public List<Outcome> fit(Law law, Method method, RunSet runs, List<double[]> weightings) {
    return wherePossible(
        method.label(),
        weightings,
        weights -> FitRequirements.problem(law, method, runs, weights),
        possible ->
            fitters.of(method).fit(law, runs, possible).stream()
                .map(outcome -> Outcome.of(method.label(), outcome))
                .toList());
  }

  /**
   * What {@link AutoFit} chooses for every weighting, among some methods.
   *
   * @param weightings weight of each run, 0 for those left out
   */
  public List<Outcome> auto(RunSet runs, List<double[]> weightings, Set<Method> methods) {
    AutoFit fitter = new AutoFit(engine, options, progress, methods);
    return wherePossible(
        AutoFit.NAME,
        weightings,
        weights -> fitter.problem(runs, weights),
        possible ->
            possible.stream().map(weights -> chosen(fitter, runs.weighted(weights))).toList());
  }

  private static Outcome chosen(AutoFit fitter, RunSet runs) {
    try {
      return Outcome.of(fitter.choose(runs));
    } catch (InputException e) {
      return Outcome.none(AutoFit.NAME, Optional.ofNullable(e.getMessage()));
    }
  }

  /** Outcomes of the weightings without a problem, fitted together, among those that have one. */
  private static List<Outcome> wherePossible(
      String method,
      List<double[]> weightings,
      Function<double[], Optional<String>> problem,
      Function<List<double[]>, List<Outcome>> fit) {
    List<Optional<String>> problems = weightings.stream().map(problem).toList();
    List<double[]> possible = new ArrayList<>();
    for (int i = 0; i < weightings.size(); i++) {
      if (problems.get(i).isEmpty()) {
        possible.add(weightings.get(i));
      }
    }
    Iterator<Outcome> fitted =
        (possible.isEmpty() ? List.<Outcome>of() : fit.apply(possible)).iterator();
    return problems.stream()
        .map(reason -> reason.isPresent() ? Outcome.none(method, reason) : fitted.next())
        .toList();
  }
}
