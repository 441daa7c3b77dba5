package org.farfit.solver;

import java.util.function.DoubleUnaryOperator;

/**
 * The minimum of a function of one number that first falls and then rises, smooth or not, by golden
 * sections (Kiefer 1953), of which one point serves the next.
 */
public final class GoldenSection {

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private GoldenSection() {}

  /**
   * Where a minimum was found.
   *
   * @param low lower end of the last interval
   * @param high its upper end
   * @param least of the points that were tried in it, that of the lesser value
   */
  public record Found(double low, double high, double least) {

    /** The middle of the last interval. */
    public double middle() {
      return 0.5 * (low + high);
    }
  }

  /**
   * Finds the minimum.
   *
   * @param low an end of the interval with the minimum
   * @param high the other end
   * @param width of the last interval
   */
  public static Found minimum(DoubleUnaryOperator f, double low, double high, double width) {
    double a = low;
    double b = high;
    double lower = b - GOLDEN * (b - a);
    double upper = a + GOLDEN * (b - a);
    double atLower = f.applyAsDouble(lower);
    double atUpper = f.applyAsDouble(upper);
    while (b - a > width) {
      if (atLower < atUpper) {
        b = upper;
        upper = lower;
        atUpper = atLower;
        lower = b - GOLDEN * (b - a);
        atLower = f.applyAsDouble(lower);
      } else {
        a = lower;
        lower = upper;
        atLower = atUpper;
        upper = a + GOLDEN * (b - a);
        atUpper = f.applyAsDouble(upper);
      }
    }
    return new Found(a, b, atLower < atUpper ? lower : upper);
  }
}
