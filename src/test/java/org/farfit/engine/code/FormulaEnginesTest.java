package org.farfit.engine.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.engine.FormulaProblem;
import org.farfit.engine.FormulaRuns;
import org.farfit.engine.NormalEquations;
import org.farfit.engine.Objective;
import org.farfit.engine.WeightTable;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.formula.Derivation;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.formula.Shelf;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Vector code does what plain code does, and that agrees with normal equations put together from
 * the interpreter's derivatives in natural parameters.
 */
class FormulaEnginesTest extends FormulaContract {

  private static final Engine SIMD = Engines.open("simd");

  @AfterAll
  static void close() {
    SIMD.close();
  }

  @Override
  protected Engine engine() {
    return SIMD;
  }

  @Test
  void plainCodeAgreesWithTheInterpreter() {
    List<String> formulas =
        new ArrayList<>(
            List.of(
                "a + min(b*ln(N), c*ln(D))",
                "a + max(b, ln(N))",
                "a + sign(b)*ln(D)",
                "a + b*sqrt(c + ln(D))",
                "a + b/(c + ln(N))",
                "a + b*tanh(c*ln(N))",
                "a + b*abs(ln(D) - c)"));
    formulas.addAll(FORMULAS.subList(2, 6));
    for (String formula : formulas) {
      SplittableRandom random = new SplittableRandom(11);
      FormulaRuns runs = runs(50, Set.of("N", "D"), random);
      Model model = Model.of(LawText.formula(formula));
      Derivation derivation = new Derivation(model, false, FormulaProblem.grouped(model, runs));
      FormulaProblem problem =
          new FormulaProblem(
              derivation, runs, Objective.LINEAR_SQUARED, WeightTable.of(runs.weight()));
      double[][] points = points(problem, 5, Map.of(), random);
      NormalEquations plain = evaluate(new ScalarEngine(), problem, points, new int[5]);
      assertAgree(plain, interpreted(problem, points), LEAST_SHARE, formula);
    }
  }

  @Test
  void gradientsAreThoseOfTheCost() {
    List<LawText> laws = new ArrayList<>(FORMULAS.stream().map(LawText::formula).toList());
    Shelf.names().forEach(name -> laws.add(Shelf.named(name).orElseThrow()));
    for (LawText law : laws) {
      Model model = Model.of(law);
      FormulaRuns runs = runs(50, new TreeSet<>(model.columns()), new SplittableRandom(11));
      for (boolean log : new boolean[] {false, true}) {
        Derivation derivation = new Derivation(model, log, FormulaProblem.grouped(model, runs));
        Objective objective =
            new Objective(
                log ? Objective.Residual.LOG : Objective.Residual.LINEAR, Double.POSITIVE_INFINITY);
        FormulaProblem problem =
            new FormulaProblem(derivation, runs, objective, WeightTable.of(runs.weight()));
        double[] point = points(problem, 1, Map.of(), new SplittableRandom(7))[0];
        checkGradient(problem, point, law.name() + (log ? " log" : " linear"));
      }
    }
  }

  /** Central differences of the cost, coordinate by coordinate. */
  private static void checkGradient(FormulaProblem problem, double[] point, String what) {
    int p = point.length;
    double h = 1e-6;
    double[][] points = new double[2 * p + 1][];
    for (int j = 0; j < p; j++) {
      points[2 * j] = point.clone();
      points[2 * j][j] += h;
      points[2 * j + 1] = point.clone();
      points[2 * j + 1][j] -= h;
    }
    points[2 * p] = point;
    NormalEquations at = evaluate(new ScalarEngine(), problem, points, new int[2 * p + 1]);
    for (int j = 0; j < p && at.isFinite(2 * p); j++) {
      double difference = (at.cost[2 * j] - at.cost[2 * j + 1]) / (2 * h);
      double gradient = at.gradient[j * (2 * p + 1) + 2 * p];
      double rounding = 1e-15 * at.cost[2 * p] / h;
      assertThat(gradient)
          .as(what + " " + problem.parameterNames().get(j))
          .isCloseTo(
              difference,
              org.assertj.core.api.Assertions.within(1e-5 * (1 + Math.abs(difference)) + rounding));
    }
  }

  /** Normal equations in coordinates: natural derivatives times the Jacobian of the change. */
  private static NormalEquations interpreted(FormulaProblem problem, double[][] points) {
    int p = problem.parameterCount();
    Derivation derivation = problem.derivation();
    Derivation.Change change = derivation.change(problem.centres());
    Derivation.NaturalSurface surface = derivation.naturalSurface(0);
    NormalEquations batch = new NormalEquations(p, points.length);
    double[] natural = new double[p];
    double[] jacobian = new double[p * p];
    double[] byNature = new double[p];
    for (int k = 0; k < points.length; k++) {
      change.toNatural(points[k], natural, jacobian);
      assertThat(derivation.logged().isEmpty()).isTrue();
      FormulaProblem.Part part = problem.parts().getFirst();
      for (int i = 0; i < part.runs().length; i++) {
        int run = part.runs()[i];
        double[] columns =
            derivation.model().columns().stream()
                .mapToDouble(name -> problem.column(name)[run])
                .toArray();
        double residual = surface.gradient(natural, columns, byNature) - part.target()[i];
        double weight = problem.weights().weight(0, run);
        double[] gradient = new double[p];
        for (int t = 0; t < p; t++) {
          for (int s = 0; s < p; s++) {
            gradient[s] += byNature[t] * jacobian[t * p + s];
          }
        }
        batch.cost[k] += 0.5 * weight * residual * residual;
        for (int a = 0; a < p; a++) {
          batch.gradient[a * points.length + k] += weight * residual * gradient[a];
          for (int b = 0; b <= a; b++) {
            batch.matrix[(a * (a + 1) / 2 + b) * points.length + k] +=
                weight * gradient[a] * gradient[b];
          }
        }
      }
    }
    return batch;
  }
}
