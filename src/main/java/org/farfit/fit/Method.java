package org.farfit.fit;

import java.util.Locale;

/** How a law is fitted. */
public enum Method {
  /** Levenberg-Marquardt on all parameters at once, from many starts. */
  GLOBAL,
  /** The same with a prior on curvatures, its strength chosen inside the fitted runs. */
  REGULARISED,
  /** The differential piecewise procedure of the Farseer paper. */
  PIECEWISE;

  /** The name that commands and files use. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
