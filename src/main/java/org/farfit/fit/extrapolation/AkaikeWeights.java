package org.farfit.fit.extrapolation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;
import org.farfit.fit.statistics.NoiseModel;

/**
 * How probable laws are by how well they describe the runs: exp(-dAICc / 2), normalised (Burnham
 * and Anderson 2002, section 2.9), where runs of a size that share errors count as fewer.
 */
final class AkaikeWeights {

  private AkaikeWeights() {}

  /**
   * Weighs fits.
   *
   * @param runs the runs that all were fitted to
   * @return one weight per fit, summing to one; empty where the runs are too few for each of them,
   *     or one is exact
   */
  static Optional<double[]> of(List<LawFit> fits, RunSet runs) {
    double counted = runs.size() / alike(fits, runs);
    double[] criterion =
        fits.stream().mapToDouble(fit -> criterion(fit, runs.size(), counted)).toArray();
    double least = Arrays.stream(criterion).min().orElseThrow();
    if (!Double.isFinite(least)) {
      return Optional.empty();
    }
    double[] weights =
        Arrays.stream(criterion).map(value -> Math.exp(-0.5 * (value - least))).toArray();
    double sum = Arrays.stream(weights).sum();
    return Optional.of(Arrays.stream(weights).map(weight -> weight / sum).toArray());
  }

  /** AICc; infinite where the runs are too few for it. */
  private static double criterion(LawFit fit, int runs, double counted) {
    int free = fit.law().parameterCount() + 1;
    int beyond = runs - free - 1;
    return beyond > 0
        ? 2.0 * free * (1 + (free + 1.0) / beyond)
            - 2 * fit.quality().logLikelihood() * counted / runs
        : Double.POSITIVE_INFINITY;
  }

  /**
   * For how many runs one of independent errors stands: 1 + (m - 1) rho for m runs of a size whose
   * errors correlate by rho (Kish 1965, section 5.4), as the law says that describes them best.
   */
  private static double alike(List<LawFit> fits, RunSet runs) {
    double perSize = (double) runs.size() / runs.sizes();
    return fits.stream()
        .min(Comparator.comparingDouble(fit -> fit.quality().aic()))
        .flatMap(best -> best.noiseByModel(runs))
        .filter(model -> model.kind().sharesBySize())
        .map(model -> 1 + (perSize - 1) * correlation(model))
        .orElse(1.0);
  }

  private static double correlation(NoiseModel model) {
    double shared = model.sizeDeviation() * model.sizeDeviation();
    return shared / (shared + model.deviation() * model.deviation());
  }
}
