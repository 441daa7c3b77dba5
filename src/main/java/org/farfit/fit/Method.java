package org.farfit.fit;

import java.util.Locale;

/** How a law is fitted. */
public enum Method {
  /** Levenberg-Marquardt on all parameters at once, from many starts. */
  GLOBAL(false, false),
  /** The same with the prior that published fits give. */
  REGULARISED(true, false),
  /** The differential piecewise procedure of the Farseer paper. */
  PIECEWISE(false, true);

  private final boolean prior;
  private final boolean stages;

  Method(boolean prior, boolean stages) {
    this.prior = prior;
    this.stages = stages;
  }

  /** Whether a prior stands in for runs, so that few are enough. */
  public boolean hasPrior() {
    return prior;
  }

  /** Whether it goes by stages rather than a search: no starts, no minimum, differences of runs. */
  public boolean hasStages() {
    return stages;
  }

  /** Whether it is defined for any law: a prior, or stages, there are for few. */
  public boolean isForAnyLaw() {
    return !prior && !stages;
  }

  /**
   * The method of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Method named(String label) {
    for (Method method : values()) {
      if (method.label().equals(label)) {
        return method;
      }
    }
    throw new IllegalArgumentException(
        "unknown method '%s', expected global, regularised or piecewise".formatted(label));
  }

  /** The name that commands and files use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
