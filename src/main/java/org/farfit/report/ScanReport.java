package org.farfit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farfit.analysis.CostScan;
import org.farfit.fit.LawFit;
import org.farfit.fit.MultiStart;

/**
 * The cost over a grid around a fit, as it is shown: comma-separated as text.
 *
 * @param fit where the scan started from
 * @param scan what was found
 */
public record ScanReport(LawFit fit, CostScan.Result scan) implements Presentation {

  private List<Map<String, Object>> rows() {
    return ScanTable.rows(fit.law(), scan);
  }

  @Override
  public Object data() {
    return new ScanTable.Document(
        ScanTable.SCHEMA, fit.law().name(), !scan.status().isEmpty(), fit.cost(), rows());
  }

  @Override
  public String text() {
    return ScanTable.csv(rows());
  }

  @Override
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (scan.least() < fit.cost() * (1 - MultiStart.AT_BEST_TOLERANCE)) {
      warnings.add(
          "the grid has points of lower cost than the fit, the least %.6e: fit again with more starts"
              .formatted(scan.least()));
    }
    long open = scan.status().stream().filter(status -> !status.isConverged()).count();
    if (open > 0) {
      warnings.add("%d of %d grid points did not converge".formatted(open, scan.cost().length));
    }
    return warnings;
  }
}
