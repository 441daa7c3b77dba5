package org.farfit.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.farfit.data.RunSet;
import org.farfit.report.output.OutputFile;

/** Runs as comma-separated text: their columns and L, numbers in full precision. */
public final class RunTable {

  private RunTable() {}

  /**
   * Whether a file holds simulated runs: those of a grid, number for number, whatever their losses.
   *
   * @param points the grid
   */
  public static boolean isSimulated(Path path, RunSet points) {
    List<String> expected = withoutLosses(text(points));
    // No loss has more characters than N, D and a loss in full have together.
    String found = OutputFile.head(path, 100 * (expected.size() + 1));
    return withoutLosses(found).equals(expected);
  }

  private static List<String> withoutLosses(String text) {
    return text.lines().map(line -> line.substring(0, Math.max(0, line.lastIndexOf(',')))).toList();
  }

  /** The text of a file of runs. */
  public static String text(RunSet runs) {
    List<String> columns = runs.columns();
    CsvSchema.Builder schema = CsvSchema.builder();
    columns.forEach(schema::addColumn);
    ObjectWriter writer = new CsvMapper().writer(schema.addColumn("L").build().withHeader());
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      double[] row = Arrays.copyOf(runs.row(columns, i), columns.size() + 1);
      row[columns.size()] = runs.loss(i);
      rows.add(row);
    }
    try {
      return writer.writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("runs are plain numbers", e);
    }
  }
}
