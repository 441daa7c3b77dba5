package org.farfit.analysis;

import org.farfit.fit.FittedSurface;

/**
 * The slope of ln L along a line of equal compute, by ln N, and its gradient by the centred
 * parameters: compute-optimal sizes are where it is zero.
 */
public final class IsoFlopSlope {

  private final FittedSurface surface;
  private final ComputeModel compute;
  private final double flops;

  /**
   * The slope of a surface.
   *
   * @param compute FLOPs of a run
   * @param flops the budget
   */
  public IsoFlopSlope(FittedSurface surface, ComputeModel compute, double flops) {
    this.surface = surface;
    this.compute = compute;
    this.flops = flops;
  }

  /**
   * A slope and what it depends on.
   *
   * @param value d ln L / d ln N along the line; NaN where the budget does not suffice for a token,
   *     or the loss is not a number
   * @param gradient by the centred parameters
   */
  public record Slope(double value, double[] gradient) {}

  /** The slope at ln N. */
  public Slope at(double logN) {
    int p = surface.law().parameterCount();
    double[] all = LogSlope.of(x -> logLossAndGradient(x, p), p + 1, logN);
    double[] gradient = new double[p];
    System.arraycopy(all, 1, gradient, 0, p);
    return new Slope(all[0], gradient);
  }

  /** The slope of the slope at ln N: positive at a minimum. */
  public double curvature(double logN) {
    return LogSlope.of(x -> LogSlope.of(this::logLoss, x), logN);
  }

  /** d ln D / d ln N along the line: -1 where C = 6 N D. */
  public double tokensSlope(double logN) {
    return LogSlope.of(x -> Math.log(compute.tokens(Math.exp(x), flops)), logN);
  }

  private double logLoss(double logN) {
    double n = Math.exp(logN);
    return Math.log(surface.loss(n, compute.tokens(n, flops)));
  }

  private double[] logLossAndGradient(double logN, int p) {
    double n = Math.exp(logN);
    double[] gradient = new double[p];
    double[] all = new double[p + 1];
    all[0] = surface.logLoss(n, compute.tokens(n, flops), gradient);
    System.arraycopy(gradient, 0, all, 1, p);
    return all;
  }
}
