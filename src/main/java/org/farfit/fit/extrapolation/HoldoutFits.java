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
import org.farfit.engine.Objective;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.Optimum;
import org.farfit.fit.Regularisation;
import org.farfit.fit.Surface;
import org.farfit.fit.piecewise.PiecewiseFit;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.fit.regularised.RegularisedFits;
import org.farfit.fit.search.WeightedFits;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;

/** Fits by any method to many weightings of the same runs, as batches wherever there is a batch. */
public final class HoldoutFits {

  private final Engine engine;
  private final FitOptions options;
  private final PiecewiseSettings piecewise;
  private final ProgressListener progress;

  /** A fitter. */
  public HoldoutFits(
      Engine engine, FitOptions options, PiecewiseSettings piecewise, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.piecewise = piecewise;
    this.progress = progress;
  }

  /**
   * What came out for one weighting.
   *
   * @param method how it was fitted; for a choice what was chosen
   * @param surface the surface, if there is one
   * @param problem why there is none, or why it may not be trusted
   * @param fit the fit to the runs of positive weight; empty for a choice, or if there is none
   */
  public record Outcome(
      String method, Optional<Surface> surface, Optional<String> problem, Optional<LawFit> fit) {}

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
            switch (method) {
              case GLOBAL -> global(law, runs, possible);
              case REGULARISED -> regularised(law, runs, possible);
              case PIECEWISE ->
                  possible.stream().map(weights -> piecewise(law, runs.weighted(weights))).toList();
            });
  }

  /** What {@link AutoFit} chooses for every weighting, among some methods. */
  public List<Outcome> auto(RunSet runs, List<double[]> weightings, Set<Method> methods) {
    AutoFit fitter = new AutoFit(engine, options, progress, methods);
    return wherePossible(
        AutoFit.NAME,
        weightings,
        weights -> fitter.problem(runs, weights),
        possible ->
            fitter.choose(runs, possible).stream()
                .map(choice ->
                    new Outcome(
                        choice.name(),
                        Optional.of(choice.surface()),
                        Optional.empty(),
                        Optional.empty()))
                .toList());
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
        .map(reason ->
            reason.isPresent()
                ? new Outcome(method, Optional.empty(), reason, Optional.empty())
                : fitted.next())
        .toList();
  }

  private List<Outcome> global(Law law, RunSet runs, List<double[]> weightings) {
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    List<Optimum> optima =
        new WeightedFits(engine, options, progress)
            .fit(
                law,
                centre,
                runs,
                weightings.stream()
                    .map(weights -> new WeightedFits.Task(weights, Optional.empty()))
                    .toList());
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < optima.size(); i++) {
      outcomes.add(
          outcome(law, centre, optima.get(i), runs.weighted(weightings.get(i)), Optional.empty()));
    }
    return outcomes;
  }

  private List<Outcome> regularised(Law law, RunSet runs, List<double[]> weightings) {
    List<Outcome> outcomes = new ArrayList<>();
    for (double[] weights : weightings) {
      RunSet own = runs.weighted(weights);
      Centre centre = Centre.of(own.n(), own.d(), own.loss());
      RegularisedFits.Result result =
          new RegularisedFits(
                  engine, options.forValidation(), progress, own, centre, List.of(own.weight()))
              .fit(law, options.objective())
              .getFirst();
      outcomes.add(
          outcome(
              law,
              centre,
              new Optimum(result.surface().centred(), Double.NaN, result.status(), 0),
              own,
              result.regularisation()));
    }
    return outcomes;
  }

  private Outcome outcome(
      Law law,
      Centre centre,
      Optimum optimum,
      RunSet own,
      Optional<Regularisation> regularisation) {
    Objective objective = options.objective();
    double cost = Evaluation.of(law, centre, optimum.parameters(), own, objective).cost();
    return outcome(
        LawFit.of(law, centre, optimum, cost, objective, own, Optional.empty(), regularisation));
  }

  private Outcome piecewise(Law law, RunSet runs) {
    try {
      return outcome(new PiecewiseFit(options.objective(), piecewise).fit(law, runs).fit());
    } catch (InputException e) {
      return new Outcome(
          Method.PIECEWISE.label(),
          Optional.empty(),
          Optional.of(e.getMessage()),
          Optional.empty());
    }
  }

  /** A fit by the piecewise procedure whose rounds did not settle is one all the same. */
  private static Outcome outcome(LawFit fit) {
    boolean trusted = fit.status().isConverged() || fit.method() == Method.PIECEWISE;
    return new Outcome(
        fit.method().label(),
        Optional.of(fit.surface()),
        trusted ? Optional.empty() : Optional.of(fit.status().label()),
        Optional.of(fit));
  }
}
