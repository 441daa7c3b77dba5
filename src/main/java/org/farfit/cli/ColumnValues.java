package org.farfit.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.farfit.analysis.ColumnGrid;
import org.farfit.data.InputLimits;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Reads values of columns: {@code lr=1e-4:1e-2:5}, {@code P=1,2,4}. */
final class ColumnValues {

  private ColumnValues() {}

  /**
   * Values by column.
   *
   * @param texts each NAME=VALUES
   * @throws ParameterException if one is not so, or there are too many combinations
   */
  static SequencedMap<String, List<Double>> of(List<String> texts, CommandLine command) {
    return of(texts, "--column", command);
  }

  /** The same of another option. */
  static SequencedMap<String, List<Double>> of(
      List<String> texts, String option, CommandLine command) {
    SequencedMap<String, List<Double>> columns = new LinkedHashMap<>();
    for (String text : texts) {
      String[] parts = text.split("=", 2);
      if (parts.length < 2 || columns.containsKey(parts[0].strip())) {
        throw new ParameterException(
            command, "%s: '%s' is not NAME=VALUES, once per column".formatted(option, text));
      }
      List<Double> values = new ArrayList<>();
      for (String part : parts[1].split(",", -1)) {
        values.addAll(values(part, option, command));
      }
      columns.put(parts[0].strip(), values);
    }
    if (ColumnGrid.size(columns) > InputLimits.LISTED_POINTS) {
      throw new ParameterException(
          command,
          "%s: more than the %,d combinations that are accepted"
              .formatted(option, InputLimits.LISTED_POINTS));
    }
    return columns;
  }

  private static List<Double> values(String text, String option, CommandLine command) {
    try {
      return text.contains(":")
          ? new QuantityRange.Converter().convert(text).values()
          : List.of(QuantityConverter.any(text));
    } catch (CommandLine.TypeConversionException e) {
      throw new ParameterException(command, option + ": " + e.getMessage(), e);
    }
  }
}
