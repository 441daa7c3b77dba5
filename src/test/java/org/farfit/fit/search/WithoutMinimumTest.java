package org.farfit.fit.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.farfit.data.RunSet;
import org.farfit.engine.Objective;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.solver.Status;
import org.junit.jupiter.api.Test;

/** Who states a formula that has no minimum on some runs is told where it goes. */
class WithoutMinimumTest {

  private static final double[] X = IntStream.rangeClosed(0, 19).mapToDouble(i -> i).toArray();

  private static final FitOptions OPTIONS =
      FitOptions.DEFAULT.withObjective(Objective.LINEAR_SQUARED).withStarts(4, 1);

  private static LawFit fit(String formula, RunSet runs, FitOptions options) {
    Model model = Model.of(LawText.formula(formula), Set.of("x"), Set.of());
    return new GlobalFit(new ScalarEngine(), options).fit(FormulaLaw.of(model, false, runs), runs);
  }

  private static RunSet runs(double[] measured) {
    return RunSet.of(
        new TreeMap<>(Map.of("x", X)), Map.of(), measured, Arrays.stream(X).map(x -> 1).toArray());
  }

  /** e^-x bends upwards; of runs that bend downwards the best is a line, where c is 0. */
  @Test
  void parametersThatGoOnMovingAreNamed() {
    RunSet runs = runs(Arrays.stream(X).map(x -> 10 - 0.3 * x - 0.005 * x * x).toArray());
    FitOptions soon =
        new FitOptions(OPTIONS.objective(), 4, 1, 1, OPTIONS.solver().withMaxEvaluations(2));
    LawFit fit = fit("E + exp(b - c*x)", runs, soon);
    assertThat(fit.status()).isEqualTo(Status.EVALUATION_LIMIT);
    assertThat(WithoutMinimum.of(fit, runs).orElseThrow())
        .contains("no minimum was reached", " E (", " b (", " c (");
  }

  @Test
  void theRunAtWhichNothingIsFiniteIsNamed() {
    RunSet runs = runs(Arrays.stream(X).map(x -> 2 + Math.sqrt(x)).toArray());
    LawFit fit = fit("b + c*(x + s*x^2)^g", runs, OPTIONS);
    assertThat(fit.status().isConverged()).isFalse();
    assertThat(WithoutMinimum.of(fit, runs).orElseThrow())
        .contains("run 1 (x 0.0)", "max(X, 1e-12)");
  }

  @Test
  void ofAMinimumNothingIsSaid() {
    RunSet runs = runs(Arrays.stream(X).map(x -> 2 + Math.sin(x)).toArray());
    assertThat(WithoutMinimum.of(fit("a + b*x", runs, OPTIONS), runs)).isEmpty();
  }
}
