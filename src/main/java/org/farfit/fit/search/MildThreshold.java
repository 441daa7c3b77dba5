package org.farfit.fit.search;

import java.util.stream.IntStream;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.hipparchus.stat.StatUtils;

/**
 * The threshold with which starts are looked at first when that of a robust loss is so low that
 * hardly a run is within it, as in a fit of absolute deviations. There is then no curvature to go
 * by until the runs that the best surface meets exactly are known, steps converge linearly, and
 * where they stop says little. With a mild threshold all starts come quickly to the few minima
 * there are, and one start from each goes on to the exact minimum of the loss that was asked for.
 */
final class MildThreshold {

  /**
   * The mild threshold as a share of the standard deviation of the targets: below what laws leave
   * of real losses, so that the loss is still robust.
   */
  private static final double SHARE = 1.0 / 100;

  /** A threshold above this share of the mild one is looked at as it is. */
  private static final double FAR_BELOW = 0.1;

  private MildThreshold() {}

  /**
   * The problem to look at first; the same unless its threshold is far below any residuals.
   * Formulas are looked at as they are, and so are problems with priors, whose weight beside the
   * runs would be another.
   */
  static SurfaceProblem of(SurfaceProblem problem) {
    Objective objective = problem.objective();
    if (objective.isSquared() || problem.formula().isPresent() || problem.prior().isPresent()) {
      return problem;
    }
    double[] targets =
        IntStream.range(0, problem.runs()).mapToDouble(run -> problem.target(0, run)).toArray();
    double mild = SHARE * Math.sqrt(StatUtils.variance(targets));
    return objective.huberDelta() < FAR_BELOW * mild ? problem.withThreshold(mild) : problem;
  }
}
