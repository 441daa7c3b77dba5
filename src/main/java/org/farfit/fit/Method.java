package org.farfit.fit;

import java.util.Locale;

/** How a law is fitted. */
public enum Method {
  /** Levenberg-Marquardt on all parameters at once, from many starts. */
  GLOBAL,
  /** The same with the prior that published fits give. */
  REGULARISED,
  /** The differential piecewise procedure of the Farseer paper. */
  PIECEWISE;

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
