package org.farfit.fit;

import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.law.Law;

/** What a set of runs must have for a law to be fitted to it. */
public final class FitRequirements {

  private FitRequirements() {}

  /**
   * Checks a set of runs.
   *
   * @param source how messages call it: a file name
   * @throws InputException if there are fewer runs than parameters, or only one distinct N or D
   */
  public static void check(String source, Law law, RunSet runs) {
    if (runs.size() < law.parameterCount()) {
      throw new InputException(
          "%s: %d runs, expected at least %d for the %d parameters of %s; add runs or fit a law with"
                  .formatted(
                      source, runs.size(), law.parameterCount(), law.parameterCount(), law.name())
              + " fewer parameters (--law)");
    }
    requireDistinct(source, "N", runs.distinctN());
    requireDistinct(source, "D", runs.distinctD());
  }

  private static void requireDistinct(String source, String what, int distinct) {
    if (distinct < 2) {
      throw new InputException(
          "%s: only one distinct %s, expected at least two; a surface needs runs that differ in N and"
                  .formatted(source, what)
              + " in D");
    }
  }
}
