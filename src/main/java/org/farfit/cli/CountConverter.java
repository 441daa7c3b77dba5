package org.farfit.cli;

import org.farfit.data.InputLimits;
import org.farfit.data.Shown;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads counts: whole numbers above 0, up to a limit. */
class CountConverter implements ITypeConverter<Integer> {

  private final int most;
  private final String what;

  CountConverter() {
    this(InputLimits.COUNT, "");
  }

  /**
   * A reader of counts that have a limit of their own.
   *
   * @param what is counted, with a blank before it
   */
  CountConverter(int most, String what) {
    this.most = most;
    this.what = what;
  }

  @Override
  public Integer convert(String text) {
    try {
      int value = Integer.parseInt(text);
      if (value > most) {
        throw new TypeConversionException(
            "'%s' is more than the %,d%s that are accepted".formatted(text, most, what));
      }
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new TypeConversionException(
        "'%s' is not a whole number above 0".formatted(Shown.text(text)));
  }
}
