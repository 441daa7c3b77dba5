package org.farfit.law;

/**
 * The soft sum P = k ln(e^(U/k) + e^(W/k)): the logarithm of (u^(1/k) + w^(1/k))^k for two terms u
 * = e^U and w = e^W. At k = 1 it is the plain sum; as k goes to 0 it becomes the larger term.
 * Kaplan and Skaling share it.
 *
 * <p>Its derivatives are the shares of the two terms in the inner sum, and, by k, the entropy of
 * these shares; no term of the formula or of its derivatives overflows before P does.
 */
public final class PowerForm {

  private PowerForm() {}

  /** e^(-|U - W| / k), which the other methods are computed from. */
  public static double ratio(double u, double w, double k) {
    return Math.exp(-Math.abs(u - w) / k);
  }

  /** P, given t = {@code ratio(u, w, k)}. */
  public static double value(double u, double w, double k, double t) {
    return LogSum.larger(u, w) + k * LogSum.logOnePlus(t);
  }

  /**
   * dP/dk at fixed U and W: -s ln s - (1-s) ln(1-s) for the shares s and 1-s, written as ln(1 + t)
   * + t/(1 + t) |U - W| / k so that a vanishing share gives 0 and not NaN.
   */
  public static double entropy(double u, double w, double k, double t) {
    double gap = Math.abs(u - w) / k;
    return LogSum.logOnePlus(t) + (t > 0 ? t / (1.0 + t) * gap : 0.0);
  }
}
