package org.farfit.fit;

import java.util.Optional;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.Centre;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;

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
    SpreadStarts starts =
        new SpreadStarts(law.samplingBox(centre), options.starts(), options.seed());
    MultiStart found = new MultiStartSearch(engine, problem).run(starts, options, progress);
    Optimum best = found.best();
    double[] centred = best.parameters();
    Uncertainty uncertainty = Uncertainty.of(law, centre, centred, runs, options.objective());
    boolean determined = best.status().isConverged();
    return new LawFit(
        new FittedSurface(
            law,
            centre,
            best.centred(),
            runs.size(),
            determined ? uncertainty.covariance() : Optional.empty()),
        LawFit.Method.GLOBAL,
        options.objective(),
        best.status(),
        best.cost(),
        determined ? uncertainty.standardErrors() : Optional.empty(),
        uncertainty.condition(),
        FitQuality.of(law, centre, centred, runs, options.objective()),
        found);
  }
}
