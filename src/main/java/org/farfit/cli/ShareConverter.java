package org.farfit.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a percentage of 0 or more as a share. */
final class ShareConverter implements ITypeConverter<Double> {

  @Override
  public Double convert(String text) {
    try {
      double percent = Double.parseDouble(text);
      if (percent >= 0 && percent < Double.POSITIVE_INFINITY) {
        return percent / 100;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new TypeConversionException("'" + text + "' is not a percentage of 0 or more");
  }
}
