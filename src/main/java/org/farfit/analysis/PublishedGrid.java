package org.farfit.analysis;

import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.solver.StartingPoints;

/**
 * The grid of 4,500 starts with which Chinchilla's parametric fit was made (Hoffmann et al. 2022,
 * appendix D.3): alpha and beta in 0, 0.5, ... 2; ln E in -1, -0.5, ... 1; ln A and ln B in 0, 5,
 * ... 25.
 */
public final class PublishedGrid implements StartingPoints {

  private static final int EXPONENTS = 5;
  private static final int LIMITS = 5;
  private static final int FACTORS = 6;

  private final Centre centre;

  /**
   * The grid in centred coordinates.
   *
   * @param centre the centre of the runs
   */
  public PublishedGrid(Centre centre) {
    this.centre = centre;
  }

  @Override
  public int count() {
    return EXPONENTS * EXPONENTS * LIMITS * FACTORS * FACTORS;
  }

  @Override
  public void start(int k, double[] parameters) {
    int rest = k;
    double alpha = 0.5 * (rest % EXPONENTS);
    rest /= EXPONENTS;
    double beta = 0.5 * (rest % EXPONENTS);
    rest /= EXPONENTS;
    double logE = -1 + 0.5 * (rest % LIMITS);
    rest /= LIMITS;
    int factorA = rest % FACTORS;
    int factorB = rest / FACTORS;
    double logA = 5.0 * factorA;
    double logB = 5.0 * factorB;
    double[] published = {Math.exp(logE), Math.exp(logA), Math.exp(logB), alpha, beta};
    new Chinchilla().toCentred(centre, published, parameters);
  }
}
