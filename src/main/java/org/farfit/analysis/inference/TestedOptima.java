package org.farfit.analysis.inference;

import java.util.Optional;
import org.farfit.fit.extrapolation.TestedReach;

/**
 * Which optima of an average have no interval: those farther out than its back-test reached. An
 * optimum follows the slopes of the loss, which may bend beyond all runs as none of the laws does;
 * how far that moves it nothing has tried, while losses, which are flat around it, hardly change.
 *
 * @param reach how far predictions within the runs reach; empty where that is not asked
 */
record TestedOptima(Optional<TestedReach> reach) {

  /** All optima have intervals. */
  static final TestedOptima ALL = new TestedOptima(Optional.empty());

  /** What follows for the intervals of an optimum farther out, in words. */
  static final String WITHOUT = "N*, D* and D*/N* have no interval there";

  /**
   * Whether a number is N, D or their ratio at an optimum that lies farther out.
   *
   * @param k which of the numbers
   * @param value all of them
   */
  boolean excludes(Estimands estimands, int k, double[] value) {
    return reach
        .filter(far -> estimands.items().get(k).ofSlopes())
        .flatMap(far -> {
          int n = estimands.firstOfPart(k);
          return far.untested(value[n], value[n + 1]);
        })
        .isPresent();
  }
}
