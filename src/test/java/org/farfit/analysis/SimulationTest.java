package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.farfit.data.RunSet;
import org.farfit.formula.StatedLaw;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

/**
 * Simulated runs: on the surface without noise, with noise as large as stated, the same for a seed.
 */
class SimulationTest {

  private static final Law LAW = new Farseer();

  @Test
  void withoutNoiseTheRunsLieOnTheSurface() {
    RunSet runs = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 0, 1);
    for (int i = 0; i < runs.size(); i++) {
      assertThat(runs.loss(i)).isEqualTo(LAW.loss(LAW.example(), runs.n(i), runs.d(i)));
    }
  }

  @Test
  void noiseHasTheStatedSizeAndDependsOnTheSeedAlone() {
    RunSet runs = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 0.01, 1);
    RunSet again = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 0.01, 1);
    RunSet other = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 0.01, 2);
    double sum = 0;
    for (int i = 0; i < runs.size(); i++) {
      double z = Math.log(runs.loss(i) / LAW.loss(LAW.example(), runs.n(i), runs.d(i)));
      sum += z * z;
    }
    assertThat(Math.sqrt(sum / runs.size())).isCloseTo(0.01, within(0.0015));
    assertThat(again.loss()).isEqualTo(runs.loss());
    assertThat(other.loss()).isNotEqualTo(runs.loss());
  }

  @Test
  void thePaperGridHasItsSizesAndSpacing() {
    RunSet runs = Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), 0, 1);
    assertThat(runs.distinctN()).isEqualTo(21);
    assertThat(runs.duplicates()).isZero();
    for (int i = 1; i < runs.size(); i++) {
      if (runs.n(i) == runs.n(i - 1)) {
        assertThat(runs.d(i) / runs.d(i - 1)).isCloseTo(Math.sqrt(2), within(1e-12));
      }
      assertThat(6 * runs.n(i) * runs.d(i)).isLessThan(3.6e21);
    }
  }

  @Test
  void impossibleRequestsAreRefused() {
    assertThatThrownBy(() -> Simulation.runs(LAW, LAW.example(), DesignGrid.paper(), -1, 1))
        .hasMessageContaining("negative");
    double[] overflowing = LAW.example();
    overflowing[8] = 1e4;
    assertThatThrownBy(() -> Simulation.runs(LAW, overflowing, DesignGrid.paper(), 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loss of run 0");
  }

  /** Without noise they are the law's values, of whatever columns, row by row. */
  @Test
  void runsOfAnyColumnsAreTheLawsValues() {
    SequencedMap<String, List<Double>> values = new LinkedHashMap<>();
    values.put("lr", List.of(1e-3, 2e-3));
    values.put("P", List.of(1.0, 4.0, 8.0));
    RunSet points = ColumnGrid.runs(values);
    RunSet runs =
        Simulation.runs(
            StatedLaw.parse("E + A*lr*P^-g").over(points), new double[] {2, 3, 0.5}, points, 0, 1);
    assertThat(runs.size()).isEqualTo(6);
    for (int i = 0; i < 6; i++) {
      double expected = 2 + 3 * runs.column("lr")[i] / Math.sqrt(runs.column("P")[i]);
      assertThat(runs.loss(i)).isCloseTo(expected, within(1e-14));
    }
    assertThat(runs.column("P")).containsExactly(1, 4, 8, 1, 4, 8);
    assertThatThrownBy(() -> StatedLaw.parse("chinchilla").over(points))
        .hasMessage(
            "'chinchilla' has the columns N, D, expected numbers for all of them and one response");
  }
}
