package org.farfit.fit.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.farfit.analysis.ColumnGrid;
import org.farfit.data.RunSet;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.Objective;
import org.farfit.engine.SurfaceProblem;
import org.farfit.formula.Bounds;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.junit.jupiter.api.Test;

/** Starts in wide boxes, where most draws are of surfaces that are nowhere near any runs. */
class FormulaStartsTest {

  private static final double[] TRUTH = {3, 40, -0.3, 0.1};

  private static double value(double[] p, double width, double size) {
    return p[0] + p[1] * Math.pow(width, p[2]) * Math.pow(size, p[3]);
  }

  private static RunSet runs() {
    LinkedHashMap<String, List<Double>> columns = new LinkedHashMap<>();
    columns.put("P", List.of(1e7, 1e8, 1e9, 1e10));
    columns.put("V", List.of(4e3, 1.6e4, 6.4e4));
    RunSet points = ColumnGrid.runs(columns);
    double[] measured =
        IntStream.range(0, points.size())
            .mapToDouble(i -> value(TRUTH, points.column("P")[i], points.column("V")[i]))
            .toArray();
    LinkedHashMap<String, double[]> values = new LinkedHashMap<>();
    values.put("P", points.column("P"));
    values.put("V", points.column("V"));
    return RunSet.of(values, Map.of(), measured, points.weight());
  }

  private static FormulaProblem problem(RunSet runs) {
    Map<String, Bounds> bounds =
        Map.of(
            "c", Bounds.between(-100, 100),
            "A", Bounds.between(-1e4, 1e4),
            "a", Bounds.between(-5, 5),
            "b", Bounds.between(-5, 5));
    Model model = Model.of(LawText.formula("c + A*P^a*V^b", bounds), Set.of("P", "V"), Set.of());
    FormulaLaw law = FormulaLaw.of(model, false, runs);
    Objective squared = Objective.LINEAR_SQUARED;
    return new SurfaceProblem(law, SurfaceProblem.centre(runs), runs, squared)
        .formula()
        .orElseThrow();
  }

  /** Sums of squares, computed from the formula by hand. */
  private static double[] misfits(FormulaStarts starts, FormulaProblem problem, RunSet runs) {
    List<String> names = problem.parameterNames();
    return IntStream.range(0, starts.count())
        .mapToDouble(k -> {
          double[] start = new double[names.size()];
          starts.start(k, start);
          double[] natural = problem.coordinates().parameters(start);
          double[] p =
              List.of("c", "A", "a", "b").stream()
                  .mapToDouble(name -> natural[names.indexOf(name)])
                  .toArray();
          return IntStream.range(0, runs.size())
              .mapToDouble(i -> value(p, runs.column("P")[i], runs.column("V")[i]) - runs.loss(i))
              .map(residual -> residual * residual)
              .sum();
        })
        .toArray();
  }

  @Test
  void threeInFourStartsAreTheBestOfSeveralDraws() {
    RunSet runs = runs();
    FormulaProblem problem = problem(runs);
    double[] single = misfits(new FormulaStarts(problem, 0, 80, 1), problem, runs);
    double[] chosen = misfits(new FormulaStarts(problem, 0, 80, 1, 20), problem, runs);
    int better = 0;
    for (int k = 0; k < 80; k++) {
      if (k % 4 == 0) {
        assertThat(chosen[k]).isEqualTo(single[k]);
      } else {
        assertThat(chosen[k]).isLessThanOrEqualTo(single[k] * (1 + 1e-9));
        better += chosen[k] < 0.95 * single[k] ? 1 : 0;
      }
    }
    assertThat(better).as("of 60, those that are nearer by far").isGreaterThan(30);
  }

  @Test
  void theFirstDoNotDependOnHowManyFollow() {
    RunSet runs = runs();
    FormulaProblem problem = problem(runs);
    assertThat(misfits(new FormulaStarts(problem, 0, 5, 7, 20), problem, runs))
        .containsExactly(
            IntStream.range(0, 5)
                .mapToDouble(
                    k -> misfits(new FormulaStarts(problem, 0, 9, 7, 20), problem, runs)[k])
                .toArray());
  }
}
