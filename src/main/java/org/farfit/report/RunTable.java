package org.farfit.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.util.ArrayList;
import java.util.List;
import org.farfit.data.RunSet;

/** Runs as comma-separated text with the columns N, D and L, numbers in full precision. */
public final class RunTable {

  private static final CsvSchema SCHEMA =
      CsvSchema.builder().addColumn("N").addColumn("D").addColumn("L").build().withHeader();

  private RunTable() {}

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
