package org.farfit.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the coverage of an interval, in percent, as a probability. */
final class LevelConverter implements ITypeConverter<Double> {

  @Override
  public Double convert(String text) {
    double percent = new QuantityConverter().convert(text);
    if (percent >= 100) {
      throw new TypeConversionException("'%s' is not below 100 percent".formatted(text));
    }
    if (percent < 1) {
      throw new TypeConversionException(
          "'%s' is below one percent; did you mean %s?".formatted(text, 100 * percent));
    }
    return percent / 100;
  }
}
