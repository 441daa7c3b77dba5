package org.farfit.report.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.farfit.analysis.ColumnGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.FittedSurface;
import org.farfit.fit.search.GlobalFit;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/** Slices hold what the formula says, which a reader can compute by hand. */
class SliceFiguresTest {

  private static final double[] PUBLISHED = {2, 0.5, 0.3, 0.05};

  private static RunSet points() {
    SequencedMap<String, List<Double>> columns = new LinkedHashMap<>();
    columns.put("P", List.of(1.0, 2.0, 4.0, 8.0, 16.0));
    columns.put("share", List.of(-0.5, 0.0, 0.5));
    columns.put("rate", List.of(3.0, 4.0, 5.0));
    columns.put("same", List.of(7.0));
    return ColumnGrid.runs(columns);
  }

  private static SliceFigures slices(Map<String, Double> fixed) {
    Model model =
        Model.of(
            LawText.formula("E + A*P^-a + c*share*rate + 0*same"),
            points().columns().stream().collect(Collectors.toSet()),
            Set.of());
    Law law = FormulaLaw.of(model, true, points());
    RunSet runs = Simulation.runs(law, PUBLISHED, points(), 0, 1);
    FittedSurface surface =
        new GlobalFit(new ScalarEngine(), FitOptions.DEFAULT.withStarts(8, 1))
            .fit(law, runs)
            .surface();
    return new SliceFigures("it", surface, runs, "loss", fixed);
  }

  @Test
  void everyPairOfColumnsThatVaryHasAMap() {
    SliceFigures slices = slices(Map.of("rate", 4.5));
    assertThat(slices.columns()).containsExactlyInAnyOrder("P", "share", "rate");
    assertThat(slices.figures()).hasSize(3);
    Figure figure =
        slices.figures().stream()
            .filter(each -> each.x().label().equals("P") && each.y().label().equals("share"))
            .findFirst()
            .orElseThrow();
    assertThat(figure.x().log()).isTrue();
    assertThat(figure.y().log()).isFalse();
    Figure.Cells cells = (Figure.Cells) figure.layers().getFirst();
    assertThat(cells.width()).isCloseTo(Math.pow(16, 1.0 / 24), within(1e-12));
    assertThat(cells.height()).isCloseTo(1.0 / 24, within(1e-12));
    for (int i = 0; i < cells.value().length; i += 37) {
      double expected = 2 + 0.5 * Math.pow(cells.x()[i], -0.3) + 0.05 * 4.5 * cells.y()[i];
      assertThat(cells.value()[i]).isCloseTo(expected, within(1e-7));
    }
  }

  @Test
  void aCurveGoesAlongOneColumnWithTheOthersAtTheCentre() {
    Figure figure = slices(Map.of()).curve("rate");
    Figure.Line line = (Figure.Line) figure.layers().getLast();
    double centreOfP = 4;
    for (int i = 0; i < line.x().length; i++) {
      double expected = 2 + 0.5 * Math.pow(centreOfP, -0.3);
      assertThat(line.y()[i]).as("the mean share is 0").isCloseTo(expected, within(1e-7));
    }
    assertThat(line.x()[0]).isEqualTo(3);
    assertThat(line.x()[line.x().length - 1]).isCloseTo(5, within(1e-12));
  }

  @Test
  void namesOfFilesAreNotLongerThanFileSystemsTake() {
    String formula = "E" + " + a*ln(N)".repeat(100);
    assertThat(Figure.id("slice", formula, "x")).hasSizeLessThan(130);
    assertThat(Figure.id("slice", formula, "x")).isNotEqualTo(Figure.id("slice", formula, "y"));
    assertThat(Figure.id("slice", "chinchilla")).isEqualTo("slice-chinchilla");
  }
}
