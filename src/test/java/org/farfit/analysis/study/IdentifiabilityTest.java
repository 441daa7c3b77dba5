package org.farfit.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.farfit.analysis.DesignGrid;
import org.farfit.analysis.Simulation;
import org.farfit.data.RunSet;
import org.farfit.engine.Engine;
import org.farfit.engine.Engines;
import org.farfit.fit.FitOptions;
import org.farfit.fit.LawFit;
import org.farfit.fit.search.GlobalFit;
import org.farfit.law.Chinchilla;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/** What runs cannot tell is said. */
class IdentifiabilityTest {

  private static final Engine ENGINE = Engines.open("auto");
  private static final FitOptions FEW = FitOptions.DEFAULT.withStarts(12, 1);
  private static final Law LAW = new Chinchilla();

  /** Without an irreducible loss in the data, E is not identified, and it is said. */
  @Test
  void anIrreducibleLossThatIsNotThereIsNotIdentified() {
    double[] published = {1e-4, 20, 60, 0.15, 0.2};
    RunSet runs = Simulation.runs(LAW, published, DesignGrid.paper(), 5e-3, 2);
    LawFit fit = new GlobalFit(ENGINE, FEW).fit(LAW, runs);
    Identifiability.Report report = new Identifiability(ENGINE, fit, runs).examine();
    assertThat(report.statements())
        .anyMatch(line -> line.contains("E is not identified") || line.contains("determined"));
  }

  /** Farseer's example bends little in A: a data set of few sizes cannot tell. */
  @Test
  void aCurvatureThatFewSizesCannotTellIsNamed() {
    Law law = new Farseer();
    RunSet all = Simulation.runs(law, law.example(), DesignGrid.paper(), 2e-3, 3);
    RunSet few = all.weighted(Arrays.stream(all.n()).map(n -> n < 5e8 ? 1 : 0).toArray());
    LawFit fit = new GlobalFit(ENGINE, FEW).fit(law, few);
    Identifiability.Report report = new Identifiability(ENGINE, fit, few).examine();
    assertThat(report.statements()).anyMatch(line -> line.contains("alpha is not identified"));
    assertThat(report.sloppy().getFirst().ratio()).isGreaterThan(20);
    assertThat(
            report.sloppy().getFirst().combination().values().stream()
                .mapToDouble(v -> v * v)
                .sum())
        .isBetween(0.5, 1.0000001);
    assertThat(report.curves()).hasSize(9);
  }
}
