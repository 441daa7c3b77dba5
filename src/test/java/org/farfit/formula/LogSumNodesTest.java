package org.farfit.formula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** ln(e^u + e^w) as nodes: the larger term to the last digit, and shares as derivatives. */
class LogSumNodesTest {

  private final Graph graph = new Graph();
  private final int sum = graph.lowered(graph.logSum(graph.parameter(0), graph.parameter(1)))[0];
  private final SortedMap<Integer, Integer> shares =
      new Derivatives(graph, new Frequency(graph, new BitSet())).of(sum);

  private double[] at(double u, double w) {
    Interpreter interpreter = new Interpreter(graph, sum, shares.get(0), shares.get(1));
    interpreter.run(new double[] {u, w}, null, null);
    return new double[] {
      interpreter.value(sum), interpreter.value(shares.get(0)), interpreter.value(shares.get(1))
    };
  }

  @Test
  void theLargerOfTermsFarApartKeepsItsDigits() {
    double digits = 3.141592653589793;
    assertThat(at(digits, -1e15)).containsExactly(digits, 1, 0);
    assertThat(at(-1e15, digits)).containsExactly(digits, 0, 1);
  }

  @Test
  void sharesAddUpToOneAlsoWhereTermsAreEqual() {
    assertThat(at(2, 2)).containsExactly(new double[] {2 + Math.log(2), 0.5, 0.5}, within(1e-15));
    double third = 1.0 / 3;
    assertThat(at(5, 5 + Math.log(2)))
        .containsExactly(new double[] {5 + Math.log(3), third, 2 * third}, within(1e-15));
  }

  private static double[] slopes(String formula, double... parameters) {
    Derivation.NaturalSurface surface =
        new Derivation(Model.of(LawText.formula(formula)), false, List.of()).naturalSurface(0);
    double[] slopes = new double[parameters.length];
    surface.gradient(parameters, new double[] {1}, slopes);
    return slopes;
  }

  @Test
  void rootsOfWhatVanishesHaveSlopes() {
    String formula = "N*sqrt(ln(1 + exp(a))*ln(1 + exp(b)))";
    double half = 0.5 * Math.exp(-250);
    assertThat(slopes(formula, -300, -200))
        .containsExactly(new double[] {half, half}, within(1e-13 * half));
    half = 0.5 * Math.exp(-500);
    assertThat(slopes(formula, -600, -400))
        .containsExactly(new double[] {half, half}, within(1e-12 * half));
    assertThat(slopes(formula, -900, -400)).containsExactly(0, 0);
  }

  @Test
  void slopesOfTanhKeepTheirDigitsWhereItIsNearOne() {
    for (double a : new double[] {-12, 0.3, 8, 20, 300}) {
      double rest = Math.exp(-2 * Math.abs(a));
      double expected = 4 * rest / ((1 + rest) * (1 + rest));
      assertThat(slopes("N*tanh(a)", a)[0]).isCloseTo(expected, within(1e-14 * expected));
    }
  }
}
