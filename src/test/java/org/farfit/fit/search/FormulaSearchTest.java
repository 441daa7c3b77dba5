package org.farfit.fit.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.farfit.analysis.ColumnGrid;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.MultiStart;
import org.farfit.formula.Bounds;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.junit.jupiter.api.Test;

/** Searches in boxes so wide that most starts lead nowhere: they do not go on for long. */
class FormulaSearchTest {

  private static final String FORMULA = "c + k*ln(V) + V^b*(A*P^-f + B*D^-g)";

  private static RunSet runs() {
    LinkedHashMap<String, List<Double>> columns = new LinkedHashMap<>();
    columns.put("P", List.of(1e7, 1e8, 1e9, 1e10));
    columns.put("V", List.of(4e3, 1.6e4, 6.4e4));
    columns.put("D", List.of(1e8, 1e9, 1e10));
    RunSet points = ColumnGrid.runs(columns);
    SplittableRandom random = new SplittableRandom(4);
    double[] measured =
        IntStream.range(0, points.size())
            .mapToDouble(i -> {
              double v = points.column("V")[i];
              return 1
                  + 0.05 * Math.log(v)
                  + Math.pow(v, 0.1)
                      * (40 * Math.pow(points.column("P")[i], -0.3)
                          + 60 * Math.pow(points.column("D")[i], -0.25))
                  + 0.01 * random.nextGaussian();
            })
            .toArray();
    LinkedHashMap<String, double[]> values = new LinkedHashMap<>();
    columns.keySet().forEach(name -> values.put(name, points.column(name)));
    return RunSet.of(values, Map.of(), measured, points.weight());
  }

  private static MultiStart searched(int starts) {
    Map<String, Bounds> bounds = new LinkedHashMap<>();
    bounds.put("c", Bounds.between(-100, 100));
    bounds.put("k", Bounds.between(-100, 100));
    List.of("A", "B").forEach(name -> bounds.put(name, Bounds.between(-1e4, 1e4)));
    List.of("b", "f", "g").forEach(name -> bounds.put(name, Bounds.between(-5, 5)));
    RunSet runs = runs();
    Model model = Model.of(LawText.formula(FORMULA, bounds), Set.of("P", "V", "D"), Set.of());
    FitOptions options =
        FitOptions.DEFAULT.withStarts(starts, 1).withObjective(Objective.LINEAR_SQUARED);
    try (Engine engine = new ScalarEngine()) {
      return new GlobalFit(engine, options)
          .fit(FormulaLaw.of(model, false, runs), runs)
          .multiStart()
          .orElseThrow();
    }
  }

  @Test
  void whoLagsBehindIsEnded() {
    MultiStart few = searched(100);
    MultiStart many = searched(400);
    assertThat(few.best().cost()).isCloseTo(many.best().cost(), within(1e-9 * many.best().cost()));
    // 36,614 if every start goes on to its 400 evaluations.
    assertThat(few.totalEvaluations()).isBetween(10_000L, 24_000L);
  }
}
