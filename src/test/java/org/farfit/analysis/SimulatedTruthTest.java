package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.farfit.fit.Surface;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Skaling;
import org.junit.jupiter.api.Test;

/** What runs are simulated from, against formulas written out. */
class SimulatedTruthTest {

  private static Surface named(String name) {
    return SimulatedTruth.named(name).orElseThrow();
  }

  @Test
  void aMixtureIsTheMeanOfTheLaws() {
    double n = 3e9;
    double d = 7e10;
    Chinchilla chinchilla = new Chinchilla();
    Skaling skaling = new Skaling();
    Farseer farseer = new Farseer();
    assertThat(named("mixture").loss(n, d))
        .isCloseTo(
            (chinchilla.loss(chinchilla.example(), n, d)
                    + skaling.loss(skaling.example(), n, d)
                    + farseer.loss(farseer.example(), n, d))
                / 3,
            within(1e-14));
    assertThat(SimulatedTruth.named("nothing")).isEmpty();
    assertThat(SimulatedTruth.names())
        .containsExactly("mixture", "broken-up", "broken-down", "broken-n");
  }

  /** Far below and far above the break slopes are the law's, and those changed. */
  @Test
  void exponentsChangeAroundTheBreak() {
    Chinchilla law = new Chinchilla();
    double[] p = law.example();
    double e = p[law.parameterNames().indexOf("E")];
    double alpha = p[law.parameterNames().indexOf("alpha")];
    double beta = p[law.parameterNames().indexOf("beta")];
    for (String name : List.of("broken-up", "broken-down", "broken-n")) {
      double ofN = name.equals("broken-n") ? 0.1 : name.equals("broken-up") ? 0.06 : -0.06;
      double ofD = name.equals("broken-n") ? 0 : ofN;
      Surface broken = named(name);
      double far = 1e200;
      assertThat(slope(n -> broken.loss(n, far) - e, 1e3)).isCloseTo(-alpha, within(1e-4));
      assertThat(slope(n -> broken.loss(n, far) - e, 1e14)).isCloseTo(-alpha - ofN, within(1e-4));
      assertThat(slope(d -> broken.loss(far, d) - e, 1e4)).isCloseTo(-beta, within(1e-4));
      assertThat(slope(d -> broken.loss(far, d) - e, 1e15)).isCloseTo(-beta - ofD, within(1e-4));
      assertThat(broken.loss(8e8, 1e10)).isCloseTo(law.loss(p, 8e8, 1e10), within(1e-12));
    }
  }

  private interface Term {
    double at(double x);
  }

  private static double slope(Term term, double x) {
    return (Math.log(term.at(x * 1.01)) - Math.log(term.at(x / 1.01))) / (2 * Math.log(1.01));
  }

  @Test
  void anIsoFlopSweepHasEightSizesOfEachBudget() {
    Map<Long, Long> budgets =
        DesignGrid.isoFlop().points().stream()
            .collect(
                Collectors.groupingBy(
                    point -> Math.round(Math.log10(6 * point.n() * point.d()) * 1e6),
                    Collectors.counting()));
    assertThat(budgets).hasSize(6).allSatisfy((budget, runs) -> assertThat(runs).isEqualTo(8));
  }
}
