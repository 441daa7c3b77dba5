package org.farfit.fit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farfit.solver.Status;

/**
 * What a search from many starts found, and how far it can be trusted.
 *
 * @param best the optimum of lowest cost
 * @param second the distinct converged optimum of next lowest cost, if one was found
 * @param starts how many starts there were
 * @param atBest how many of them ended within {@link #AT_BEST_TOLERANCE} of the best cost
 * @param statuses how many starts ended with each status
 * @param medianEvaluations median evaluations of the starts that reached the best cost
 * @param totalEvaluations evaluations of all starts
 * @param costs final cost of every start, in the order of the starts
 */
public record MultiStart(
    Optimum best,
    Optional<Optimum> second,
    int starts,
    int atBest,
    Map<Status, Integer> statuses,
    int medianEvaluations,
    long totalEvaluations,
    List<Double> costs) {

  /** Relative distance from the best cost within which a start counts as having reached it. */
  public static final double AT_BEST_TOLERANCE = 1e-3;
}
