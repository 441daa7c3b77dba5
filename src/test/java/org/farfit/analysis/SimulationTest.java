package org.farfit.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.farfit.data.RunSet;
import org.farfit.law.Farseer;
import org.farfit.law.Law;
import org.junit.jupiter.api.Test;

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
}
