package org.farfit.engine;

import java.util.List;
import java.util.Optional;
import org.farfit.formula.Schedule;

/**
 * What generated code needs of a problem, be its law a formula or a class that states one: the
 * schedules of its responses, and the runs as these read them.
 */
public interface ScheduledProblem {

  /** One schedule per response. */
  List<Schedule> schedules();

  /** The parts of the runs. */
  List<FormulaProblem.Part> parts();

  /** p, the number of parameters of a problem. */
  int parameterCount();

  /** What is minimised. */
  Objective objective();

  /** The weightings that problems refer to. */
  WeightTable weights();

  /** Whether every row has responses of its own. */
  boolean hasLossRows();

  /**
   * The value that residuals of a row compare with, on the scale of residuals.
   *
   * @param row a row of the weight table; without losses of its own every row has the measured ones
   * @param i which run of the part
   */
  double target(FormulaProblem.Part part, int row, int i);

  /** The sizes whose runs share an error, if they do. */
  default Optional<SharedSizes> sharedSizes() {
    return Optional.empty();
  }

  /**
   * Errors that runs of a size share, see {@link SurfaceProblem#sharing}, whatever part they are
   * of.
   *
   * @param ratio variance of the shared error over that of a run of weight one
   * @param sizeOf the size of each run of the data, from 0 on
   * @param once by size, its weight when it is there once; 0 where weights are no copies
   */
  record SharedSizes(double ratio, int[] sizeOf, double[] once) {}
}
