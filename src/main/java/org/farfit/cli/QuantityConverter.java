package org.farfit.cli;

import org.farfit.data.Quantity;
import org.farfit.data.Shown;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Positive numbers on the command line: {@code 25.1e9} or {@code 25.1B}. */
final class QuantityConverter implements ITypeConverter<Double> {

  @Override
  public Double convert(String text) {
    double value = any(text);
    if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
      throw new TypeConversionException(
          "'" + Shown.text(text) + "' is not a positive finite number");
    }
    return value;
  }

  /** A number of any sign. */
  static double any(String text) {
    try {
      return Quantity.parse(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException(
          "'" + Shown.text(text) + "' is not a number such as 25.1e9 or 25.1B");
    }
  }
}
