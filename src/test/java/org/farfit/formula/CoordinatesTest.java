package org.farfit.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Derivatives against finite differences, and coordinates against their own inverse. */
class CoordinatesTest {

  private static final double[] COLUMNS = {2.5, 0.7, 1.3};
  private static final double[] CENTRES = {2.1, 0.9, 1.1};

  private static Derivation derivation(String formula, boolean log) {
    Map<String, Bounds> bounds = formula.contains("A") ? Map.of("A", Bounds.POSITIVE) : Map.of();
    Set<String> columns = Set.of("x", "y", "z");
    Model model = Model.of(LawText.formula(formula, bounds), columns, Set.of());
    return new Derivation(model, log, List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "E + A*x^-a + b*y^c",
        "exp(a*x^g + b) + exp(c*x^h + d)*y^(-exp(e*x^k + f))",
        "E + (A*x^-a + A*y^-b)^k",
        "(x/A + y/A)^k + tanh(b*x) + sigmoid(c + d*y)",
        "abs(a*x - y) + min(a*x, b*y) + max(b, x) + sqrt(A + x) + softplus(a*x) + ln(A*x + y)",
        "exp(a + b*ln(x) + c*ln(y) + d*ln(x)*ln(y) + e*ln(x)^2)*(y - (f + g*x))^2",
        "a*x/(b + y) - A/(1 + x/A) + sign(a)*x",
      })
  void agreeWithDifferences(String formula) {
    for (boolean log : new boolean[] {false, true}) {
      Derivation derivation = derivation(formula, log);
      int p = derivation.model().parameters().size();
      Derivation.NaturalSurface surface = derivation.naturalSurface(0);
      Derivation.Change change = derivation.change(CENTRES);
      SplittableRandom random = new SplittableRandom(1);
      for (int trial = 0; trial < 20; trial++) {
        double[] natural = random.doubles(p, 0.3, 1.2).toArray();
        checkGradient(surface, natural);
        checkChange(derivation, change, natural);
      }
    }
  }

  private static void checkGradient(Derivation.NaturalSurface surface, double[] natural) {
    double[] gradient = new double[natural.length];
    surface.gradient(natural, COLUMNS, gradient);
    for (int j = 0; j < natural.length; j++) {
      double h = 1e-5;
      double[] up = natural.clone();
      double[] down = natural.clone();
      up[j] += h;
      down[j] -= h;
      double difference = (surface.value(up, COLUMNS) - surface.value(down, COLUMNS)) / (2 * h);
      assertThat(gradient[j]).isCloseTo(difference, within(1e-6 * (1 + Math.abs(difference))));
    }
  }

  private static void checkChange(
      Derivation derivation, Derivation.Change change, double[] natural) {
    int p = natural.length;
    double[] fixed = natural.clone();
    derivation.logged().stream().forEach(j -> fixed[j] = Math.log(fixed[j]));
    double[] coordinates = fixed.clone();
    change.toCoordinates(coordinates);
    double[] back = new double[p];
    double[] jacobian = new double[p * p];
    change.toNatural(coordinates, back, jacobian);
    assertThat(back).containsExactly(fixed, within(1e-9));
    for (int s = 0; s < p; s++) {
      double h = 1e-6;
      double[] moved = coordinates.clone();
      moved[s] += h;
      double[] there = new double[p];
      change.toNatural(moved, there, null);
      for (int t = 0; t < p; t++) {
        double difference = (there[t] - back[t]) / h;
        assertThat(jacobian[t * p + s])
            .isCloseTo(difference, within(1e-3 * (1 + Math.abs(difference))));
      }
    }
  }
}
