package org.farfit.fit;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
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
   */
  public record Outcome(String method, Optional<Surface> surface, Optional<String> problem) {}

  /**
   * Fits a law to every weighting.
   *
   * @param weightings weight of each run, 0 for those left out
   */
  public List<Outcome> fit(Law law, Method method, RunSet runs, List<double[]> weightings) {
    return switch (method) {
      case GLOBAL -> global(law, runs, weightings);
      case REGULARISED ->
          new RegularisedFits(engine, options.forValidation(), progress, true)
              .fit(law, runs, weightings).stream()
                  .map(result ->
                      outcome(
                          method,
                          result.surface(),
                          result.status().isConverged()
                              ? Optional.empty()
                              : Optional.of(result.status().label())))
                  .toList();
      case PIECEWISE ->
          weightings.stream().map(weights -> piecewise(law, runs.weighted(weights))).toList();
    };
  }

  /** What {@link AutoFit} chooses for every weighting, among some methods. */
  public List<Outcome> auto(RunSet runs, List<double[]> weightings, Set<Method> methods) {
    return new AutoFit(engine, options, progress, methods)
        .choose(runs, weightings).stream()
            .map(choice ->
                new Outcome(choice.name(), Optional.of(choice.surface()), Optional.empty()))
            .toList();
  }

  private List<Outcome> global(Law law, RunSet runs, List<double[]> weightings) {
    Centre centre = Centre.of(runs.n(), runs.d(), runs.loss());
    double[] none = new double[law.parameterCount()];
    return new WeightedFits(engine, options, progress)
            .fit(
                law,
                centre,
                runs,
                weightings.stream().map(weights -> new WeightedFits.Task(weights, none)).toList())
            .stream()
            .map(optimum ->
                outcome(
                    Method.GLOBAL,
                    new FittedSurface(
                        law, centre, optimum.centred(), runs.size(), Optional.empty()),
                    optimum.status().isConverged()
                        ? Optional.empty()
                        : Optional.of(optimum.status().label())))
            .toList();
  }

  private Outcome piecewise(Law law, RunSet runs) {
    try {
      return outcome(
          Method.PIECEWISE,
          new PiecewiseFit(engine, options, piecewise).fit(law, runs).fit().surface(),
          Optional.empty());
    } catch (InputException e) {
      return new Outcome(Method.PIECEWISE.label(), Optional.empty(), Optional.of(e.getMessage()));
    }
  }

  private static Outcome outcome(Method method, Surface surface, Optional<String> problem) {
    return new Outcome(method.label(), Optional.of(surface), problem);
  }
}
