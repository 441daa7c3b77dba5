package org.farfit.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.farfit.analysis.DesignGrid;
import org.farfit.data.RunSet;

/** Runs as comma-separated text with the columns N, D and L, numbers in full precision. */
public final class RunTable {

  private static final CsvSchema SCHEMA =
      CsvSchema.builder().addColumn("N").addColumn("D").addColumn("L").build().withHeader();

  private RunTable() {}

  /**
   * Whether a file holds simulated runs: those of a grid, number for number, whatever their losses.
   */
  public static boolean isSimulated(Path path, DesignGrid grid) {
    double[] n = grid.points().stream().mapToDouble(DesignGrid.Point::n).toArray();
    double[] d = grid.points().stream().mapToDouble(DesignGrid.Point::d).toArray();
    List<String> expected = withoutLosses(text(new RunSet(n, d, n)));
    // No loss has more characters than N, D and a loss in full have together.
    String found = OutputFile.head(path, 100 * (expected.size() + 1));
    return withoutLosses(found).equals(expected);
  }

  private static List<String> withoutLosses(String text) {
    return text.lines().map(line -> line.substring(0, Math.max(0, line.lastIndexOf(',')))).toList();
  }

  /** The text of a file of runs. */
  public static String text(RunSet runs) {
    ObjectWriter writer = new CsvMapper().writer(SCHEMA);
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      rows.add(new double[] {runs.n(i), runs.d(i), runs.loss(i)});
    }
    try {
      return writer.writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("runs are plain numbers", e);
    }
  }
}
