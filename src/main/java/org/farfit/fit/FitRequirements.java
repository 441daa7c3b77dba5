package org.farfit.fit;

import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.SurfaceProblem;
import org.farfit.law.Law;

/**
 * What a set of runs must have for a law to be fitted to it, whichever way: as it is, without what
 * is held out or comes later, or resampled.
 */
public final class FitRequirements {

  /** Fewest runs of a fit with a prior: one more than the parameters of the simplest law. */
  public static final int FEWEST_REGULARISED = 6;

  private FitRequirements() {}

  /**
   * Checks a set of runs.
   *
   * @param source how messages call it: a file name
   * @throws InputException if there are too few, see {@link #problem}, or only one distinct N or D
   */
  public static void check(String source, Law law, Method method, RunSet runs) {
    check(source, List.of(law), method, runs);
  }

  /** The same for least squares on all parameters. */
  public static void check(String source, Law law, RunSet runs) {
    check(source, law, Method.GLOBAL, runs);
  }

  /**
   * Checks a set of runs for several laws.
   *
   * @param source how messages call it: a file name
   * @throws InputException as {@link #check(String, Law, Method, RunSet)}; it names the laws that
   *     the runs are enough for, if any
   */
  public static void check(String source, List<Law> laws, Method method, RunSet runs) {
    for (Law law : laws) {
      problem(law, method, runs, runs.weight())
          .ifPresent(problem -> {
            String others =
                laws.stream()
                    .filter(each -> problem(each, method, runs, runs.weight()).isEmpty())
                    .map(Law::name)
                    .collect(Collectors.joining(","));
            throw new InputException(
                "%s: %s%s"
                    .formatted(
                        source,
                        problem,
                        others.isEmpty() ? "" : "; they are enough for " + others));
          });
    }
  }

  /**
   * Why a law cannot be fitted to some of the runs; empty if it can. There must be as many runs as
   * parameters; a prior stands in for runs, and then {@link #FEWEST_REGULARISED} are enough.
   *
   * @param weights of each run; those of weight 0 take no part
   */
  public static Optional<String> problem(Law law, Method method, RunSet runs, double[] weights) {
    int count = RunSet.countWeighted(weights);
    int p = law.parameterCount();
    String have = count == 1 ? "1 run" : count + " runs";
    if (method.hasPrior() && count < FEWEST_REGULARISED) {
      return Optional.of("%s, expected at least %d; add runs".formatted(have, FEWEST_REGULARISED));
    }
    if (!method.hasPrior() && count < p) {
      return Optional.of(
          "%s, expected at least %d for the %d parameters of %s; add runs or fit a law with fewer"
                  .formatted(have, p, p, law.name())
              + " parameters");
    }
    if (law.samplingBox(SurfaceProblem.centre(runs)).isEmpty()) {
      // What the runs of a formula do not determine is told once it is fitted.
      return Optional.empty();
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
