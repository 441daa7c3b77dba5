package org.farfit.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.inference.Inference;
import org.farfit.analysis.study.AllocationStudy;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.figure.Figure;
import org.farfit.report.figure.SurfaceFigures;
import org.farfit.report.html.HtmlReport;
import org.farfit.report.output.AlignedTable;
import org.farfit.report.output.Lines;
import org.farfit.solver.ProgressListener;

/** Compute-optimal N and D of every surface of a fit file, as they are shown. */
public final class AllocationReport implements Presentation {

  private final FitArchive archive;
  private final Map<String, Inference> inferences;
  private final ComputeModel compute;
  private final double level;
  private final List<AllocationTables.Row> rows = new ArrayList<>();
  private final Set<String> warnings;
  private final StringBuilder disputed = new StringBuilder();

  /**
   * A report to add findings to.
   *
   * @param inferences on the surfaces that are asked, by name
   * @param compute FLOPs of a run
   * @param level probability that an interval should cover
   */
  public AllocationReport(
      FitArchive archive, Map<String, Inference> inferences, ComputeModel compute, double level) {
    this.archive = archive;
    this.inferences = inferences;
    this.compute = compute;
    this.level = level;
    this.warnings = new LinkedHashSet<>(archive.warnings());
  }

  /** Adds what was found on a surface. */
  public void add(String name, AllocationStudy.Findings found) {
    found.answers().forEach(answer -> rows.add(AllocationTables.Row.of(name, answer)));
    found.warnings().forEach(warning -> warnings.add(name + ": " + warning));
    disputed.append(IntervalTable.text(name, found.estimates()));
  }

  /** The result as JSON. */
  private record Result(
      String flops, double interval, List<AllocationTables.Row> rows, List<String> warnings) {}

  @Override
  public Object data() {
    return new Result(compute.formula(), 100 * level, rows, warnings());
  }

  @Override
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public String text() {
    Lines text = new Lines();
    text.add(AllocationTables.answers(rows));
    AllocationTables.problems(rows).forEach(text::line);
    text.line("beyond: factor by which N or D lies outside the fitted runs");
    if (rows.stream().anyMatch(row -> !row.intervals().isEmpty())) {
      text.line("").line(AlignedTable.number(100 * level, 3) + "% intervals:");
      text.add(AllocationTables.intervals(rows));
      AllocationTables.unbounded(rows).forEach(text::line);
    }
    AllocationTables.missing(rows).forEach(text::line);
    if (!disputed.isEmpty()) {
      text.line("").line("intervals that depend on how they are made:").add(disputed);
    }
    return text.toString();
  }

  @Override
  public List<HtmlReport.Section> sections(ProgressListener progress) {
    ProgressListener paths = SurfaceFigures.paths(inferences.size(), progress);
    List<SurfaceFigures> figures = new ArrayList<>();
    inferences.forEach((name, inference) ->
        figures.add(new SurfaceFigures(name, inference, archive.runs(), compute, paths)));
    List<Figure> drawn = new ArrayList<>();
    drawn.add(SurfaceFigures.ratios(figures));
    figures.forEach(each -> drawn.add(each.plane()));
    return List.of(
        HtmlReport.Section.of("Optimum", drawn),
        new HtmlReport.Section(
            "Answers",
            Stream.concat(
                    AllocationTables.unbounded(rows).stream(),
                    AllocationTables.missing(rows).stream())
                .toList(),
            List.of(
                new HtmlReport.Table("Optima", AllocationTables.answers(rows), true),
                new HtmlReport.Table(
                    AlignedTable.number(100 * level, 3) + "% intervals",
                    AllocationTables.intervals(rows),
                    true)),
            List.of()));
  }
}
