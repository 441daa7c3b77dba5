package org.farfit.report;

import java.util.List;
import org.farfit.report.html.HtmlReport;
import org.farfit.report.output.Json;
import org.farfit.solver.ProgressListener;

/**
 * What a command found, in the forms in which it is given: a record for JSON, text for a terminal,
 * sections of a page. All three show the same rows.
 */
public interface Presentation {

  /** A record that {@link Json} writes. */
  Object data();

  /** Tables and sentences, each line ended. */
  String text();

  /** What to beware of, in words. */
  default List<String> warnings() {
    return List.of();
  }

  /**
   * Parts of a report; none where a command writes none.
   *
   * @param progress told how far they are
   */
  default List<HtmlReport.Section> sections(ProgressListener progress) {
    return List.of();
  }
}
