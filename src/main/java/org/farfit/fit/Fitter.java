package org.farfit.fit;

import java.util.List;
import java.util.Optional;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.law.Law;

/** A way to fit laws to runs. */
public interface Fitter {

  /** Why it is not defined for a law; empty if it is. */
  Optional<String> unsupported(Law law);

  /**
   * Fits a law with all care: the best optimum found, with what was found on the way.
   *
   * @return look at its status before using it
   * @throws IllegalArgumentException if the law is {@link #unsupported}
   * @throws InputException if the runs do not meet {@link FitRequirements}
   */
  LawFit fit(Law law, RunSet runs);

  /**
   * Fits a law to many weightings of the same runs, as one batch wherever there is a batch.
   *
   * @param weightings weight of each run, 0 for those left out; each leaves runs that meet {@link
   *     FitRequirements}
   * @return a fit, or why there is none, for each
   * @throws IllegalArgumentException if the law is {@link #unsupported}
   */
  List<Outcome> fit(Law law, RunSet runs, List<double[]> weightings);

  /**
   * What came out for one weighting.
   *
   * @param fit the fit, if there is one
   * @param problem why there is none, or why it may not be trusted
   */
  record Outcome(Optional<LawFit> fit, Optional<String> problem) {

    /**
     * A fit, trusted if it converged; rounds of stages that did not settle are a fit all the same.
     */
    public static Outcome of(LawFit fit) {
      boolean trusted = fit.status().isConverged() || fit.method().hasStages();
      return new Outcome(
          Optional.of(fit), trusted ? Optional.empty() : Optional.of(fit.status().label()));
    }

    /** No fit. */
    public static Outcome none(String problem) {
      return new Outcome(Optional.empty(), Optional.of(problem));
    }
  }

  /** Ends with an error if the law is not supported. */
  default void require(Law law) {
    unsupported(law)
        .ifPresent(reason -> {
          throw new IllegalArgumentException(reason);
        });
  }
}
