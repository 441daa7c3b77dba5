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
    double w = dataTerm(terms, y);
    double t = LogSum.ratio(terms[0], w);
    return logLoss(terms[0], w, t, LogSum.logOnePlus(t), y, gradient);
  }

  /**
   * The logarithm of the data term, V - A y.
   *
   * @param terms U, V and A
   */
  public static double dataTerm(double[] terms, double y) {
    return terms[1] - terms[2] * y;
  }

  /**
   * {@link #logLoss(double[], double, double[])} from its parts, so that a caller can compute these
   * for several runs at a time.
   *
   * @param u the capacity term U
   * @param w the data term
   * @param t {@code LogSum.ratio(u, w)}
   * @param log {@code LogSum.logOnePlus(t)}
   * @param gradient output, three values: by U, V and A
   */
  public static double logLoss(
      double u, double w, double t, double log, double y, double[] gradient) {
    double dataShare = LogSum.otherShare(u, w, t);
    gradient[0] = LogSum.share(u, w, t);
    gradient[1] = dataShare;
    gradient[2] = -y * dataShare;
    return LogSum.larger(u, w) + log;
  }
}
