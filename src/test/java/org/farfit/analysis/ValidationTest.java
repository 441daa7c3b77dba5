package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.farfit.data.RunSet;
import org.farfit.fit.Method;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Kaplan;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/** What is asked of a validation, and what its runs cannot tell. */
class ValidationTest {

  private static final Law LAW = new Chinchilla();
  private static final RunSet RUNS =
      Simulation.runs(LAW, LAW.example(), DesignGrid.small(), 1e-3, 1);

  @Test
  void lawsThatAMethodIsNotDefinedForAreLeftOut() {
    assertThat(
            Validation.Candidate.all(
                List.of(new Kaplan(), new Farseer()), Set.of(Method.PIECEWISE)))
        .extracting(candidate -> candidate.law().orElseThrow().name())
        .containsExactly("farseer");
    assertThatThrownBy(
            () -> Validation.Candidate.all(List.of(new Kaplan()), Set.of(Method.PIECEWISE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("piecewise")
        .hasMessageContaining("kaplan");
  }

  /** A hold-out that leaves a single size: nothing tells how the loss falls with N. */
  @Test
  void holdOutsAreToldOfThatLeaveTooLittle() {
    double smallest = RUNS.n(0);
    double[] one = new double[RUNS.size()];
    double[] others = new double[RUNS.size()];
    for (int i = 0; i < one.length; i++) {
      one[i] = RUNS.n(i) == smallest ? 1 : 0;
      others[i] = 1 - one[i];
    }
    SequencedMap<String, double[]> tests = new LinkedHashMap<>();
    tests.put("others", others);
    Holdout holdout = new Holdout("one size", one, tests);
    assertThat(Validation.remarks(List.of(LAW), Method.GLOBAL, RUNS, Holdout.edge(RUNS))).isEmpty();
    assertThat(Validation.remarks(List.of(LAW), Method.GLOBAL, RUNS, List.of(holdout)))
        .isNotEmpty()
        .allSatisfy(remark -> assertThat(remark).startsWith("hold-out one size: "));
  }
}
