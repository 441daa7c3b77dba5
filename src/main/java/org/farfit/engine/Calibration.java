package org.farfit.engine;

/**
 * How fast an engine was here, beside the one that {@code auto} takes otherwise, in units of work:
 * a run of a problem that is fitted from a broad start.
 *
 * @param startSeconds until the engine can begin: kernels are made and compiled
 * @param rate units of work per second after that
 * @param hostRate units of work per second of the processor's engine, on all cores
 */
public record Calibration(double startSeconds, double rate, double hostRate) {

  /** Evaluations that a fit from a broad start takes, about. */
  public static final int EVALUATIONS = 26;

  /** Below this many times the processor's rate nothing is won that one could rely on. */
  private static final double LEAST_GAIN = 2;

  /** Checks that these are measurements. */
  public Calibration {
    if (!(startSeconds >= 0 && rate > 0 && hostRate > 0)
        || !Double.isFinite(startSeconds + rate + hostRate)) {
      throw new IllegalArgumentException("no measurement: a time or a rate is not positive");
    }
  }

  /** Whether there is work for which the engine is faster. */
  public boolean isWorthwhile() {
    return rate >= LEAST_GAIN * hostRate;
  }

  /** How long the engine takes, its start included. */
  public double seconds(long work) {
    return startSeconds + work / rate;
  }

  /** How long the processor's engine takes. */
  public double hostSeconds(long work) {
    return work / hostRate;
  }

  /** The work from which on the engine is faster; infinite if it is never. */
  public double breakEven() {
    return isWorthwhile() ? startSeconds / (1 / hostRate - 1 / rate) : Double.POSITIVE_INFINITY;
  }

  /** Whether the engine is faster for some work. */
  public boolean isFaster(long work) {
    return work > breakEven();
  }

  /** What follows for {@code auto}, for people. */
  public String description() {
    String gain = "%.2g times the processor's rate".formatted(rate / hostRate);
    return isWorthwhile()
        ? "auto takes it from %.1e runs x problems (%s, %.2g s to start)"
            .formatted(breakEven(), gain, startSeconds)
        : "auto does not take it (%s)".formatted(gain);
  }
}
