package org.farfit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.analysis.inference.Inference;
import org.farfit.data.Repeats;
import org.farfit.data.RunFile;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.bootstrap.Bootstrap;
import org.farfit.fit.bootstrap.BootstrapOptions;
import org.farfit.fit.bootstrap.IntervalType;
import org.farfit.fit.bootstrap.Replicates;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.report.archive.FitArchive;
import org.farfit.report.archive.FitSource;
import org.farfit.report.archive.MadeFit;
import org.farfit.report.figure.Figure;
import org.farfit.report.html.HtmlReport.Section;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Reports of fits: whatever a section shows is of its own entry. */
class FitReportTest {

  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 2e-3, 1);

  private static LawFit fit(Engine engine, int starts) {
    return new GlobalFit(engine, FitOptions.DEFAULT.withStarts(starts, 1)).fit(LAW, RUNS);
  }

  private static MadeFit fitted(Engine engine, LawFit fit, int replicates) {
    Replicates drawn =
        new Bootstrap(engine, BootstrapOptions.pairs(replicates, 1), ProgressListener.NONE)
            .run(fit, RUNS);
    return MadeFit.of(fit)
        .with(MadeFit.Bootstrapped.of(engine, fit, RUNS, drawn, 0.9, IntervalType.DEFAULT));
  }

  /** Three fits of one law, as a choice among methods can have two, told apart by their counts. */
  @Test
  void entriesOfOneLawKeepTheirOwnSearchesAndReplicates() {
    RunFile file =
        new RunFile(
            "runs.csv",
            "00ff",
            Map.of("N", "N", "D", "D", "loss", "L"),
            345,
            345,
            Repeats.KEEP,
            RUNS,
            List.of());
    FitArchive archive;
    try (Engine engine = Engines.open("auto")) {
      archive =
          FitArchive.of(
              new FitSource("9.9", file, false, Optional.empty(), FitOptions.DEFAULT, "simd"),
              List.of(
                  fitted(engine, fit(engine, 5), 11),
                  fitted(engine, fit(engine, 6), 12),
                  fitted(engine, fit(engine, 7), 13)),
              Optional.empty());
    }
    List<String> names = List.of("chinchilla", "chinchilla/global", "chinchilla/global/3");
    assertThat(archive.entries().stream().map(FitArchive.Entry::name)).isEqualTo(names);
    assertThat(archive.surfaces().keySet()).containsExactlyElementsOf(names);
    Map<String, Inference> inferences =
        archive.inferences(new ScalarEngine(), 0.9, IntervalType.DEFAULT);
    assertThat(inferences.keySet()).containsExactlyElementsOf(names);
    List<Section> sections =
        new FitReport(archive, 0.9, IntervalType.DEFAULT).sections(ProgressListener.NONE);
    List<Section> parameters = sections.subList(sections.size() - 3, sections.size());
    for (int i = 0; i < 3; i++) {
      int number = i;
      assertThat(parameters.get(i).title()).isEqualTo("Parameters of " + names.get(i));
      assertThat(parameters.get(i).text())
          .anySatisfy(each ->
              assertThat(each).contains("; %d replicates (pairs, seed 1)".formatted(11 + number)));
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
