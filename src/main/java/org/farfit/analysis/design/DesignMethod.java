package org.farfit.analysis.design;

import java.util.Arrays;

/** How to choose the next run from a pool. */
public enum DesignMethod {
  /** Any, all alike. */
  RANDOM("random", 0),
  /** Any, as often as it is cheap: in proportion to one over its cost. */
  COST_RANDOM("cost-random", 0),
  /** The cheapest, ties at random. */
  CHEAPEST("cheapest", 0),
  /** The one that tells most of the parameters (D-optimality), per cost to the power 0.4. */
  D_OPTIMAL("d-optimal", 0.4),
  /** The one that tells most of the runs to predict (V-optimality), per cost to the power 0.3. */
  V_OPTIMAL("v-optimal", 0.3),
  /**
   * The one that tells most of the runs to predict, what optima of the fit differ in counting as
   * unknown, too; per cost to the power 0.4.
   */
  PREDICTIVE("predictive", 0.4);

  private final String label;
  private final double costExponent;

  DesignMethod(String label, double costExponent) {
    this.label = label;
    this.costExponent = costExponent;
  }

  /** The name on the command line. */
  public String label() {
    return label;
  }

  /**
   * The method of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static DesignMethod named(String name) {
    return Arrays.stream(values())
        .filter(method -> method.label.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown design '%s', expected one of %s"
                    .formatted(
                        name,
                        String.join(
                            ", ", Arrays.stream(values()).map(DesignMethod::label).toList()))));
  }

  /** The power of a run's cost that what it tells is divided by. */
  double costExponent() {
    return costExponent;
  }

  /** Whether the next run depends on what the runs before it have told. */
  boolean isSequential() {
    return this == D_OPTIMAL || this == V_OPTIMAL || this == PREDICTIVE;
  }
}
