package org.farfit.fit.search;

import java.util.Optional;
import java.util.function.Function;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.PriorTable;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.LawFit;
import org.farfit.fit.MultiStart;
import org.farfit.fit.Optimum;
import org.farfit.fit.Regularisation;
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
public final class GlobalFit {

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

  /**
   * Fits a law.
   *
   * @return the best optimum found; look at its status before using it
   * @throws InputException if there are fewer runs than parameters, or only one distinct N or D
   */
  public LawFit fit(Law law, RunSet runs) {
    FitRequirements.check("runs", law, runs);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    SurfaceProblem problem = new SurfaceProblem(law, centre, runs, options.objective());
    return fit(problem, runs, Optional.empty(), spread(problem));
  }

  /**
   * Fits a law from given starts.
   *
   * @param starts makes the starts, in centred coordinates, for the centre of the runs
   * @throws InputException as {@link #fit(Law, RunSet)}
   */
  public LawFit fit(Law law, RunSet runs, Function<Centre, StartingPoints> starts) {
    FitRequirements.check("runs", law, runs);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    SurfaceProblem problem = new SurfaceProblem(law, centre, runs, options.objective());
    return fit(problem, runs, Optional.empty(), starts.apply(centre));
  }

  /** Fits with a prior. */
  public LawFit fit(SurfaceProblem problem, RunSet runs, Regularisation regularisation) {
    SurfaceProblem bound =
        problem.withPrior(
            PriorTable.of(regularisation.prior().means(), regularisation.precision()));
    return fit(bound, runs, Optional.of(regularisation), spread(problem));
  }

  private StartingPoints spread(SurfaceProblem problem) {
    return new SpreadStarts(
        problem.law().samplingBox(problem.centre()), options.starts(), options.seed());
  }

  private LawFit fit(
      SurfaceProblem problem,
      RunSet runs,
      Optional<Regularisation> regularisation,
      StartingPoints starts) {
    MultiStart found = new MultiStartSearch(engine, problem).run(starts, options, progress);
    Optimum best = found.best();
    Optional<Regularisation> known = regularisation.map(each -> each.at(best.parameters()));
    return LawFit.of(
        problem.law(),
        problem.centre(),
        best,
        best.cost() - known.map(Regularisation::penalty).orElse(0.0),
        options.objective(),
        runs,
        Optional.of(found),
        known);
  }
}
