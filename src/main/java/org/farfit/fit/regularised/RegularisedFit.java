package org.farfit.fit.regularised;

import java.util.List;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FitRequirements;
import org.farfit.fit.LawFit;
import org.farfit.fit.Method;
import org.farfit.fit.search.GlobalFit;
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
public final class RegularisedFit {

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;

  /** A fitter. */
  public RegularisedFit(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /** Whether a law has a prior, so that it can be regularised. */
  public static boolean isDefined(Law law) {
    return law.prior(0).isPresent();
  }

  /**
   * Fits a law.
   *
   * @throws IllegalArgumentException if the law has no prior, see {@link #isDefined}
   * @throws InputException if there are too few runs ({@link FitRequirements})
   */
  public LawFit fit(Law law, RunSet runs) {
    if (!isDefined(law)) {
      throw new IllegalArgumentException(law.name() + " has no prior");
    }
    FitRequirements.check("runs", law, Method.REGULARISED, runs);
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    RegularisedFits fits =
        new RegularisedFits(
            engine, options.forValidation(), progress, runs, centre, List.of(runs.weight()));
    SurfaceProblem problem = new SurfaceProblem(law, centre, runs, options.objective());
    return new GlobalFit(engine, options, progress)
        .fit(problem, runs, fits.regularisation(law, 0).orElseThrow());
  }
}
