package org.farfit.analysis.inference;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.farfit.data.RunSet;
import org.farfit.fit.LawFit;
import org.farfit.fit.extrapolation.Drift;
import org.farfit.fit.statistics.VarianceKnowledge;

/**
 * How far the intervals of an {@link Inference} reach at any point, for who makes them elsewhere,
 * as pages do: from an estimate's standard deviation or the quantiles of its replicates, and from
 * the degrees of freedom of its variance.
 *
 * @param way what an interval is made of
 * @param knowledge degrees of freedom by the gradient of an estimand, where they differ
 * @param most degrees of freedom at most
 * @param at what they mean, see {@link Way}: a smooth function of them, also beyond {@code most}
 * @param drift what losses may drift by beyond the runs, which adds to either half as squares do;
 *     empty where that is not asked
 * @param ofMembers degrees of freedom of the members of an average whose errors go by sizes, by
 *     their positions; how they are put together says {@link AverageSpread}
 * @param trend how standard errors change with estimates, along which an interval's standard
 *     deviations are counted ({@link AsymptoticInference#scale}); empty where they are taken to be
 *     the same
 */
public record Reach(
    Way way,
    Optional<VarianceKnowledge> knowledge,
    double most,
    DoubleUnaryOperator at,
    Optional<Drift> drift,
    Map<Integer, VarianceKnowledge> ofMembers,
    Optional<ErrorTrend> trend) {

  /** How well variances of the members of an average are known whose errors go by sizes. */
  static Map<Integer, VarianceKnowledge> knowledge(List<Inference.Member> members, RunSet runs) {
    Map<Integer, VarianceKnowledge> found = new TreeMap<>();
    for (int k = 0; k < members.size() && members.size() > 1; k++) {
      LawFit fit = members.get(k).fit();
      if (fit.sharesNoiseBySize() && fit.surface().covariance().isPresent()) {
        found.put(k, fit.clusteredErrors(runs).orElseThrow().knowledge());
      }
    }
    return found;
  }

  /** What an interval is made of. */
  public enum Way {
    /**
     * Estimate and so many standard deviations to either side, {@link Reach#at} of them, on the
     * scale on which these do not change.
     */
    DEVIATIONS,
    /** Quantiles of replicates with the share {@link Reach#at} of them beyond either end. */
    QUANTILES,
    /**
     * Quantiles of replicates by the level: {@link Reach#at} times as far from the estimate as they
     * lie from the middle of the replicates.
     */
    STRETCHED
  }
}
