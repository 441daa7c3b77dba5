package org.farfit.fit;

import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.law.Law;

/**
 * What a set of runs must have for a law to be fitted to it, whichever way: as it is, without what
 * is held out or comes later, or resampled.
 */
public final class FitRequirements {

  private FitRequirements() {}

  /**
   * Checks a set of runs.
   *
   * @param source how messages call it: a file name
   * @throws InputException if there are fewer runs than parameters, or only one distinct N or D
   */
  public static void check(String source, Law law, RunSet runs) {
    problem(law, runs, runs.weight())
        .ifPresent(problem -> {
          throw new InputException(source + ": " + problem);
        });
  }

  /**
   * Why a law cannot be fitted to some of the runs; empty if it can.
   *
   * @param weights of each run; those of weight 0 take no part
   */
  public static Optional<String> problem(Law law, RunSet runs, double[] weights) {
    int count = RunSet.countWeighted(weights);
    int p = law.parameterCount();
    if (count < p) {
      return Optional.of(
          "%s, expected at least %d for the %d parameters of %s; add runs or fit a law with fewer"
                  .formatted(count == 1 ? "1 run" : count + " runs", p, p, law.name())
              + " parameters (--law)");
    }
    return differ(runs::n, weights)
        ? differ(runs::d, weights) ? Optional.empty() : Optional.of(onlyOne("D"))
        : Optional.of(onlyOne("N"));
  }

  private static boolean differ(IntToDoubleFunction value, double[] weights) {
    double first = Double.NaN;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        if (Double.isNaN(first)) {
          first = value.applyAsDouble(i);
        } else if (value.applyAsDouble(i) != first) {
          return true;
        }
      }
    }
    return false;
  }

  private static String onlyOne(String what) {
    return "only one distinct %s, expected at least two; a surface needs runs that differ in N and in D"
        .formatted(what);
  }
}
