package org.farfit.fit;

import java.util.List;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.PriorTable;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;

/**
 * Fits a law with a Gaussian prior on its curvatures, for extrapolation to larger N. The strength
 * of the prior is that which predicts best from smaller sizes to the next larger one, at every
 * origin within the fitted runs; nothing outside them has a say.
 *
 * <pre>{@code
 * LawFit fit =
 *     new RegularisedFit(engine, FitOptions.DEFAULT, ProgressListener.NONE)
 *         .fit(new Farseer(), runs);
 * System.out.println(fit.regularisation().orElseThrow().deviation());
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

  /**
   * Fits a law.
   *
   * @throws InputException if there are fewer runs than parameters, or only one distinct N or D
   */
  public LawFit fit(Law law, RunSet runs) {
    FitRequirements.check("runs", law, runs);
    RegularisedFits.Result chosen =
        new RegularisedFits(engine, options.forValidation(), progress, true)
            .fit(law, runs, List.of(runs.weight()))
            .getFirst();
    CurvaturePrior prior = chosen.prior();
    Centre centre = chosen.surface().centre();
    SurfaceProblem problem =
        new SurfaceProblem(law, centre, runs, options.objective())
            .withPrior(PriorTable.of(new double[law.parameterCount()], prior.precision(law)));
    return new GlobalFit(engine, options, progress).fit(problem, runs, prior, chosen.errors());
  }
}
