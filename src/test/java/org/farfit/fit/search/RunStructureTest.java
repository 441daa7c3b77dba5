package org.farfit.fit.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.farfit.RealData;
import org.farfit.data.RunSet;
import org.farfit.fit.Method;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawText;
import org.farfit.formula.Model;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Kaplan;
import org.farfit.law.Law;
import org.farfit.law.Laws;
import org.farfit.law.Skaling;
import org.junit.jupiter.api.Test;

/** Sentences about designs whose blind spots follow from the formulas of the laws. */
class RunStructureTest {

  private static RunSet grid(int sizes, int tokens) {
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < sizes; i++) {
      for (int j = 0; j < tokens; j++) {
        points.add(new double[] {1e8 * Math.pow(1.7, i), 1e9 * Math.pow(1.9, j)});
      }
    }
    return runs(points);
  }

  private static RunSet runs(List<double[]> points) {
    return new RunSet(
        points.stream().mapToDouble(point -> point[0]).toArray(),
        points.stream().mapToDouble(point -> point[1]).toArray(),
        points.stream().mapToDouble(p -> 2 + 400 / Math.pow(p[0], 0.3) + 1 / p[1]).toArray());
  }

  private static List<String> remarks(Law law, RunSet runs) {
    return RunStructure.remarks(law, Method.GLOBAL, runs);
  }

  /** The formula of chinchilla has the blind spots of chinchilla. */
  @Test
  void formulasAreToldBeforeTheyAreFitted() {
    Model model = Model.of(LawText.formula("E + A*N^-alpha + B*D^-beta"));
    for (boolean log : new boolean[] {true, false}) {
      RunSet two = grid(2, 8);
      assertThat(remarks(FormulaLaw.of(model, log, two), two))
          .singleElement()
          .asString()
          .contains("the runs cannot tell E, A and alpha apart");
      RunSet enough = grid(5, 5);
      assertThat(remarks(FormulaLaw.of(model, log, enough), enough)).isEmpty();
    }
  }

  @Test
  void twoSizesOrTwoTokenCounts() {
    assertThat(remarks(new Chinchilla(), grid(2, 8)))
        .containsExactly(
            "chinchilla: 2 sizes N cannot tell E, A and alpha apart: other values of them fit as"
                + " well, and what rests on them is not known");
    assertThat(remarks(new Chinchilla(), grid(8, 2)).getFirst())
        .startsWith("chinchilla: 2 different D cannot tell E, B and beta apart");
    // G, B and A of farseer each have three parameters and as many values as there are sizes.
    assertThat(remarks(new Farseer(), grid(2, 12)).getFirst())
        .startsWith(
            "farseer: 2 sizes N cannot tell a1, alpha and b1, nor a2, beta and b2, nor a3, gamma and"
                + " b3 apart");
    assertThat(remarks(new Farseer(), grid(3, 2)).getFirst())
        .startsWith("farseer: 6 different (N, D) cannot tell");
    // Kaplan's law has two parameters for each of N and D, and none more.
    assertThat(remarks(new Kaplan(), grid(2, 8))).isEmpty();
  }

  @Test
  void exactRepeatsAreNoFurtherRuns() {
    List<double[]> points = new ArrayList<>();
    for (int k = 0; k < 40; k++) {
      points.add(new double[] {1e8 * (1 + k % 2), 1e9 * (1 + k % 4)});
    }
    assertThat(remarks(new Skaling(), runs(points)).getFirst())
        .startsWith("skaling: 4 different (N, D) cannot tell E, A, B, alpha, beta and k apart");
  }

  @Test
  void oneDPerN() {
    List<double[]> points = new ArrayList<>();
    List<double[]> scattered = new ArrayList<>();
    for (int k = 0; k < 20; k++) {
      double n = 1e7 * Math.pow(2, k);
      points.add(new double[] {n, 20 * n});
      scattered.add(new double[] {n, 20 * n * (k % 3 == 0 ? 4 : 1)});
    }
    assertThat(remarks(new Chinchilla(), runs(points)).getFirst())
        .startsWith("chinchilla: D is a power of N in these runs (D/N from 20.0 to 20.0), so that");
    assertThat(remarks(new Chinchilla(), runs(scattered))).isEmpty();
    Model both = Model.of(LawText.formula("E + A*N^-a + B*D^-b"));
    assertThat(remarks(FormulaLaw.of(both, true, runs(points)), runs(points)).getFirst())
        .startsWith("E + A*N^-a + B*D^-b: D is a power of N in these runs");
    assertThat(remarks(FormulaLaw.of(both, true, runs(scattered)), runs(scattered))).isEmpty();
    Model sizes = Model.of(LawText.formula("E + A*N^-a"));
    assertThat(remarks(FormulaLaw.of(sizes, true, runs(points)), runs(points))).isEmpty();
  }

  @Test
  void aPriorOnCurvaturesMakesUpForTwoSizes() {
    assertThat(RunStructure.remarks(new Farseer(), Method.REGULARISED, grid(2, 12))).isEmpty();
  }

  @Test
  void ordinaryRunsTellEverything() {
    for (Law law : Laws.all()) {
      assertThat(remarks(law, grid(6, 6))).as(law.name()).isEmpty();
      assertThat(remarks(law, RealData.farseer())).as(law.name()).isEmpty();
      assertThat(remarks(law, RealData.epoch())).as(law.name()).isEmpty();
    }
  }
}
