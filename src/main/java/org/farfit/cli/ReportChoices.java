package org.farfit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.farfit.report.figure.StaticFigures;
import org.farfit.report.html.HtmlReport;
import org.farfit.solver.ProgressListener;
import picocli.CommandLine.Option;

/** Options that say where a report and its figures go. */
final class ReportChoices {

  @Option(
      names = "--report",
      paramLabel = "R.html",
      description = "Also write a report with figures: one file, which needs no network.")
  Path report;

  @Option(
      names = "--figures",
      paramLabel = "DIR",
      description = "Also write each figure as SVG and PNG into this folder.")
  Path figures;

  boolean isWanted() {
    return report != null || figures != null;
  }

  /** Names what is going to be written, after the inputs. */
  void declare(Outputs outputs) {
    if (figures != null) {
      StaticFigures.requireFonts();
    }
    outputs
        .writes("--report", report, "a report", HtmlReport::isOne)
        .writesFigures("--figures", figures);
  }

  /**
   * Writes what was asked for; sections are made only if something was, and tell their progress.
   */
  void write(
      PrintWriter log,
      String title,
      String subtitle,
      Function<ProgressListener, List<HtmlReport.Section>> content) {
    if (!isWanted()) {
      return;
    }
    List<HtmlReport.Section> sections;
    try (Progress progress = new Progress("report")) {
      sections = content.apply(progress);
    }
    if (report != null) {
      HtmlReport.write(report, title, subtitle, sections);
      log.println("report: " + report);
    }
    if (figures != null) {
      int written = StaticFigures.write(figures, HtmlReport.figures(sections)).size();
      log.printf("figures: %d files in %s%n", written, figures);
    }
    log.flush();
  }
}
