package org.farfit.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.law.Law;
import org.farfit.solver.ProgressListener;

/**
 * Weights of laws in an average prediction, by stacking (Wolpert 1992; Breiman 1996): not negative,
 * summing to one, and such that the average would have predicted best from smaller sizes to the
 * next larger one, at every origin within the fitted runs.
 */
public final class StackedWeights {

  /** The weight of the equation that weights sum to one; what it leaves is divided out. */
  private static final double SUM_TO_ONE = 1e3;

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
   * What was found; both maps are empty where there are too few sizes.
   *
   * @param weights by law
   * @param errors mean of |Lhat / L - 1| one size ahead, by law
   * @param origins at how many origins
   */
  public record Result(Map<Law, Double> weights, Map<Law, Double> errors, int origins) {}

  /** Weighs laws on some runs. */
  public Result weigh(List<Law> laws, RunSet runs) {
    Map<Law, Map<Integer, FittedSurface>> surfaces = new HashMap<>();
    Map<Integer, RollingOrigin> origins = new TreeMap<>();
    for (Law law : laws) {
      RegularisedFits.Result result =
          new RegularisedFits(engine, options.forValidation(), progress, false)
              .fit(law, runs, List.of(runs.weight()))
              .getFirst();
      Map<Integer, FittedSurface> byFitted = new HashMap<>();
      for (int o = 0; o < result.origins().size(); o++) {
        RollingOrigin origin = result.origins().get(o);
        byFitted.put(origin.fitted(), result.atOrigins().get(o));
        origins.putIfAbsent(origin.fitted(), origin);
      }
      surfaces.put(law, byFitted);
    }
    // Laws of many parameters have fewer origins: all are judged at those that they share.
    origins
        .keySet()
        .removeIf(
            key -> surfaces.values().stream().anyMatch(byFitted -> !byFitted.containsKey(key)));
    if (origins.isEmpty()) {
      return new Result(Map.of(), Map.of(), 0);
    }
    List<double[]> ratios = new ArrayList<>();
    origins.forEach((key, origin) -> {
      for (int i = 0; i < runs.size(); i++) {
        if (origin.test()[i] > 0) {
          double[] row = new double[laws.size()];
          for (int k = 0; k < row.length; k++) {
            row[k] = surfaces.get(laws.get(k)).get(key).loss(runs.n(i), runs.d(i)) / runs.loss(i);
          }
          ratios.add(row);
        }
      }
    });
    return new Result(weights(laws, ratios), errors(laws, ratios), origins.size());
  }

  private static Map<Law, Double> weights(List<Law> laws, List<double[]> ratios) {
    int rows = ratios.size();
    double[][] columns = new double[laws.size()][rows + 1];
    for (int k = 0; k < columns.length; k++) {
      for (int row = 0; row < rows; row++) {
        columns[k][row] = ratios.get(row)[k];
      }
      columns[k][rows] = SUM_TO_ONE;
    }
    double[] right = new double[rows + 1];
    Arrays.fill(right, 1);
    right[rows] = SUM_TO_ONE;
    double[] solution = NonNegativeLeastSquares.solve(columns, right);
    double sum = 0;
    for (double weight : solution) {
      sum += weight;
    }
    Map<Law, Double> weights = new HashMap<>();
    for (int k = 0; k < laws.size(); k++) {
      weights.put(laws.get(k), solution[k] / sum);
    }
    return weights;
  }

  private static Map<Law, Double> errors(List<Law> laws, List<double[]> ratios) {
    Map<Law, Double> errors = new HashMap<>();
    for (int k = 0; k < laws.size(); k++) {
      int at = k;
      errors.put(
          laws.get(k),
          ratios.stream().mapToDouble(row -> Math.abs(row[at] - 1)).average().orElseThrow());
    }
    return errors;
  }
}
