package org.farfit.spark;

import java.io.Serializable;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.sweep.RunSource;

/**
 * Runs as they travel: read once, where the sweep was started, and sent once to each executor that
 * needs them.
 *
 * @param n parameters of each run
 * @param d tokens
 * @param loss losses
 * @param weight weights
 * @param problem why there are no runs, or null
 */
record SentRuns(double[] n, double[] d, double[] loss, double[] weight, String problem)
    implements Serializable {

  static SentRuns of(RunSource source) {
    try {
      RunSet runs = source.read();
      return new SentRuns(runs.n(), runs.d(), runs.loss(), runs.weight(), null);
    } catch (InputException e) {
      return new SentRuns(null, null, null, null, e.getMessage());
    }
  }

  /**
   * The runs.
   *
   * @throws InputException as reading them did
   */
  RunSet runs() {
    if (problem != null) {
      throw new InputException(problem);
    }
    return new RunSet(n, d, loss, weight);
  }
}
