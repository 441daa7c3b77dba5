package org.farfit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.BootstrapInference;
import org.farfit.analysis.inference.Estimands;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.ColumnOptions;
import org.farfit.data.Repeats;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.report.BootstrapEntry;
import org.farfit.report.FitArchive;
import org.farfit.report.FitDocument;
import org.farfit.report.figure.Figure;
import org.farfit.report.html.HtmlReport.Section;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Reports of fits: whatever a section shows is of its own entry. */
class FitReportTest {

  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 1);
  private static final Path FILE = Path.of("fit.json");

  private static LawFit fit(Engine engine, int starts) {
    return new GlobalFit(engine, FitOptions.DEFAULT.withStarts(starts, 1)).fit(LAW, RUNS);
  }

  private static FitDocument.Fit entry(Engine engine, LawFit fit, int replicates) {
    Replicates drawn =
        new Bootstrap(engine, BootstrapOptions.pairs(replicates, 1), ProgressListener.NONE)
            .run(fit, RUNS);
    List<BootstrapInference.Row> parameters =
        new BootstrapInference(engine, fit, RUNS, drawn)
            .intervals(Estimands.parameters(LAW), 0.9, Set.of(IntervalType.DEFAULT));
    return FitDocument.entry(fit)
        .with(BootstrapEntry.of(drawn, parameters, 0.9, IntervalType.DEFAULT));
  }

  /** Three fits of one law, as a choice among methods can have two, told apart by their counts. */
  @Test
  void entriesOfOneLawKeepTheirOwnSearchesAndReplicates() {
    List<LawFit> fits;
    FitDocument document;
    try (Engine engine = Engines.open("auto")) {
      fits = List.of(fit(engine, 5), fit(engine, 6), fit(engine, 7));
      document =
          FitDocument.of(
              "9.9",
              new RunFile(
                  "runs.csv",
                  "00ff",
                  Map.of("N", "N", "D", "D", "loss", "L"),
                  345,
                  345,
                  Repeats.KEEP,
                  RUNS),
              false,
              ColumnOptions.usual(),
              FitOptions.DEFAULT,
              "simd",
              List.of(
                  entry(engine, fits.get(0), 11),
                  entry(engine, fits.get(1), 12),
                  entry(engine, fits.get(2), 13)),
              null);
    }
    List<String> names = List.of("chinchilla", "chinchilla/global", "chinchilla/global/3");
    FitArchive archive = FitArchive.of(FILE, document);
    assertThat(archive.entries().stream().map(FitArchive.Entry::name)).isEqualTo(names);
    assertThat(archive.surfaces().keySet()).containsExactlyElementsOf(names);
    Map<String, Inference> inferences =
        archive.inferences(new ScalarEngine(), 0.9, IntervalType.DEFAULT);
    assertThat(inferences.keySet()).containsExactlyElementsOf(names);
    List<Section> sections =
        FitReport.sections(document, archive, inferences, fits, ProgressListener.NONE);
    List<Section> parameters = sections.subList(sections.size() - 3, sections.size());
    for (int i = 0; i < 3; i++) {
      assertThat(parameters.get(i).title()).isEqualTo("Parameters of " + names.get(i));
      List<Figure> figures = parameters.get(i).figures();
      assertThat(figures).hasSize(6);
      assertThat(figures.getFirst().alt()).startsWith("Final costs of %d starts".formatted(5 + i));
      for (Figure figure : figures.subList(1, 6)) {
        assertThat(figure.alt()).contains("over %d bootstrap replicates".formatted(11 + i));
      }
    }
    List<String> ids =
        sections.stream().flatMap(section -> section.figures().stream()).map(Figure::id).toList();
    assertThat(ids).doesNotHaveDuplicates();
  }
}
