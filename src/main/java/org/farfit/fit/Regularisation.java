package org.farfit.fit;

import org.farfit.law.LawPrior;

/**
 * The prior of a regularised fit.
 *
 * @param prior the prior
 * @param residualScale standard deviation of a residual, which sets the prior's weight beside the
 *     runs: that of the free fit of the same runs
 * @param penalty what it adds to the cost
 */
public record Regularisation(LawPrior prior, double residualScale, double penalty) {

  /**
   * The same with the penalty that it adds at some parameters.
   *
   * @param centred the parameters, in the order of the law's centred names
   */
  public Regularisation at(double[] centred) {
    return new Regularisation(prior, residualScale, prior.penalty(residualScale, centred));
  }

  /** Precision of every centred parameter in the unit of the cost; see PriorTable. */
  public double[] precision() {
    return prior.precision(residualScale);
  }
}
