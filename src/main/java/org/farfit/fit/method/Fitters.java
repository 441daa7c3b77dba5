package org.farfit.fit.method;

import java.util.Optional;
import org.farfit.engine.Engine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.Fitter;
import org.farfit.fit.Method;
import org.farfit.fit.piecewise.PiecewiseFit;
import org.farfit.fit.piecewise.PiecewiseSettings;
import org.farfit.fit.regularised.RegularisedFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.fit.search.OutlierSearch;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;

/** The fitter of each method: the one place where a method becomes what carries it out. */
public final class Fitters {

  private final Engine engine;
  private final FitOptions options;
  private final PiecewiseSettings piecewise;
  private final ProgressListener progress;
  private final OutlierSearch outliers;

  /** Fitters with the usual settings of the piecewise procedure. */
  public Fitters(Engine engine, FitOptions options, ProgressListener progress) {
    this(engine, options, progress, new OutlierSearch(engine, options));
  }

  /** The same that share a search for outliers with others. */
  public Fitters(
      Engine engine, FitOptions options, ProgressListener progress, OutlierSearch outliers) {
    this(engine, options, PiecewiseSettings.DEFAULT, progress, outliers);
  }

  /** Fitters that share an engine and options. */
  public Fitters(
      Engine engine, FitOptions options, PiecewiseSettings piecewise, ProgressListener progress) {
    this(engine, options, piecewise, progress, new OutlierSearch(engine, options));
  }

  private Fitters(
      Engine engine,
      FitOptions options,
      PiecewiseSettings piecewise,
      ProgressListener progress,
      OutlierSearch outliers) {
    this.engine = engine;
    this.options = options;
    this.piecewise = piecewise;
    this.progress = progress;
    this.outliers = outliers;
  }

  /** The fitter of a method. */
  public Fitter of(Method method) {
    return switch (method) {
      case GLOBAL -> new GlobalFit(engine, options, progress);
      case REGULARISED -> new RegularisedFit(engine, options, progress, outliers);
      case PIECEWISE -> new PiecewiseFit(options.objective(), piecewise);
    };
  }

  /** Why a method is not defined for a law, known without an engine; empty if it is. */
  public static Optional<String> unsupported(Method method, Law law) {
    return switch (method) {
      case GLOBAL -> Optional.empty();
      case REGULARISED -> RegularisedFit.reasonAgainst(law);
      case PIECEWISE -> PiecewiseFit.reasonAgainst(law);
    };
  }
}
