package org.farfit.analysis;

import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import org.hipparchus.analysis.solvers.BrentSolver;
import org.hipparchus.exception.LocalizedCoreFormats;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.exception.MathIllegalStateException;

/** Roots of functions that may have no value everywhere, by Brent's method. */
public final class Roots {

  private static final int EVALUATIONS = 200;

  private Roots() {}

  /**
   * The root between two points.
   *
   * @param f may be NaN
   * @param relative accuracy of the root
   * @param absolute accuracy of the root
   * @return empty if the function has not opposite signs at the two points, or is NaN on the way
   */
  public static OptionalDouble between(
      DoubleUnaryOperator f, double low, double high, double relative, double absolute) {
    try {
      return OptionalDouble.of(
          new BrentSolver(relative, absolute, Math.min(relative, absolute))
              .solve(EVALUATIONS, x -> finite(f.applyAsDouble(x)), low, high));
    } catch (MathIllegalArgumentException | MathIllegalStateException e) {
      return OptionalDouble.empty();
    }
  }

  private static double finite(double value) {
    if (Double.isNaN(value)) {
      throw new MathIllegalStateException(LocalizedCoreFormats.NAN_NOT_ALLOWED);
    }
    return value;
  }
}
