package org.farfit.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farfit.analysis.ComputeModel;
import org.farfit.analysis.inference.Inference;
import org.farfit.fit.LawFit;
import org.farfit.report.FitArchive;
import org.farfit.report.FitDocument;
import org.farfit.report.FitTables;
import org.farfit.report.figure.Figure;
import org.farfit.report.figure.FitFigures;
import org.farfit.report.figure.SurfaceFigures;
import org.farfit.report.html.Explorer;
import org.farfit.report.html.HtmlReport.Section;
import org.farfit.report.html.HtmlReport.Table;
import org.farfit.solver.ProgressListener;

/** The report of {@code farfit fit}. */
final class FitReport {

  private FitReport() {}

  /**
   * Its parts.
   *
   * @param document the fits as they are written
   * @param archive the same, opened
   * @param inferences inference on every surface, by name
   * @param searches the fits of the document, in its order, with what their searches found
   * @param progress told on the way along compute-optimal paths
   */
  static List<Section> sections(
      FitDocument document,
      FitArchive archive,
      Map<String, Inference> inferences,
      List<LawFit> searches,
      ProgressListener progress) {
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section(
            "Laws",
            archive.reasonOfAuto().map(reason -> "To extrapolate with: " + reason).stream()
                .toList(),
            List.of(new Table("Laws ranked by BIC", FitTables.comparisonTable(document), true)),
            List.of()));
    String best = archive.chosen(Optional.empty()).name();
    if (Explorer.canAnswer(inferences, archive.runs())) {
      sections.add(Section.of("Questions", Explorer.of(inferences, best, archive.runs())));
    }
    if (archive.hasSizesAndTokens()) {
      addSurfaces(sections, archive, best, inferences, progress);
    }
    addParameters(sections, document, archive, searches);
    return sections;
  }

  /** Surfaces over N and D, other columns at the centre of the runs. */
  private static void addSurfaces(
      List<Section> sections,
      FitArchive archive,
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

  private static void addParameters(
      List<Section> sections, FitDocument document, FitArchive archive, List<LawFit> searches) {
    for (int i = 0; i < searches.size(); i++) {
      FitArchive.Entry entry = archive.entries().get(i);
      String name = entry.name();
      FitDocument.Fit fit = document.fits().get(i);
      List<Figure> distributions = new ArrayList<>();
      searches
          .get(i)
          .multiStart()
          .ifPresent(found -> distributions.add(FitFigures.starts(name, found)));
      entry
          .replicates()
          .ifPresent(replicates ->
              distributions.addAll(FitFigures.distributions(name, entry.fit(), replicates)));
      sections.add(
          new Section(
              "Parameters of " + name,
              FitTables.warnings(fit),
              List.of(new Table("Published parameters", FitTables.parameterTable(fit), false)),
              distributions));
    }
  }

  /** The size that 98% of the residuals of a surface stay below. */
  private static double mostOf(SurfaceFigures figures) {
    double[] sizes = Arrays.stream(figures.residuals()).map(Math::abs).sorted().toArray();
    return sizes[(int) (0.98 * (sizes.length - 1))];
  }
}
