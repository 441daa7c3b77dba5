package org.farfit.fit.bootstrap;

import java.util.Locale;

/** How replicates become an interval (Davison and Hinkley 1997, chapter 5). */
public enum IntervalType {

  /**
   * Quantiles of the replicates, farther out than the nominal ones by as much as replicates of n
   * runs and p parameters, or of G groups, scatter too little (Hesterberg 2015, section 4.3; {@link
   * BootstrapIntervals#expanded(double[], double, ReplicateScatter)}).
   */
  EXPANDED,

  /** Quantiles of the replicates. */
  PERCENTILE,

  /** Quantiles of the replicates, mirrored at the estimate. */
  BASIC,

  /** Quantiles corrected for bias and for a variance that changes with the value (Efron 1987). */
  BCA,

  /** Quantiles of the replicates' distance from the estimate in standard errors of their own. */
  STUDENTISED;

  /** Covers about as it should for laws that hold (docs/coverage.md), and needs no more fits. */
  public static final IntervalType DEFAULT = EXPANDED;

  /**
   * The type of a label.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static IntervalType named(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /** The name in commands and files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
