package org.farfit.fit.bootstrap;

import java.util.Locale;

/** How bootstrap replicates are drawn (Davison and Hinkley 1997, chapter 6). */
public enum Resampling {

  /** Runs are drawn with replacement: assumes only that runs are independent of each other. */
  PAIRS,

  /**
   * Whole model sizes are drawn with replacement, each with all its runs: for errors that runs of
   * one N share, and for laws that hold only roughly.
   */
  GROUPS,

  /**
   * Residuals are drawn with replacement and added to the fit: assumes that all have one
   * distribution.
   */
  RESIDUALS,

  /** Residuals keep their place and size and take random signs (Davidson and Flachaire 2008). */
  WILD,

  /** Residuals are drawn from the density that the objective stands for. */
  PARAMETRIC;

  /**
   * The resampling of a name, in upper or lower case.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Resampling named(String label) {
    for (Resampling resampling : values()) {
      if (resampling.label().equalsIgnoreCase(label)) {
        return resampling;
      }
    }
    throw new IllegalArgumentException("unknown resampling '%s'".formatted(label));
  }

  /** The name in commands and files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether replicates have losses of their own, rather than weights. */
  public boolean changesLosses() {
    return this == RESIDUALS || this == WILD || this == PARAMETRIC;
  }
}
