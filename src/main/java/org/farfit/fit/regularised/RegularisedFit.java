package org.farfit.fit.regularised;

import java.util.List;
import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.Fitter;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.search.OutlierSearch;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;

/**
 * Fits a law with the prior that published fits give ({@link Law#prior}), for extrapolation: runs
 * that determine a parameter overrule it, and directions that they leave open stay where a loss
 * surface is wont to be.
 *
 * <pre>{@code
 * LawFit fit =
 *     new RegularisedFit(engine, FitOptions.DEFAULT, ProgressListener.NONE)
 *         .fit(new Farseer(), runs);
 * System.out.println(fit.regularisation().orElseThrow().penalty());
 * }</pre>
 */
public final class RegularisedFit implements Fitter {

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;
  private final OutlierSearch outliers;

  /** A fitter. */
  public RegularisedFit(Engine engine, FitOptions options, ProgressListener progress) {
    this(engine, options, progress, new OutlierSearch(engine, options));
  }

  /** A fitter that shares its search for outliers with others. */
  public RegularisedFit(
      Engine engine, FitOptions options, ProgressListener progress, OutlierSearch outliers) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
    this.outliers = outliers;
  }

  /** Why a law cannot be regularised: it has no prior. */
  public static Optional<String> reasonAgainst(Law law) {
    return law.prior(0, 0).isPresent()
        ? Optional.empty()
        : Optional.of(
            "regularised is not defined for %s, which has no prior".formatted(law.name()));
  }

  @Override
  public Optional<String> unsupported(Law law) {
    return reasonAgainst(law);
  }

  @Override
  public LawFit fit(Law law, RunSet runs) {
    require(law);
    FitRequirements.check("runs", law, Method.REGULARISED, runs);
    Centre centre = SurfaceProblem.centre(runs);
    RegularisedFits fits = fits(runs, centre);
    SurfaceProblem problem = new SurfaceProblem(law, centre, runs, options.objective());
    return new GlobalFit(engine, options, progress)
        .fit(problem, runs, fits.regularisation(law, 0).orElseThrow());
  }

  /** Each weighting is centred at its own runs and has a prior of its own strength. */
  @Override
  public List<Outcome> fit(Law law, RunSet runs, List<double[]> weightings) {
    require(law);
    return weightings.stream().map(weights -> weighted(law, runs.weighted(weights))).toList();
  }

  private Outcome weighted(Law law, RunSet own) {
    Centre centre = SurfaceProblem.centre(own);
    RegularisedFits.Result result = fits(own, centre).fit(law, options.objective()).getFirst();
    return Outcome.of(result.fit(options.objective(), own));
  }

  private RegularisedFits fits(RunSet runs, Centre centre) {
    return new RegularisedFits(
        engine,
        options.forValidation(),
        progress,
        runs,
        centre,
        List.of(runs.weight()),
        outliers.ofRobust(options.objective(), runs));
  }
}
