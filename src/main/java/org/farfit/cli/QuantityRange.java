package org.farfit.cli;

import java.util.ArrayList;
import java.util.List;
import org.farfit.data.InputLimits;
import org.farfit.data.Quantity;
import org.farfit.data.Shown;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * One positive number, or several evenly spaced in their logarithm.
 *
 * @param values the numbers
 */
record QuantityRange(List<Double> values) {

  /** All numbers of several options. */
  static List<Double> all(List<QuantityRange> ranges) {
    return ranges.stream().flatMap(range -> range.values().stream()).toList();
  }

  /** Reads {@code 1e21} or {@code LOW:HIGH:COUNT}. */
  static final class Converter implements ITypeConverter<QuantityRange> {

    @Override
    public QuantityRange convert(String text) {
      String[] parts = text.split(":", -1);
      if (parts.length == 1) {
        return new QuantityRange(List.of(new QuantityConverter().convert(text)));
      }
      try {
        double low = Quantity.parse(parts[0]);
        double high = Quantity.parse(parts[1]);
        int count = Integer.parseInt(parts[2].strip());
        if (count > InputLimits.RANGE_VALUES) {
          throw new TypeConversionException(
              "'%s' is more than the %,d values that a range may have"
                  .formatted(Shown.text(text), InputLimits.RANGE_VALUES));
        }
        if (parts.length == 3 && low > 0 && high > low && count > 1) {
          List<Double> values = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            values.add(low * Math.pow(high / low, (double) i / (count - 1)));
          }
          return new QuantityRange(values);
        }
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        // told below
      }
      throw new TypeConversionException(
          "'" + Shown.text(text) + "' is not a number, nor LOW:HIGH:COUNT such as 1e20:1e24:9");
    }
  }
}
