package org.farfit.fit.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.PriorTable;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitOrigin;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.Fitter;
import org.farfit.fit.LawFit;
import org.farfit.fit.MultiStart;
import org.farfit.fit.Optimum;
import org.farfit.fit.Regularisation;
import org.farfit.fit.statistics.Evaluation;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;
import org.farfit.solver.StartingPoints;

/**
 * Fits a law by Levenberg-Marquardt in centred coordinates from many starts spread over its box.
 *
 * <pre>{@code
 * RunSet runs = RunFile.read(Path.of("runs.csv"), ColumnOptions.usual()).runs();
 * try (Engine engine = Engines.open("auto")) {
 *   LawFit fit = new GlobalFit(engine, FitOptions.DEFAULT).fit(new Farseer(), runs);
 *   System.out.println(fit.loss(25.1e9, 3.2e11));
 * }
 * }</pre>
 */
public final class GlobalFit implements Fitter {

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;

  /** A fitter that reports no progress. */
  public GlobalFit(Engine engine, FitOptions options) {
    this(engine, options, ProgressListener.NONE);
  }

  /** A fitter. */
  public GlobalFit(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /** Every law can be fitted. */
  @Override
  public Optional<String> unsupported(Law law) {
    return Optional.empty();
  }

  @Override
  public LawFit fit(Law law, RunSet runs) {
    FitRequirements.check("runs", law, runs);
    Centre centre = SurfaceProblem.centre(runs);
    SurfaceProblem problem = new SurfaceProblem(law, centre, runs, options.objective());
    return fit(problem, runs, Optional.empty(), Optional.empty());
  }

  /**
   * Fits a law from given starts.
   *
   * @param starts makes the starts, in centred coordinates, for the centre of the runs
   * @throws InputException as {@link #fit(Law, RunSet)}
   */
  public LawFit fit(Law law, RunSet runs, Function<Centre, StartingPoints> starts) {
    FitRequirements.check("runs", law, runs);
    Centre centre = SurfaceProblem.centre(runs);
    SurfaceProblem problem = new SurfaceProblem(law, centre, runs, options.objective());
    return fit(problem, runs, Optional.empty(), Optional.of(starts.apply(centre)));
  }

  /** Fits with a prior. */
  public LawFit fit(SurfaceProblem problem, RunSet runs, Regularisation regularisation) {
    SurfaceProblem bound =
        problem.withPrior(
            PriorTable.of(regularisation.prior().means(), regularisation.precision()));
    return fit(bound, runs, Optional.of(regularisation), Optional.empty());
  }

  @Override
  public List<Outcome> fit(Law law, RunSet runs, List<double[]> weightings) {
    Centre centre = SurfaceProblem.centre(runs);
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
      RunSet own = runs.weighted(weightings.get(i));
      Optimum optimum = optima.get(i);
      double cost =
          Evaluation.of(law, centre, optimum.parameters(), own, options.objective()).cost();
      outcomes.add(
          Outcome.of(
              LawFit.of(
                  law,
                  centre,
                  optimum,
                  cost,
                  options.objective(),
                  own,
                  new FitOrigin.Searched(Optional.empty()))));
    }
    return outcomes;
  }

  private LawFit fit(
      SurfaceProblem problem,
      RunSet runs,
      Optional<Regularisation> regularisation,
      Optional<StartingPoints> given) {
    MultiStart found =
        problem.formula().isPresent()
            ? new FormulaSearch(engine, options, progress).run(problem, given)
            : new MultiStartSearch(engine, problem)
                .run(
                    given.orElseGet(
                        () -> Starts.spread(problem, 0, options.starts(), options.seed())),
                    options,
                    progress);
    Optimum best = found.best();
    Optional<Regularisation> known = regularisation.map(each -> each.at(best.parameters()));
    return LawFit.of(
        problem.law(),
        problem.centre(),
        best,
        best.cost() - known.map(Regularisation::penalty).orElse(0.0),
        options.objective(),
        runs,
        FitOrigin.searched(Optional.of(found), known));
  }
}
