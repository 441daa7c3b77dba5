package org.farfit.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farfit.analysis.CostScan;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.report.output.OutputFile;

/**
 * A scanned grid as comma-separated text or JSON: one row per grid point with the varied
 * parameters, the cost and, for a profile, the status and all other parameters. A cost that is not
 * finite is an empty cell, or null.
 */
public final class ScanTable {

  private static final String FAMILY = "farfit.scan/";

  /** The format of a scan as JSON. */
  public static final String SCHEMA = FAMILY + "1";

  private static final String COST = "cost";
  private static final String STATUS = "status";
  private static final int HEAD = 500;

  private ScanTable() {}

  /**
   * A scan as JSON.
   *
   * @param schema name and version of the format
   * @param law which law
   * @param profile whether the other parameters were re-optimised
   * @param best cost of the fit that the scan started from
   * @param rows one per grid point
   */
  public record Document(
      String schema, String law, boolean profile, double best, List<Map<String, Object>> rows) {}

  /** Whether a file looks like a scan that Farfit wrote, as JSON or comma-separated. */
  public static boolean isOne(Path path) {
    String head = OutputFile.head(path, HEAD);
    List<String> columns = List.of(head.lines().findFirst().orElse("").split(","));
    return head.contains("\"" + FAMILY)
        || (columns.contains(COST)
            && Laws.all().stream()
                .anyMatch(law ->
                    columns.stream()
                        .allMatch(name ->
                            name.equals(COST)
                                || name.equals(STATUS)
                                || law.centredNames().contains(name))));
  }

  /** The rows of a scan: column name to number or text. */
  public static List<Map<String, Object>> rows(Law law, CostScan.Result scan) {
    boolean profile = !scan.status().isEmpty();
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int k = 0; k < scan.cost().length; k++) {
      Map<String, Object> row = new LinkedHashMap<>();
      double[] at = scan.coordinates(k);
      for (int a = 0; a < at.length; a++) {
        row.put(scan.axes().get(a).name(), at[a]);
      }
      row.put(COST, Double.isFinite(scan.cost()[k]) ? scan.cost()[k] : null);
      if (profile) {
        row.put(STATUS, scan.status().get(k).label());
        for (int j = 0; j < law.parameterCount(); j++) {
          row.putIfAbsent(law.centredNames().get(j), scan.parameters().get(k)[j]);
        }
      }
      rows.add(row);
    }
    return rows;
  }

  /** Rows as comma-separated text with a header. */
  public static String csv(List<Map<String, Object>> rows) {
    CsvSchema.Builder schema = CsvSchema.builder();
    rows.getFirst().keySet().forEach(schema::addColumn);
    try {
      return new CsvMapper().writer(schema.build().withHeader()).writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a scan is plain numbers and words", e);
    }
  }
}
