package org.farfit.solver;

import org.farfit.engine.NormalEquations;

/**
 * Steps that went too far, shortened to where the cost is least between their ends. Costs and
 * slopes are known at both ends, so a cubic tells where (Nocedal and Wright 2006, Numerical
 * Optimization, eq. 3.59). To solve for another step from the same matrix would not help where that
 * had next to no curvature for runs beyond the threshold of a robust loss: it is the matrix that
 * erred, and damping changes the direction before it shortens enough.
 *
 * <p>By lane: what is found before a block proposes is kept until it has. Formulas are static and
 * take plain numbers, like {@link StepRules}.
 */
final class ShortenedStep {

  /** Nothing is known so near an end that a step would be this share of the one before. */
  static final double LEAST_SHARE = 0.05;

  static final double LARGEST_SHARE = 0.8;

  private final double[][] point;
  private final double[] predicted;
  private final double[] relativeStep;

  ShortenedStep(int parameterCount, int capacity) {
    this.point = new double[parameterCount][capacity];
    this.predicted = new double[capacity];
    this.relativeStep = new double[capacity];
  }

  /**
   * Which share of a step to take.
   *
   * @param slope of the cost along the step at its start, negative
   * @param slopeThere the same at its end
   * @param rise of the cost from start to end
   * @return between {@link #LEAST_SHARE} and {@link #LARGEST_SHARE}; NaN if a number is not finite
   */
  static double share(double slope, double slopeThere, double rise) {
    double bend = slope + slopeThere - 3.0 * rise;
    double root = Math.sqrt(Math.max(0.0, bend * bend - slope * slopeThere));
    double least = 1.0 - (slopeThere + root - bend) / (slopeThere - slope + 2.0 * root);
    return Math.min(Math.max(least, LEAST_SHARE), LARGEST_SHARE);
  }

  /** By how much the cost falls over a share of a step, by the cubic of {@link #share}. */
  static double predicted(double share, double slope, double slopeThere, double rise) {
    double square = 3.0 * rise - 2.0 * slope - slopeThere;
    double cube = slope + slopeThere - 2.0 * rise;
    return -share * (slope + share * (square + share * cube));
  }

  /**
   * Finds the shortened step of a lane.
   *
   * @param stepLength relative, of the step that went too far
   * @return false if there is none: something is not finite, or the step does not lead downhill
   */
  boolean find(NormalEquations current, NormalEquations trial, int lane, double stepLength) {
    double slope = 0;
    double slopeThere = 0;
    for (int j = 0, at = lane; j < point.length; j++, at += current.capacity()) {
      double way = trial.parameters[at] - current.parameters[at];
      slope += way * current.gradient[at];
      slopeThere += way * trial.gradient[at];
    }
    double rise = trial.cost[lane] - current.cost[lane];
    double share = share(slope, slopeThere, rise);
    double promise = predicted(share, slope, slopeThere, rise);
    if (!(slope < 0 && promise > 0 && promise < Double.POSITIVE_INFINITY)) {
      return false;
    }
    for (int j = 0, at = lane; j < point.length; j++, at += current.capacity()) {
      double start = current.parameters[at];
      point[j][lane] = start + share * (trial.parameters[at] - start);
    }
    predicted[lane] = promise;
    relativeStep[lane] = share * stepLength;
    return true;
  }

  /** Makes the step that was found for a lane the one that it is about to try. */
  void take(int lane, NormalEquations trial, HostBlock.Report report) {
    for (int j = 0; j < point.length; j++) {
      trial.parameters[j * trial.capacity() + lane] = point[j][lane];
    }
    report.predicted[lane] = predicted[lane];
    report.relativeStep[lane] = relativeStep[lane];
    report.free[lane] = false;
  }
}
