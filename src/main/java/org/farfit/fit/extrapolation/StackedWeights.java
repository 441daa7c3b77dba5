package org.farfit.fit.extrapolation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.SurfaceProblem;
import org.farfit.fit.FitOptions;
import org.farfit.fit.regularised.RegularisedFits;
import org.farfit.fit.search.Outliers;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;

/**
 * Weights of laws, each fitted freely, in an average prediction: those that would have predicted
 * best from smaller to larger runs at every origin within the fitted ones ({@link Stacking}).
 */
public final class StackedWeights {

  private final Engine engine;
  private final FitOptions options;
  private final ProgressListener progress;

  /** Stacking with free fits of each law. */
  public StackedWeights(Engine engine, FitOptions options, ProgressListener progress) {
    this.engine = engine;
    this.options = options;
    this.progress = progress;
  }

  /**
   * What was found; both maps are empty where there are too few runs.
   *
   * @param weights by law
   * @param errors mean over the origins of the mean of |Lhat / L - 1|, by law
   * @param origins at how many origins
   */
  public record Result(Map<Law, Double> weights, Map<Law, Double> errors, int origins) {}

  /** Weighs laws on some runs. */
  public Result weigh(List<Law> laws, RunSet runs) {
    int most = laws.stream().mapToInt(Law::parameterCount).max().orElseThrow();
    List<ExtrapolationOrigin> origins =
        ExtrapolationOrigin.within(runs, runs.weight()).stream()
            .filter(origin -> RunSet.countWeighted(origin.fit()) > most)
            .toList();
    if (origins.isEmpty()) {
      return new Result(Map.of(), Map.of(), 0);
    }
    RegularisedFits fits =
        new RegularisedFits(
            engine,
            options.forValidation(),
            progress,
            runs,
            SurfaceProblem.centre(runs),
            origins.stream().map(ExtrapolationOrigin::fit).toList(),
            Outliers.NONE);
    List<double[][]> errors = new ArrayList<>();
    origins.forEach(origin -> errors.add(new double[laws.size()][]));
    Map<Law, Double> means = new HashMap<>();
    for (int k = 0; k < laws.size(); k++) {
      List<RegularisedFits.Result> results = fits.free(laws.get(k));
      double sum = 0;
      for (int o = 0; o < origins.size(); o++) {
        double[] own = origins.get(o).errors(runs, results.get(o).surface());
        errors.get(o)[k] = own;
        sum += DoubleStream.of(own).map(Math::abs).average().orElseThrow();
      }
      means.put(laws.get(k), sum / origins.size());
    }
    double[] stacked =
        Stacking.weights(errors, Stacking.alike(errors.size()), Stacking.equal(laws.size()), 0);
    Map<Law, Double> weights = new HashMap<>();
    for (int k = 0; k < stacked.length; k++) {
      weights.put(laws.get(k), stacked[k]);
    }
    return new Result(weights, means, origins.size());
  }
}
