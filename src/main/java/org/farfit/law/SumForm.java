package org.farfit.law;

/**
 * The per-run formula L = e^U + e^(V - A y) of size terms (U, V, A): a capacity term and a data
 * term that is a power of D. Farseer and Chinchilla share it.
 */
public final class SumForm {

  private SumForm() {}

  /**
   * ln L and its derivatives by (U, V, A).
   *
   * @param terms U, V, A
   * @param y ln D - ln D0
   * @param gradient output, three values
   */
  public static double logLoss(double[] terms, double y, double[] gradient) {
    double u = terms[0];
    double w = terms[1] - terms[2] * y;
    double t = LogSum.ratio(u, w);
    double dataShare = LogSum.otherShare(u, w, t);
    gradient[0] = LogSum.share(u, w, t);
    gradient[1] = dataShare;
    gradient[2] = -y * dataShare;
    return LogSum.value(u, w, t);
  }
}
