package org.farfit.cli;

import java.util.ArrayList;
import java.util.List;
import org.farfit.data.InputLimits;
import org.farfit.data.Quantity;
import org.farfit.data.Shown;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * One positive number, or several evenly spaced in their logarithm.
 *
 * @param values the numbers
 */
record QuantityRange(List<Double> values) {

  /** Small enough for N and D in billions. */
  private static final double LEAST_BUDGET = 1e-9;

  private static final double MOST_BUDGET = 1e40;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** All numbers of several options. */
  static List<Double> all(List<QuantityRange> ranges) {
    return ranges.stream().flatMap(range -> range.values().stream()).toList();
  }

  /** Ends the command if a budget is beyond what numbers of N and D can make up. */
  static void checkBudgets(String option, List<QuantityRange> budgets, CommandLine command) {
    for (double budget : all(budgets)) {
      if (!(budget >= LEAST_BUDGET && budget <= MOST_BUDGET)) {
        throw new ParameterException(
            command,
            "%s %s is not between %s and %s FLOPs"
                .formatted(option, budget, LEAST_BUDGET, MOST_BUDGET));
      }
    }
  }

  private static double between(double low, double high, double share) {
    double ratio = high / low;
    return Double.isInfinite(ratio)
        ? Math.pow(low, 1 - share) * Math.pow(high, share)
        : low * Math.pow(ratio, share);
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
        if (parts.length == 3 && low > 0 && high > low && high < INFINITY && count > 1) {
          List<Double> values = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            values.add(between(low, high, (double) i / (count - 1)));
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
