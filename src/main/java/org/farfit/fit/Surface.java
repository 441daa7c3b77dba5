package org.farfit.fit;

import java.util.Map;
import java.util.Optional;
import org.farfit.data.RunSet;

/** A loss surface: one fitted law, or an average of several. */
public interface Surface {

  /** What tables call it: {@code farseer}, {@code skaling+farseer}. */
  String name();

  /**
   * The predicted loss, in the unit of the data.
   *
   * @param n parameters, counted as in the runs that were fitted
   * @param d training tokens
   */
  double loss(double n, double d);

  /**
   * Why the surface gives no number at a point, where it holds numbers back; empty if it does not,
   * whether or not the number can be believed.
   */
  default Optional<String> refusal(double n, double d) {
    return Optional.empty();
  }

  /** The predicted loss of a run, from all columns that the surface depends on. */
  default double loss(RunSet runs, int run) {
    return loss(runs.n(run), runs.d(run));
  }

  /** Relative error of the loss at a run, Lhat / L - 1. */
  default double relativeError(RunSet runs, int run) {
    return loss(runs, run) / runs.loss(run) - 1;
  }

  /**
   * The same surface with other columns than N and D fixed at some values, as {@link #loss(double,
   * double)} takes them; those that are not named are at the centre of the fitted runs.
   *
   * @param values by column; those that the surface does not depend on are ignored, and without any
   *     it is this surface
   */
  default Surface fixing(Map<String, Double> values) {
    return this;
  }

  /**
   * The predicted loss at a row of columns.
   *
   * @param row values by column; N and D among them where the surface depends on them
   */
  default double at(Map<String, Double> row) {
    return fixing(row)
        .loss(row.getOrDefault(RunSet.N, Double.NaN), row.getOrDefault(RunSet.D, Double.NaN));
  }
}
