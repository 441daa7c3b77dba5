package org.farfit.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.InputException;
import org.farfit.data.RunSet;
import org.farfit.engine.scalar.ScalarEngine;
import org.farfit.fit.FitOptions;
import org.farfit.formula.FormulaLaw;
import org.farfit.formula.LawFile;
import org.farfit.formula.Model;
import org.farfit.law.Centre;
import org.farfit.law.Chinchilla;
import org.farfit.law.Law;
import org.farfit.law.NestedForm;
import org.farfit.law.Skaling;
import org.farfit.solver.ProgressListener;
import org.junit.jupiter.api.Test;

/** Smaller laws that a law's file states are tested as those of laws made by hand. */
class NestedFormTest {

  private static final String FILE =
      """
      name: mine
      columns: [N, D]
      loss: E + (A/N^alpha + B/D^beta)^k
      parameters: {E: positive, A: positive, B: positive, alpha: any, beta: any, k: positive}
      nested: NESTED
      """;

  private static final RunSet RUNS =
      Simulation.runs(new Chinchilla(), new Chinchilla().example(), DesignGrid.small(), 2e-3, 3);

  private static Law law(String nested) {
    return FormulaLaw.of(
        Model.of(LawFile.parse("mine.yaml", FILE.replace("NESTED", nested))), true, RUNS);
  }

  private static LawSelection.Test test(Law larger) {
    List<LawSelection.Test> tests =
        new LawSelection(
                new ScalarEngine(), FitOptions.DEFAULT.withStarts(24, 1), ProgressListener.NONE)
            .tests(List.of(new Chinchilla(), larger), RUNS);
    assertThat(tests).hasSize(1);
    return tests.getFirst();
  }

  @Test
  void aStatedFormIsTestedLikeThatOfTheLawMadeByHand() {
    LawSelection.Test expected = test(new Skaling());
    LawSelection.Test found = test(law("chinchilla at k = 1"));
    assertThat(found.smaller()).isEqualTo("chinchilla");
    assertThat(found.larger()).isEqualTo("mine");
    assertThat(found.constraints()).isEqualTo(1);
    assertThat(found.statistic()).isCloseTo(expected.statistic(), within(1e-6));
    assertThat(found.p()).isCloseTo(expected.p(), within(1e-6));
  }

  @Test
  void parametersAreHeldByTheirOwnCoordinates() {
    Centre centre = new Centre(Math.log(1e9), Math.log(1e10), 0);
    NestedForm form = law("chinchilla at k = 2").nestedForms(centre).getFirst();
    assertThat(form.published()).containsExactly(entry("k", 2.0));
    // Here a parameter is its own coordinate, in skaling made by hand its logarithm.
    assertThat(form.fixed()).containsExactly(entry("k", 2.0));
    assertThat(new Skaling().nestedForms(centre).getFirst().fixed())
        .containsExactly(entry("lnk", 0.0));
    assertThat(law("[chinchilla at k = 1, 'flat at alpha = 0, k = 1']").nestedForms(centre))
        .extracting(NestedForm::words)
        .containsExactly("chinchilla", "flat");
    assertThatThrownBy(() -> law("other at A = 3").nestedForms(centre))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'A' cannot be fixed at 3.0: its coordinate depends on other");
  }

  @Test
  void whatIsNoFormSaysWhatIs() {
    assertThatThrownBy(() -> law("chinchilla"))
        .hasMessage(
            "mine.yaml: key 'nested': expected a law and the parameters that it holds, such as"
                + " chinchilla at k = 1");
    assertThatThrownBy(() -> law("chinchilla at q = 1"))
        .hasMessage("mine.yaml: key 'nested': 'q' is no parameter of the law");
  }
}
