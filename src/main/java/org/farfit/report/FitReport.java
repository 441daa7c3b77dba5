package org.farfit.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.SurfaceShape;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.figure.Figure;
import org.farfit.report.figure.FitFigures;
import org.farfit.report.figure.SliceFigures;
import org.farfit.report.figure.SurfaceFigures;
import org.farfit.report.html.Explorer;
import org.farfit.report.html.HtmlReport.Section;
import org.farfit.report.html.HtmlReport.Table;
import org.farfit.report.output.Lines;
import org.farfit.solver.ProgressListener;

/** Fits that were made, as they are shown: parameters, the laws compared, and a page of figures. */
public final class FitReport implements Presentation {

  private final FitArchive archive;
  private final double level;
  private final IntervalType type;

  /**
   * A report.
   *
   * @param archive fits that were just made, with what their searches found
   * @param level probability that an interval should cover
   * @param type of intervals from replicates
   */
  public FitReport(FitArchive archive, double level, IntervalType type) {
    this.archive = archive;
    this.level = level;
    this.type = type;
  }

  @Override
  public Object data() {
    return archive.data();
  }

  @Override
  public String text() {
    Lines lines = new Lines().line("").add(archive.text(level)).line("");
    archive.reasonOfAuto().ifPresent(reason -> lines.line("to extrapolate with: " + reason));
    archive.backTestOfAuto(level).ifPresent(words -> lines.line("back-test: " + words));
    if (archive.isSimulated()) {
      lines.line("data: simulated by farfit simulate; not real training runs");
    }
    return lines.toString();
  }

  /** A surface that rises where runs were fitted is not one to extrapolate. */
  @Override
  public List<String> warnings() {
    return archive.isConverged() && archive.hasSizesAndTokens()
        ? SurfaceShape.warnings(archive.fitted(), archive.range())
        : List.of();
  }

  @Override
  public List<Section> sections(ProgressListener progress) {
    // Intervals need few fits beyond those that were made.
    Map<String, Inference> inferences = archive.inferences(new ScalarEngine(), level, type);
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section(
            "Laws",
            Stream.concat(
                    archive.reasonOfAuto().map(reason -> "To extrapolate with: " + reason).stream(),
                    Optional.ofNullable(inferences.get(FitArchive.AUTO))
                        .flatMap(Inference::backTest)
                        .map(words -> "Back-test: " + words)
                        .stream())
                .toList(),
            List.of(new Table("Laws ranked by BIC", archive.comparison(), true)),
            List.of()));
    String best = archive.chosen(Optional.empty()).name();
    if (Explorer.canAnswer(inferences, archive.runs())) {
      sections.add(Section.of("Questions", Explorer.of(inferences, best, archive.runs())));
    }
    if (archive.hasSizesAndTokens()) {
      addSurfaces(sections, best, inferences, progress);
    }
    addSlices(sections);
    addParameters(sections);
    return sections;
  }

  /** Surfaces over N and D, other columns at the centre of the runs. */
  private void addSurfaces(
      List<Section> sections,
      String best,
      Map<String, Inference> inferences,
      ProgressListener progress) {
    ProgressListener paths = SurfaceFigures.paths(inferences.size(), progress);
    Map<String, SurfaceFigures> figures = new LinkedHashMap<>();
    inferences.forEach((name, inference) ->
        figures.put(
            name, new SurfaceFigures(name, inference, archive.runs(), ComputeModel.USUAL, paths)));
    SurfaceFigures chosen = figures.get(best);
    sections.add(Section.of("Runs and surface", List.of(chosen.plane(), chosen.curves())));
    double[] typical = figures.values().stream().mapToDouble(FitReport::mostOf).sorted().toArray();
    double largest = typical[typical.length / 2];
    sections.add(
        new Section(
            "Residuals",
            List.of(
                "A pattern means that the law cannot follow the losses; the colours are the same for"
                    + " all, and end where 2% of the residuals of a middling law lie beyond."),
            List.of(),
            figures.values().stream().map(each -> each.residualMap(largest)).toList()));
    sections.add(
        Section.of(
            "Compute-optimal training",
            List.of(SurfaceFigures.ratios(List.copyOf(figures.values())))));
  }

  /**
   * Slices through the best law over its columns, for laws of more or other columns than N and D.
   */
  private void addSlices(List<Section> sections) {
    FitArchive.Entry best = archive.entry(Optional.empty());
    SliceFigures slices =
        new SliceFigures(
            best.name(), best.fit().surface(), archive.runs(), archive.measured(), Map.of());
    if (slices.columns().isEmpty() || slices.fixed().keySet().equals(Set.of(RunSet.N, RunSet.D))) {
      return;
    }
    sections.add(
        new Section(
            "Slices",
            List.of(
                "What %s predicts over its columns, two at a time, within the runs; the others are at %s."
                    .formatted(
                        best.name(),
                        archive.words(slices.fixed()).entrySet().stream()
                            .map(each -> each.getKey() + " = " + each.getValue())
                            .collect(Collectors.joining(", ")))),
            List.of(),
            slices.figures()));
  }

  private void addParameters(List<Section> sections) {
    for (FitArchive.Entry entry : archive.entries()) {
      String name = entry.name();
      List<Figure> distributions = new ArrayList<>();
      entry
          .fit()
          .multiStart()
          .ifPresent(found -> distributions.add(FitFigures.starts(name, found)));
      entry
          .replicates()
          .ifPresent(replicates ->
              distributions.addAll(FitFigures.distributions(name, entry.fit(), replicates)));
      sections.add(
          new Section(
              "Parameters of " + name,
              archive.remarks(entry, level),
              List.of(new Table("Published parameters", archive.parameters(entry), false)),
              distributions));
    }
  }

  /** The size that 98% of the residuals of a surface stay below. */
  private static double mostOf(SurfaceFigures figures) {
    double[] sizes = Arrays.stream(figures.residuals()).map(Math::abs).sorted().toArray();
    return sizes[(int) (0.98 * (sizes.length - 1))];
  }
}
